"""Loaded once by the processes that read sources for an import, before anything else of the job is.

They need the content model's definitions to prepare what is written, and never the database.
"""

import django

django.setup()

from import_content.planning import interpreter as reading  # noqa: E402, F401 -- forked processes find it loaded
