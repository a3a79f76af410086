"""When two spellings are the same name.  Knows no Django."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u0060\u00b4]")
ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters that nobody sees: soft hyphen, zero-width space, non-joiner, joiner, word joiner, byte-order mark."""
_INVISIBLE = re.compile(f"[{ZERO_WIDTH}]")


@lru_cache(maxsize=16_384)
def normalise_name(name: str) -> str:
    """The form under which a name is compared and kept unique.

    Case, width, white space, and the shape of dashes and apostrophes do not distinguish names; words do, so
    "The University of X" and "University of X" stay two names until a person says otherwise.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name))
    text = _APOSTROPHES.sub("'", _DASHES.sub("-", text))
    return unicodedata.normalize("NFC", " ".join(text.casefold().split()))
