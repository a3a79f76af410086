"""Values of a source's fields: dates, languages, words of yes and no, lists."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_LOCALE = re.compile(r"[a-z]{2,3}(?:-(?:[a-z]{4}))?(?:-(?:[a-z]{2}|\d{3}))?")
_FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
)
DRAFT_STATES = frozenset(
    [
        "draft",
        "pending",
        "private",
        "future",
        "trash",
        "trashed",
        "auto-draft",
        "inherit",
        "unpublished",
        "hidden",
        "archived",
        "review",
        "scheduled",
        "wip",
        "in-progress",
        "deleted",
    ]
)
LIVE_STATES = frozenset(["publish", "published", "live", "public", "final"])


def parse_date(value: object) -> datetime | None:
    """A moment with a time zone (UTC where none is said); None for what is no date."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day, tzinfo=UTC)
    elif isinstance(value, str) and 4 < len(value.strip()) <= 60:
        text = value.strip()
        moment = _of_text(text)
        if moment is None:
            return None
        found = moment
    else:
        return None
    if not 1970 <= found.year <= 2200:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _of_text(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def parse_locale(value: object) -> str:
    """``pt-br`` for ``pt_BR``; empty for what is no language tag."""
    text = str(value or "").strip().lower().replace("_", "-").partition(".")[0]
    return text if _LOCALE.fullmatch(text) else ""


def parse_flag(value: object) -> bool | None:
    """Yes or no in the words that people use; None for neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value)
    word = str(value or "").strip().lower()
    if word in {"yes", "true", "1", "y", "on", "x", "sí", "ja", "oui"}:
        return True
    return False if word in {"no", "false", "0", "n", "off", "non", "nein"} else None


def parse_words(value: object) -> tuple[str, ...]:
    """A list, or words separated by commas, semicolons or bars."""
    if isinstance(value, str):
        parts: list[object] = list(re.split(r"[,;|]", value))
    elif isinstance(value, list | tuple):
        parts = [part for part in value if isinstance(part, str | int | float)]
    else:
        return ()
    words = (" ".join(str(part).split())[:100] for part in parts[:100])
    return tuple(dict.fromkeys(word for word in words if word))


def is_draft(status: object) -> bool | None:
    """What a status says: not to be published, to be published, or nothing."""
    word = str(status or "").strip().lower()
    if not word:
        return None
    return word not in LIVE_STATES
