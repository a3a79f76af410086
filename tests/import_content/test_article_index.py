"""Which article index an import goes into: the only one, a named one, one of a locale, or one that it makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from wagtail.models import Locale, Page, PageLogEntry, Site

from pages.models import ArticleIndexPage, ArticlePage
from tests.factories import make_index
from tests.import_content.imports import ARTICLE, rows, run, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def spanish(settings: Any) -> Locale:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("es", "Spanish")]
    locale: Locale = Locale.objects.create(language_code="es")
    return locale


def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def indexes(spanish: Locale) -> tuple[ArticleIndexPage, ArticleIndexPage]:
    """An index and its Spanish version, as Wagtail makes it: with the same path below its own home page."""
    english = make_index()
    home().copy_for_translation(spanish)
    translated = english.copy_for_translation(spanish)
    translated.save_revision().publish()
    return english, ArticleIndexPage.objects.get(pk=translated.pk)


def parent_of_the_article() -> ArticleIndexPage:
    parent: ArticleIndexPage = ArticlePage.objects.get().get_parent().specific
    return parent


# --- none yet ------------------------------------------------------------------------------------------------


def test_a_site_without_an_index_gets_one_and_that_is_said(tmp_path: Path) -> None:
    code, out = run(write(tmp_path, "clocks.txt"), publish=True)

    assert code == 0
    assert out.startswith("made an article index at /articles/: there was no article index yet\ncreated")
    index = parent_of_the_article()
    assert (index.url_path, index.title, index.live) == ("/home/articles/", "Articles", True)
    assert {entry.action for entry in PageLogEntry.objects.filter(page=index.pk)} >= {"wagtail.publish"}


def test_a_dry_run_on_a_fresh_site_says_so_and_makes_nothing(tmp_path: Path) -> None:
    before = rows()
    code, out = run(write(tmp_path, "clocks.txt"), dry_run=True)

    assert (code, rows()) == (0, before)
    assert out.startswith("would make an article index at /articles/")
    assert "1 source: 1 created (nothing was written)" in out


def test_a_plan_on_a_fresh_site_makes_the_index_when_it_is_carried_out(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"), plan=tmp_path / "plan.json")
    assert not ArticleIndexPage.objects.exists()
    code, out = run(apply=tmp_path / "plan.json")

    assert (code, parent_of_the_article().url_path) == (0, "/home/articles/")
    assert "made an article index at /articles/" in out


def test_an_import_for_workers_makes_the_index_too(tmp_path: Path) -> None:
    code, _ = run(write(tmp_path, "clocks.txt"), enqueue=True)
    assert (code, parent_of_the_article().url_path) == (0, "/home/articles/")


def test_a_user_who_may_not_add_pages_makes_no_index(tmp_path: Path) -> None:
    get_user_model().objects.create_user("guest")
    with pytest.raises(CommandError, match="guest may not add pages under /"):
        run(write(tmp_path, "clocks.txt"), user="guest")
    assert not ArticleIndexPage.objects.exists()


# --- made by name --------------------------------------------------------------------------------------------


def test_a_named_index_is_made_on_request_below_pages_that_exist(tmp_path: Path) -> None:
    make_index(title="Guides")
    code, out = run(write(tmp_path, "clocks.txt"), parent="/guides/crafts-and-trades/", make_parent=True)

    assert (code, parent_of_the_article().title) == (0, "Crafts and trades")
    assert "made an article index at /guides/crafts-and-trades/" in out
    code, out = run(tmp_path, parent="/guides/crafts-and-trades/", make_parent=True)
    assert (code, "made" in out, ArticleIndexPage.objects.count()) == (0, False, 2)


@pytest.mark.parametrize(
    ("parent", "message"),
    [
        (None, "--make-parent needs the path to make"),
        ("/", "cannot be made at /"),
        ("/missing/articles/", "there is no page “missing” under / to make an article index below"),
        ("/a b/", "“a b” cannot be part of an address"),
        ("/plain/", "/plain/ exists and is not an article index"),
    ],
)
def test_an_index_that_cannot_be_made_is_an_error_of_usage(tmp_path: Path, parent: str | None, message: str) -> None:
    home().add_child(instance=Page(title="Plain", slug="plain"))
    with pytest.raises(CommandError, match=message) as error:
        run(write(tmp_path, "clocks.txt"), parent=parent, make_parent=True)
    assert error.value.returncode == 2
    assert not ArticleIndexPage.objects.exists()


# --- by id and by locale -------------------------------------------------------------------------------------


def test_an_id_names_an_index(tmp_path: Path) -> None:
    make_index()
    news = make_index(title="News")
    run(write(tmp_path, "clocks.txt"), parent=str(news.pk))

    assert parent_of_the_article() == news


@pytest.mark.parametrize("parent", ["0", "99999", "9" * 40])
def test_an_id_of_no_index_is_an_error_that_names_those_there_are(tmp_path: Path, parent: str) -> None:
    index = make_index()
    with pytest.raises(CommandError, match=rf"no article index with the id .*/articles/ \(id {index.pk}"):
        run(write(tmp_path, "clocks.txt"), parent=parent)


@pytest.mark.parametrize(("parent", "number"), [("/articles/", 0), ("/es/articles/", 1), ("es/articles", 1)])
def test_a_locale_before_the_path_names_the_index_in_it(
    indexes: tuple[ArticleIndexPage, ArticleIndexPage], tmp_path: Path, parent: str, number: int
) -> None:
    run(write(tmp_path, "clocks.txt"), parent=parent)

    assert parent_of_the_article() == indexes[number]
    assert ArticlePage.objects.get().locale == indexes[number].locale


@pytest.mark.parametrize("parent", [None, "/articles/"])
@pytest.mark.parametrize("given", [True, False], ids=["given", "in the folder"])
def test_a_profile_s_language_chooses_the_locale(
    indexes: tuple[ArticleIndexPage, ArticleIndexPage], tmp_path: Path, parent: str | None, given: bool
) -> None:
    write(tmp_path / "in", "clocks.txt")
    folder = tmp_path if given else tmp_path / "in"
    profile = write(folder, "import_profile.toml", 'language = "es"\n')
    code, out = run(tmp_path / "in", parent=parent, profile=profile if given else None)

    assert (code, parent_of_the_article()) == (0, indexes[1])
    assert "one of 2 article indexes: the profile's language is “es”" in out


def test_a_line_that_worked_before_the_site_was_translated_works_after_it(tmp_path: Path, spanish: Locale) -> None:
    english = make_index()
    write(tmp_path, "import_profile.toml", 'language = "es"\n')  # said nothing about where to import then
    write(tmp_path, "clocks.txt")
    run(tmp_path)
    home().copy_for_translation(spanish)
    english.copy_for_translation(spanish).save_revision().publish()
    write(tmp_path, "watches.txt", ARTICLE.replace("Clocks", "Watches"))
    code, out = run(tmp_path)

    assert code == 0
    assert "1 created, 1 unchanged" in out
    assert ArticlePage.objects.child_of(english).count() == 2


def test_without_a_word_a_translated_site_s_default_language_is_taken(
    indexes: tuple[ArticleIndexPage, ArticleIndexPage], tmp_path: Path
) -> None:
    code, out = run(write(tmp_path, "clocks.txt"))

    assert (code, parent_of_the_article()) == (0, indexes[0])
    assert "it is the one in the default language" in out


def test_a_line_that_worked_with_one_index_works_when_there_is_another(tmp_path: Path) -> None:
    index = make_index()
    write(tmp_path, "clocks.txt")
    run(tmp_path)
    make_index(title="News")
    code, _ = run(tmp_path)

    assert (code, parent_of_the_article()) == (0, index)


def test_two_indexes_of_one_path_are_told_apart_by_the_message(
    indexes: tuple[ArticleIndexPage, ArticleIndexPage], tmp_path: Path
) -> None:
    make_index(title="News")
    with pytest.raises(CommandError, match="choose one with --parent PATH or --parent ID") as error:
        run(write(tmp_path, "clocks.txt"))

    said = str(error.value)
    for index, code in zip(indexes, ("en", "es"), strict=True):
        assert f"(id {index.pk}, “{index.title}”, {code})" in said


def test_a_locale_s_index_is_made_below_its_own_home_page(tmp_path: Path, spanish: Locale) -> None:
    make_index()
    translated = home().copy_for_translation(spanish)
    run(write(tmp_path, "clocks.txt"), parent="/es/guias/", make_parent=True)

    index = parent_of_the_article()
    assert index.locale == spanish
    assert index.get_parent().pk == translated.pk
