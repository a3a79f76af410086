"""Schools that an editor deleted, and names that may be two for one school: what later imports make of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from import_content import service
from import_content.models import SourceRecord
from import_content.writer import Writer
from import_content.writer.bulk import BulkWriter
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticleIndexPage, ArticlePage, School, SchoolNameProposal
from tests.import_content.editing import RawBody, edit, text_of
from tests.import_content.imports import ARTICLE, run, write

pytestmark = pytest.mark.django_db

PARIS = "Paris Junior College"
OTHER = ARTICLE.replace("Learning to Repair Clocks", "Where Clocks Are Repaired")


@pytest.fixture(params=[BulkWriter, OrdinaryWriter], autouse=True)
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, article_index: ArticleIndexPage) -> None:
    made: type[Writer] = request.param
    monkeypatch.setattr(service, "choose_writer", made)


def unlist(body: RawBody) -> None:
    """Take the last school out of the listing, as an editor does."""
    (listing,) = (block for block in body if block["type"] == "school_listing")
    listing["value"]["schools"].pop()


def delete(client: Client, name: str) -> None:
    """Through the admin's own page."""
    user, _ = get_user_model().objects.get_or_create(username="ines", is_superuser=True, is_staff=True)
    client.force_login(user)
    school = School.objects.get(name=name)
    assert client.post(reverse(School.snippet_viewset.get_url_name("delete"), args=[school.pk])).status_code == 302
    assert not School.objects.filter(name=name).exists()


def unlisted_and_deleted(client: Client, folder: Path) -> ArticlePage:
    run(write(folder, "clocks.txt"), publish=True)
    page = edit(ArticlePage.objects.get(), unlist)
    delete(client, PARIS)
    return page


def test_a_source_that_changed_elsewhere_does_not_bring_a_deleted_school_back(client: Client, tmp_path: Path) -> None:
    unlisted_and_deleted(client, tmp_path)
    code, out = run(write(tmp_path, "clocks.txt", ARTICLE.replace("four thousand", "five thousand")))

    assert (code, "merged" in out) == (0, True)
    assert "five thousand" in text_of(ArticlePage.objects.get())
    assert not School.objects.filter(name=PARIS).exists()
    assert PARIS not in out


def test_what_the_source_says_anew_of_a_deleted_school_is_a_conflict_and_no_record(
    client: Client, tmp_path: Path
) -> None:
    unlisted_and_deleted(client, tmp_path)
    code, _ = run(write(tmp_path, "clocks.txt", ARTICLE.replace("evening classes", "the morning")))

    assert code == 3
    assert not School.objects.filter(name=PARIS).exists()
    assert run(tmp_path / "clocks.txt")[0] == 0
    code, _ = run(write(tmp_path, "clocks.txt", ARTICLE.replace("evening classes", "the morning")[:-1]))
    assert "paris junior college" not in SourceRecord.objects.get().base["names"]
    assert not School.objects.filter(name=PARIS).exists()


def test_an_article_that_lists_a_deleted_school_makes_it_again_as_a_draft_and_says_so(
    client: Client, tmp_path: Path
) -> None:
    unlisted_and_deleted(client, tmp_path)
    word = f"deleted “{PARIS}”: somebody had deleted this school"
    assert word in run(write(tmp_path, "other.txt", OTHER), publish=True, dry_run=True)[1]
    _, out = run(tmp_path / "other.txt", publish=True)

    assert word in out
    assert not School.objects.get(name=PARIS).live
    assert School.objects.filter(live=True).count() == 2


def test_a_school_that_came_back_as_a_draft_stays_one_until_a_person_publishes_it(
    client: Client, tmp_path: Path
) -> None:
    unlisted_and_deleted(client, tmp_path)
    run(write(tmp_path, "other.txt", OTHER), publish=True)
    run(write(tmp_path, "third.txt", OTHER.replace("Where", "How")), publish=True)

    assert not School.objects.get(name=PARIS).live


def test_a_school_that_an_undone_import_had_made_is_made_again_as_ever(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"), publish=True)
    for _ in service.undo(service.ImportRun.objects.get()):
        pass
    assert not School.objects.exists()
    _, out = run(tmp_path / "clocks.txt", publish=True)

    assert "deleted" not in out
    assert School.objects.filter(live=True).count() == 3


# --- names that may be two for one school ---------------------------------------------------------------------

NEAR = OTHER.replace("Paris Junior College", "Paris Junnior College")


def test_names_that_are_near_are_kept_for_a_person(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"), publish=True)
    _, out = run(write(tmp_path, "other.txt", NEAR), publish=True)

    assert "near “Paris Junnior College”" in out
    proposal = SchoolNameProposal.objects.get()
    assert (proposal.name, proposal.similar_name) == ("Paris Junnior College", PARIS)
    assert proposal.source_key == "other.txt"


def test_names_that_a_changed_source_brings_are_kept_too(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"), publish=True)
    run(write(tmp_path, "clocks.txt", ARTICLE.replace("North Seattle College offers", "It offers")))
    addition = "Gem Citty College Gem Citty College has a branch in the next town, they say.\nParis Junior"
    run(write(tmp_path, "clocks.txt", ARTICLE.replace("Paris Junior", addition, 1)))

    assert [proposal.similar_name for proposal in SchoolNameProposal.objects.all()] == ["Gem City College"]


def test_a_dry_run_keeps_no_names(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"), publish=True)
    _, out = run(write(tmp_path, "other.txt", NEAR), publish=True, dry_run=True)

    assert "near “Paris Junnior College”" in out
    assert not SchoolNameProposal.objects.exists()


def test_what_a_person_has_dismissed_is_never_asked_again(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"), publish=True)
    run(write(tmp_path, "other.txt", NEAR), publish=True)
    SchoolNameProposal.objects.update(dismissed_at=timezone.now())
    School.objects.get(name="Paris Junnior College").delete()
    _, out = run(write(tmp_path, "third.txt", NEAR.replace("Where", "How")), publish=True)

    assert "near" not in out
    assert SchoolNameProposal.objects.exclude(dismissed_at=None).count() == 1
    assert SchoolNameProposal.objects.count() == 1
