"""What a folder holds and is not read: said by kind and number, and nothing of it ends the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from import_content.sources import discover, read
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.left_out import LeftOutFiles, LeftOutReason
from import_content.sources.source import SourceFile


def look(*arguments: Path, follow_links: bool = False) -> tuple[list[str], dict[tuple[LeftOutReason, str], int]]:
    """Keys found, and what was left out: (reason, ending) to number."""
    left_out = LeftOutFiles()
    found = discover([str(argument) for argument in arguments], follow_links=follow_links, left_out=left_out)
    keys = [entry.key if isinstance(entry, SourceFile) else entry.code.value for entry in found]
    return keys, {(entry.reason, entry.ending): entry.count for entry in left_out}


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Some text.")


def test_files_of_other_kinds_are_counted_by_ending(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.xlsx", "sub/c.XLSX", "d.py", "e.png")
    keys, left_out = look(tmp_path)
    assert keys == ["a.txt"]
    assert left_out == {
        (LeftOutReason.OTHER_KIND, ".xlsx"): 2,
        (LeftOutReason.OTHER_KIND, ".py"): 1,
        (LeftOutReason.MEDIA, ".png"): 1,
    }


def test_what_was_left_out_is_said_in_a_sentence(tmp_path: Path) -> None:
    write(tmp_path, "b.xlsx", "c.xlsx")
    left_out = LeftOutFiles()
    list(discover([str(tmp_path)], left_out=left_out))
    (said,) = map(str, left_out)
    assert said == f"2 .xlsx files left out (of a kind that is not read), such as {tmp_path}/b.xlsx"


@pytest.mark.parametrize("name", ["README", "LICENSE", "Makefile", "changelog"])
def test_project_files_without_an_ending_are_no_articles(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "Welding")
    assert look(tmp_path) == (["Welding"], {(LeftOutReason.PROJECT_FILE, ""): 1})


@pytest.mark.parametrize(
    "name",
    ["~$guide.docx", ".~lock.guide.txt#", "guide.txt~", "#guide.txt#", "guide.bak", ".guide.txt.swp", "Thumbs.db"],
)
def test_lock_files_and_leftovers_are_left_out_by_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "guide.txt")
    assert look(tmp_path) == (["guide.txt"], {(LeftOutReason.LEFTOVER, ""): 1})


def test_a_leftover_that_is_named_itself_is_read(tmp_path: Path) -> None:
    write(tmp_path, "guide.txt~")
    assert look(tmp_path / "guide.txt~") == (["guide.txt~"], {})


def test_a_link_that_leads_out_of_the_folder_is_read_only_where_that_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.txt", "inside/a.txt")
    (tmp_path / "inside" / "b.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    assert look(tmp_path / "inside") == (["a.txt"], {(LeftOutReason.LINK_OUT, ""): 1})
    assert look(tmp_path / "inside" / "*.txt") == (["a.txt"], {(LeftOutReason.LINK_OUT, ""): 1})
    assert look(tmp_path / "inside", follow_links=True) == (["a.txt", "b.txt"], {})


def test_a_link_within_the_folder_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert look(tmp_path)[0] == ["a.txt"]


def test_links_to_folders_are_said(tmp_path: Path) -> None:
    write(tmp_path, "a/a.txt")
    (tmp_path / "again").symlink_to(tmp_path / "a")
    assert look(tmp_path) == (["a/a.txt"], {(LeftOutReason.FOLDER_LINK, ""): 1})


def test_a_pattern_through_a_linked_folder_leads_out_too(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.txt", "inside/a.txt")
    (tmp_path / "inside" / "sub").symlink_to(tmp_path / "outside")
    assert look(tmp_path / "inside" / "**" / "*.txt")[0] == ["a.txt"]


def test_a_link_that_may_not_be_looked_at_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "closed/a.txt", "open/b.txt")
    (tmp_path / "open" / "a.txt").symlink_to(tmp_path / "closed" / "a.txt")
    (tmp_path / "open" / "sub").symlink_to(tmp_path / "closed" / "sub")
    stat = Path.stat

    def guarded(path: Path, **options: bool) -> os.stat_result:
        if options.get("follow_symlinks", True) and path.parent == tmp_path / "open" and path.is_symlink():
            raise PermissionError(13, "Permission denied")
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", guarded)  # who runs the tests may be allowed everything
    assert look(tmp_path / "open")[0] == ["not_readable", "b.txt"]


def test_a_source_that_turns_into_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (found,) = discover([str(tmp_path)])
    assert isinstance(found, SourceFile)
    (tmp_path / "a.txt").unlink()
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SourceError) as caught:
        read(found)
    assert caught.value.code is SourceErrorCode.NOT_TEXT_FILE
