"""The signals of `pages`: articles became public, or stopped being public; schools were merged.

Sent inside the transaction that makes the change, once for many objects, so that a receiver's rows commit with it.
Effects outside the database belong into `transaction.on_commit`.
"""

from django.dispatch import Signal

publicity_changed = Signal()
"""Arguments: `published` (ids of articles whose public form was written) and `withdrawn` (ids of pages of any kind that
are no longer live), both tuples of int; `deleted`: those that are withdrawn, live or not, are being deleted, and their
rows and those of their restrictions are still there to be asked."""

schools_merged = Signal()
"""Arguments: `replaced_by`, a mapping of the ids of schools that were merged away to the id of the one that takes their
place.  Listings in pages and drafts name that one already; the old records are still there, and are deleted next."""
