"""The API about itself: index, OpenAPI document, its documentation, kinds of problems."""

from __future__ import annotations

import json
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from api.http.negotiation import HtmlText, JsonText, OpenApiText
from api.http.problems import KINDS, not_found
from api.http.responses import Representation
from api.http.view import ContentView, Query
from api.json_schema import INTEGER, STRING, define, record
from api.openapi.document import document_text

INDEX_SHAPE = define(
    "Index",
    record("Where everything is.", {"title": STRING, "links": {"type": "object", "additionalProperties": STRING}}),
)
PROBLEM_KIND = define(
    "ProblemKind",
    record("What a kind of problem means.", {"code": STRING, "status": INTEGER, "title": STRING, "detail": STRING}),
)


class Index(ContentView):
    operation = {
        "operationId": "readIndex",
        "summary": "Where everything is",
        "tags": ["api"],
        "answer": INDEX_SHAPE,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        links = {name: reverse(f"api:{route}") for name, route in INDEX.items()}
        return Representation(lambda: json.dumps({"title": "Content API", "links": links}))


INDEX = {
    "articles": "articles",
    "article_by_path": "article-by-path",
    "schools": "schools",
    "search": "search",
    "topics": "topics",
    "images": "images",
    "indexes": "indexes",
    "navigation": "navigation",
    "sitemap": "sitemap",
    "redirects": "redirects",
    "by_path": "by-path",
    "changes": "changes",
    "openapi": "openapi",
    "documentation": "docs",
}
"""What the index shows: name and route."""


class OpenApi(ContentView):
    renderer_classes = (JsonText, OpenApiText)
    throttle_classes = ()

    def represent(self, query: Query, **path: Any) -> Representation:
        return Representation(document_text, media_type=query.media_type)


class ProblemKind(ContentView):
    operation = {
        "operationId": "readProblemKind",
        "summary": "What a kind of problem means",
        "tags": ["api"],
        "answer": PROBLEM_KIND,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        kind = KINDS.get(path["code"])
        if kind is None:
            raise not_found()
        about = {"code": kind.code, "status": kind.status, "title": kind.title, "detail": kind.about}
        return Representation(lambda: json.dumps(about, ensure_ascii=False))


class Docs(ContentView):
    """Swagger UI, from this server's own static files."""

    renderer_classes = (HtmlText,)
    throttle_classes = ()

    def represent(self, query: Query, **path: Any) -> Representation:
        page = render_to_string("api/docs.html", {"openapi": reverse("api:openapi")})
        return Representation(lambda: page, media_type="text/html; charset=utf-8")
