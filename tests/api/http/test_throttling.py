"""What one address may ask: a bucket that refills, what costs nothing, and the headers that tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from api.http.throttling import buckets_at
from api.http.token_bucket import MAX_LOCAL_BUCKETS, LocalBuckets, Rate
from tests.api.factories import make_article


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_refills_token_by_token_and_not_at_the_edge_of_a_window() -> None:
    clock = Clock()
    buckets, rate = LocalBuckets(clock), Rate(requests=4, seconds=60)
    taken = [buckets.take("a", rate) for _ in range(5)]
    assert [grant.allowed for grant in taken] == [True, True, True, True, False]
    assert [grant.remaining for grant in taken] == [3, 2, 1, 0, 0]
    assert round(taken[-1].retry_in, 3) == 15
    clock.now += 14.9
    assert not buckets.take("a", rate).allowed
    clock.now += 0.2
    assert buckets.take("a", rate).allowed
    assert not buckets.take("a", rate).allowed, "one token came back, not four"
    clock.now += 600
    assert [buckets.take("a", rate).allowed for _ in range(5)] == [True, True, True, True, False]


def test_over_any_time_nobody_gets_more_than_a_full_bucket_and_what_flows_in() -> None:
    clock = Clock()
    buckets, rate = LocalBuckets(clock), Rate(requests=10, seconds=60)
    allowed = 0
    for _ in range(1200):
        clock.now += 0.1
        allowed += buckets.take("a", rate).allowed
    assert allowed in range(29, 31), "10 at once, and 20 in 120 seconds"


def test_a_token_that_bought_nothing_is_given_back() -> None:
    clock = Clock()
    buckets, rate = LocalBuckets(clock), Rate(requests=2, seconds=60)
    for _ in range(10):
        assert buckets.take("a", rate).allowed
        buckets.give_back("a", rate)
    assert [buckets.take("a", rate).allowed for _ in range(3)] == [True, True, False]


def test_memory_for_buckets_is_limited_and_an_empty_one_is_kept_longest() -> None:
    clock = Clock()
    buckets, rate = LocalBuckets(clock), Rate(requests=3, seconds=60)
    for _ in range(3):
        buckets.take("busy", rate)
    for number in range(MAX_LOCAL_BUCKETS + 10):
        buckets.take(f"other {number}", rate)
    assert len(buckets.full_at) <= MAX_LOCAL_BUCKETS
    assert not buckets.take("busy", rate).allowed


@pytest.fixture
def three_a_minute(settings: Any) -> Iterator[None]:
    settings.API_THROTTLE = "3/min"
    buckets_at.cache_clear()
    yield
    buckets_at.cache_clear()


pytestmark = pytest.mark.django_db


def test_a_304_costs_nothing(client: Client, three_a_minute: None) -> None:
    path = f"/api/v1/articles/{make_article().pk}/"
    tag = client.get(path).headers["ETag"]
    for _ in range(10):
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.headers["RateLimit"].split(";")[1]) == (304, "r=2")
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


def test_whoever_has_no_request_left_does_not_get_one_for_asking_conditionally(
    client: Client, three_a_minute: None
) -> None:
    statuses = [client.get("/api/v1/", headers={"if-none-match": '"x"'}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/v1/docs/"])
def test_the_contract_costs_nothing(client: Client, three_a_minute: None, path: str) -> None:
    assert {client.get(path).status_code for _ in range(5)} == {200}
    assert client.get("/api/v1/").headers["RateLimit"].split(";")[1] == "r=2"


def test_headers_tell_the_limit_what_is_left_of_it_and_when_to_come_again(client: Client, three_a_minute: None) -> None:
    first = client.get("/api/v1/")
    assert first.headers["RateLimit-Policy"] == '"requests";q=3;w=60'
    assert first.headers["RateLimit"] == '"requests";r=2;t=20'
    client.get("/api/v1/")
    client.get("/api/v1/")
    refused = client.get("/api/v1/")
    assert (refused.status_code, refused.headers["RateLimit"]) == (429, '"requests";r=0;t=60')
    assert 0 < int(refused.headers["Retry-After"]) <= 20


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/", "/", "/articles/nothing/"])
def test_unknown_api_paths_and_pages_of_the_site_count_in_the_same_limit(
    client: Client, three_a_minute: None, path: str
) -> None:
    assert 429 not in [client.get(path).status_code for _ in range(3)]
    refused = client.get(path)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/api/v1/").status_code == 429


def test_the_admin_is_not_counted(client: Client, three_a_minute: None) -> None:
    assert 429 not in [client.get("/admin/login/").status_code for _ in range(5)]


def test_head_and_options_count_like_get(client: Client, three_a_minute: None) -> None:
    assert client.head("/api/v1/articles/").status_code == 200
    assert client.options("/api/v1/articles/").status_code == 204
    assert client.get("/api/v1/articles/").status_code == 200
    refused = client.head("/api/v1/articles/")
    assert (refused.status_code, refused.content) == (429, b"")
