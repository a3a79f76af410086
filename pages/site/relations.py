"""What a stored text names, filled in for the site's own pages: each kind with one query, through the one rule."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from pages import references
from pages.blocks import visible_body
from pages.models import School
from pages.rich_text import href, publish
from pages.visibility import SiteTrees, visible_file, visible_school

PAGE_KINDS = ("page", "url", "href-page")
IMAGE_KINDS = ("image", "picture")


class PublicRelations:
    """The JSON text for every reference that readers of a site may follow.  At most five queries."""

    def __init__(self, names: Iterable[str], *, site: Site | None, request: HttpRequest | None) -> None:
        self._site, self._request = site, request
        self._names = set(names)
        self._known: dict[str, Any] = {}
        self._load()

    def _load(self) -> None:
        wanted: dict[str, set[int]] = defaultdict(set)
        for name in self._names:
            kind, _, pk = name.partition(":")
            wanted[kind].add(int(pk))
        if pages := set().union(*(wanted[kind] for kind in PAGE_KINDS)):
            self._load_pages(pages)
        if wanted["school"]:
            for school in School.objects.filter(visible_school(), pk__in=wanted["school"]):
                self._known[f"school:{school.pk}"] = {"name": school.name, "website": school.website}
        if wanted["href-document"]:
            for document in get_document_model().objects.filter(visible_file(), pk__in=wanted["href-document"]):
                url = reverse("wagtaildocs_serve", args=[document.pk, document.filename])
                self._known[f"href-document:{document.pk}"] = href(url)
        if images := set().union(*(wanted[kind] for kind in IMAGE_KINDS)):
            self._load_images(images)

    def _load_pages(self, ids: set[int]) -> None:
        if self._site is None:
            return
        for page in Page.objects.filter(SiteTrees.of(self._site).visible_page(), pk__in=ids):
            url = page.get_url(self._request, self._site)
            self._known[f"page:{page.pk}"] = {"title": page.title, "url": url}
            self._known[f"url:{page.pk}"] = url
            self._known[f"href-page:{page.pk}"] = href(url)

    def _load_images(self, ids: set[int]) -> None:
        """Renditions that were made when the article was published: no reader makes the server draw one."""
        specifications = list(settings.PUBLIC_RENDITIONS.values())
        rendition_model = get_image_model().get_rendition_model()
        shown = get_image_model().objects.filter(visible_file(), pk__in=ids)
        rows: dict[int, list[Any]] = defaultdict(list)
        made = rendition_model.objects.filter(image__in=ids, focal_point_key="", filter_spec__startswith="width-")
        for rendition in made.filter(filter_spec__in=specifications).order_by("width"):
            rows[rendition.image_id].append(rendition)
        for image in shown:
            if sizes := rows[image.pk]:
                largest = sizes[-1]
                picture = {
                    "url": largest.url,
                    "width": largest.width,
                    "height": largest.height,
                    "srcset": ", ".join(f"{size.url} {size.width}w" for size in sizes),
                    "alt": image.description or "",
                }
                self._known[f"image:{image.pk}"] = self._known[f"picture:{image.pk}"] = picture

    def hidden(self, reference: str) -> bool:
        return reference.strip(references.MARK) not in self._known

    def _fragment(self, name: str) -> str:
        value = self._known.get(name)
        if name.startswith("href-"):
            return json.dumps(value if value is not None else href(None))[1:-1]
        return json.dumps(value)

    def fill(self, text: str) -> Any:
        """A dumped text as the value that readers get."""
        return json.loads(references.fill(text, self._fragment))

    def fill_body(self, text: str) -> list[dict[str, Any]]:
        """A dumped body; blocks and entries that make no sense without what is hidden are left out."""
        blocks: list[dict[str, Any]] = self.fill(references.dump(visible_body(references.load(text), self.hidden)))
        return blocks


def public_html(rich_text: str, *, site: Site | None, request: HttpRequest | None) -> str:
    """Rich text in the database's form as readers of the site may see it."""
    text = references.dump(publish(rich_text))
    html: str = PublicRelations(references.names(text), site=site, request=request).fill(text)
    return html
