"""After a run: do the rows that belong together stand together?  Asked of the database in sets, a few queries each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat, Length, Substr
from modelsearch.conf import get_app_config
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.search.backends import get_search_backends

from import_content.models import ImportRun
from import_content.writer.search_entries import database_backends
from pages import publication
from pages.models import ArticlePage, PublishedArticle

MAX_PAGES_NAMED = 5


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Pages at which something is missing or wrong."""

    what: str
    pages: tuple[int, ...]
    mended: bool

    def __str__(self) -> str:
        some = ", ".join(map(str, self.pages[:MAX_PAGES_NAMED])) + (" ..." if len(self.pages) > MAX_PAGES_NAMED else "")
        return f"{self.what}: pages {some} ({len(self.pages)}); {'mended' if self.mended else 'not mended'}"


def check_run(run: ImportRun) -> list[Inconsistency]:
    """What is wrong with the pages that the run wrote; mends what can be made again from the page itself.

    Empty: nothing.  Looks at rows, URL paths, places in the tree, public forms and search entries.
    """
    if run.pk is None:
        return []
    pages = ArticlePage.objects.filter(import_items__run=run).distinct()
    found = [
        _finding(what, ids, mend)
        for what, query, mend in _questions()
        if (ids := tuple(query(pages).values_list("pk", flat=True)))
    ]
    wrong_child_counts = tuple(_wrong_numbers_of_children(run))
    if wrong_child_counts:
        found.append(_finding("the number of children is wrong", wrong_child_counts, _count_children))
    return found


Pages = QuerySet[ArticlePage]
Mend = Callable[[tuple[int, ...]], None]


def _questions() -> Iterator[tuple[str, Callable[[Pages], Pages], Mend | None]]:
    yield "no page stands above", _orphans, None
    yield "the address does not follow from the page above", _wrong_addresses, _set_addresses
    yield "no latest revision", lambda pages: pages.filter(~Exists(_revisions())), None
    yield "no entry in the history", lambda pages: pages.filter(~Exists(_log())), None
    yield "live without a public form", _without_public_form, _publish
    if database_backends():
        yield "no search entry", _without_search_entry, _index


def _finding(what: str, pages: tuple[int, ...], mend: Mend | None) -> Inconsistency:
    if mend is not None:
        with transaction.atomic():
            mend(pages)
    return Inconsistency(what, pages, mended=mend is not None)


def _above(field: str) -> QuerySet[Page]:
    path = Substr(OuterRef(field), 1, Length(OuterRef(field)) - Page.steplen)
    above: QuerySet[Page] = Page.objects.annotate(below=path).filter(path=F("below"))
    return above


def _orphans(pages: Pages) -> Pages:
    return pages.filter(~Exists(_above("path")))


def _wrong_addresses(pages: Pages) -> Pages:
    right = Concat(F("url_path"), OuterRef("slug"), Value("/"), output_field=models.TextField())
    return pages.filter(Exists(_above("path").annotate(right=right).exclude(right=OuterRef("url_path"))))


def _revisions() -> QuerySet[Revision]:
    found: QuerySet[Revision] = Revision.objects.filter(
        pk=OuterRef("latest_revision_id"), object_id=Cast(OuterRef("pk"), CharField()), created_at__isnull=False
    )
    return found


def _log() -> QuerySet[PageLogEntry]:
    found: QuerySet[PageLogEntry] = PageLogEntry.objects.filter(page=OuterRef("pk"), action="wagtail.create")
    return found


def _without_public_form(pages: Pages) -> Pages:
    return pages.filter(~Exists(PublishedArticle.objects.filter(page=OuterRef("pk"))), live=True)


def _without_search_entry(pages: Pages) -> Pages:
    entries = (
        get_app_config()
        .get_model("IndexEntry", require_ready=False)
        ._default_manager.filter(
            content_type=ContentType.objects.get_for_model(ArticlePage), object_id=Cast(OuterRef("pk"), CharField())
        )
    )
    found: Pages = pages.filter(~Exists(entries))
    return found


def _wrong_numbers_of_children(run: ImportRun) -> Iterator[int]:
    parent = run.parent
    if parent is not None:
        fresh = Page.objects.get(pk=parent.pk)
        if fresh.numchild != Page.objects.child_of(fresh).count():
            yield fresh.pk


# --- mending ------------------------------------------------------------------------------------------------


def _set_addresses(pages: tuple[int, ...]) -> None:
    for page in ArticlePage.objects.filter(pk__in=pages).select_for_update(of=("self",)):
        page.set_url_path(page.get_parent())
        Page.objects.filter(pk=page.pk).update(url_path=page.url_path)


def _publish(pages: tuple[int, ...]) -> None:
    publication.publish(ArticlePage.objects.filter(pk__in=pages, live=True))


def _index(pages: tuple[int, ...]) -> None:
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(ArticlePage, list(ArticlePage.objects.filter(pk__in=pages)))


def _count_children(pages: tuple[int, ...]) -> None:
    for page in Page.objects.filter(pk__in=pages).select_for_update():
        Page.objects.filter(pk=page.pk).update(numchild=Page.objects.child_of(page).count())
