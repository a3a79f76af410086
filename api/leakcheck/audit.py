"""The audit as a whole: sets the stage, walks it three times, says what it found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from api.contract.snapshot import current
from api.journal.sequencer import catch_up
from api.leakcheck.case import Case
from api.leakcheck.front import empty_stage, refer_to_hidden
from api.leakcheck.hidden import HIDDEN, SECOND_LANGUAGE
from api.leakcheck.hidden_notes import HIDDEN as HIDDEN_NOTES
from api.leakcheck.hidden_things import HIDDEN as HIDDEN_THINGS
from api.leakcheck.isolation import isolated
from api.leakcheck.probes import Probe, probes, words_asked
from api.leakcheck.subjects import Stage
from api.leakcheck.visitor import Record, Visitor, insider
from api.leakcheck.words import Words
from api.search.hits import relevance_asks_all_articles

KINDS = (*HIDDEN, *HIDDEN_THINGS, *HIDDEN_NOTES)
SEARCH_ROUTE = "/api/v1/search/"
MAX_LEAKS = 25
"""Leaks after which the rest would tell nothing new."""
PATIENCE_SECONDS = 120.0
"""For the journal to meet all that was made."""
FEED_ROUTES = "/api/v1/changes/"
INSIDER_REPEATS_EVERY = 7
"""Somebody who is signed in repeats one request in so many."""


@dataclass(frozen=True, slots=True)
class Leak:
    probe: Probe
    what: str

    def __str__(self) -> str:
        return f"{self.probe}: {self.what}"


@dataclass
class Result:
    kinds: int = 0
    words: int = 0
    requests: int = 0
    answered: int = 0
    """With a 200: an audit of which nothing was answered would find nothing."""
    leaks: list[Leak] = field(default_factory=list)


def audit(*, max_leaks: int = MAX_LEAKS) -> Result:
    """Stops after `max_leaks`.  Leaves nothing behind."""
    result = Result()
    with isolated(SECOND_LANGUAGE):
        stage = set_stage()
        result.kinds, result.words = len(KINDS), len(stage.words.secrets)
        for leak in walk(stage, result):
            result.leaks.append(leak)
            if len(result.leaks) >= max_leaks:
                break
    return result


def set_stage() -> Stage:
    stage = empty_stage()
    for make in KINDS:
        make(Case(stage, (make.__doc__ or make.__name__).strip()))
    refer_to_hidden(stage)
    catch_up(patience_seconds=PATIENCE_SECONDS)
    return stage


def walk(stage: Stage, result: Result) -> Iterator[Leak]:
    """Leaks as they are found.  At its end, the hidden objects of the stage are gone."""
    asked = list(dict.fromkeys(probes(stage, current())))
    seen: dict[Probe, Record] = {}
    silent = {probe.route for probe in asked}
    for probe, record in Visitor().visit(asked):
        seen[probe] = record
        result.requests += 1
        result.answered += record.status == 200
        silent -= {probe.route} if record.status == 200 else set()
        yield from judge(probe, record, stage.words)
    yield from (
        Leak(Probe(route), "was never answered with content, so that nothing is known of it") for route in silent
    )
    for probe, record in insider().visit(_some(asked)):
        result.requests += 1
        yield from differences(probe, seen.get(probe), record, "for somebody who is signed in")
    stage.remove_hidden()
    catch_up(patience_seconds=PATIENCE_SECONDS)
    for probe, record in Visitor().visit(asked):
        result.requests += 1
        if probe.site is None:
            yield from differences(probe, seen.get(probe), record, "once the hidden objects are gone")


def _some(asked: list[Probe]) -> Iterable[Probe]:
    """Whatever names an object, and a part of the rest."""
    return chain(
        (probe for probe in asked if not probe.query),
        (probe for probe in asked[::INSIDER_REPEATS_EVERY] if probe.query),
    )


def judge(probe: Probe, record: Record, words: Words) -> Iterator[Leak]:
    """Faults of one answer by itself."""
    if record.status >= 500:
        yield Leak(probe, f"is answered with {record.status}")
    repeated = words_asked(probe).lower()
    for word, secret in words.found(record.text):
        if word not in repeated and (secret.site is None or secret.site != probe.site):
            yield Leak(probe, f"shows “{secret.about}” {_place(word, record)}")


def _place(word: str, record: Record) -> str:
    named = [name for name, value in record.headers if word in value.lower()]
    return f"in the header {named[0]}" if named else "in its body"


def differences(probe: Probe, before: Record | None, after: Record, when: str) -> Iterator[Leak]:
    """Faults of two answers that ought to be the same."""
    if before is not None and probe.route.startswith(FEED_ROUTES):
        before, after = _without_numbers(before), _without_numbers(after)
    if _is_ranked(probe):
        yield from _other_results(probe, before, after, when)
    elif before is None:
        yield Leak(probe, f"is a page that a list leads to only {when}")
    elif before.status != after.status:
        yield Leak(probe, f"is answered with {before.status}, but {after.status} {when}")
    elif before.content != after.content:
        yield Leak(probe, f"has another body {when}")
    elif names := _other_headers(before, after):
        yield Leak(probe, f"has another {', '.join(sorted(names))} {when}")


def _other_headers(before: Record, after: Record) -> set[str]:
    """Names of the headers that differ, but for the number of the journal, which counts the changes of all sites."""
    return {
        name
        for name in {**before.header, **after.header}
        if before.header.get(name) != after.header.get(name) and name != "content-cursor"
    }


def _without_numbers(record: Record) -> Record:
    """The journal counts the changes of all sites: how many there were elsewhere, its numbers may tell."""
    content = re.sub(rb'"(cursor|sequence)": ?("[^"]*"|\d+)', rb'"\1":0', record.content)
    kept = tuple((name, value) for name, value in record.headers if name not in {"etag", "content-length"})
    return Record(record.status, kept, content)


def _is_ranked(probe: Probe) -> bool:
    """Its order may move with what is hidden, which is known: only what is found must stay the same."""
    return probe.route == SEARCH_ROUTE and relevance_asks_all_articles()


def _other_results(probe: Probe, before: Record | None, after: Record, when: str) -> Iterator[Leak]:
    if before is not None and before.status != after.status:
        yield Leak(probe, f"is answered with {before.status}, but {after.status} {when}")
    elif before is not None and _results(before) != _results(after):
        yield Leak(probe, f"finds something else {when}")


def _results(record: Record) -> tuple[int | None, list[str]]:
    """How many there are; and which, where one answer holds them all."""
    answer = json.loads(record.content or b"{}")
    items, page = answer.get("items", []), answer.get("page", {})
    whole = page.get("next") is None and page.get("previous") is None
    return page.get("total"), sorted(json.dumps(item) for item in items) if whole else []
