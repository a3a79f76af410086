"""The schools that the articles of a batch list."""

from __future__ import annotations

from collections.abc import Iterable

from import_content.writer.bulk.articles import PreparedArticle
from import_content.writer.schools import Schools, find_or_make, publish_untouched


def find_or_make_listed(articles: Iterable[tuple[bool, PreparedArticle]], locale_id: int) -> Schools:
    """Records for all names; an article comes with whether it is live.  Those of live articles are made first: a
    draft school that they list is live."""
    schools = Schools()
    articles = list(articles)
    for live in (True, False):
        chosen = [prepared for is_live, prepared in articles if is_live is live]
        names = list(dict.fromkeys(name for prepared in chosen for name in prepared.printed))
        schools.add(find_or_make(names, live=live, locale_id=locale_id))
        listed = {pk for prepared in chosen for pk in prepared.records}
        if live and listed:
            publish_untouched(listed)
    return schools
