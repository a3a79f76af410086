"""The kinds of objects that the journal follows: which of them are public in a site, and what of them shows.

A kind's queryset goes through the visibility rule; its digest covers all that the kind's detail route shows, what
belongs to other objects included.  A field that is added to an answer is added here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex
from wagtail.models import Site as SiteRow

from api.endpoints.images import visible_images
from api.endpoints.indexes import visible_indexes
from api.endpoints.topics import visible_topics
from api.journal import marks
from api.journal.digests import Gathered, NamedIn, facts, revision, where_said
from api.paths.public_redirects import RedirectRow, public_redirects
from api.queries.compiled import AnyOf, JsonRow, Placeholder
from api.resources.articles import visible_articles
from api.resources.images import ImageRow
from api.resources.includes import TopicRow
from api.resources.references import SchoolReferenceRow
from api.resources.schools import SchoolRow, visible_schools
from api.visibility.rules import visible_file, visible_page, visible_school
from pages.models import ArticleIndexPage, ArticlePage, PublishedListing, School, Topic
from pages.renditions import specifications

Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    touched_as: str
    """The kind of mark that names such objects."""
    visible: Callable[[Shape], QuerySet[Any]]
    observe: Callable[[Shape], QuerySet[Any]]
    """The visible ones, annotated with ``own_digest`` and ``rev_digest``."""
    exists: Callable[[], QuerySet[Any]]
    """All of them, whether they are for readers or not."""
    pk: str = "pk"
    locale: str | None = None
    place: str | None = None
    expires: bool = False

    def columns(self) -> tuple[Any, ...]:
        """Id, locale, place in the tree or path, the two digests."""
        locale = F(self.locale) if self.locale else Value("", CharField())
        place = F(self.place) if self.place else Value("", CharField())
        return (F(self.pk), locale, place, F("own_digest"), F("rev_digest"))


# --- what objects show of others ---------------------------------------------------------------------------------


def _pages(shape: Shape, condition: Any) -> Any:
    """Of pages that are linked to: title, address and type."""
    pages = Page._base_manager.filter(condition, visible_page(shape))
    return facts(pages, "pk", "title", "url_path", "locale__language_code", "content_type__model")


def _images(condition: Any) -> Any:
    model = get_image_model()
    renditions = model.get_rendition_model().objects.filter(
        image_id=OuterRef("pk"), filter_spec__in=sorted(specifications().values())
    )
    made = facts(renditions, "filter_spec", "file", "width", "height")
    return facts(model.objects.filter(condition, visible_file()), *ImageRow._fields, made)


def _documents(condition: Any) -> Any:
    return facts(get_document_model().objects.filter(condition, visible_file()), "pk", "file")


def _linked_from(source: Any, target: Any) -> Q:
    """Is linked to by the outer row, a `source`, according to Wagtail's reference index."""
    rows = ReferenceIndex.objects.filter(
        content_type__app_label=source._meta.app_label,
        content_type__model=source._meta.model_name,
        object_id=Cast(OuterRef(OuterRef("pk")), CharField()),
        to_content_type__app_label=target._meta.app_label,
        to_content_type__model=target._meta.model_name,
    )
    return Q(pk__in=rows.annotate(number=Cast("to_object_id", BigIntegerField())).values("number"))


# --- the kinds ---------------------------------------------------------------------------------------------------

_ARTICLE = (
    *("page_id", "published_at", "updated_at", "page__url_path", "page__slug", "page__translation_key"),
    *("page__locale__language_code", "page__alias_of_id", "page__alias_of__url_path", "digest"),
)
_INDEX = (
    *("pk", "title", "url_path", "locale__language_code", "translation_key", "introduction", "seo_title"),
    "search_description",
)


def _observe_articles(shape: Shape) -> QuerySet[Any]:
    named = OuterRef("references")
    school = School.objects.filter(visible_school(), pk=OuterRef("school_id")).order_by()
    listings = PublishedListing.objects.filter(page_id=OuterRef("page_id"))
    shown_school = Subquery(school.values(row=JsonRow(*SchoolReferenceRow._fields)), output_field=TextField())
    listed = Gathered(listings.order_by("school_id").annotate(fact=shown_school).values("fact"))
    linked = _pages(shape, NamedIn(F("pk"), named, ["page", "url", "href-page"]))
    shown = _images(NamedIn(F("pk"), named, ["image", "picture"]))
    files = _documents(NamedIn(F("pk"), named, ["href-document"]))
    return revision(
        visible_articles(shape),
        _ARTICLE,
        where_said("references", ["school:"], listed),
        where_said("references", ["page:", "url:"], linked),
        where_said("references", ["image:", "picture:"], shown),
        where_said("references", ["href-document:"], files),
    )


def _observe_indexes(shape: Shape) -> QuerySet[Any]:
    return revision(
        visible_indexes(shape),
        _INDEX,
        where_said("introduction", ["<a "], _pages(shape, _linked_from(ArticleIndexPage, Page))),
        where_said("introduction", ["<a "], _documents(_linked_from(ArticleIndexPage, get_document_model()))),
    )


_SCHOOL = tuple(name for name in SchoolRow._fields if name != "logo_id")
"""Of a logo that readers may not see, nothing shows."""


def _observe_schools(shape: Shape) -> QuerySet[Any]:
    return revision(
        visible_schools(shape),
        _SCHOOL,
        where_said("description", ["<a "], _pages(shape, _linked_from(School, Page))),
        where_said("description", ["<a "], _documents(_linked_from(School, get_document_model()))),
        _images(Q(pk=OuterRef("logo_id"))),
    )


def _observe_images(shape: Shape) -> QuerySet[Any]:
    model = get_image_model()
    renditions = model.get_rendition_model().objects.filter(
        image_id=OuterRef("pk"), filter_spec__in=sorted(specifications().values())
    )
    made = facts(renditions, "filter_spec", "file", "width", "height")
    return revision(visible_images(shape), ImageRow._fields, made)


def _sites(shape: Shape) -> QuerySet[Any]:
    rows: QuerySet[Any] = SiteRow.objects.filter(pk=Placeholder("site_id", BigIntegerField())).order_by()
    return rows


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "site",
            marks.EVERYTHING,
            _sites,
            lambda shape: revision(_sites(shape), ("hostname", "port", "site_name", "is_default_site")),
            lambda: SiteRow.objects.all(),
        ),
        Kind(
            "school",
            marks.SCHOOL,
            visible_schools,
            _observe_schools,
            School.objects.all,
            locale="locale__language_code",
            expires=True,
        ),
        Kind(
            "topic",
            marks.TOPIC,
            visible_topics,
            lambda shape: revision(visible_topics(shape), TopicRow._fields),
            Topic.objects.all,
        ),
        Kind("image", marks.IMAGE, visible_images, _observe_images, lambda: get_image_model().objects.all()),
        Kind(
            "index",
            marks.PAGE,
            visible_indexes,
            _observe_indexes,
            ArticleIndexPage._base_manager.all,
            locale="locale__language_code",
            place="url_path",
            expires=True,
        ),
        Kind(
            "article",
            marks.PAGE,
            visible_articles,
            _observe_articles,
            ArticlePage._base_manager.all,
            pk="page_id",
            locale="page__locale__language_code",
            place="page__url_path",
            expires=True,
        ),
        Kind(
            "redirect",
            marks.REDIRECT,
            public_redirects,
            lambda shape: revision(public_redirects(shape), RedirectRow._fields),
            Redirect.objects.all,
            place="old_path",
        ),
    )
}
"""In the order in which a mirror can take them: what is referred to first."""

TREE_KINDS = ("index", "article")
"""Kinds whose place is a path in the tree."""


@lru_cache(maxsize=256)
def compiled(vendor: str, name: str, shape: Shape, some: bool, whole: bool) -> tuple[str, tuple[Any, ...]]:
    """SQL of a kind's visible rows with its parameters, which may be slots.

    `some`: only those in the slot ``ids``; `whole`: all of `Kind.columns`, otherwise ids alone.
    """
    from django.db import DEFAULT_DB_ALIAS, connections

    kind = KINDS[name]
    rows = (kind.observe if whole else kind.visible)(shape).order_by()
    if some:
        rows = rows.filter(AnyOf(F(kind.pk), Placeholder("ids", BigIntegerField())))
    rows = rows.values_list(*kind.columns()) if whole else rows.values_list(kind.pk)
    text, params = rows.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()
    return text, tuple(params)
