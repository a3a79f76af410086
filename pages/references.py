"""How stored public text names what others own.  Knows no Django.

A stored article is JSON text.  Where an answer needs something that belongs to another object (a school, an image,
the address of a page) the text holds a *reference*: ``kind:id`` between two U+FDD0, a code point that Unicode keeps
for use inside programs and that `forbid` takes out of everything people write.  A reader splits the text there and
puts in what it may show, so a body is never parsed, walked or built anew to be delivered.

Kinds that stand for a whole JSON value: ``school``, ``image``, ``picture`` and ``page`` (an object or null), and
``url`` (a string or null).  Kinds inside a string of HTML: ``href-page`` and ``href-document``, which stand for the
attributes of a link.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

MARK = "\ufdd0"
REMOVING_KINDS = frozenset({"school", "image"})
"""Kinds without which their block, or their entry, makes no sense: it is left out with them."""


def reference(kind: str, pk: int) -> str:
    return f"{MARK}{kind}:{pk}{MARK}"


def forbid(text: str) -> str:
    """`text` without anything that could be taken for a reference."""
    return text.replace(MARK, "") if MARK in text else text


def forbid_deep(value: Any) -> Any:
    """The same for raw stream data: looks once, and rebuilds only where there is something to remove."""
    text = json.dumps(value, ensure_ascii=False)
    return json.loads(forbid(text)) if MARK in text else value


def dump(value: Any) -> str:
    """JSON text with references bare, ready to be filled in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace(f'"{MARK}', MARK).replace(f'{MARK}"', MARK)


def load(text: str) -> Any:
    """What was dumped; references are strings again, as `reference` made them."""
    parts = text.split(MARK)
    for number in range(1, len(parts), 2):
        inside = f"{MARK}{parts[number]}{MARK}"
        parts[number] = inside if parts[number].startswith("href-") else f'"{inside}"'
    return json.loads("".join(parts))


def names(text: str) -> list[str]:
    """Every reference in dumped text, ``["school:3", "href-page:8"]``, in order, repeated as it is repeated."""
    return text.split(MARK)[1::2]


def ids(references: Iterable[str], *kinds: str) -> list[int]:
    """The objects of these kinds, each once, in order of first appearance."""
    found = dict.fromkeys(int(pk) for kind, _, pk in (name.partition(":") for name in references) if kind in kinds)
    return list(found)


def fill(text: str, fragment: Callable[[str], str]) -> str:
    """Dumped text with each reference replaced by its fragment of JSON text."""
    parts = text.split(MARK)
    if len(parts) > 1:
        parts[1::2] = map(fragment, parts[1::2])
    return "".join(parts)
