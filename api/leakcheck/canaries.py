"""Content of every hidden kind, with a random word in every field, and public content that is related to all of it."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from pages.models import ArticleIndexPage, ArticlePage, School, Topic

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass
class Canaries:
    """What was made: words that must not show, and what to remove so that it never was."""

    words: dict[str, str] = field(default_factory=dict)
    """Kind to word."""
    pages: list[Page] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)
    public: list[int] = field(default_factory=list)
    """Articles that readers may see."""
    draft_of: list[ArticlePage] = field(default_factory=list)
    """Live pages with a draft."""

    def word(self, kind: str) -> str:
        return self.words.setdefault(kind, f"zq{secrets.token_hex(6)}x")

    def remove(self) -> None:
        """As if there had never been anything hidden."""
        for page in self.draft_of:
            page.revisions.all().delete()
        for thing in reversed(self.others):
            thing.delete()
        for page in sorted(self.pages, key=lambda page: -len(page.path)):
            for left in Page.objects.filter(pk=page.pk):
                left.delete()


def rich(word: str, *links: str) -> str:
    return f"<p>{word} {' '.join(links)}</p>"


def body(word: str, *, school: School | None = None, image: Any = None, page: Page | None = None) -> str:
    blocks: list[tuple[str, Any]] = [
        ("section", {"heading": word, "level": "2", "anchor": slugify(word), "text": rich(word)}),
        ("text", {"text": rich(word)}),
        ("quote", {"text": word, "attribution": word}),
        ("call_to_action", {"text": word, "page": page.pk if page else None, "url": ""}),
        (
            "table",
            {"caption": word, "columns": [{"type": "text", "heading": word}], "rows": [{"values": [word]}]},
        ),
    ]
    if image:
        picture = {"image": image.pk, "alt_text": word, "decorative": False}
        blocks.append(("image", {"image": picture, "caption": word}))
    if school:
        value = {"school": school.pk, "description": rich(word)}
        blocks.append(("school_listing", {"schools": [{"type": "item", "id": str(uuid.uuid4()), "value": value}]}))
    return json.dumps([{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in blocks])


def article(parent: Page, word: str, *, live: bool = True, topic: str = "", **more: Any) -> ArticlePage:
    fields = {"introduction": rich(word), "body": body(word), **more}
    page = ArticlePage(
        title=word,
        slug=slugify(word),
        seo_title=word,
        search_description=word,
        canonical_url=f"https://example.com/{slugify(word)}",
        show_in_menus=True,
        live=live,
        **fields,
    )
    parent.add_child(instance=page)
    if topic:
        page.topics.add(Topic.objects.get_or_create(name=topic, slug=slugify(topic))[0])
    revision = page.save_revision()
    if live:
        revision.publish()
    found: ArticlePage = ArticlePage.objects.get(pk=page.pk)
    return found


def shelf(parent: Page, word: str) -> ArticleIndexPage:
    index = ArticleIndexPage(title=word, slug=slugify(word), introduction=rich(word), show_in_menus=True)
    parent.add_child(instance=index)
    index.save_revision().publish()
    found: ArticleIndexPage = ArticleIndexPage.objects.get(pk=index.pk)
    return found


def _hidden_pages(root: Page, made: Canaries) -> Iterator[tuple[str, Callable[[ArticlePage], object]]]:
    now = timezone.now()

    def update(**values: Any) -> Callable[[ArticlePage], object]:
        return lambda page: ArticlePage.objects.filter(pk=page.pk).update(**values)

    def restrict(kind: str) -> Callable[[ArticlePage], object]:
        return lambda page: PageViewRestriction.objects.create(page=page, restriction_type=kind, password="p")  # noqa: S106

    yield "unpublished", lambda page: page.unpublish()
    yield "not live", update(live=False)
    yield "expired", update(expire_at=now - timedelta(minutes=1))
    yield "early", update(go_live_at=now + timedelta(days=1))
    for kind in ("login", "password", "groups"):
        yield kind, restrict(kind)


def build(site: Site) -> Canaries:
    """Everything, in the database of the open transaction."""
    made = Canaries()
    root = site.root_page.specific
    public = shelf(root, "Public shelf")
    for kind, hide in _hidden_pages(root, made):
        page = article(public, made.word(kind), topic=made.word(f"topic of {kind}"))
        made.pages.append(page)
        hide(page)
    made.pages.append(article(public, made.word("draft"), live=False, topic=made.word("topic of a draft")))
    _below_restricted(public, made)
    _aliases(public, made)
    _other_site(site, made)
    image, document = _private_files(made)
    school = _draft_school(made)
    _redirects(site, made)
    _public(public, made, image, document, school)
    return made


def _below_restricted(public: Page, made: Canaries) -> None:
    members = shelf(public, made.word("restricted shelf"))
    made.pages.append(members)
    inner = shelf(members, made.word("shelf below a restricted one"))
    made.pages += [inner, article(inner, made.word("below a restricted page"))]
    PageViewRestriction.objects.create(page=members, restriction_type="login")


def _aliases(public: Page, made: Canaries) -> None:
    source = next(page for page in made.pages if page.title == made.word("login"))
    alias = CreatePageAliasAction(source, parent=public, update_slug=made.word("alias")).execute()
    again = CreatePageAliasAction(alias, parent=public, update_slug=made.word("alias of an alias")).execute()
    made.pages += [alias, again]


def _other_site(site: Site, made: Canaries) -> None:
    word = made.word("other site")
    top = Page.get_first_root_node().add_child(instance=Page(title=word, slug=slugify(word)))
    made.others.append(Site.objects.create(hostname=f"{word}.example", site_name=word, root_page=top, port=80))
    index = shelf(top, made.word("shelf on another site"))
    made.pages += [top, index, article(index, made.word("on another site"))]
    nested = shelf(site.root_page, made.word("root of a nested site"))
    made.others.append(Site.objects.create(hostname=f"n{word}.example", root_page=nested, port=80))
    made.pages += [nested, article(nested, made.word("on a nested site"))]


def _private_files(made: Canaries) -> tuple[Any, Any]:
    word = made.word("private collection")
    private = Collection.get_first_root_node().add_child(name=word)
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    inner = private.add_child(name=f"{word} inner")
    image = get_image_model().objects.create(
        title=word, description=word, collection=inner, width=1, height=1, file=ContentFile(PIXEL, f"{word}.png")
    )
    document = get_document_model().objects.create(
        title=word, collection=private, file=ContentFile(b"text", f"{word}.txt")
    )
    made.others += [private, inner, image, document]
    return image, document


def _draft_school(made: Canaries) -> School:
    word = made.word("draft school")
    fields = {"city": word, "region": word, "country": word, "description": rich(word), "live": False}
    school = School(name=word, slug=slugify(word), website=f"https://{word}.example", **fields)
    school.save()
    made.others.append(school)
    return school


def _redirects(site: Site, made: Canaries) -> None:
    for page in list(made.pages):
        word = made.word(f"redirect to page {page.pk}")
        made.others.append(Redirect.add_redirect(f"/{word}/", redirect_to=page, site=site))
    other = Site.objects.exclude(pk=site.pk).order_by("-pk").first()
    made.others.append(Redirect.add_redirect(f"/{made.word('redirect of another site')}/", "/x/", site=other))


def _public(public: Page, made: Canaries, image: Any, document: Any, school: School) -> None:
    """Articles that readers may see, related to everything that they may not."""
    links = " ".join(f'<a linktype="page" id="{page.pk}">words</a>' for page in made.pages)
    file = f'<a linktype="document" id="{document.pk}">words</a>'
    listed = School(name="Public College", logo=image)
    listed.save()
    mentioning = made.word("said of a draft school")
    shown = article(public, "Shown", lead_image=image, topic="Public topic", body=body("shown", page=made.pages[0]))
    linking = article(public, "Linking", introduction=f"<p>{links} {file}</p>", body=body("linking", school=listed))
    only = article(public, "Lists a draft school", body=body_of_listing(school, mentioning))
    pictured = article(public, "Pictured", body=body_of_image(image, made.word("caption of a private image")))
    made.public += [shown.pk, linking.pk, only.pk, pictured.pk]
    draft = made.word("draft of a live page")
    shown.title = shown.seo_title = shown.search_description = draft
    shown.introduction, shown.body = rich(draft), body(draft)
    shown.save_revision()
    made.draft_of.append(shown)


def body_of_listing(school: School, word: str) -> str:
    block = json.loads(body(word, school=school))[-1]
    return json.dumps([block])


def body_of_image(image: Any, word: str) -> str:
    return json.dumps([block for block in json.loads(body(word, image=image)) if block["type"] == "image"])
