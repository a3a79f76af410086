"""The bulk way to make articles: the rows that Wagtail's methods would have written, a batch at a time."""

from import_content.writer.bulk.guard import objections
from import_content.writer.bulk.writer import BulkWriter

__all__ = ["BulkWriter", "objections"]
