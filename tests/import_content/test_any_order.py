"""Importing, editing, drafting, locking, importing again and undoing, in any order."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from wagtail.models import Page, ReferenceIndex, Revision

from import_content import service
from import_content.article_content import listed
from import_content.models import (
    WROTE,
    ImportItem,
    ImportRun,
    Outcome,
    RunKind,
    SourceRecord,
)
from import_content.planning.page_state import load_states
from pages import publication
from pages.models import ArticleIndexPage, ArticlePage, PublishedArticle, School
from tests.factories import make_index
from tests.import_content.editing import edit, insert, move, new_section, remove, text_of
from tests.import_content.imports import ARTICLE, rows, write

NAMES = ("a.txt", "b.txt", "c.txt")
names = st.sampled_from(NAMES)
places = st.integers(0, 30)


def marks(page: ArticlePage | None) -> set[str]:
    """The editors' words in a version."""
    return set(re.findall(r"EDITOR\d+", text_of(page))) if page is not None else set()


class Newsroom(RuleBasedStateMachine):
    """Three sources, their pages, and people at work on both."""

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.index = make_index()
        self.number = 0
        self.imported = False
        self.edited: set[int] = set()
        self.slugs: dict[int, str] = {}
        self.words: dict[int, tuple[set[str], set[str]]] = {}
        """Page to the editors' words in its live version and in what an editor sees."""
        for name in NAMES:
            write(self.path, name, ARTICLE.replace("Clocks", f"Clocks {name[0]}"))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)
        self.folder.cleanup()

    @property
    def path(self) -> Path:
        return Path(self.folder.name)

    def mark(self, who: str) -> str:
        self.number += 1
        return f"{who}{self.number}"

    def page(self, name: str) -> ArticlePage | None:
        record = SourceRecord.objects.filter(key=name).exclude(page=None).first()
        return ArticlePage.objects.get(pk=record.page_id) if record is not None else None

    def remember(self) -> None:
        """After a person's work: what the pages say now is what must stay."""
        for page in ArticlePage.objects.all():
            self.words[page.pk] = self.present(page)
            self.slugs.setdefault(page.pk, page.slug)

    def present(self, page: ArticlePage) -> tuple[set[str], set[str]]:
        latest = page.get_latest_revision_as_object() if page.live else page.get_latest_revision().as_object()
        return marks(page) if page.live else set(), marks(latest)

    # --- sources --------------------------------------------------------------------------------------------

    @rule(name=names, at=places)
    def a_source_says_something_new(self, name: str, at: int) -> None:
        self.rewrite(name, lambda text: self.with_word(text, at, self.mark("SOURCE")))

    @rule(name=names)
    def a_source_gets_a_section(self, name: str) -> None:
        mark = self.mark("SOURCE")
        self.rewrite(
            name,
            lambda text: text.replace("What It Costs", f"More of It {mark}\n\nIt is {mark} here.\n\nWhat It Costs"),
        )

    @rule(name=names)
    def a_source_loses_a_section(self, name: str) -> None:
        self.rewrite(name, lambda text: re.sub(r"What You Will Do\n\n.*?(?=\n\n)\n\n", "", text, flags=re.DOTALL))

    @rule(name=names, at=places)
    def a_source_lists_another_school(self, name: str, at: int) -> None:
        school = f"Norwich Academy {'ABCDE'[at % 5]}"
        line = f"{school} {school} teaches repair in the evening.\n"
        self.rewrite(
            name, lambda text: text.replace("North Seattle College North", f"{line}North Seattle College North", 1)
        )

    def rewrite(self, name: str, change: Any) -> None:
        text = (self.path / name).read_text()
        changed = change(text)
        self.imported = self.imported and changed == text
        write(self.path, name, changed)

    @staticmethod
    def with_word(text: str, at: int, mark: str) -> str:
        """`mark` before the last word of a sentence, where it changes no structure."""
        ends = [found.start() for found in re.finditer(r" \w+\.(?=\s)", text)]
        place = ends[at % len(ends)]
        return f"{text[:place]} {mark}{text[place:]}"

    # --- people ---------------------------------------------------------------------------------------------

    @rule(name=names, at=places, publish=st.booleans())
    def an_editor_writes(self, name: str, at: int, publish: bool) -> None:
        mark = self.mark("EDITOR")

        def change(body: list[dict[str, Any]]) -> None:
            texts = [block for block in body if block["value"].get("text") and block["type"] == "section"]
            if texts:
                value = texts[at % len(texts)]["value"]
                value["text"] = value["text"].replace(".</p>", f" {mark}.</p>", 1)

        self.work(name, change, publish)

    @rule(name=names, at=places, publish=st.booleans())
    def an_editor_adds_a_section(self, name: str, at: int, publish: bool) -> None:
        mark = self.mark("EDITOR")
        self.work(
            name, lambda body: insert(at % (len(body) + 1), new_section(f"Own {mark}", f"<p>{mark}</p>"))(body), publish
        )

    @rule(name=names, at=places, publish=st.booleans())
    def an_editor_removes_a_block(self, name: str, at: int, publish: bool) -> None:
        self.work(name, lambda body: remove(at % len(body))(body) if body else None, publish)

    @rule(name=names, at=places, publish=st.booleans())
    def an_editor_moves_a_block(self, name: str, at: int, publish: bool) -> None:
        self.work(name, lambda body: move(at % len(body), 0)(body) if body else None, publish)

    def work(self, name: str, change: Any, publish: bool) -> None:
        page = self.page(name)
        if page is None or page.locked:
            return
        edit(page, change, publish=publish)
        self.edited.add(page.pk)
        self.remember()

    @rule(name=names)
    def an_editor_locks_or_unlocks(self, name: str) -> None:
        page = self.page(name)
        if page is not None:
            page.locked = not page.locked
            page.save(update_fields=["locked"])
            self.imported = False

    @rule(name=names)
    def an_editor_unpublishes(self, name: str) -> None:
        page = self.page(name)
        if page is not None and not page.locked:
            page.unpublish()
            self.edited.add(page.pk)
            self.remember()

    # --- the importer ---------------------------------------------------------------------------------------

    @rule()
    def import_everything(self) -> None:
        options = service.ImportOptions(parent=self.index, publish=True, workers=1)
        results = list(service.apply(service.plan([str(self.path)], options), options))
        assert {result.outcome for result in results} <= set(Outcome) - {Outcome.FAILED, Outcome.REFUSED}
        self.imported = True
        self.check_words()
        self.remember()

    @precondition(lambda self: self.imported)
    @rule()
    def import_everything_again(self) -> None:
        before = rows()
        options = service.ImportOptions(parent=self.index, publish=True, workers=1)
        results = list(service.apply(service.plan([str(self.path)], options), options))
        assert {result.outcome for result in results} <= {Outcome.UNCHANGED, Outcome.PROPOSED}
        assert rows() == before

    @rule(at=places)
    def undo_a_run(self, at: int) -> None:
        runs = list(ImportRun.objects.filter(kind=RunKind.IMPORT))
        if not runs:
            return
        there = set(ArticlePage.objects.values_list("pk", flat=True))
        results = list(service.undo(runs[min(at % 3, len(runs) - 1)]))
        assert Outcome.FAILED not in {result.outcome for result in results}
        gone = there - set(ArticlePage.objects.values_list("pk", flat=True))
        assert not gone & self.edited
        self.words = {pk: words for pk, words in self.words.items() if pk not in gone}
        self.imported = False
        self.check_words()
        self.remember()

    def check_words(self) -> None:
        """The importer took no editor's word away, and published no draft's."""
        for page in ArticlePage.objects.filter(pk__in=self.words):
            assert self.present(page) == self.words[page.pk]

    # --- what is always true --------------------------------------------------------------------------------

    @invariant()
    def the_tree_is_sound(self) -> None:
        assert Page.find_problems() == ([], [], [], [], [])

    @invariant()
    def addresses_never_change(self) -> None:
        for page in ArticlePage.objects.filter(pk__in=self.slugs):
            assert page.slug == self.slugs[page.pk]
            assert page.url_path == f"{self.index.url_path}{page.slug}/"

    @invariant()
    def references_resolve(self) -> None:
        known = set(School.objects.values_list("pk", flat=True))
        for page in ArticlePage.objects.all():
            versions = [page] if page.live else []
            latest = page.get_latest_revision()
            for version in [*versions, *([latest.as_object()] if latest else [])]:
                for block in version.body.get_prep_value():
                    assert {entry["value"]["school"] for entry in listed(block)} <= known
        pages = {str(pk) for pk in ArticlePage.objects.values_list("pk", flat=True)}
        kept = ReferenceIndex.objects.filter(content_type__model="articlepage").values_list("object_id", flat=True)
        assert set(kept) <= pages

    @invariant()
    def wagtail_finds_the_draft(self) -> None:
        for page in ArticlePage.objects.all():
            newest = Revision.objects.for_instance(page).order_by("-created_at", "-pk").first()
            assert page.latest_revision_id == newest.pk
            assert page.live or page.has_unpublished_changes
            if page.live and not page.has_unpublished_changes:
                assert page.live_revision_id == newest.pk

    @invariant()
    def what_is_public_is_what_is_live(self) -> None:
        public = {row.page_id: row for row in PublishedArticle.objects.all()}
        assert set(public) == set(ArticlePage.objects.live().values_list("pk", flat=True))
        for page in ArticlePage.objects.live():
            due = publication.render(page)
            assert (public[page.pk].introduction, public[page.pk].body) == (due.introduction, due.body)

    @invariant()
    def the_ledger_tells_the_truth(self) -> None:
        states = load_states([record.page_ref for record in SourceRecord.objects.all()])
        for record in SourceRecord.objects.all():
            assert record.page_id in states
            state = states[record.page_ref]
            if record.page_ref not in self.edited:
                last = record.items.filter(outcome__in=WROTE, undone_by=None).latest("pk")
                assert record.page_state == last.page_state == state.fingerprint
        for run in ImportRun.objects.all():
            for outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.MERGED, Outcome.CONFLICT, Outcome.REVERSED):
                assert run.counts.get(outcome, 0) == ImportItem.objects.filter(run=run, outcome=outcome).count()


@pytest.mark.slow
@pytest.mark.django_db
def test_whatever_people_and_imports_do_in_whatever_order_nothing_of_an_editor_s_is_lost() -> None:
    assert connection.in_atomic_block
    assert ArticleIndexPage.objects.count() == 0
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=15,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
