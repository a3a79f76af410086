"""What an answer costs: the same number of queries however much there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.factories import (
    call_to_action,
    listing,
    make_article,
    make_document,
    make_image,
    make_index,
    make_school,
    section,
)

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
        # sites, rows; then schools, pages, documents, images, renditions
        ("articles/?body=html&limit=100", 7),
        ("articles/?body=none&limit=100", 7),
        ("articles/?body=html&limit=100&total=true", 8),
        ("articles/{pk}/", 7),
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


def test_an_article_without_relations_costs_two_queries(client: Client, django_assert_num_queries: Any) -> None:
    article = make_article(body=[section("S")])
    with django_assert_num_queries(2):
        client.get(f"/api/v1/articles/{article.pk}/")
