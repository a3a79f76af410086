"""What an answer costs: the same number of queries however much there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import make_article, make_document, make_image, make_index, make_school

pytestmark = pytest.mark.django_db


def fill(count: int) -> list[int]:
    """Articles that mention everything an article can mention."""
    shelf = make_index(f"Shelf of {count}")
    made = []
    for number in range(count):
        target = make_article(f"Target {number}", shelf)
        document, image = make_document(), make_image()
        links = f'<p><a linktype="page" id="{target.pk}">a</a><a linktype="document" id="{document.pk}">b</a></p>'
        picture = {"image": {"image": image.pk, "alt_text": "", "decorative": True}, "caption": ""}
        schools = [make_school(f"School {count} {number} {part}", logo=image) for part in range(3)]
        article = make_article(
            f"Article {number}",
            shelf,
            introduction=links,
            lead_image=image,
            topics=("Bread", f"Topic {number}"),
            body=[
                section("S", links),
                listing(*schools, description=links),
                call_to_action(page=target),
                {"type": "image", "value": picture},
            ],
        )
        made.append(article.pk)
    return made


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # rows with their schools and the sites; then pages, documents, images, renditions
        ("articles/?body=html&limit=100", 5),
        ("articles/?body=none&limit=100", 5),
        ("articles/?body=html&limit=100&total=true", 6),
        ("articles/{pk}/", 5),
        # sites, rows; then images, renditions
        ("schools/?limit=100", 4),
    ],
)
def test_queries_do_not_grow_with_the_answer(
    client: Client, django_assert_num_queries: Any, count: int, path: str, queries: int
) -> None:
    made = fill(count)
    url = "/api/v1/" + path.format(pk=made[-1])
    client.get(url)
    with django_assert_num_queries(queries):
        answer = client.get(url)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["articles/{pk}/", "articles/?body=html", "articles/by-path/?path=/guides/rye/"])
def test_articles_that_list_schools_cost_one_query(client: Client, django_assert_num_queries: Any, path: str) -> None:
    article = make_article("Rye", make_index(), body=[section("S"), listing(make_school("A"), make_school("B"))])
    url = "/api/v1/" + path.format(pk=article.pk)
    etag = client.get(url).headers["ETag"]
    with django_assert_num_queries(1):
        answer = client.get(url)
    assert (answer.status_code, b"Rye" in answer.content) == (200, True)
    with django_assert_num_queries(1):
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(url).content == answer.content


def test_what_the_client_has_is_found_out_without_reading_texts(client: Client) -> None:
    article = make_article("Rye", body=[section("S")])
    url = f"/api/v1/articles/{article.pk}/"
    etag = client.get(url).headers["ETag"]
    with CaptureQueriesContext(connection) as asked:
        client.get(url, headers={"If-None-Match": etag})
    columns = asked[0]["sql"].partition(" FROM ")[0]
    assert '"digest"' in columns
    assert not any(f'"{text}"' in columns for text in ("head", "introduction", "body"))
