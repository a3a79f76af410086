"""Blocks: which fields they have, when two are the same, and the three-way merge of one."""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from import_content.article_content import RawBlock
from import_content.merge.align import align, shared, words_of
from import_content.merge.fields import FieldKind, field_kind
from import_content.merge.sequence import Rules, merge_sequence
from import_content.merge.text import (
    Note,
    canonical,
    merge_line,
    merge_rich,
)
from import_content.merge.values import (
    Action,
    DecisionLog,
    Path,
)

MIN_SIMILARITY_IN_PLACE = 0.2
"""A block between the same neighbours is the same block if it shares this much of its words."""


def fingerprint(block: RawBlock) -> str:
    """What a block is compared by: type and content, without ids and without what saving a form changes."""
    value = block["value"]
    if not isinstance(value, dict):
        return json.dumps([block["type"], value], sort_keys=True)
    return json.dumps(
        [block["type"], {name: _canon(field_kind(block, name), value[name]) for name in value}], sort_keys=True
    )


def same_block(one: RawBlock, other: RawBlock) -> bool:
    return fingerprint(one) == fingerprint(other)


def _canon(kind: FieldKind, value: Any) -> Any:
    if kind is FieldKind.RICH:
        return canonical(value or "")
    if kind is FieldKind.ENTRIES:
        return [fingerprint(entry) for entry in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    """Nothing is nothing, however it is spelled."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return "" if value is None else value


# --- alignment of the source's new blocks with its old ones -----------------------------------------------


def align_blocks(base: list[RawBlock], other: list[RawBlock]) -> list[int | None]:
    words = {id(block): words_of(words_of_block(block)) for block in [*base, *other]}

    def similarity(one: RawBlock, two: RawBlock) -> float:
        if one["type"] != two["type"]:
            return -1.0
        score = shared(words[id(one)], words[id(two)])
        return 0.6 + 0.4 * score if _name(one) and _name(one) == _name(two) else score

    return align(base, other, key=fingerprint, similarity=similarity, in_place=MIN_SIMILARITY_IN_PLACE)


def _name(block: RawBlock) -> str:
    """What identifies a block for people: a section's heading, an entry's school."""
    value = block["value"]
    return str(value.get("heading") or value.get("school") or "") if isinstance(value, dict) else ""


def words_of_block(block: RawBlock) -> str:
    """What people read of a block."""
    value = block["value"]
    if not isinstance(value, dict):
        return str(value)
    shown = [_readable(field_kind(block, field), inner) for field, inner in value.items() if field not in _UNREAD]
    return " ".join(shown)


_UNREAD = {"level", "anchor"}


def _readable(kind: FieldKind, value: Any) -> str:
    if kind is FieldKind.ENTRIES:
        return " ".join(words_of_block(entry) for entry in value)
    if isinstance(value, list):
        return " ".join(_readable(kind, inner) for inner in value)
    if isinstance(value, dict):
        return " ".join(_readable(kind, inner) for inner in value.values())
    return re.sub(r"<[^>]*>", " ", str(value)) if value is not None else ""


def with_base_ids(base: list[RawBlock], theirs: list[RawBlock], taken: set[str]) -> list[RawBlock]:
    """The source's new blocks under the ids of the old ones that they continue, entries of listings too.

    A section keeps its anchor.  New blocks keep their own id, changed where `taken` (or a continued block) has it.
    """
    counterparts = align_blocks(base, theirs)
    used = taken | {block["id"] for block in base}
    result = []
    for block, index in zip(theirs, counterparts, strict=True):
        old = base[index] if index is not None else None
        identifier = old["id"] if old is not None else _free(block["id"], used)
        used.add(identifier)
        result.append({**block, "id": identifier, "value": _continued(block, old, used)})
    return result


def _continued(block: RawBlock, old: RawBlock | None, used: set[str]) -> Any:
    value = block["value"]
    if old is None or not isinstance(value, dict):
        return value
    if block["type"] == "section" and old["value"].get("anchor"):
        value = {**value, "anchor": old["value"]["anchor"]}
    for field in value:
        if field_kind(block, field) is FieldKind.ENTRIES:
            value = {**value, field: with_base_ids(old["value"].get(field) or [], value[field], used)}
    return value


def _free(identifier: str, used: set[str]) -> str:
    while identifier in used:
        identifier = str(uuid.uuid5(uuid.UUID(identifier), "again"))
    return identifier


# --- merge ------------------------------------------------------------------------------------------------


def merge_blocks(
    base: list[RawBlock], ours: list[RawBlock], theirs: list[RawBlock], path: Path, place: str, log: DecisionLog
) -> tuple[list[RawBlock], list[RawBlock]]:
    """The merged list, and `theirs` under the ids that its blocks have in it.

    `theirs` must have gone through `with_base_ids`; blocks that an editor pasted under new ids are recognised when
    nothing else about them changed.
    """
    merged_of: dict[str, str] = {}

    def combine(b: RawBlock, o: RawBlock, t: RawBlock) -> RawBlock:
        return merge_block(b, o, t, (*path, o["id"]), _joined(place, describe(o, log)), log, merged_of)

    def note(action: Action, b: RawBlock | None, o: RawBlock | None, t: RawBlock | None, r: RawBlock | None) -> None:
        named = o or t or b
        if named is not None:
            log.add((*path, named["id"]), _joined(place, describe(named, log)), action, b, o, t, r)

    rules = Rules(
        same=same_block,
        combine=combine,
        log=note,
        log_order=lambda action: log.add(
            path, f"{place or 'the article'}, order", action, _ids(base), _ids(ours), _ids(theirs), None
        ),
    )
    placed = merge_sequence(base, ours, theirs, _by_id(base, ours), _by_id(base, theirs), rules)
    for entry in placed:
        if entry.slot.theirs is not None:
            merged_of[theirs[entry.slot.theirs]["id"]] = entry.item["id"]
    return [entry.item for entry in placed], _renamed(theirs, merged_of)


def merge_block(
    base: RawBlock,
    ours: RawBlock,
    theirs: RawBlock,
    path: Path,
    place: str,
    log: DecisionLog,
    merged_of: dict[str, str],
) -> RawBlock:
    """Merge a block field by field; ids of entries that differ are noted in `merged_of`."""
    if not isinstance(ours["value"], dict) or not isinstance(theirs["value"], dict):
        return {**ours, "value": merge_value(base["value"], ours["value"], theirs["value"], path, place, log)}
    merged = dict(ours["value"])
    for field in dict.fromkeys([*ours["value"], *theirs["value"]]):
        b, o, t = (version["value"].get(field) for version in (base, ours, theirs))
        where, label = (*path, field), f"{place}, {field.replace('_', ' ')}"
        kind = field_kind(ours, field)
        if kind is FieldKind.ENTRIES:
            merged[field], renamed = merge_blocks(b or [], o or [], t or [], path, place, log)
            merged_of.update({old["id"]: new["id"] for old, new in zip(t or [], renamed, strict=True)})
        elif kind is FieldKind.VALUE:
            merged[field] = merge_value(b, o, t, where, label, log)
        else:
            merge = merge_rich if kind is FieldKind.RICH else merge_line
            merged[field] = merge(b or "", o or "", t or "", note_text(where, label, log))
    return {**ours, "value": merged}


def merge_value(base: Any, ours: Any, theirs: Any, path: Path, place: str, log: DecisionLog) -> Any:
    """Merge what has no inner structure: who alone changed it, wins."""
    b, o, t = _plain(base), _plain(ours), _plain(theirs)
    if b == o == t:
        return ours
    if o == t or t == b:
        log.add(path, place, Action.KEPT, base, ours, theirs, ours)
        return ours
    if o == b:
        log.add(path, place, Action.UPDATED, base, ours, theirs, theirs)
        return theirs
    log.add(path, place, Action.CONFLICT, base, ours, theirs, ours)
    return ours


def note_text(path: Path, place: str, log: DecisionLog) -> Note:
    def note(action: Action, b: str | None, o: str | None, t: str | None, r: str | None) -> None:
        log.add(path, place, action, b, o, t, r)

    return note


def _by_id(base: list[RawBlock], other: list[RawBlock]) -> list[int | None]:
    """Counterparts by id; then, for blocks under unknown ids, by equal content."""
    index = {block["id"]: i for i, block in enumerate(base)}
    found = [index.get(block["id"]) for block in other]
    free = [i for i in range(len(base)) if i not in set(found)]
    for j, block in enumerate(other):
        if found[j] is None:
            twin = next((i for i in free if base[i]["type"] == block["type"] and same_block(base[i], block)), None)
            if twin is not None:
                found[j] = twin
                free.remove(twin)
    return found


def _renamed(blocks: list[RawBlock], names: Mapping[str, str]) -> list[RawBlock]:
    result = []
    for block in blocks:
        value = block["value"]
        if isinstance(value, dict):
            value = {
                field: _renamed(inner, names) if field_kind(block, field) is FieldKind.ENTRIES else inner
                for field, inner in value.items()
            }
        result.append({**block, "id": names.get(block["id"], block["id"]), "value": value})
    return result


def _ids(blocks: list[RawBlock]) -> list[str]:
    return [block["id"] for block in blocks]


# --- words for people -------------------------------------------------------------------------------------

_LABELS = {"item": "entry"}
"""Block types that are called something else."""


def describe(block: RawBlock, log: DecisionLog) -> str:
    """A block in people's words: ``section “Costs”``."""
    label = _LABELS.get(block["type"], block["type"].replace("_", " "))
    value = block["value"] if isinstance(block["value"], dict) else {}
    name = value.get("heading") or value.get("school") or value.get("text") or ""
    if isinstance(name, int):
        name = log.names.get(name, f"school {name}")
    plain = " ".join(canonical(str(name)).replace("<p>", " ").replace("</p>", " ").split())
    short = plain if len(plain) <= 40 else plain[:39].rstrip() + "…"
    return f"{label} “{short}”" if short else label


def _joined(place: str, inner: str) -> str:
    return f"{place}, {inner}" if place else inner


def counted(blocks: list[RawBlock]) -> Counter[str]:
    """How many blocks of which type there are."""
    return Counter(block["type"] for block in blocks)
