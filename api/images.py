"""Images as readers get them."""

from __future__ import annotations

from collections.abc import Iterable
from json.encoder import encode_basestring as quoted
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import BigIntegerField, QuerySet
from wagtail.images import get_image_model

from api.sites import absolute
from api.statements import AnyOf, F, Row, Slot, Statement, id_list
from api.visibility import visible_file

COLUMNS = (
    *("pk", "title", "description", "file", "width", "height"),
    *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
)


def _images() -> QuerySet[Any, Any]:
    visible: QuerySet[Any, Any] = get_image_model().objects.filter(
        AnyOf(F("pk"), Slot("ids", BigIntegerField())), visible_file()
    )
    return visible.order_by().values_list(*COLUMNS)


IMAGES = Statement(_images)


def image_texts(ids: Iterable[int]) -> dict[int, str]:
    """JSON text of each image that readers may see."""
    return {row[0]: image_text(row) for row in IMAGES.rows(ids=id_list(ids))}


def image_text(row: Row) -> str:
    """An `Image`."""
    pk, title, alt, file, width, height = row[:6]
    return (
        f'{{"id":{pk},"title":{quoted(title)},"alt":{quoted(alt)},"url":{quoted(file_url(file))},'
        f'"width":{width},"height":{height},"focal_point":{focal_point(*row[4:10])}}}'
    )


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
