"""The OpenAPI document as a whole."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from api.openapi.components import components
from api.openapi.operations import problem_responses

Json = dict[str, Any]


TAGS = {
    "articles": "Articles, whole, in part and as search results.",
    "schools": "The schools that articles list.",
    "topics": "What articles are about.",
    "images": "Pictures of articles and schools.",
    "tree": "Where pages stand, stood and lead.",
    "changes": "What became public and what stopped being so, in order.",
    "api": "The API about itself.",
}


def complete(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """Called by drf-spectacular at the end: adds what no view declares."""
    result["components"] = {"schemas": components(), "responses": problem_responses()}
    result["servers"] = [{"url": "/", "description": "Wherever this document was fetched from."}]
    result["tags"] = [{"name": name, "description": described} for name, described in TAGS.items()]
    result["security"] = []
    return result


@cache
def document() -> Json:
    """The contract of this version of the code."""
    generator: Any = SchemaGenerator
    schema: Json = generator(urlconf="api.openapi.urlconf").get_schema(public=True)
    return schema


@cache
def document_text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1)
