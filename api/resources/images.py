"""Images as readers get them, with the renditions that publication made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring as quoted
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import BigIntegerField, QuerySet
from wagtail.images import get_image_model

from api.queries.compiled import (
    AnyOf,
    CompiledQuery,
    F,
    Placeholder,
    Row,
    id_list,
)
from api.visibility.rules import visible_file
from api.visibility.sites import absolute
from pages.renditions import specifications

COLUMNS = (
    *("pk", "title", "description", "file", "width", "height"),
    *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
)


def _images() -> QuerySet[Any, Any]:
    ids = Placeholder("ids", BigIntegerField())
    visible: QuerySet[Any, Any] = get_image_model().objects.filter(AnyOf(F("pk"), ids), visible_file())
    return visible.order_by().values_list(*COLUMNS)


def _renditions() -> QuerySet[Any, Any]:
    model = get_image_model().get_rendition_model()
    made: QuerySet[Any, Any] = model.objects.filter(AnyOf(F("image_id"), Placeholder("ids", BigIntegerField())))
    return made.order_by("pk").values_list("image_id", "filter_spec", "file", "width", "height")


IMAGES = CompiledQuery(_images)
RENDITIONS = CompiledQuery(_renditions)


def image_texts(ids: Iterable[int]) -> dict[int, str]:
    """JSON text of each image that readers may see.  Two queries."""
    rows = IMAGES.rows(ids=id_list(ids))
    made: dict[int, dict[str, Row]] = {}
    for image, specification, *rendition in RENDITIONS.rows(ids=id_list(row[0] for row in rows)):
        made.setdefault(image, {})[specification] = tuple(rendition)  # the newest of equals stays
    return {row[0]: image_text(row, made.get(row[0], {})) for row in rows}


def image_text(row: Row, made: dict[str, Row]) -> str:
    """An `Image`."""
    pk, title, alt, file, width, height = row[:6]
    named = [(name, made[specification]) for name, specification in specifications().items() if specification in made]
    renditions = ",".join(f"{quoted(name)}:{_rendition(*rendition)}" for name, rendition in named)
    return (
        f'{{"id":{pk},"title":{quoted(title)},"alt":{quoted(alt)},"url":{quoted(file_url(file))},'
        f'"width":{width},"height":{height},"focal_point":{focal_point(*row[4:10])},'
        f'"renditions":{{{renditions}}},"srcset":{quoted(srcset([rendition for _, rendition in named], row))}}}'
    )


def _rendition(file: str, width: int, height: int) -> str:
    return f'{{"url":{quoted(file_url(file))},"width":{width},"height":{height}}}'


def srcset(renditions: Sequence[Row], image: Row) -> str:
    """For HTML's ``srcset``: renditions of the whole picture, by width; crops do not belong there."""
    ratio = image[4] / image[5] if image[5] else 0
    whole = {width: file for file, width, height in renditions if height and abs(width / height - ratio) < ratio * 0.02}
    return ", ".join(f"{file_url(file)} {width}w" for width, file in sorted(whole.items()))


def file_url(name: str) -> str:
    return absolute(default_storage.url(name))


def focal_point(
    width: int, height: int, x: int | None, y: int | None, focal_width: int | None, focal_height: int | None
) -> str:
    """Where the picture's subject is, as fractions of its size."""
    if x is None or y is None or not width or not height:
        return "null"
    size = f'"width":{(focal_width or 0) / width:.4f},"height":{(focal_height or 0) / height:.4f}'
    return f'{{"x":{x / width:.4f},"y":{y / height:.4f},{size}}}'
