"""JSON text in which some values are filled in when they are known: ids of schools, and what articles differ in.

A listed school that has no record yet is written as a negative number: the n-th name of an article as ``-n``.  No
record has such an id, and inside a JSON string the quotes of ``"school": -1`` would be escaped, so that nothing that
people write can be taken for one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.core.serializers.json import DjangoJSONEncoder

from pages.references import MARK

_IN_STREAM = '"school": '
_IN_PUBLIC = f"{MARK}school:"

K = TypeVar("K")
K_contra = TypeVar("K_contra", contravariant=True)


class Texts(Protocol[K_contra]):
    """A sequence of texts, or a mapping to texts."""

    def __getitem__(self, key: K_contra, /) -> str: ...


@dataclass(frozen=True, slots=True)
class JsonTemplate(Generic[K]):
    """`pieces` of text with a gap between each two of them; `keys` say what belongs into each gap."""

    pieces: tuple[str, ...]
    keys: tuple[K, ...]

    def fill(self, values: Texts[K]) -> str:
        """`values` are JSON texts, by key."""
        if not self.keys:
            return self.pieces[0]
        parts = [""] * (2 * len(self.pieces) - 1)
        parts[::2] = self.pieces
        parts[1::2] = [values[key] for key in self.keys]
        return "".join(parts)


def stream_template(text: str) -> JsonTemplate[int]:
    """Of raw stream data as `json.dumps` writes it; the keys number the names of schools from 0."""
    return _with_schools(_IN_STREAM, text)


def public_template(text: str) -> JsonTemplate[int]:
    """Of a public body as `pages.references.dump` writes it; the keys number the names of schools from 0."""
    return _with_schools(_IN_PUBLIC, text)


def _with_schools(before: str, text: str) -> JsonTemplate[int]:
    parts = re.split(f"{before}-(\\d+)", text)
    pieces = [f"{piece}{before}" for piece in parts[:-1:2]]
    return JsonTemplate((*pieces, parts[-1]), tuple(int(number) - 1 for number in parts[1::2]))


def object_template(data: Mapping[str, Any], gaps: Collection[str]) -> JsonTemplate[str]:
    """Of a JSON object in which the values of `gaps` are filled in later; the order of its keys stays.

    >>> object_template({"a": 1, "b": None, "c": []}, gaps=["b"]).fill({"b": '"x"'})
    '{"a": 1, "b": "x", "c": []}'
    """
    missing = set(gaps) - data.keys()
    if missing:
        raise KeyError(f"not in the object: {', '.join(sorted(missing))}")
    pieces, keys, piece = [], [], "{"
    for number, (key, value) in enumerate(data.items()):
        piece += f"{', ' if number else ''}{json.dumps(key)}: "
        if key in gaps:
            keys.append(key)
            pieces.append(piece)
            piece = ""
        else:
            piece += json.dumps(value, cls=DjangoJSONEncoder)
    return JsonTemplate((*pieces, piece + "}"), tuple(keys))
