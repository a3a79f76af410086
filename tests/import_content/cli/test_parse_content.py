"""``manage.py parse_content``: JSON lines and exit codes, without a database."""

from __future__ import annotations

import json
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TEXT = "A Title\n\nA paragraph that says something of a certain length, and no more than that.\n"


def run(*arguments: object) -> tuple[list[dict], int]:
    out = StringIO()
    code = 0
    try:
        call_command("parse_content", *map(str, arguments), stdout=out)
    except SystemExit as error:
        code = int(error.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], code


def test_each_source_gives_one_line_with_document_accounting_and_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    ((line,), code) = run(tmp_path)
    assert code == 0
    assert line["source"] == "a.txt"
    assert line["document"]["title"] == "A Title"
    assert line["accounting"] == {"visible": 68, "in_blocks": 68, "discarded": {}, "complete": True}
    assert line["encoding"] == {"name": "utf-8", "bom": False, "newline": "lf", "confidence": 1.0}
    assert line["uncertain"] == []


def test_a_source_that_fails_is_a_line_too_and_the_exit_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_bytes(b"")
    lines, code = run(tmp_path, tmp_path / "missing")
    assert code == 5
    assert [line.get("code") for line in lines] == [None, "empty", "missing"]
    assert "b.txt" in lines[1]["error"]


def test_standard_input_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(TEXT.encode())))
    ((line,), code) = run("-")
    assert (line["source"], line["document"]["title"], code) == ("stdin", "A Title", 0)


def test_a_wrong_profile_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text("nonsense = 1")
    with pytest.raises(CommandError) as caught:
        run(tmp_path, "--profile", path)
    assert caught.value.returncode == 2
    assert "p.toml, line 1" in str(caught.value)


def test_doubtful_blocks_are_listed_with_their_other_readings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{TEXT}\nSo, what now?\n\n{TEXT[9:]}")
    ((line,), _) = run(tmp_path)
    assert line["uncertain"]
    assert {"block", "type", "text", "span", "confidence", "rule", "alternatives"} <= set(line["uncertain"][0])


def test_a_profile_is_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    out = StringIO()
    call_command("parse_content", str(tmp_path), "--suggest-profile", stdout=out)
    assert "heading_patterns = []" in out.getvalue()
