"""What search sees of articles."""

from __future__ import annotations

from collections.abc import Mapping

from import_content.writer.bulk import raw_blocks
from import_content.writer.search_entries import Entry, SearchedFields
from pages.blocks import BODY
from pages.models import ArticlePage


def article_entry(page_id: int, searched: Mapping[str, str]) -> Entry:
    """`searched`: the texts, by field."""
    fields = SearchedFields(ArticlePage)
    title, autocomplete, body = (
        tuple(searched[field.field_name] for field in group)
        for group in (fields.title, fields.autocomplete, fields.body)
    )
    return Entry(str(page_id), title, autocomplete, body)


def entry_of_page(page: ArticlePage) -> Entry:
    """What a page says as its row stands."""
    searched = {
        "title": page.title,
        "introduction": raw_blocks.text_for_indexing(page.introduction),
        "body": ", ".join(raw_blocks.searchable(BODY, page.body.get_prep_value())),
    }
    return article_entry(page.pk, searched)
