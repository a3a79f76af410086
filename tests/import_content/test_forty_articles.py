"""A folder of forty articles, a tenth of it rewritten, a few pages edited by hand, imported again: each page is
what a careful person would make of it."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Page

from import_content.models import ImportConflict, ImportRun
from pages.models import ArticlePage
from tests.factories import make_index
from tests.import_content.editing import draft_of, edit, headings, insert, move, new_section, remove, text_of, words
from tests.import_content.imports import articles, rows, run

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FEE = "costs about {} thousand dollars"


def page(number: int) -> ArticlePage:
    return ArticlePage.objects.get(slug=f"learning-to-repair-clocks-part-{number}")


def rewrite(folder: Path, number: int, *pairs: tuple[str, str]) -> None:
    path = folder / f"article-{number:02}.txt"
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def lock(target: ArticlePage) -> None:
    target.locked = True
    target.save(update_fields=["locked"])


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    make_index()
    articles(tmp_path, 40)
    run(tmp_path, publish=True)
    assert ArticlePage.objects.live().count() == 40
    return tmp_path


def change_everything(folder: Path) -> dict[str, Any]:
    """Sources 0 to 5 change; pages 0 to 4, 20 and 21 have been edited by hand."""
    rewrite(folder, 0, ("hears a fault before seeing it", "hears most faults before seeing them"))
    rewrite(folder, 1, (FEE.format(2), FEE.format(9)))
    rewrite(folder, 2, ("for more than a century", "for well over a century"), (FEE.format(3), FEE.format(9)))
    rewrite(folder, 3, ("are best bought used", "are best borrowed"))
    rewrite(folder, 4, (FEE.format(5), FEE.format(9)))
    rewrite(folder, 5, ("What It Costs", "Where You Work\n\nMost repairers work alone at home.\n\nWhat It Costs"))
    edit(page(0), words("You take movements apart", "You carefully take movements apart"))
    edit(page(1), words(FEE.format(2), "costs whatever the school asks, some two thousand dollars"))
    edit(page(2), insert(1, new_section("From Our Desk")))
    edit(page(2), move(3, 0))
    edit(page(3), words("Tools come on top", "Good tools come on top"), publish=False)
    lock(page(4))
    edit(page(20), remove(0))
    edit(page(21), introduction="<p>Entirely ours.</p>", publish=False)
    return {
        "untouched": {number: text_of(page(number)) for number in range(6, 40)},
        "draft": text_of(draft_of(page(21))),
    }


def test_forty_articles_are_imported_again_as_a_careful_person_would(folder: Path) -> None:
    before = change_everything(folder)
    code, out = run(folder)

    assert code == 3
    assert "40 sources: 1 updated, 3 merged, 1 conflict, 34 unchanged, 1 proposed" in out

    # both changes of one paragraph, far enough apart
    assert "You carefully take movements apart" in text_of(page(0))
    assert "hears most faults before seeing them" in text_of(page(0))
    # the same words: the editor's stay, the rest is told to a person
    assert "costs whatever the school asks, some two thousand dollars" in text_of(page(1))
    assert FEE.format(9) in ImportConflict.objects.get().theirs
    # an added and a moved block stay where the editor wants them, the source's words come in
    assert headings(page(2)) == [
        "Schools That Teach Clock Repair",
        "What You Will Do",
        "From Our Desk",
        "What It Costs",
    ]
    assert FEE.format(9) in text_of(page(2))
    assert "for well over a century" in text_of(page(2))
    # a draft stays a draft, the live version gets the source's words alone
    assert "are best borrowed" in text_of(page(3))
    assert "Good tools" not in text_of(page(3))
    assert "Good tools come on top of that and are best borrowed" in text_of(draft_of(page(3)))
    assert page(3).has_unpublished_changes
    # what is locked is left alone
    assert FEE.format(5) in text_of(page(4))
    # nobody had touched it
    assert headings(page(5))[1] == "Where You Work"
    # everything else is as it was
    assert {number: text_of(page(number)) for number in range(6, 40)} == before["untouched"]
    assert text_of(draft_of(page(21))) == before["draft"]
    assert all(article.live for article in ArticlePage.objects.all())


def test_importing_the_forty_once_more_writes_nothing(folder: Path) -> None:
    change_everything(folder)
    run(folder)
    before = rows()
    code, out = run(folder)

    assert rows() == before
    assert (code, "39 unchanged, 1 proposed" in out) == (3, True)


def test_undoing_the_second_import_brings_the_editors_pages_back_and_undoing_the_first_keeps_them(folder: Path) -> None:
    first = ImportRun.objects.latest("pk").pk
    change_everything(folder)
    as_edited = {number: (text_of(page(number)), text_of(draft_of(page(number)))) for number in range(40)}
    run(folder)
    second = ImportRun.objects.latest("pk").pk
    edit(page(5), words("work alone", "work quite alone"))

    results = undo(second)
    assert results == {"reversed": 4, "kept": 1}
    now = {number: (text_of(page(number)), text_of(draft_of(page(number)))) for number in range(40) if number != 5}
    assert now == {number: version for number, version in as_edited.items() if number != 5}

    # those that editors touched stay; the locked one and the one that the second import wrote are blocked
    assert undo(first) == {"reversed": 32, "kept": 6, "blocked": 2}
    assert {article.slug.rsplit("-", 1)[1] for article in ArticlePage.objects.all()} == {
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "20",
        "21",
    }
    assert Page.find_problems() == ([], [], [], [], [])


def undo(run_number: int) -> dict[str, int]:
    out = StringIO()
    try:
        call_command("import_runs", "undo", str(run_number), stdout=out)
    except SystemExit as stop:
        assert stop.code == 3  # noqa: PT017 -- the command says that something was kept
    lines = [line.split()[0] for line in out.getvalue().splitlines()[:-1]]
    return dict(Counter(lines))
