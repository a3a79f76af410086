"""From marks to the objects that may show otherwise: those marked, and whatever depends on them.

Each step is one statement, however many objects it is about.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat, StrIndex, Substr
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection as FileCollection
from wagtail.models import Page, ReferenceIndex

from api.journal import marks
from api.models import JournalEntry, JournalMark
from api.queries.compiled import AnyOf, F, id_list, text_list
from api.visibility.sites import Site
from pages import references
from pages.models import ArticleTopic, PublishedArticle, PublishedListing, School


@dataclass(slots=True)
class Touched:
    """Objects to look at, by kind of mark, each with the moment of what touched it."""

    objects: dict[str, dict[int, datetime]] = field(default_factory=lambda: {kind: {} for kind in marks.OBJECTS})
    everything: datetime | None = None
    """Look at all that there is."""

    def add(self, kind: str, ids: Iterable[int], at: datetime) -> set[int]:
        """The ids that were new."""
        known = self.objects[kind]
        new = set()
        for pk in ids:
            if pk not in known:
                new.add(pk)
                known[pk] = at
            elif known[pk] < at:
                known[pk] = at
        return new

    def __len__(self) -> int:
        return sum(map(len, self.objects.values()))


def among(column: str, ids: Iterable[int]) -> Any:
    """``column`` is one of many ids: one parameter, however many."""
    return AnyOf(F(column), Value(id_list(ids), _ListField()))


def among_texts(column: str, texts: Iterable[str]) -> Any:
    return AnyOf(F(column), Value(text_list(texts), _ListField()), "text")


class _ListField(TextField[Any, Any]):
    """A list of values as `AnyOf` takes it."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value


def expand(noted: Sequence[JournalMark], sites: Sequence[Site]) -> Touched:
    """All that the marks lead to.  About fifteen statements, fewer where there is nothing of a kind."""
    touched = Touched()
    for mark in noted:
        targets = json.loads(mark.targets)
        if mark.kind == marks.EVERYTHING:
            touched.everything = mark.at
        elif mark.kind == marks.SUBTREE:
            touched.add(marks.PAGE, _below(targets), mark.at)
        elif mark.kind == marks.COLLECTION:
            _touch_files(touched, targets, mark.at)
        else:
            touched.add(mark.kind, targets, mark.at)
    if touched.everything is None and len(touched):
        _add_dependents(touched, sites)
    return touched


def _below(paths: Iterable[str]) -> list[int]:
    wanted = Q()
    for path in paths:
        wanted |= Q(path__startswith=path)
    pages = Page._base_manager.filter(wanted).order_by()
    return list(pages.values_list("pk", flat=True))


def _touch_files(touched: Touched, paths: Iterable[str], at: datetime) -> None:
    for path in paths:
        inside = FileCollection.objects.filter(path__startswith=path)
        for kind, model in ((marks.IMAGE, get_image_model()), (marks.DOCUMENT, get_document_model())):
            touched.add(kind, model.objects.filter(collection__in=inside).values_list("pk", flat=True), at)


def _add_dependents(touched: Touched, sites: Sequence[Site]) -> None:
    pages = touched.objects[marks.PAGE]
    _add_aliases(touched)
    _add_redirects(touched, sites)
    # What refers to them shows their names and addresses.
    referring = {marks.PAGE: Page, marks.IMAGE: get_image_model(), marks.DOCUMENT: get_document_model()}
    found: list[tuple[str, int, datetime]] = []
    if schools := touched.objects[marks.SCHOOL]:
        listings = PublishedListing.objects.filter(among("school_id", schools)).values_list("page_id", "school_id")
        found += [(marks.PAGE, page, schools[school]) for page, school in listings]
    for kind, model in referring.items():
        if ids := touched.objects[kind]:
            found += _referring(model, ids)
    for kind, pk, at in found:
        touched.add(kind, [pk], at)
    _add_used(touched, pages)


def _referring(model: Any, ids: dict[int, datetime]) -> list[tuple[str, int, datetime]]:
    """Pages and schools that refer to objects of a model."""
    kinds = {"articlepage": marks.PAGE, "articleindexpage": marks.PAGE, "school": marks.SCHOOL}
    rows = ReferenceIndex.objects.filter(
        among_texts("to_object_id", map(str, ids)),
        to_content_type__app_label=model._meta.app_label,
        to_content_type__model=model._meta.model_name,
        content_type__app_label="pages",
        content_type__model__in=sorted(kinds),
    )
    return [
        (kinds[name], int(pk), ids[int(target)])
        for name, pk, target in rows.order_by().values_list("content_type__model", "object_id", "to_object_id")
    ]


def _add_aliases(touched: Touched) -> None:
    pages = touched.objects[marks.PAGE]
    newest: Collection[int] = set(pages)
    for _ in range(2):  # an alias of an alias; a longer chain is not shown
        if not newest:
            return
        rows = Page._base_manager.filter(among("alias_of_id", newest)).order_by().values_list("pk", "alias_of_id")
        found = list(rows)
        newest = {pk for pk, source in found if touched.add(marks.PAGE, [pk], pages[source])}


def _add_redirects(touched: Touched, sites: Sequence[Site]) -> None:
    """Redirects to these pages, and those from where they stand or stood."""
    pages, redirects = touched.objects[marks.PAGE], touched.objects[marks.REDIRECT]
    if redirects:
        _add_rivals(touched)
    if not pages or not Redirect.objects.exists():
        return
    leading = Redirect.objects.filter(among("redirect_page_id", pages)).values_list("pk", "redirect_page_id")
    for pk, page in leading:
        touched.add(marks.REDIRECT, [pk], pages[page])
    paths: dict[str, int] = {}
    for pk, url_path in Page._base_manager.filter(among("pk", pages)).order_by().values_list("pk", "url_path"):
        paths.update((Redirect.normalise_path(site.path_of(url_path)), pk) for site in sites)
    stood = JournalEntry.objects.filter(among("object_id", pages), kind__in=["article", "index"])
    paths.update((Redirect.normalise_path(path), pk) for pk, path in stood.values_list("object_id", "path") if path)
    asked = Substr("old_path", 1, StrIndex(Concat("old_path", Value("?")), Value("?")) - 1)
    rows = Redirect.objects.annotate(asked=asked).filter(among_texts("asked", paths))
    for pk, old_path in rows.values_list("pk", "asked"):
        touched.add(marks.REDIRECT, [pk], pages[paths[old_path]])


def _add_rivals(touched: Touched) -> None:
    """Redirects from the same paths: only the best of them is told of."""
    redirects = dict(touched.objects[marks.REDIRECT])
    stood = JournalEntry.objects.filter(among("object_id", redirects), kind="redirect").values_list("object_id", "path")
    stand = Redirect.objects.filter(among("pk", redirects)).values_list("pk", "old_path")
    paths = {path: pk for pk, path in [*stood, *stand]}
    for pk, old_path in Redirect.objects.filter(among_texts("old_path", paths)).values_list("pk", "old_path"):
        touched.add(marks.REDIRECT, [pk], redirects[paths[old_path]])


def _add_used(touched: Touched, pages: dict[int, datetime]) -> None:
    """Images and topics are public as long as something public uses them; schools may be new."""
    schools = touched.objects[marks.SCHOOL]
    moments = {("article", pk): at for pk, at in pages.items()} | {("school", pk): at for pk, at in schools.items()}
    named = [(text, moments["article", pk]) for pk, text in uses_of("article", pages).items()]
    named += [(text, moments["school", pk]) for pk, text in uses_of("school", schools).items()]
    before = JournalEntry.objects.exclude(uses="").filter(
        Q(among("object_id", pages), kind="article") | Q(among("object_id", schools), kind="school")
    )
    named += [(text, moments[kind, pk]) for kind, pk, text in before.values_list("kind", "object_id", "uses")]
    for text, at in named:
        for kind in (marks.IMAGE, marks.TOPIC):
            touched.add(kind, references.ids(text.split(), kind), at)
    if pages:
        known = JournalEntry.objects.filter(kind="school", gone=False).values("object_id")
        listed = PublishedListing.objects.filter(among("page_id", pages)).exclude(school_id__in=known)
        for page, school in listed.values_list("page_id", "school_id"):
            touched.add(marks.SCHOOL, [school], pages[page])


def uses_of(kind: str, ids: Collection[int]) -> dict[int, str]:
    """What is public because of articles or schools: ``image:3 topic:8``; those that use nothing are left out."""
    if not ids:
        return {}
    used: dict[int, list[str]] = {}
    if kind == "school":
        logos = School.objects.filter(among("pk", ids), logo__isnull=False).order_by()
        return {pk: f"image:{logo}" for pk, logo in logos.values_list("pk", "logo_id")}
    shown = Q(references__contains="image:") | Q(references__contains="picture:")
    rows = PublishedArticle.objects.filter(shown, among("page_id", ids)).order_by()
    for pk, names in rows.values_list("page_id", "references"):
        used[pk] = [f"image:{image}" for image in references.ids(names.split(), "image", "picture")]
    topics = ArticleTopic.objects.filter(among("content_object_id", ids)).order_by("tag_id")
    for pk, topic in topics.values_list("content_object_id", "tag_id"):
        used.setdefault(pk, []).append(f"topic:{topic}")
    return {pk: " ".join(names) for pk, names in used.items()}
