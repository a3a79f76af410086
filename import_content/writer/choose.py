"""Which of the two ways to write: the bulk way, unless something on the models would be passed by."""

from __future__ import annotations

import logging

from import_content.writer import Writer
from import_content.writer.bulk import BulkWriter, objections
from import_content.writer.ordinary import OrdinaryWriter

logger = logging.getLogger(__name__)


def choose_writer() -> Writer:
    """The bulk writer; the ordinary one, with a warning that says why, where code that the bulk way does not know
    listens to the models or overrides their methods."""
    reasons = objections()
    if not reasons:
        return BulkWriter()
    logger.warning("Writing articles one by one, which is slow, because %s.", "; ".join(reasons))
    return OrdinaryWriter()
