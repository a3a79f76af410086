"""What the API remembers by itself."""

from api.models.journal import JournalEntry, JournalMark, JournalState, JournalSum
from api.models.paths import WithdrawnPath, key_of

__all__ = ["JournalEntry", "JournalMark", "JournalState", "JournalSum", "WithdrawnPath", "key_of"]
