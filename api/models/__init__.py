"""What the API remembers by itself."""

from api.models.journal import JournalEntry, JournalMark, JournalState, JournalSum
from api.models.paths import WithdrawnPath, key_of
from api.models.tokens import ApiToken, Consumer
from api.models.webhooks import PurgePosition, WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiToken",
    "Consumer",
    "JournalEntry",
    "JournalMark",
    "JournalState",
    "JournalSum",
    "PurgePosition",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WithdrawnPath",
    "key_of",
]
