"""Makes content through Wagtail's own methods, as an editor would."""

from __future__ import annotations

import itertools
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from pages.models import ArticleIndexPage, ArticlePage, School
from tests.api.blocks import with_ids

_numbers = itertools.count(1)


def home() -> Page:
    """The root page of the default site."""
    return Site.objects.get(is_default_site=True).root_page


def make_index(title: str = "Guides", parent: Page | None = None, **fields: Any) -> ArticleIndexPage:
    index = ArticleIndexPage(title=title, **fields)
    (parent or home()).add_child(instance=index)
    index.save_revision().publish()
    return ArticleIndexPage.objects.get(pk=index.pk)


def make_article(
    title: str = "Becoming a Baker",
    parent: Page | None = None,
    *,
    body: list[dict[str, Any]] | None = None,
    publish: bool = True,
    topics: tuple[str, ...] = (),
    **fields: Any,
) -> ArticlePage:
    """A published article (a draft with ``publish=False``); `body` is raw stream data."""
    article = ArticlePage(title=title, live=publish, body=with_ids(body or []), **fields)
    (parent or make_index(f"Shelf {next(_numbers)}")).add_child(instance=article)
    if topics:
        article.topics.add(*topics)
    revision = article.save_revision()
    if publish:
        revision.publish()
    return ArticlePage.objects.get(pk=article.pk)


def make_school(name: str = "Rye College", **fields: Any) -> School:
    school = School(name=name, **fields)
    school.save()
    return school


def restrict(page: Page, kind: str = PageViewRestriction.LOGIN) -> PageViewRestriction:
    password = "secret" if kind == PageViewRestriction.PASSWORD else ""
    restriction: PageViewRestriction = PageViewRestriction.objects.create(
        page=page, restriction_type=kind, password=password
    )
    return restriction


def private_collection(name: str = "Private") -> Collection:
    collection = Collection.get_first_root_node().add_child(name=name)
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


def make_image(title: str = "Loaf", collection: Collection | None = None, **fields: Any) -> Any:
    extra = {"collection": collection} if collection else {}
    return get_image_model().objects.create(title=title, file=get_test_image_file(), **extra, **fields)


def make_document(title: str = "Recipe", collection: Collection | None = None) -> Any:
    extra = {"collection": collection} if collection else {}
    file = SimpleUploadedFile("recipe.txt", b"flour")
    return get_document_model().objects.create(title=title, file=file, **extra)


def make_site(hostname: str = "other.example", root_title: str = "Other") -> Site:
    root = Page.get_first_root_node().add_child(instance=Page(title=root_title))
    site: Site = Site.objects.create(hostname=hostname, root_page=root, port=80)
    return site
