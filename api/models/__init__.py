"""What the API remembers by itself."""

from api.models.journal import JournalEntry, JournalMark, JournalState, JournalSum
from api.models.paths import GonePath, key_of

__all__ = ["GonePath", "JournalEntry", "JournalMark", "JournalState", "JournalSum", "key_of"]
