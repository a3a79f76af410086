"""Images as readers get them, with the renditions that publication made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.core.files.storage import default_storage
from django.db.models import BigIntegerField, QuerySet
from wagtail.images import get_image_model

from api.http.addresses import absolute
from api.json_schema import ID, INTEGER, STRING, URL, define, nullable, record
from api.queries.compiled import (
    AnyOf,
    CompiledQuery,
    F,
    Placeholder,
    id_list,
)
from api.visibility.rules import visible_file
from pages.renditions import specifications


class ImageRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    title: str
    description: str
    file: str
    width: int
    height: int
    focal_point_x: int | None
    focal_point_y: int | None
    focal_point_width: int | None
    focal_point_height: int | None


class RenditionRow(NamedTuple):
    """Its names are the columns."""

    image_id: int
    filter_spec: str
    file: str
    width: int
    height: int


RENDITION = define("Rendition", record("A picture made smaller.", {"url": URL, "width": INTEGER, "height": INTEGER}))
FOCAL_POINT = define(
    "FocalPoint",
    record(
        "Where the picture's subject is, as fractions of its width and height.",
        {name: {"type": "number"} for name in ("x", "y", "width", "height")},
    ),
)
IMAGE = define(
    "Image",
    record(
        "A picture.",
        {
            "id": ID,
            "title": STRING,
            "alt": STRING
            | {"description": "What it shows, in general; in a block of an article, the block's `alt` counts."},
            "url": URL,
            "width": INTEGER,
            "height": INTEGER,
            "focal_point": nullable(FOCAL_POINT),
            "renditions": {
                "type": "object",
                "description": "By name; those that were made when the image was published.",
                "properties": dict.fromkeys(specifications(), RENDITION),
                "additionalProperties": False,
            },
            "srcset": STRING | {"description": "Ready for the attribute of `img`; may be empty."},
        },
    ),
)


def _images() -> QuerySet[Any, Any]:
    ids = Placeholder("ids", BigIntegerField())
    visible: QuerySet[Any, Any] = get_image_model().objects.filter(AnyOf(F("pk"), ids), visible_file())
    return visible.order_by().values_list(*ImageRow._fields)


def _renditions() -> QuerySet[Any, Any]:
    model = get_image_model().get_rendition_model()
    made: QuerySet[Any, Any] = model.objects.filter(AnyOf(F("image_id"), Placeholder("ids", BigIntegerField())))
    return made.order_by("pk").values_list(*RenditionRow._fields)


IMAGES = CompiledQuery(_images)
RENDITIONS = CompiledQuery(_renditions)


def image_texts(ids: Iterable[int]) -> dict[int, str]:
    """JSON text of each image that readers may see.  Two queries."""
    rows = list(starmap(ImageRow, IMAGES.rows(ids=id_list(ids))))
    made: dict[int, dict[str, RenditionRow]] = {}
    for rendition in starmap(RenditionRow, RENDITIONS.rows(ids=id_list(row.pk for row in rows))):
        made.setdefault(rendition.image_id, {})[rendition.filter_spec] = rendition  # the newest of equals stays
    return {row.pk: image_text(row, made.get(row.pk, {})) for row in rows}


def image_text(row: ImageRow, made: dict[str, RenditionRow]) -> str:
    """An `Image`."""
    named = [(name, made[specification]) for name, specification in specifications().items() if specification in made]
    renditions = ",".join(f"{quoted(name)}:{_rendition(rendition)}" for name, rendition in named)
    return (
        f'{{"id":{row.pk},"title":{quoted(row.title)},"alt":{quoted(row.description)},"url":{quoted(file_url(row.file))},'
        f'"width":{row.width},"height":{row.height},"focal_point":{focal_point(row)},'
        f'"renditions":{{{renditions}}},"srcset":{quoted(srcset([rendition for _, rendition in named], row))}}}'
    )


def _rendition(row: RenditionRow) -> str:
    return f'{{"url":{quoted(file_url(row.file))},"width":{row.width},"height":{row.height}}}'


def srcset(renditions: Sequence[RenditionRow], image: ImageRow) -> str:
    """For HTML's ``srcset``: renditions of the whole picture, by width; crops do not belong there."""
    ratio = image.width / image.height if image.height else 0
    whole = {
        rendition.width: rendition.file
        for rendition in renditions
        if rendition.height and abs(rendition.width / rendition.height - ratio) < ratio * 0.02
    }
    return ", ".join(f"{file_url(file)} {width}w" for width, file in sorted(whole.items()))


def file_url(name: str) -> str:
    return absolute(default_storage.url(name))


def focal_point(row: ImageRow) -> str:
    """Where the picture's subject is, as fractions of its size."""
    x, y, width, height = row.focal_point_x, row.focal_point_y, row.width, row.height
    if x is None or y is None or not width or not height:
        return "null"
    focal_width, focal_height = (row.focal_point_width or 0) / width, (row.focal_point_height or 0) / height
    return f'{{"x":{x / width:.4f},"y":{y / height:.4f},"width":{focal_width:.4f},"height":{focal_height:.4f}}}'
