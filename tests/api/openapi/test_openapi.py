"""The contract: valid, complete, and true of what is answered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import validate

from pages.blocks import public_blocks
from tests.api.factories import make_article, make_index
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
    assert routes - set(contract["paths"]) == {"/api/v1/docs/", "/api/v1/openapi.json", "/api/v1/consumers/{name}/"}


def check(contract: dict[str, Any], path: str, answer: Any, schema_name: str = "schema") -> None:
    operation = contract["paths"][path]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"][schema_name]
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
    check(contract, "/api/v1/by-path/", get("by-path/", path=article["path"]))


def test_what_was_asked_for_in_part_fits_the_schema_for_parts_and_not_that_of_the_whole(
    get: Any, contract: dict[str, Any]
) -> None:
    article = get(f"articles/{fill(2)[0]}/")
    for path, parameters in (
        ("articles/{id}/", {"fields": "title"}),
        ("articles/{id}/", {"body": "markdown"}),
        ("articles/", {"fields": "title,path"}),
        ("articles/by-path/", {"path": article["path"], "fields": "title"}),
        ("by-path/", {"path": article["path"], "fields": "title"}),
    ):
        part = get(path.format(id=article["id"]), **parameters)
        check(contract, f"/api/v1/{path}", part, "x-partial-schema")
        with pytest.raises(ValidationError):
            check(contract, f"/api/v1/{path}", part)


def test_fields_of_articles_are_required_where_they_are_always_there(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    on_request = {"body_markdown", "body_text", "schools", "images", "topics", "parent", "translations"}
    assert set(schemas["Article"]["properties"]) - set(schemas["Article"]["required"]) == on_request
    assert set(schemas["Article"]["required"]) - set(schemas["ArticleSummary"]["required"]) == {"body"}
    assert set(schemas["PartialArticle"]["required"]) == {"id", "type"}


def test_what_stands_at_a_path_is_told_by_its_kind(get: Any, contract: dict[str, Any]) -> None:
    answer = contract["components"]["schemas"]["PathAnswer"]
    assert set(answer["discriminator"]["mapping"]) == {"article", "index", "page", "redirect", "gone"}
    article = make_article("Rye", make_index("Guides"))
    for path, kind in ((f"/guides/{article.slug}/", "article"), ("/guides/", "index"), ("/", "page")):
        found = get("by-path/", path=path)
        assert found["kind"] == kind
        assert set(found) == {"kind", "page"} | ({kind} - {"page"})


def test_nothing_needs_a_sign_in_and_the_licence_is_told(contract: dict[str, Any]) -> None:
    assert contract["security"] == []
    assert contract["info"]["license"] == {"name": "MIT", "identifier": "MIT"}


def test_a_list_parameter_is_declared_as_generated_clients_send_it(client: Client, contract: dict[str, Any]) -> None:
    parameters = contract["paths"]["/api/v1/articles/"]["get"]["parameters"]
    lists = [entry for entry in parameters if entry["schema"].get("type") == "array"]
    assert {entry["name"] for entry in lists} >= {"include", "fields", "id__in"}
    assert all((entry["style"], entry["explode"]) == ("form", True) for entry in lists)
    article = make_article(topics=("Bread",))
    answers = {
        client.get(f"/api/v1/articles/{article.pk}/?{query}").content
        for query in ("include=topics,parent", "include=topics&include=parent")
    }
    assert len(answers) == 1
    assert client.get(f"/api/v1/articles/{article.pk}/?include=topics&include=topics").status_code == 400
    both = client.get(f"/api/v1/articles/?id__in={article.pk}&id__in=999&fields=id&fields=title").json()
    assert both["items"] == [{"id": article.pk, "type": "article", "title": article.title}]


SERVER_HEADERS = {"content-type", "content-length", "x-content-type-options", "referrer-policy"} | {
    *("cross-origin-opener-policy", "content-security-policy", "x-frame-options")
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
