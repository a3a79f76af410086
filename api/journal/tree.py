"""The tree of hashes: leads whoever has another sum to the objects in which it differs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from api.journal.feed import Selection, snapshot
from api.journal.objects import full_texts, reference_texts
from api.journal.sequencer import position
from api.journal.sums import hash_of, hexadecimal

MAX_OBJECTS = 256
"""Objects below a prefix up to which they are told, and not sums of them."""
DIGITS = "0123456789abcdef"
Row = tuple[str, str, int, str, str]
"""Key, kind, id, locale, revision."""


def tree_text(selection: Selection, prefix: str, content: str | None = None) -> str:
    """A `ChangeTree`.  Two queries, and some for content; reads what is below the prefix."""
    with snapshot():
        now = position()
        assert now is not None  # noqa: S101 -- whoever reads has brought the journal up to date
        text = _text(selection, prefix, now.epoch, now.sequence)
        return text if content is None else _with_content(selection, json.loads(text), content)


def _with_content(selection: Selection, tree: dict[str, Any], content: str) -> str:
    """The tree with the objects themselves, where it came down to objects."""
    objects = tree.get("objects", [])
    ids: dict[str, list[int]] = {}
    for found in objects:
        ids.setdefault(found["type"], []).append(found["id"])
    read = full_texts if content == "full" else reference_texts
    texts = {kind: read(selection.site, kind, numbers) for kind, numbers in ids.items()}
    paths = {
        (kind, pk): path
        for kind, numbers in ids.items()
        for pk, path in selection.entries().filter(kind=kind, object_id__in=numbers).values_list("object_id", "path")
    }
    for found in objects:
        kind, pk = found["type"], found["id"]
        if pk in texts[kind]:
            found |= {"path": paths[kind, pk] or None, "object": json.loads(texts[kind][pk])}
    return json.dumps(tree, ensure_ascii=False)


@lru_cache(maxsize=64)
def _text(selection: Selection, prefix: str, epoch: str, sequence: int) -> str:
    """Many mirrors that differ ask the same; at one number the answer is the same."""
    rows = selection.entries().filter(gone=False, key__gte=prefix, key__lt=f"{prefix}g").order_by("key")
    found: list[Row] = list(rows.values_list("key", "kind", "object_id", "locale", "rev"))
    answer: dict[str, Any] = {"prefix": prefix, "sequence": sequence, **_sum(found)}
    if len(found) > MAX_OBJECTS:
        below: dict[str, list[Row]] = {prefix + digit: [] for digit in DIGITS}
        for row in found:
            below[row[0][: len(prefix) + 1]].append(row)
        answer["children"] = [{"prefix": name, **_sum(rows)} for name, rows in below.items()]
    else:
        answer["objects"] = [{"type": row[1], "id": row[2], "locale": row[3], "rev": row[4]} for row in found]
    return json.dumps(answer, ensure_ascii=False)


def _sum(rows: Iterable[Row]) -> dict[str, Any]:
    hashes = [hash_of(kind, pk, locale, rev) for _, kind, pk, locale, rev in rows]
    return {"count": len(hashes), "root": hexadecimal(sum(hashes))}
