"""Sources that were imported once and are not there any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from import_content.batches import in_batches
from import_content.models import SourceRecord
from import_content.options import ImportOptions
from import_content.planning.edit_guards import find_edit_guards
from import_content.planning.page_state import load_states
from import_content.planning.plan import LeaveAlone, PlanItem, UnpublishArticle, Verdict

RECORDS_PER_QUERY = 100
"""Records whose pages are looked at at a time."""
GONE = "its source is gone"


def plan_missing_sources(sources: Sequence[str], seen: Collection[str], options: ImportOptions) -> Iterator[PlanItem]:
    """A decision for each record that came from the folders among `sources`, into the same index, and whose key is
    not in `seen`.  Files that were named one by one make no others vanish."""
    below = [key for folder in map(Path, sources) if folder.is_dir() for key in _known_below(folder, options)]
    gone = [key for key in below if key not in seen]
    too_many = len(gone) > options.prune_share * len(below)
    excess = f"{len(gone)} of {len(below)} sources are gone, more than {options.prune_share:.0%}: nothing is pruned"
    for batch in in_batches(gone, RECORDS_PER_QUERY):
        records = SourceRecord.objects.filter(key__in=batch).defer("base", "provenance")
        for item in _decide(records, options):
            yield item.refused("prune_share", excess) if too_many and item.writes else item


def _known_below(folder: Path, options: ImportOptions) -> list[str]:
    """Keys of sources with a page."""
    root = options.root or folder
    prefix = options.record_key("") + _prefix(folder, root)
    records = SourceRecord.objects.imported_under(options.parent.pk, options.collection)
    known = records.from_folder(str((options.moved_from or root).resolve())).filter(key__startswith=prefix)
    return list(known.exclude(page=None).exclude(source_hash="").values_list("key", flat=True))


def _prefix(folder: Path, root: Path) -> str:
    """How keys of sources in a folder begin."""
    relative = folder.resolve().relative_to(root.resolve()).as_posix()
    return "" if relative == "." else f"{relative}/"


def _decide(records: Iterable[SourceRecord], options: ImportOptions) -> Iterator[PlanItem]:
    ids = [record.page_ref for record in records]
    states = load_states(ids)
    guards = find_edit_guards(ids, options.user) if options.prune else {}
    for record in records:
        state = states.get(record.page_ref)
        item = PlanItem(record.key, LeaveAlone(Verdict.VANISHED, GONE, state=state))
        if not options.prune or state is None or not state.is_live:
            yield item
        elif state.fingerprint != record.page_state:
            yield item.refused("edited", f"{GONE}, but an editor has changed the page")
        elif (guard := guards.get(state.page_id)) is not None:
            yield item.refused(guard.code, guard.message)
        else:
            yield PlanItem(record.key, UnpublishArticle(state, GONE))
