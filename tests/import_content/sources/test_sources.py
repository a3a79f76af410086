"""Finding files and reading bytes."""

from __future__ import annotations

import io
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from import_content.sources import discover, read
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.source import SourceFile

TEXT = "Título con ñ\n\nUn párrafo “entre comillas” – y nada más.\n"


def keys(*arguments: Path | str, **options: object) -> list[str]:
    found = discover([str(argument) for argument in arguments], **options)  # type: ignore[arg-type]
    return [one.key if isinstance(one, SourceFile) else one.code.value for one in found]


def read_bytes(tmp_path: Path, data: bytes, name: str = "a.txt", **options: Any):
    path = tmp_path / name
    path.write_bytes(data)
    (found,) = discover([str(path)])
    assert isinstance(found, SourceFile)
    return read(found, **options)


def refusal(tmp_path: Path, data: bytes, **options: Any) -> SourceErrorCode:
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path, data, **options)
    assert "a.txt" in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("encoding", "mark", "name"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_text_is_decoded_and_its_encoding_named(tmp_path: Path, encoding: str, mark: bytes, name: str) -> None:
    source = read_bytes(tmp_path, mark + TEXT.encode(encoding))
    assert source.text == TEXT
    assert (source.encoding, source.bom) == (name, bool(mark))
    assert source.size == len(mark + TEXT.encode(encoding))
    assert source.encoding_confidence >= 0.9


def test_other_encodings_are_guessed_and_said_to_be_less_sure(tmp_path: Path) -> None:
    text = "Как стать медсестрой\n\n" + "Это обычный абзац о работе медсестры и о том, как ей стать. " * 8
    source = read_bytes(tmp_path, text.encode("cp1251"))
    assert source.text == text
    assert source.encoding_confidence < 1.0


@pytest.mark.parametrize(
    ("text", "style"),
    [("a\nb\n", "lf"), ("a\r\nb\r\n", "crlf"), ("a\rb\r", "cr"), ("a\r\nb\n", "mixed"), ("a", "none")],
)
def test_line_ends_are_kept_and_named(tmp_path: Path, text: str, style: str) -> None:
    source = read_bytes(tmp_path, text.encode())
    assert (source.text, source.newline) == (text, style)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", SourceErrorCode.EMPTY),
        (b" \r\n\t \n", SourceErrorCode.BLANK),
        ("\u200b\u00a0\n".encode(), SourceErrorCode.BLANK),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), SourceErrorCode.BINARY),
        (b"PK\x03\x04" + bytes(50), SourceErrorCode.SEVERAL),
        (b"%PDF-1.7\n1 0 obj\n", SourceErrorCode.DAMAGED),
        (b"\xff\xd8\xff\xe0" + bytes(20), SourceErrorCode.BINARY),
        (b"GIF89a" + bytes(20), SourceErrorCode.BINARY),
        (b"\x7fELF" + bytes(20), SourceErrorCode.BINARY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), SourceErrorCode.UNSUPPORTED),
        (b"text with a \x00 zero byte in it", SourceErrorCode.BINARY),
        (b"\x01\x02\x03\x04\x05\x06 text", SourceErrorCode.BINARY),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(tmp_path: Path, data: bytes, code: SourceErrorCode) -> None:
    assert refusal(tmp_path, data) is code


def test_a_file_over_the_limit_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    (found,) = discover([str(path)])
    assert isinstance(found, SourceFile)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(SourceError) as caught:
        read(found)
    assert caught.value.code is SourceErrorCode.TOO_LARGE


def test_a_file_that_grows_after_it_was_found_is_still_bounded(tmp_path: Path) -> None:
    path = tmp_path / "grows.txt"
    path.write_bytes(b"x")
    (found,) = discover([str(path)])
    path.write_bytes(b"x" * 5000)
    assert isinstance(found, SourceFile)
    with pytest.raises(SourceError) as caught:
        read(found, max_bytes=1000)
    assert caught.value.code is SourceErrorCode.TOO_LARGE


def test_standard_input_is_read_up_to_the_limit(tmp_path: Path) -> None:
    (found,) = discover(["-"])
    assert isinstance(found, SourceFile)
    assert read(found, stdin=io.BytesIO(b"A title\n\nText.")).text == "A title\n\nText."
    with pytest.raises(SourceError):
        read(found, stdin=io.BytesIO(b"x" * 101), max_bytes=100)


def test_a_folder_gives_its_text_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.TEXT", "c.xlsx", ".hidden.txt", ".git/x.txt", "import_profile.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Some text.")
    (tmp_path / "Welding").write_text("Text without an ending.")
    (tmp_path / "blob").write_bytes(b"\x00\x01")
    assert keys(tmp_path) == ["Welding", "a/y.TEXT", "a/z.txt", "b.txt"]


def test_a_link_back_to_the_folder_makes_no_loop(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert keys(tmp_path) == ["a.txt"]


def test_links_that_lead_nowhere_or_to_themselves_and_pipes_are_errors(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "self.txt").symlink_to("self.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe")
    assert keys(tmp_path) == ["not_readable", "not_text_file", "not_readable"]


def test_a_name_that_is_no_text_costs_that_file_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")
    found = list(discover([str(tmp_path)]))
    assert [getattr(entry, "key", None) for entry in found] == ["a.txt", None]
    assert str(found[1]) == f"{tmp_path}/\\xff.txt: its name is not in UTF-8; rename it"


def test_a_named_file_is_given_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    assert keys(tmp_path / "a.md") == ["a.md"]


def test_a_pattern_gives_what_it_matches(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert keys(tmp_path / "*.txt") == ["a.txt", "b.txt"]
    assert keys(tmp_path / "**/*.txt") == ["a.txt", "b.txt", "sub/c.txt"]
    assert keys(tmp_path / "*.doc") == ["missing"]


def test_keys_are_relative_to_the_root_and_normalised(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "cafe\u0301.txt").write_text("x")
    assert keys(tmp_path / "sub", root=tmp_path) == ["sub/caf\u00e9.txt"]


def test_a_file_named_twice_is_given_once_and_two_files_of_one_key_are_an_error(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("x")
    one, two = tmp_path / "one" / "a.txt", tmp_path / "two" / "a.txt"
    assert keys(one, one, tmp_path / "one") == ["a.txt"]
    assert keys(one, two) == ["a.txt", "duplicate"]


def test_missing_paths_and_empty_folders_are_errors(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert keys(tmp_path / "empty", tmp_path / "nothing.txt") == ["no_text_files", "missing"]


def test_a_file_without_permission_is_an_error(forbidden: Path) -> None:
    (found,) = discover([str(forbidden)])
    assert isinstance(found, SourceFile)
    with pytest.raises(SourceError) as caught:
        read(found)
    assert caught.value.code is SourceErrorCode.NOT_READABLE


def test_a_device_is_no_text_file() -> None:
    assert keys("/dev/null") == ["not_text_file"]


def test_errors_survive_the_way_to_another_process() -> None:
    error = SourceError("a.txt", SourceErrorCode.BINARY, line=3, detail="PNG image")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(again), again.code, again.line) == (str(error), error.code, 3)
    assert str(error) == "a.txt, line 3: it is not text (PNG image)"
