"""Makes objects with a word in every field, through Wagtail's own methods, as editors do."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import CharField, Field, Model, SlugField, TextField, URLField
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Collection, Page

from api.leakcheck.subjects import Stage, Subject
from pages.blocks import public_blocks
from pages.models import ArticleIndexPage, ArticlePage, School, Topic

Say = Callable[[str], str]
"""A new word for the field of this name."""
Json = dict[str, Any]
MACHINERY = {"path"}
"""Texts that are no editor's."""


def plain(text: str) -> Say:
    """For public content: the same text in every field."""
    return lambda field: text


def hyphenated(text: str) -> str:
    """Fit for a slug, a file or a host."""
    return text.replace(" ", "-").lower()


def fill(instance: Model, say: Say) -> None:
    """Words for every text that an editor could enter; a field that is added to a model is filled too."""
    for field in instance._meta.concrete_fields:
        if not field.editable or field.choices or field.is_relation or field.name in MACHINERY:
            continue
        text = _text(field, say)
        if text is not None:
            setattr(instance, field.name, text)


def _text(field: Field[Any, Any], say: Say) -> Any:
    if isinstance(field, StreamField):
        return None
    if isinstance(field, URLField):
        return f"https://{hyphenated(say(field.name))}.example/"
    if isinstance(field, RichTextField):
        return f"<p>{say(field.name)}</p>"
    if isinstance(field, SlugField):
        return hyphenated(say(field.name))
    return say(field.name) if isinstance(field, (CharField, TextField)) else None


def block(kind: str, value: Any) -> Json:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def section(heading: str, text: str, anchor: str = "") -> Json:
    return block("section", {"heading": heading, "text": text, "level": "2", "anchor": anchor})


def call_to_action(text: str, page: int | None = None, url: str = "") -> Json:
    return block("call_to_action", {"text": text, "page": page, "url": url})


def listing(*entries: tuple[int, str]) -> Json:
    """Of schools, each with what is said of it."""
    items = [block("item", {"school": pk, "description": f"<p>{said}</p>"}) for pk, said in entries]
    return block("school_listing", {"schools": items})


def picture(image: int, alt: str, caption: str) -> Json:
    return block("image", {"image": {"image": image, "alt_text": alt, "decorative": False}, "caption": caption})


def body(say: Say, *, school: int, image: int) -> list[Json]:
    """A block of every type.  Raises `LookupError` for a type that it does not know: teach it the new one."""
    table = {
        "caption": say("caption"),
        "columns": [{"type": "text", "heading": say("column")}],
        "rows": [{"values": [say("cell")]}],
    }
    made = [
        section(say("heading"), f"<p>{say('section')}</p>", hyphenated(say("anchor"))),
        block("text", {"text": f"<p>{say('text')}</p>"}),
        listing((school, say("description"))),
        call_to_action(say("call"), url=f"https://example.org/{hyphenated(say('url'))}"),
        block("table", table),
        block("quote", {"text": say("quote"), "attribution": say("attribution")}),
        block("code", {"code": say("code"), "language": ""}),
        picture(image, say("alt"), say("caption")),
    ]
    missing = set(public_blocks()) - {entry["type"] for entry in made}
    if missing:
        raise LookupError(f"the leak audit makes no block of type {', '.join(sorted(missing))}")
    return made


def add_page(page: Any, parent: Page, say: Say, *, publish: bool = True) -> Any:
    """The page as it is in the database, published unless said otherwise."""
    fill(page, say)
    page.live = publish
    page.show_in_menus = True
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def article(stage: Stage, parent: Page, say: Say, *, publish: bool = True, **fields: Any) -> ArticlePage:
    """An article with a block of every type and a topic of its own."""
    public = {subject.kind: subject.pk for subject in stage.public}
    page = ArticlePage(**fields)
    page.body = body(say, school=public["school"], image=public["image"])
    page.topics.add(say("topic"))
    made: ArticlePage = add_page(page, parent, say, publish=publish)
    return made


def index(parent: Page, say: Say, *, publish: bool = True, **fields: Any) -> ArticleIndexPage:
    made: ArticleIndexPage = add_page(ArticleIndexPage(**fields), parent, say, publish=publish)
    return made


def school(say: Say, **fields: Any) -> School:
    made = School(**fields)
    fill(made, say)
    made.slug = made.slug or made.name
    made.save()
    made.aliases.create(name=say("other name"))
    made.save_revision().publish()
    stored: School = School.objects.get(pk=made.pk)
    return stored


def image(collection: Collection, say: Say) -> Any:
    file = io.BytesIO()
    Picture.new("RGB", (640, 480), "white").save(file, "PNG")
    made = get_image_model()(collection=collection)
    fill(made, say)
    made.file = ContentFile(file.getvalue(), f"{hyphenated(say('file'))}.png")
    made.save()
    made.tags.add(say("tag"))
    return made


def document(collection: Collection, say: Say) -> Any:
    made = get_document_model()(collection=collection)
    fill(made, say)
    made.file = ContentFile(b"words", f"{hyphenated(say('file'))}.txt")
    made.save()
    made.tags.add(say("tag"))
    return made


def page_subject(page: Page, root: Page, *, hidden: bool) -> Subject:
    """`root` is that of the site that the page stands in, or seems to."""
    specific = page.specific
    stored = specific.body.get_prep_value() if isinstance(specific, ArticlePage) else []
    anchors = [entry["value"]["anchor"] for entry in stored if entry["type"] == "section"]
    path = page.url_path[len(root.url_path) - 1 :] if page.url_path.startswith(root.url_path) else page.url_path
    blocks = [entry["id"] for entry in stored]
    return Subject("page", page.pk, hidden, page.slug, path, str(page.translation_key), (*anchors, *blocks[:1]))


def topic_subjects(page: ArticlePage, *, hidden: bool) -> list[Subject]:
    topics = Topic.objects.filter(articles__content_object_id=page.pk)
    return [Subject("topic", topic.pk, hidden, topic.slug) for topic in topics]
