"""A saved plan does what was reviewed or is refused: it is input that anybody may have written."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.test import override_settings
from wagtail.models import Page

from import_content.planning import plan_file
from import_content.planning.plan_seal import seal
from pages.models import ArticleIndexPage, ArticlePage
from tests.factories import make_index
from tests.import_content.imports import ARTICLE, rows, run, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(db: None) -> ArticleIndexPage:
    return make_index()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan of one update, one creation and one failure."""
    write(tmp_path / "in", "clocks.txt")
    run(tmp_path / "in")
    write(tmp_path / "in", "clocks.txt", ARTICLE.replace("four thousand", "five thousand"))
    write(tmp_path / "in", "watches.txt", ARTICLE.replace("Clocks", "Watches"))
    (tmp_path / "in" / "empty.txt").touch()
    run(tmp_path / "in", plan=tmp_path / "plan.json")
    return tmp_path / "plan.json"


def changed_values(value: Any) -> list[Any]:
    """Other values in the place of one: of its type and of none that fits."""
    if isinstance(value, bool):
        return [not value, "yes", None]
    if isinstance(value, int | float):
        return [value + 1, -1, 10**400, "1"]
    if isinstance(value, str):
        return [value + "x", "", 7, "\ud800", ["x"], "../../etc/passwd", "a" * 100_000]
    if value is None:
        return ["/etc", 0, {}]
    if isinstance(value, list):
        return [[], [*value, *value], {}, None, [None]]
    return [{}, [], None, {**value, "extra": 1}]


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a JSON value but its root."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in inner:
        yield from paths(child, (*path, name))


def put(value: Any, path: tuple[str | int, ...], new: Any) -> None:
    *above, last = path
    for name in above:
        value = value[name]
    if new is DELETED:
        del value[last]
    else:
        value[last] = new


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for name in path:
        value = value[name]
    return value


DELETED = object()


def tampered(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plan with each of its values changed, removed or of another type, one at a time."""
    for path in paths(data):
        for new in [*changed_values(at(data, path)), DELETED]:
            other = copy.deepcopy(data)
            put(other, path, new)
            if other != data:
                yield f"{path}: {str(new)[:40]}", other


def applied(path: Path, **options: Any) -> str:
    """What the command says of a plan that it does not carry out; fails on one that it does, or on a traceback."""
    with pytest.raises(CommandError) as refusal:
        run(apply=path, **options)
    assert refusal.value.returncode == 2
    return str(refusal.value)


def exit_code_of_dry_run(path: Path) -> int:
    try:
        return run(apply=path, dry_run=True)[0]
    except CommandError as error:
        return error.returncode


def test_a_plan_with_any_value_changed_is_refused_with_a_sentence_and_nothing_is_written(plan: Path) -> None:
    data = json.loads(plan.read_text())
    before = rows()
    number = 0
    for what, other in tampered(data):
        number += 1
        plan.write_text(json.dumps(other), encoding="utf-8", errors="surrogatepass")
        assert "plan" in applied(plan), what
    assert number > 150
    assert rows() == before


def test_a_sealed_plan_with_wrong_values_is_refused_with_a_sentence_too(plan: Path) -> None:
    """The key may have leaked, or another version sealed it: what is in it is checked all the same."""
    data = json.loads(plan.read_text())
    del data["seal"]
    before = rows()
    refused = 0
    for what, other in tampered(data):
        try:
            text = json.dumps({**other, "seal": seal(other)})
        except UnicodeEncodeError:
            continue
        plan.write_text(text)
        code = exit_code_of_dry_run(plan)
        assert code in (0, 2, 3, 5), what
        refused += code == 2
    assert refused > 100
    assert rows() == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "7",
        '"plan"',
        "{",
        "[" * 100_000,
        '{"version": 2}',
        '{"version": NaN}',
        '{"version": 2, "version": 2}',
        '{"version": 2, "seal": "x", "sources": ["/etc"]}',
        '{"version": ' + "9" * 5000 + "}",
        "\ufeff{}",
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    assert "plan" in applied(tmp_path / "plan.json")


def test_bytes_that_are_no_text_are_no_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(b"\xff\xfe\x00\xd8")
    assert "is no plan" in applied(tmp_path / "plan.json")


def test_a_plan_that_is_too_large_is_not_read(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_file, "MAX_PLAN_BYTES", 1000)
    assert "more than 1,000 bytes" in applied(plan)


def test_a_name_that_stands_twice_in_a_plan_is_refused(plan: Path) -> None:
    plan.write_text(plan.read_text().replace('"publish": false', '"publish": true, "publish": false'))
    assert "stands twice" in applied(plan)


def test_a_plan_of_another_site_s_key_is_refused(plan: Path) -> None:
    with override_settings(SECRET_KEY="another key of another site, long enough to be one"):
        assert "saved by another site" in applied(plan)


def test_a_plan_is_still_good_when_the_site_s_key_has_been_renewed(plan: Path, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new key of the same site, long enough to be one"
    assert "1 created, 1 updated" in run(apply=plan)[1]


def test_a_plan_made_on_another_database_is_refused(plan: Path) -> None:
    import uuid

    Page.objects.filter(depth=1).update(translation_key=uuid.uuid4())
    assert "was made on another database, of http" in applied(plan)


def test_a_plan_is_carried_out_after_it_was_only_laid_out_otherwise(plan: Path) -> None:
    plan.write_text(json.dumps(json.loads(plan.read_text()), indent=8))
    code, out = run(apply=plan)

    assert code == 5  # the empty source
    assert "1 created, 1 updated, 1 failed" in out


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("publish", True),
        ("parent", "/articles/"),
        ("collection", "x"),
        ("prune", "unpublish"),
        ("strict", True),
        ("max_size", 5),
        ("follow_links", True),
    ],
)
def test_nothing_that_was_reviewed_can_be_changed_on_the_command_line(plan: Path, option: str, value: Any) -> None:
    before = rows()
    assert f"leave out --{option.replace('_', '-')}" in applied(plan, **{option: value})
    assert rows() == before


def test_a_plan_says_where_it_belongs_and_what_it_would_do(plan: Path, index: ArticleIndexPage) -> None:
    data = json.loads(plan.read_text())

    assert data["index"] == f"/articles/ (id {index.pk}, “Articles”, en)"
    assert data["site"].startswith("http://localhost")
    assert {item["source"]: item["verdict"] for item in data["items"]} == {
        "clocks.txt": "update",
        "watches.txt": "create",
        "empty.txt": "refuse",
    }


def test_a_plan_for_an_index_that_was_moved_since_goes_to_the_same_index(plan: Path, index: ArticleIndexPage) -> None:
    index.slug = "library"
    index.save_revision().publish()
    run(apply=plan)

    assert ArticlePage.objects.child_of(index).count() == 2


def test_a_plan_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    write(tmp_path / "in", "clocks.txt")
    with pytest.raises(CommandError, match="the plan cannot be written: No such file or directory") as error:
        run(tmp_path / "in", plan=tmp_path / "missing" / "plan.json")
    assert error.value.returncode == 2


def test_a_plan_on_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "in", "clocks.txt")
    with pytest.raises(CommandError, match="the plan cannot be written: No space left on device"):
        run(tmp_path / "in", plan=Path("/dev/full"))
