"""The leak audit finds nothing, and finds whatever is there."""

from __future__ import annotations

import gc
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.http import HttpRequest
from django.test import Client

from api.http import cursors
from api.http.cursors import Cursor
from api.http.view import ContentView
from api.leakcheck import audit as audits
from api.leakcheck.audit import (
    KINDS,
    Leak,
    Result,
    audit,
    set_stage,
    walk,
)
from api.leakcheck.hidden import SECOND_LANGUAGE
from api.leakcheck.isolation import isolated
from api.leakcheck.probes import Probe, probes, routes
from api.leakcheck.subjects import Stage
from api.leakcheck.visitor import Record
from api.leakcheck.words import Words
from api.paths import redirects as old_paths
from api.queries.compiled import CompiledCount, CompiledQueries, CompiledQuery
from api.visibility import rules as visibility
from pages import visibility as rule
from pages.models import ArticlePage
from pages.publication import publish

pytestmark = pytest.mark.django_db


def forget_compiled_rules() -> None:
    """Rules are compiled once per process; a test that changes a rule has them compiled again."""
    for thing in gc.get_objects():
        if issubclass(type(thing), CompiledQuery):  # `isinstance` would wake lazy objects
            thing.compiled.clear()
        elif type(thing) is CompiledQueries:
            thing.statements.clear()


@pytest.fixture
def fresh_rules() -> Iterator[None]:
    forget_compiled_rules()
    yield
    forget_compiled_rules()


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


def test_nothing_hidden_shows_anywhere_and_nothing_is_left_behind() -> None:
    before, files = counts(), list(Path(settings.MEDIA_ROOT).rglob("*"))
    result = audit()
    assert [str(leak) for leak in result.leaks] == []
    assert result.kinds >= 46
    assert result.answered > 300
    assert counts() == before
    assert list(Path(settings.MEDIA_ROOT).rglob("*")) == files


def anything(prefix: str = "", *args: Any, **kwargs: Any) -> Q:
    return Q(**{f"{prefix}pk__isnull": False})


def nothing() -> Q:
    return Q(pk__isnull=True)


def without_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rule, "live_now", anything)


def without_restrictions(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rule, "_restricted", lambda restrictions, node, steplen, prefix: nothing())


def without_sites(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(visibility, "in_site", anything)


def without_sources_of_aliases(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rule, "_source", lambda prefix, condition: nothing())


def with_the_words_of_drafts(patch: pytest.MonkeyPatch) -> None:
    drafts = ArticlePage.objects.live().filter(has_unpublished_changes=True)
    publish([draft.get_latest_revision_as_object() for draft in drafts])


def with_more_for_staff(patch: pytest.MonkeyPatch) -> None:
    plain = ContentView.dispatch

    def dispatch(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = plain(self, request, *args, **kwargs)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers["X-Editor"] = "yes"
        return response

    patch.setattr(ContentView, "dispatch", dispatch)


def with_totals_of_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CompiledCount, "sql", lambda self, connection: ("SELECT COUNT(*) FROM pages_publishedarticle", ()))


def probes_of_articles(stage: Stage, contract: dict[str, Any]) -> Iterator[Probe]:
    routes = {"/api/v1/articles/", "/api/v1/articles/{id}/"}
    return (probe for probe in probes(stage, contract) if probe.route in routes)


BROKEN: dict[Callable[[pytest.MonkeyPatch], None], str] = {
    without_time: "shows “",
    without_restrictions: "shows “",
    without_sites: "shows “",
    without_sources_of_aliases: "shows “alias of a",
    with_the_words_of_drafts: "shows “",
    with_more_for_staff: "has another x-editor for somebody who is signed in",
    with_totals_of_everything: "has another body once the hidden objects are gone",  # the last: what is hidden goes
}


def test_every_broken_rule_is_found(fresh_rules: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    with isolated(SECOND_LANGUAGE):
        stage = set_stage()
        for broken in BROKEN:
            with monkeypatch.context() as patch:
                broken(patch)
                forget_compiled_rules()
                found[broken] = str(next(walk(stage, Result()), "nothing"))
            if broken is with_the_words_of_drafts:
                publish(ArticlePage.objects.live().filter(has_unpublished_changes=True))
    assert {broken.__name__: leak for broken, leak in found.items() if BROKEN[broken] not in leak} == {}


def test_redirects_from_where_nothing_was_for_readers_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_paths, "_take_back", lambda *args, **kwargs: None)
    route = "/api/v1/redirects/"
    monkeypatch.setattr(audits, "probes", lambda stage, contract: [Probe(route, (("limit", "1000"),), route=route)])
    with isolated(SECOND_LANGUAGE):
        leaks = [str(leak) for leak in walk(set_stage(), Result())]
    for kind in (
        "slug of a draft that was published under another one",
        "restricted index that a page was moved out of",
    ):
        assert any(f"shows “{kind}" in leak for leak in leaks), kind


def test_the_command_fails_with_1_and_names_the_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    leak = Leak(Probe("/api/v1/articles/"), "shows “draft: title” in its body")
    monkeypatch.setattr("api.management.commands.api_leakcheck.audit", lambda: Result(leaks=[leak]))
    errors = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("api_leakcheck", stderr=errors)
    assert refusal.value.returncode == 1
    assert "GET /api/v1/articles/: shows “draft: title”" in errors.getvalue()


def record(**fields: Any) -> Record:
    return Record(**{"status": 200, "headers": (), "content": b"{}", **fields})


def test_words_are_found_in_bodies_headers_addresses_and_cursors() -> None:
    words, probe = Words(), Probe("/api/v1/articles/")
    word = words.new("draft: title")
    cursor = cursors.write(Cursor((word, 7)), "articles")
    assert word not in cursor
    for answer in (
        record(content=f"<p>{word}</p>".encode()),
        record(content=word.upper().encode()),
        record(headers=(("link", f"</x/{word}/>"),)),
        record(status=301, headers=(("location", f"/{word}/"),)),
        record(content=f'{{"next":"{cursor}"}}'.encode()),
    ):
        assert [str(leak) for leak in audits.judge(probe, answer, words)], answer
    assert list(audits.judge(probe, record(), words)) == []


def test_a_word_that_the_request_said_itself_may_be_repeated() -> None:
    words = Words()
    word = words.new("draft: title")
    answer = record(content=word.encode())
    assert list(audits.judge(Probe("/api/v1/articles/", (("topic", word),)), answer, words)) == []


def test_words_of_another_site_may_show_there_and_nowhere_else() -> None:
    words = Words()
    answer = record(content=words.new("page: title", "other.example").encode())
    assert list(audits.judge(Probe("/a/", (("site", "other.example"),)), answer, words)) == []
    assert list(audits.judge(Probe("/a/", (("site", "third.example"),)), answer, words))
    assert list(audits.judge(Probe("/a/"), answer, words))


@pytest.mark.parametrize(("moves", "leaks"), [(True, [False, True, True]), (False, [True, True, True])])
def test_where_the_order_of_a_search_may_move_what_is_found_counts(
    monkeypatch: pytest.MonkeyPatch, moves: bool, leaks: list[bool]
) -> None:
    monkeypatch.setattr(audits, "relevance_asks_all_articles", lambda: moves)
    probe = Probe("/api/v1/search/", (("q", "rye"),), route="/api/v1/search/")

    def answer(*ids: int, total: int = 2) -> Record:
        page = {"next": None, "previous": None, "total": total}
        return record(content=json.dumps({"items": [{"id": pk} for pk in ids], "page": page}).encode())

    others = [answer(2, 1), answer(1, 3), answer(1, 2, total=3)]
    assert [bool(list(audits.differences(probe, answer(1, 2), other, "now"))) for other in others] == leaks


def test_every_route_of_the_api_is_walked(client: Client) -> None:
    contract = client.get("/api/v1/openapi.json").json()
    walked = {route.path for route in routes(contract)}
    assert set(contract["paths"]) <= walked
    assert {"/api/v1/docs/", "/api/v1/openapi.json"} <= walked


def test_a_route_that_shows_nothing_at_all_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audits, "probes", lambda stage, contract: [Probe("/api/v1/nothing/", route="/api/v1/nothing/")])
    (leak,) = audit(max_leaks=1).leaks
    assert "was never answered with content" in str(leak)


def test_every_hidden_kind_says_what_it_is() -> None:
    assert all(make.__doc__ for make in KINDS)
