"""What nobody should get away with, on every route there is."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.contract.snapshot import current
from api.http.throttling import buckets_at
from api.journal.sequencer import catch_up
from api.leakcheck.probes import Route, routes
from pages.models import School
from tests.api.factories import make_article, make_document
from tests.api.queries.test_query_counts import fill

pytestmark = pytest.mark.django_db
MOST_QUERIES = 17  # a search with everything included, on PostgreSQL, which is asked for word forms too
MOST_QUERIES_OF_ALL_KINDS = 30
"""Of one answer of the change feed that holds objects of all seven kinds in full."""
ROUTES = routes(current())
VALUES = {"id": "1", "code": "not-found", "slug": "bread", "anchor": "s"}


def path_of(route: Route) -> str:
    return route.path.format(**VALUES)


@pytest.fixture(params=ROUTES, ids=lambda route: route.path)
def route(request: pytest.FixtureRequest) -> Route:
    found: Route = request.param
    return found


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "MKCOL"])
def test_writing_is_refused(client: Client, route: Route, method: str) -> None:
    response = client.generic(method, path_of(route), b'{"title": "x"}', content_type="application/json")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


HOSTILE = {
    "NUL": "%00",
    "a NUL in a word": "a%00b",
    "a number of 25 digits": "1234567890123456789012345",
    "a negative number": "-1",
    "a number in other digits": "%D9%A3",
    "5,000 words": "+".join(["word"] * 5000),
    "half a character": "%C3",
    "a lone surrogate": "%ED%A0%80",
    "an emoji": "%F0%9F%92%A9",
    "SQL": "%27%3B+DROP+TABLE+x--",
    "quotes": "%22%22%22%27",
    "search operators": "%22+OR+NEAR%28a%2C+b%29+*+%3A+%5E",
    "nothing": "",
    "a path upwards": "..%2F..%2Fetc%2Fpasswd",
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_hostile_values_never_fail_the_server(client: Client, route: Route, value: str) -> None:
    path = path_of(route)
    names = [entry["name"] for entry in route.parameters]
    needed = "&".join(f"{entry['name']}=x" for entry in route.parameters if entry.get("required"))
    for name in [*names, "unknown"]:
        rest = "" if f"{name}=" in needed else f"&{needed}"
        assert client.get(f"{path}?{name}={value}{rest}").status_code in {200, 400, 404}, name


def test_unknown_and_repeated_parameters_are_refused(client: Client, route: Route) -> None:
    path = path_of(route)
    assert client.get(f"{path}?colour=red").status_code == 400
    for entry in route.parameters:
        if entry["schema"].get("type") != "array":
            assert client.get(f"{path}?{entry['name']}=1&{entry['name']}=1").status_code == 400


def test_every_parameter_has_a_limit(route: Route) -> None:
    for entry in route.parameters:
        schema = entry["schema"]
        formats = {option.get("format") for option in [schema, *schema.get("anyOf", ())]}
        limited = {"maximum", "maxLength", "maxItems", "enum"} & set(schema)
        assert limited or schema.get("type") == "boolean" or formats & {"date", "date-time"}, entry["name"]


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if any(p["name"] == "cursor" for p in route.parameters)], ids=lambda r: r.path
)
def test_a_tampered_cursor_is_refused(client: Client, route: Route) -> None:
    article = fill(2)[0]
    school = client.get("/api/v1/schools/").json()["items"][0]["id"]
    path = route.path.format(id=school if "schools" in route.path else article)
    required = "&q=article" if "search" in path else ""
    answer = client.get(f"{path}?limit=1{required}").json()
    cursor = answer["page"]["next"] if "page" in answer else answer["cursor"]
    forged = ["x", "", "A" * 60, "=" * 10]
    if cursor:
        assert client.get(f"{path}?limit=1{required}&cursor={cursor}").status_code == 200
        forged += [cursor[:-2], cursor + "A", cursor.swapcase(), ("B" if cursor[0] == "A" else "A") + cursor[1:]]
    for text in forged:
        assert client.get(f"{path}?limit=1{required}&cursor={text}").status_code == 400, text


def values_of(entry: dict[str, Any]) -> list[str]:
    """The dearest values of a parameter."""
    schema, name = entry["schema"], entry["name"]
    items = schema.get("items", {})
    if "enum" in items:
        return [",".join(items["enum"][: schema.get("maxItems", 100)])]
    dear = {
        "limit": [str(schema.get("maximum"))],
        "total": ["true"],
        "q": ["article"],
        "path": ["/shelf-of-3/article-0/"],
    }
    return dear.get(name) or (schema["enum"] if name in {"body", "order"} else [])


def test_no_accepted_request_costs_more_than_17_queries(client: Client) -> None:
    """Every operation with everything that can be asked for at once."""
    article = fill(3)[0]
    links = f'<p><a linktype="page" id="{article}">a</a><a linktype="document" id="{make_document().pk}">b</a></p>'
    School.objects.update(description=links)
    school = client.get("/api/v1/schools/").json()["items"][0]["id"]
    catch_up()
    worst: dict[str, int] = {}
    for route in ROUTES:
        path = route.path.format(**{**VALUES, "id": school if "schools" in route.path else article})
        dear = [[(entry["name"], value) for value in values_of(entry)] for entry in route.parameters]
        for chosen in itertools.product(*(values for values in dear if values)):
            with CaptureQueriesContext(connection) as captured:
                response = client.get(path, dict(chosen))
            if response.status_code == 200:
                worst[route.path] = max(worst.get(route.path, 0), len(captured))
    assert len(worst) >= len(ROUTES) - 4, {route.path for route in ROUTES} - set(worst)
    assert worst.pop("/api/v1/changes/") <= MOST_QUERIES_OF_ALL_KINDS
    assert {path: count for path, count in worst.items() if count > MOST_QUERIES} == {}


@pytest.fixture
def two_a_minute(settings: Any) -> None:
    settings.API_THROTTLE = "2/min"
    buckets_at.cache_clear()


def statuses(client: Client, *addresses: dict[str, str]) -> list[int]:
    return [client.get("/api/v1/", headers={}, **address).status_code for address in addresses]  # type: ignore[arg-type]


def test_who_asks_too_often_is_told_to_wait(client: Client, two_a_minute: None) -> None:
    assert statuses(client, {}, {}, {}) == [200, 200, 429]
    response = client.get("/api/v1/")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert response.json()["code"] == "too-many-requests"


def test_another_address_has_its_own_count(client: Client, two_a_minute: None) -> None:
    first, second = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}
    assert statuses(client, first, first, first, second) == [200, 200, 429, 200]


def test_without_proxies_nobody_can_name_an_address_of_their_own(client: Client, two_a_minute: None) -> None:
    forged = [{"HTTP_X_FORWARDED_FOR": f"192.0.2.{number}"} for number in range(3)]
    assert statuses(client, *forged) == [200, 200, 429]


def test_behind_a_proxy_the_address_that_it_saw_counts(client: Client, two_a_minute: None, settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    forged = [{"HTTP_X_FORWARDED_FOR": f"10.0.0.{number}, 192.0.2.1"} for number in range(3)]
    other = {"HTTP_X_FORWARDED_FOR": "10.0.0.1, 192.0.2.2"}
    assert statuses(client, *forged, other) == [200, 200, 429, 200]


def test_a_signed_in_editor_gets_no_other_answer(admin_client: Client, client: Client) -> None:
    article = make_article()
    assert (
        admin_client.get(f"/api/v1/articles/{article.pk}/").content
        == client.get(f"/api/v1/articles/{article.pk}/").content
    )


@pytest.mark.parametrize("cookie", ["sessionid=x", "csrftoken=x", "messages=x", "a=b; sessionid="])
def test_no_cookie_is_read_or_set(client: Client, route: Route, cookie: str) -> None:
    """Shared caches keep answers: a cookie in one would be everybody's."""
    plain = client.get(path_of(route))
    response = client.get(path_of(route), headers={"cookie": cookie})
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
    assert (response.status_code, response.content) == (plain.status_code, plain.content)
