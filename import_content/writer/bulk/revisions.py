"""The content of revisions, as `serializable_data` of a page gives it, put together from text that is ready."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


class JsonTemplate:
    """A JSON object of which some values are filled in later; the order of its keys stays.

    >>> JsonTemplate({"a": 1, "b": None, "c": []}, holes=["b"]).fill({"b": '"x"'})
    '{"a": 1, "b": "x", "c": []}'
    """

    def __init__(self, data: Mapping[str, Any], holes: Iterable[str]) -> None:
        holes = set(holes)
        missing = holes - data.keys()
        if missing:
            raise KeyError(f"not in the object: {', '.join(sorted(missing))}")
        self._holes: list[str] = []
        self._pieces: list[str] = []
        piece = "{"
        for number, (key, value) in enumerate(data.items()):
            piece += f"{', ' if number else ''}{json.dumps(key)}: "
            if key in holes:
                self._holes.append(key)
                self._pieces.append(piece)
                piece = ""
            else:
                piece += json.dumps(value, cls=DjangoJSONEncoder)
        self._end = piece + "}"

    def fill(self, values: Mapping[str, str]) -> str:
        """The object's text; `values` are JSON texts."""
        parts: list[str] = []
        for piece, hole in zip(self._pieces, self._holes, strict=True):
            parts += (piece, values[hole])
        parts.append(self._end)
        return "".join(parts)
