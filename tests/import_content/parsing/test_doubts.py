"""What a person is asked to look at."""

from __future__ import annotations

from import_content.parsing import parse
from tests.import_content.parsing.test_laws import source


def test_a_text_without_a_title_is_doubted_since_its_page_will_be_named_after_its_file() -> None:
    result = parse(source("A hen eats what it finds, and what it finds it eats at once, without looking up.\n"))
    assert result.document.title is None
    assert [(doubt.block, doubt.rule) for doubt in result.uncertain] == [(-1, "no_title")]


def test_a_clear_article_raises_no_doubt() -> None:
    text = "Hens in Town\n\nA hen eats what it finds, and it eats at once.\n\nFeed\n\nPellets, and a dish of shell for it.\n"
    assert parse(source(text)).uncertain == ()


def rules(text: str) -> set[str]:
    return {doubt.rule for doubt in parse(source(text)).uncertain if doubt.type == "document"}


def test_the_headers_of_a_mail_put_the_whole_text_in_doubt() -> None:
    mail = "Subject: Hens\nFrom: Ines <ines@example.org>\nDate: Tue, 3 Mar 2026 08:00:00 +0000\n\nHens eat at dusk.\n"
    assert rules(mail) == {"mail_headers"}


def test_front_matter_puts_the_whole_text_in_doubt() -> None:
    assert "front_matter" in rules("---\ntitle: Hens\ndraft: true\n---\n\nHens eat at dusk, and not before.\n")


def test_two_articles_in_one_text_are_said() -> None:
    one = "How to Keep {0}\n\n{0} eat at dusk, and not before.\n\nFeed\n\nPellets, and a dish of shell.\n"
    assert rules(f"{one.format('Hens')}\n* * *\n\n{one.format('Geese')}") == {"several_articles"}


def test_a_rule_between_sections_makes_no_second_article() -> None:
    text = "Hens\n\nThey eat at dusk.\n\n-----\n\nFeed\n\nPellets, and shell.\n\n-----\n\nWater\n\nEvery day.\n"
    assert rules(text) == set()


def test_lines_broken_in_no_known_way_put_the_whole_text_in_doubt() -> None:
    broken = "a hen eats what it finds and then goes back to where it\n\ncame from before the others see what she has got and\n\n"
    assert rules("Hens in Town\n\n" + broken * 6) == {"unknown_layout"}


def test_the_menu_of_a_web_page_is_left_out_by_name() -> None:
    text = (
        "Skip to content\nHome | Poultry | Bees | Contact\nSearch\n\nHow to Keep Hens\n\nHens eat at dusk, and not "
        "before.\n\nFeed\n\nPellets, and a dish of shell.\n\nBack to top\n"
    )
    result = parse(source(text))
    assert result.document.title is not None
    assert result.document.title.text == "How to Keep Hens"
    assert result.accounting.counts()["navigation"] == 4


def test_names_that_only_their_heading_calls_schools_are_shown_to_a_person() -> None:
    text = "Boats\n\nA boat is built from the keel up.\n\nSchools\n\nOpen Slip: twelve weeks in spring.\nLow Tide: one whole year.\nBlue Oar: a week in June.\n"
    doubts = parse(source(text)).uncertain
    assert [(doubt.rule, doubt.alternatives[0][0]) for doubt in doubts] == [("below_a_heading_of_schools", "list")] * 3
