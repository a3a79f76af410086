"""Whether a database that was written to from several sides at once is whole, in one list of what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from modelsearch.conf import get_app_config
from wagtail.models import Page, Revision

from import_content.applying.consistency import check_run
from import_content.models import ImportRun, RunState, SourceRecord
from pages.models import ArticlePage, PublishedArticle


def problems(*, articles: int, sources: int) -> list[str]:
    """What is wrong; empty where all is well and there are that many articles, and sources with a page."""
    return [*_numbers(articles, sources), *_runs(), *_tree(), *_addresses(), *_rows()]


def _numbers(articles: int, sources: int) -> Iterator[str]:
    found = {
        "articles": (ArticlePage.objects.count(), articles),
        "sources with a page": (SourceRecord.objects.exclude(page=None).count(), sources),
        "pages with a source": (SourceRecord.objects.exclude(page=None).values("page").distinct().count(), sources),
    }
    yield from (
        f"{there} {what}, {expected} expected" for what, (there, expected) in found.items() if there != expected
    )


def _runs() -> Iterator[str]:
    for run in ImportRun.objects.order_by("pk"):
        yield from (f"run {run.pk}: {finding}" for finding in check_run(run))
        if run.batches.waiting().exists():
            yield f"run {run.pk} waits for {run.batches.waiting().count()} batches"
    if not ImportRun.objects.filter(state=RunState.FINISHED).exists():
        yield "no run is finished"


def _tree() -> Iterator[str]:
    names = (
        "paths of unknown letters",
        "paths of a wrong length",
        "orphans",
        "wrong depths",
        "wrong numbers of children",
    )
    yield from (f"{name}: pages {found}" for name, found in zip(names, Page.find_problems(), strict=True) if found)


def _addresses() -> Iterator[str]:
    pages = list(Page.objects.order_by("path").values_list("path", "slug", "url_path"))
    addresses = {path: url_path for path, _, url_path in pages}
    for path, slug, url_path in pages:
        above = addresses.get(path[: -Page.steplen])
        if above is not None and url_path != f"{above}{slug}/":
            yield f"{url_path} stands below {above} as {slug}"
    yield from (f"{count} pages at {url_path}" for url_path, count in Counter(addresses.values()).items() if count > 1)


def _rows() -> Iterator[str]:
    ids = set(ArticlePage.objects.values_list("pk", flat=True))
    kind = ContentType.objects.get_for_model(ArticlePage)
    entries = get_app_config().get_model("IndexEntry", require_ready=False)._default_manager.filter(content_type=kind)
    live = set(ArticlePage.objects.live().values_list("pk", flat=True))
    for what, found, expected in (
        ("search entries", Counter(map(int, entries.values_list("object_id", flat=True))), ids),
        ("public forms", Counter(PublishedArticle.objects.values_list("page_id", flat=True)), live),
    ):
        if found != Counter(expected):
            yield f"{what} of {len(found)} pages, {found.total()} in all; {len(expected)} expected"
    latest = set(ArticlePage.objects.values_list("latest_revision_id", flat=True))
    missing = latest - set(Revision.objects.filter(pk__in=latest).values_list("pk", flat=True))
    if missing:
        yield f"latest revisions that are not there: {sorted(map(str, missing))}"
