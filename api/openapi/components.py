"""The schemas of everything that the API answers.  Blocks bring their own (see `pages.blocks.public`)."""

from __future__ import annotations

from typing import Any

from api.http.problems import KINDS
from api.openapi.changes import change_components
from api.openapi.references import nullable, ref
from api.resources.articles import ALWAYS, FIELDS
from pages.blocks import LISTED_SCHOOL, public_blocks
from pages.blocks.public import HTML, STRING
from pages.renditions import specifications

Json = dict[str, Any]

ID: Json = {"type": "integer", "minimum": 1}
INTEGER: Json = {"type": "integer", "minimum": 0}
DATE: Json = {"type": "string", "format": "date-time"}
OPTIONAL_DATE: Json = {"type": ["string", "null"], "format": "date-time"}
URL: Json = {"type": "string", "format": "uri"}
OPTIONAL_URL: Json = {"type": ["string", "null"], "format": "uri"}
UUID: Json = {"type": "string", "format": "uuid"}
LOCALE: Json = {"type": "string", "description": "Language code, such as `en`."}
PATH: Json = {"type": "string", "description": "Path on the site, for `by-path`.", "pattern": "^/"}
CURSOR: Json = {"type": ["string", "null"], "description": "Value for the `cursor` parameter; null: nothing there."}
FRACTION: Json = {"type": "number"}


PAGE: dict[str, Json] = {
    "id": ID,
    "type": {"type": "string", "enum": ["article", "article_index", "page"]},
    "title": STRING,
    "path": PATH,
    "url": URL,
}


def const(value: str) -> Json:
    return {"type": "string", "const": value}


def array(items: Json) -> Json:
    return {"type": "array", "items": items}


def record(
    description: str, properties: dict[str, Json], *, optional: tuple[str, ...] = (), closed: bool = True
) -> Json:
    """An object all of whose properties are there, but the optional ones."""
    schema: Json = {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }
    if closed:
        schema["additionalProperties"] = False
    return schema


def block_components() -> dict[str, Json]:
    """A schema for each type of block, and `Block`, which is any of them."""
    known = public_blocks()
    schemas = {
        block.public_name: record(
            (type(block).__doc__ or "").strip(),
            {
                "type": const(name),
                "id": {"type": "string", "description": "Stable while the block is edited."},
                **block.public_schema,
            },
        )
        for name, block in known.items()
    }
    mapping = {name: f"#/components/schemas/{block.public_name}" for name, block in known.items()}
    schemas["Block"] = {
        "description": "A block of an article's body; `type` tells which.",
        "oneOf": [ref(block.public_name) for block in known.values()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }
    return schemas


def components() -> dict[str, Json]:
    return {**block_components(), "ListedSchool": LISTED_SCHOOL, **_content(), **_envelopes(), **change_components()}


def _content() -> dict[str, Json]:
    return {
        "Article": record(
            "A published article.",
            {
                "id": ID | {"description": "Never changes and is never given to another page."},
                "type": const("article"),
                "locale": LOCALE,
                "translation_key": UUID | {"description": "Shared by all translations of the article."},
                "slug": STRING,
                "path": PATH,
                "url": URL,
                "title": STRING,
                "seo": ref("Seo"),
                "lead_image": nullable(ref("Image")),
                "published_at": DATE | {"description": "When it was first published."},
                "updated_at": DATE | {"description": "When it was last published."},
                "introduction": HTML,
                "body": array(ref("Block")),
                "body_markdown": STRING | {"description": "With `body=markdown`: CommonMark with tables."},
                "body_text": STRING | {"description": "With `body=text`."},
                "schools": array(ref("School")) | {"description": "With `include=schools`."},
                "images": array(ref("Image")) | {"description": "With `include=images`."},
                "topics": array(ref("Topic")) | {"description": "With `include=topics`."},
                "parent": nullable(ref("PageReference")) | {"description": "With `include=parent`."},
                "translations": array(ref("Translation")) | {"description": "With `include=translations`."},
            },
            optional=tuple(set(FIELDS) - set(ALWAYS)),
        ),
        "SearchResult": record(
            "An article that has the words.",
            {
                "article": ref("Article"),
                "title": STRING
                | {"contentMediaType": "text/html", "description": "Escaped text, the words in `<mark>`."},
                "excerpt": STRING
                | {
                    "contentMediaType": "text/html",
                    "description": "The part with most of the words: escaped text, the words in `<mark>`.",
                },
            },
        ),
        "SectionOfArticle": record(
            "A section: its own block and those below it.",
            {"article": ID, "anchor": STRING, "blocks": array(ref("Block"))},
        ),
        "Seo": record(
            "What search engines are told.",
            {
                "title": STRING,
                "description": STRING,
                "canonical_url": OPTIONAL_URL | {"description": "Where the text was first published, if elsewhere."},
                "noindex": {"type": "boolean"},
            },
        ),
        "Topic": record("What articles are about.", {"id": ID, "slug": STRING, "name": STRING}),
        "PageReference": record("A page of the site that readers may see.", PAGE),
        "Translation": record("The same page in another language.", {"locale": LOCALE, **PAGE}),
        "ArticleIndex": record(
            "A shelf: articles, and further shelves.",
            {
                **PAGE,
                "type": const("article_index"),
                "locale": LOCALE,
                "translation_key": UUID,
                "seo": record("What search engines are told.", {"title": STRING, "description": STRING}),
                "introduction": HTML,
            },
        ),
        "NavigationItem": record("A page in a menu.", {**PAGE, "children": array(ref("NavigationItem"))}),
        "Navigation": record("A menu.", {"locale": LOCALE, "items": array(ref("NavigationItem"))}),
        "SitemapEntry": record(
            "A page that search engines may know.",
            {"id": ID, "path": PATH, "url": URL, "locale": LOCALE, "updated_at": OPTIONAL_DATE},
        ),
        "Redirect": record(
            "An old path and where it leads now.",
            {
                "id": ID,
                "path": STRING | {"description": "Without a slash at its end; `by-path` takes it with one, too."},
                "to": {
                    "type": "string",
                    "format": "uri-reference",
                    "description": "The URL of a page of this site; otherwise a URL or a path, as editors wrote it.",
                },
                "permanent": {"type": "boolean"},
            },
        ),
        "PathPage": record(
            "There is a page.",
            {
                "kind": const("page"),
                "page": ref("PageReference"),
                "article": ref("Article"),
                "index": ref("ArticleIndex"),
            },
            optional=("article", "index"),
        ),
        "PathRedirect": record("It moved.", {"kind": const("redirect"), "redirect": ref("Redirect")}),
        "PathGone": record("A page was there for readers, and was withdrawn.", {"kind": const("gone")}),
        "PathAnswer": {
            "oneOf": [ref("PathPage"), ref("PathRedirect"), ref("PathGone")],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {
                    "page": "#/components/schemas/PathPage",
                    "redirect": "#/components/schemas/PathRedirect",
                    "gone": "#/components/schemas/PathGone",
                },
            },
        },
        "SchoolReference": record("A school, as an article lists it.", {**_school_names()}),
        "School": record(
            "A school, college or other place of training.",
            {
                "id": ID,
                "type": const("school"),
                "locale": LOCALE,
                "translation_key": UUID,
                **{name: schema for name, schema in _school_names().items() if name != "id"},
                "description": HTML,
                "logo": nullable(ref("Image")),
                "updated_at": {"type": ["string", "null"], "format": "date-time"},
            },
        ),
        "Image": record(
            "A picture.",
            {
                "id": ID,
                "title": STRING,
                "alt": STRING
                | {"description": "What it shows, in general; in a block of an article, the block's `alt` counts."},
                "url": URL,
                "width": INTEGER,
                "height": INTEGER,
                "focal_point": nullable(ref("FocalPoint")),
                "renditions": {
                    "type": "object",
                    "description": "By name; those that were made when the image was published.",
                    "properties": {name: ref("Rendition") for name in specifications()},
                    "additionalProperties": False,
                },
                "srcset": STRING | {"description": "Ready for the attribute of `img`; may be empty."},
            },
        ),
        "Rendition": record("A picture made smaller.", {"url": URL, "width": INTEGER, "height": INTEGER}),
        "FocalPoint": record(
            "Where the picture's subject is, as fractions of its width and height.",
            {"x": FRACTION, "y": FRACTION, "width": FRACTION, "height": FRACTION},
        ),
    }


def _school_names() -> dict[str, Json]:
    return {
        "id": ID,
        "slug": STRING,
        "name": STRING,
        "website": OPTIONAL_URL,
        "city": STRING,
        "region": STRING,
        "country": STRING,
    }


def _envelopes() -> dict[str, Json]:
    lists = {
        f"{name}List": record("A page of a list.", {"items": array(ref(name)), "page": ref("PageInfo")})
        for name in ("Article", "School", "Topic", "Image", "ArticleIndex", "SitemapEntry", "Redirect", "SearchResult")
    }
    return {
        **lists,
        "PageInfo": record(
            "Where this page of a list stands.",
            {
                "limit": {"type": "integer", "minimum": 1},
                "next": CURSOR,
                "previous": CURSOR,
                "total": {"type": ["integer", "null"], "description": "Only where `total=true` asked for it."},
            },
        ),
        "Index": record(
            "Where everything is.", {"title": STRING, "links": {"type": "object", "additionalProperties": STRING}}
        ),
        "ProblemKind": record(
            "What a kind of problem means.", {"code": STRING, "status": INTEGER, "title": STRING, "detail": STRING}
        ),
        "Problem": record(
            "An error (RFC 9457).",
            {
                "type": {"type": "string", "format": "uri-reference"},
                "title": STRING,
                "status": {"type": "integer"},
                "code": {"type": "string", "enum": sorted(KINDS)},
                "detail": STRING,
                "parameters": array(record("A parameter at fault.", {"name": STRING, "reason": STRING})),
            },
            optional=("parameters",),
        ),
    }
