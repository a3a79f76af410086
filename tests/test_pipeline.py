"""The main job, end to end: text in through the command, edited in the admin, out of the content API."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from pages.models import ArticleIndexPage, ArticlePage, School

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).resolve().parents[1] / "cms" / "samples"


def run(*sources: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("import_content", *map(str, sources), publish=True, stdout=out, stderr=out, **options)
    return out.getvalue()


def answer(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = json.loads(response.content)
    return body


def article_with(client: Client, words: str) -> dict[str, Any]:
    article = ArticlePage.objects.get(title__contains=words)
    return answer(client, f"/api/v1/articles/{article.pk}/")


def test_text_goes_in_is_edited_and_comes_out(
    client: Client, admin_client: Client, article_index: ArticleIndexPage
) -> None:
    run(SAMPLES / "becoming-a-surgical-technologist.txt")
    article = article_with(client, "Surgical Technologist")
    kinds = [block["type"] for block in article["body"]]
    assert kinds == ["section"] * 6 + ["school_listing"] + ["call_to_action"] * 2
    assert [entry["school"]["name"] for entry in article["body"][6]["schools"]][:2] == [
        "Ivy Tech Community College",
        "Cuyahoga Community College",
    ]

    edit(admin_client, article["id"], heading="What the Job Is")

    edited = article_with(client, "Surgical Technologist")
    assert [block["heading"] for block in edited["body"]] == ["What the Job Is"]
    assert edited["body"][0]["anchor"] == "what-the-job-is"


def edit(admin: Client, pk: int, *, heading: str) -> None:
    """Replace the body by one section and publish, as the admin's form does."""
    page = ArticlePage.objects.get(pk=pk)
    form = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "introduction": rich_text(page.introduction),
            "topics": "",
            "lead_image": "",
            "seo_title": "",
            "search_description": "",
            "canonical_url": "",
            "body": streamfield(
                [("section", {"heading": heading, "level": "2", "text": rich_text("<p>Words.</p>"), "anchor": ""})]
            ),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "comments-MIN_NUM_FORMS": 0,
            "comments-MAX_NUM_FORMS": "",
        }
    )
    response = admin.post(reverse("wagtailadmin_pages:edit", args=[pk]), form | {"action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors


def test_importing_the_same_text_again_writes_nothing(article_index: ArticleIndexPage) -> None:
    run(SAMPLES / "guides")
    before = (Page.objects.count(), Revision.objects.count(), PageLogEntry.objects.count(), School.objects.count())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run(SAMPLES / "guides")
    writes = [
        query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert writes == []
    after = (Page.objects.count(), Revision.objects.count(), PageLogEntry.objects.count(), School.objects.count())
    assert after == before


def test_every_sample_comes_out_and_a_school_listed_twice_is_one_record(
    client: Client, article_index: ArticleIndexPage
) -> None:
    run(SAMPLES)
    expected = set(SAMPLES.rglob("*.txt"))
    listed = answer(client, "/api/v1/articles/?limit=100")
    assert len(listed["items"]) == len(expected) >= 8
    school = School.objects.get(name="Austin Community College")
    articles = answer(client, f"/api/v1/schools/{school.pk}/articles/")
    assert len(articles["items"]) == 5


@pytest.mark.corpus
def test_the_seed_text_comes_out_block_for_block(seeds: Path, client: Client, article_index: ArticleIndexPage) -> None:
    """The shape of the text that the product was ordered for; its words stay with their owner."""
    run(seeds)
    (item,) = answer(client, "/api/v1/articles/")["items"]
    article = answer(client, f"/api/v1/articles/{item['id']}/")
    kinds = [block["type"] for block in article["body"]]
    assert kinds == ["section"] * 6 + ["school_listing"] + ["call_to_action"] * 2
    assert article["introduction"].count("<p>") == 1
    assert [block["text"].count("<p>") for block in article["body"][:6]] == [1, 1, 1, 1, 1, 0]
    source = next(seeds.glob("*.txt")).read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if line.strip()]
    assert article["title"] == lines[0]
    assert [block["heading"] for block in article["body"][:6]] == [line for line in lines[1:] if len(line) < 60][:6]
    for entry in article["body"][6]["schools"]:
        words = entry["description"].removeprefix("<p>").removesuffix("</p>")
        assert f"{entry['school']['name']} {words}" in lines
    assert [block["text"] for block in article["body"][7:]] == lines[-2:]
