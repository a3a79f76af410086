"""Fills in what a stored text names: each kind with one query, through the visibility rule, for a whole answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple, Protocol

from django.db.models import BigIntegerField, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.documents import get_document_model
from wagtail.models import Page

from api.http.addresses import absolute
from api.json_schema import ID, OPTIONAL_URL, PATH, STRING, URL, Json, define, record
from api.queries.compiled import (
    AnyOf,
    CompiledQueries,
    CompiledQuery,
    F,
    Placeholder,
    id_list,
)
from api.resources.images import image_texts
from api.visibility.rules import visible_file, visible_page
from api.visibility.sites import Site
from pages import references
from pages.blocks import visible_body
from pages.rich_text import href

IDS = Placeholder("ids", BigIntegerField())
PAGE_TYPES = {("pages", "articlepage"): "article", ("pages", "articleindexpage"): "article_index"}
"""Any other page is a plain ``page``."""


class SchoolReferenceRow(NamedTuple):
    """What tells one school from others; its names are the columns."""

    pk: int
    slug: str
    name: str
    website: str
    city: str
    region: str
    country: str


class PageRow(NamedTuple):
    """What any page tells of itself; its names are the columns."""

    pk: int
    title: str
    url_path: str
    content_type__app_label: str
    content_type__model: str


class PageColumns(Protocol):
    """A row that has the columns of a `PageRow`, and others."""

    @property
    def pk(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def url_path(self) -> str: ...
    @property
    def content_type__app_label(self) -> str: ...
    @property
    def content_type__model(self) -> str: ...


def _pages(*shape: int) -> QuerySet[Any, Any]:
    chosen: QuerySet[Any, Any] = Page._base_manager.filter(AnyOf(F("pk"), IDS), visible_page((shape[0], shape[1])))
    return chosen.order_by().values_list(*PageRow._fields)


def _documents() -> QuerySet[Any, Any]:
    chosen: QuerySet[Any, Any] = get_document_model().objects.filter(AnyOf(F("pk"), IDS), visible_file())
    return chosen.order_by().values_list("pk", "file")


PAGES = CompiledQueries(_pages)
DOCUMENTS = CompiledQuery(_documents)


SCHOOL_NAMES: dict[str, Json] = {
    "id": ID,
    "slug": STRING,
    "name": STRING,
    "website": OPTIONAL_URL,
    "city": STRING,
    "region": STRING,
    "country": STRING,
}
"""What tells one school from others."""
PAGE_PROPERTIES: dict[str, Json] = {
    "id": ID,
    "type": {"type": "string", "enum": ["article", "article_index", "page"]},
    "title": STRING,
    "path": PATH,
    "url": URL,
}
"""What any page tells of itself."""
SCHOOL_REFERENCE = define("SchoolReference", record("A school, as an article lists it.", SCHOOL_NAMES))
PAGE_REFERENCE = define("PageReference", record("A page of the site that readers may see.", PAGE_PROPERTIES))


def school_text(row: SchoolReferenceRow) -> str:
    """A `SchoolReference`."""
    pk, slug, name, website, city, region, country = row
    return (
        f'{{"id":{pk},"slug":{quoted(slug)},"name":{quoted(name)},"website":{quoted(website) if website else "null"},'
        f'"city":{quoted(city)},"region":{quoted(region)},"country":{quoted(country)}}}'
    )


def page_type(row: PageColumns) -> str:
    return PAGE_TYPES.get((row.content_type__app_label, row.content_type__model), "page")


def page_text(row: PageColumns, site: Site) -> str:
    """A `PageReference`."""
    path = site.path_of(row.url_path)
    kind = page_type(row)
    return (
        f'{{"id":{row.pk},"type":"{kind}","title":{quoted(row.title)},"path":{quoted(path)},'
        f'"url":{quoted(site.url + path)}}}'
    )


def document_url(pk: int, file: str) -> str:
    return absolute(reverse("wagtaildocs_serve", args=[pk, file.rpartition("/")[2]]))


def _in_html(attributes: str) -> str:
    return quoted(attributes)[1:-1]


class Relations:
    """The fragments for every reference that an answer makes.

    `schools`: the rows of those among them that readers may see; whoever refers to schools knows them.  `full_links`:
    links to pages are full URLs and no paths of the site.
    """

    def __init__(
        self,
        site: Site,
        names: Iterable[str],
        schools: Collection[SchoolReferenceRow] = (),
        *,
        full_links: bool = False,
    ) -> None:
        self.site = site
        self.full_links = full_links
        self.names = set(names)
        self.fragments = {f"school:{row.pk}": school_text(row) for row in schools}
        self.images: dict[int, str] = {}
        """The text of each image that readers may see."""
        self.tags = {f"school-{row.pk}" for row in schools}
        """Names of what readers may see of all this, for purging caches."""
        self._load()

    def _load(self) -> None:
        wanted = self._wanted()
        if pages := {*wanted["page"], *wanted["url"], *wanted["href-page"]}:
            self._load_pages(pages)
        if documents := wanted["href-document"]:
            urls = {pk: document_url(pk, file) for pk, file in DOCUMENTS.rows(ids=id_list(documents))}
            for pk in documents:
                self.fragments[f"href-document:{pk}"] = _in_html(href(urls.get(pk)))
            self.tags.update(f"document-{pk}" for pk in urls)
        if images := {*wanted["image"], *wanted["picture"]}:
            shown = self.images = image_texts(images)
            for pk in images:
                self.fragments[f"picture:{pk}"] = shown.get(pk, "null")
            self.fragments.update({f"image:{pk}": text for pk, text in shown.items()})
            self.tags.update(f"image-{pk}" for pk in shown)

    def _wanted(self) -> dict[str, list[int]]:
        """Ids of all that is referred to, by kind."""
        wanted: dict[str, list[int]] = defaultdict(list)
        for name in self.names:
            if not name.startswith("school:"):
                kind, _, pk = name.partition(":")
                wanted[kind].append(int(pk))
        return wanted

    def _load_pages(self, pages: Iterable[int]) -> None:
        found = starmap(PageRow, PAGES(*self.site.shape).rows(self.site.slots, ids=id_list(pages)))
        rows = {row.pk: row for row in found}
        self.tags.update(f"page-{pk}" for pk in rows)
        for pk in pages:
            row = rows.get(pk)
            path = None if row is None else self.site.path_of(row.url_path)
            self.fragments[f"page:{pk}"] = "null" if row is None else page_text(row, self.site)
            self.fragments[f"url:{pk}"] = "null" if path is None else quoted(self.site.url + path)
            self.fragments[f"href-page:{pk}"] = _in_html(href(None) if row is None else self._page_link(row))

    def _page_link(self, row: PageRow) -> str:
        """The attributes of a link to a page: its path on the site, id and type."""
        path = self.site.path_of(row.url_path)
        url = self.site.url + path if self.full_links else path
        return f'{href(url)} data-page="{row.pk}" data-type="{page_type(row)}"'

    @cached_property
    def fragment(self) -> Callable[[str], str]:
        return self.fragments.__getitem__

    def hidden(self, reference: str) -> bool:
        return reference.strip(references.MARK) not in self.fragments

    def fill(self, text: str) -> str:
        return references.fill(text, self.fragment)

    def fill_body(self, text: str) -> str:
        """A body; what readers may not see is left out of it."""
        try:
            return references.fill(text, self.fragment)
        except KeyError:
            return references.fill(references.dump(visible_body(references.load(text), self.hidden)), self.fragment)

    def version(self, names: Iterable[str]) -> str:
        """What a text with these references would be filled with."""
        fragments: Mapping[str, str] = self.fragments
        return "\0".join([fragments.get(name, "") for name in names])
