"""What the database knows about sources before they are decided on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from import_content.article_content import ArticleContent, RawBlock, listed
from import_content.merge import Article
from import_content.models import SourceRecord
from import_content.options import ImportOptions
from import_content.planning.page_state import PageState, article_of_json, load_states
from import_content.planning.reading import SourceReading
from import_content.schools.matching import find_schools
from pages.models import School
from pages.names import normalise_name


@dataclass(frozen=True, slots=True)
class BatchLookups:
    """What the database knows about a batch of sources."""

    records: Mapping[str, SourceRecord]
    states: Mapping[int, PageState]
    found: Mapping[str, int]
    """Normalised names to records of schools."""
    school_names: Mapping[int, str]

    @classmethod
    def load(cls, readings: Sequence[SourceReading], options: ImportOptions) -> BatchLookups:
        keys = [reading.key for reading in readings]
        records = {record.key: record for record in SourceRecord.objects.filter(key__in=keys)}
        states = load_states([record.page_id for record in records.values() if record.page_id])
        names = {name for reading in readings for name in reading.content.school_names()}
        found = find_schools(names, locale_id=options.parent.locale_id)
        ids = {*found.values(), *(pk for record in records.values() for pk in record.base["names"].values())}
        return cls(records, states, found, dict(School.objects.filter(pk__in=ids).values_list("pk", "name")))

    def names_for(self, record: SourceRecord | None) -> dict[str, int]:
        """A printed name means what it meant when this source was imported last, also if the record was renamed."""
        meant = record.base["names"] if record is not None else {}
        return {**self.found, **{name: pk for name, pk in meant.items() if pk in self.school_names}}


def bound_where_known(content: ArticleContent, names: Mapping[str, int]) -> ArticleContent:
    """The same content in which listed schools that have a record are its id."""
    return replace(content, body=_bound_body(content.body, names))


def last_imported(
    record: SourceRecord, printed: Iterable[str], names: Mapping[str, int], school_names: Mapping[int, str]
) -> Article:
    """Give what the last import wrote, as comparable to what the source says now.

    Schools that had no record then are bound like the source's; those whose record is gone are the names that the
    source prints: a record that somebody deleted is no change of the source.
    """
    base = article_of_json(record.base)
    spelled = {normalise_name(name): name for name in printed}
    gone = {
        pk: spelled[name] for name, pk in record.base["names"].items() if pk not in school_names and name in spelled
    }
    body = _bound_body(base.body, names)
    return replace(base, body=tuple(_with_names(block, gone) for block in body) if gone else body)


def _bound_body(body: Iterable[RawBlock], names: Mapping[str, int]) -> tuple[RawBlock, ...]:
    def bound(school: Any) -> Any:
        return names.get(normalise_name(school), school) if isinstance(school, str) else school

    return tuple(_with_schools(block, bound) for block in body)


def _with_names(block: RawBlock, gone: Mapping[int, str]) -> RawBlock:
    return _with_schools(block, lambda school: gone.get(school, school))


def _with_schools(block: RawBlock, change: Callable[[Any], Any]) -> RawBlock:
    entries = [
        {**entry, "value": {**entry["value"], "school": change(entry["value"]["school"])}} for entry in listed(block)
    ]
    return {**block, "value": {**block["value"], "schools": entries}} if entries else block
