"""The contract: valid, complete, and true of what is answered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from pages.blocks import public_blocks
from tests.api.queries.test_query_counts import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(client: Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return document


def test_the_document_is_valid_openapi_3_1(contract: dict[str, Any]) -> None:
    validate(contract)
    assert contract["openapi"].startswith("3.1")


def test_every_type_of_block_is_a_named_schema_with_a_discriminator(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    mapping = schemas["Block"]["discriminator"]["mapping"]
    assert set(mapping) == set(public_blocks())
    for kind, target in mapping.items():
        schema = schemas[target.rpartition("/")[2]]
        assert schema["properties"]["type"] == {"type": "string", "const": kind}
        assert set(schema["required"]) == set(schema["properties"])


def test_every_route_is_in_the_document(contract: dict[str, Any]) -> None:
    api = next(entry for entry in get_resolver().url_patterns if getattr(entry, "app_name", None) == "api")
    routes = {"/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern)) for route in api.url_patterns}
    assert routes - set(contract["paths"]) == {"/api/v1/docs/", "/api/v1/openapi.json"}


def check(contract: dict[str, Any], path: str, answer: Any) -> None:
    operation = contract["paths"][path]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": contract["components"]}).validate(answer)


def test_answers_fit_their_schemas(client: Client, get: Any, contract: dict[str, Any]) -> None:
    made = fill(2)
    article = get(f"articles/{made[0]}/")
    check(contract, "/api/v1/", get(""))
    check(contract, "/api/v1/articles/", get("articles/", body="html", total="true"))
    check(contract, "/api/v1/articles/{id}/", article)
    check(contract, "/api/v1/articles/by-path/", get("articles/by-path/", path=article["path"]))
    check(contract, "/api/v1/schools/", get("schools/", limit=1))
    school = get("schools/")["items"][0]
    check(contract, "/api/v1/schools/{id}/", get(f"schools/{school['id']}/"))
    check(contract, "/api/v1/schools/{id}/articles/", get(f"schools/{school['id']}/articles/"))
    check(contract, "/api/v1/problems/{code}/", get("problems/not-found/"))


SERVER_HEADERS = {"content-type", "content-length", "x-content-type-options", "referrer-policy"} | {
    "cross-origin-opener-policy"
}
"""Not of the API's own making."""


def test_every_header_of_an_answer_is_described(client: Client, contract: dict[str, Any]) -> None:
    article, *_ = fill(2)
    for path in ("/api/v1/articles/?limit=1", f"/api/v1/articles/{article}/", "/api/v1/navigation/", "/api/v1/"):
        response = client.get(path)
        route = path.partition("?")[0].replace(f"/{article}/", "/{id}/")
        described = contract["paths"][route]["get"]["responses"]["200"]["headers"]
        told = {name.lower() for name in response.headers} - SERVER_HEADERS
        assert told <= {name.lower() for name in described}, path
    assert "Link" in contract["paths"]["/api/v1/articles/"]["get"]["responses"]["200"]["headers"]


def test_problems_fit_their_schema(client: Client, contract: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Problem", "components": contract["components"]}
    for path in ("articles/?colour=red", "articles/999999/", "nothing/"):
        Draft202012Validator(schema).validate(client.get(f"/api/v1/{path}").json())


def test_every_parameter_that_is_accepted_is_described(contract: dict[str, Any]) -> None:
    names = {parameter["name"] for parameter in contract["paths"]["/api/v1/articles/"]["get"]["parameters"]}
    assert {"limit", "cursor", "order", "total", "site", "school", "topic", "locale", "body", "id__in"} <= names


def test_the_index_says_where_everything_is(client: Client) -> None:
    links = client.get("/api/v1/").json()["links"]
    assert links["articles"] == "/api/v1/articles/"
    for name, url in links.items():
        assert client.get(url).status_code in {200, 400}, name


def test_the_documentation_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    addresses = re.findall(r'(?:src|href|data-openapi)="([^"]+)"', page)
    assert len(addresses) == 5
    assert all(address.startswith(("/static/", "/api/v1/openapi.json")) for address in addresses)
