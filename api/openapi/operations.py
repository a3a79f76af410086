"""Each route of the OpenAPI document, from what its view declares and enforces."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema

from api.http.parameters import MAX_ID
from api.http.problems import KINDS, MEDIA_TYPE, PROBLEM
from api.http.responses import JSON
from api.json_schema import STRING, define_list

Json = dict[str, Any]

PATH_PARAMETERS: dict[str, Json] = {
    "id": {"type": "integer", "minimum": 1, "maximum": MAX_ID},
    "anchor": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": r"^[\w-]+$"},
    "slug": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"^[\w-]+$"},
    "code": {"type": "string", "enum": sorted(KINDS)},
}
PATH_DESCRIPTIONS = {
    "id": "The id of the object.",
    "anchor": "The anchor of a section, as the article's body has it.",
    "slug": "The slug of the topic.",
    "code": "The `code` of a problem.",
}
HEADERS: dict[str, Json] = {
    "ETag": {"description": "Strong validator of this representation.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "How long caches may keep the answer.", "schema": {"type": "string"}},
    "Vary": {"description": "Request headers that the answer depends on.", "schema": {"type": "string"}},
    "Last-Modified": {
        "description": "Of an article; what it mentions may have changed later, which the ETag tells.",
        "schema": {"type": "string"},
    },
    "Cache-Tag": {
        "description": (
            "Names of what is in the answer, each object once, such as `page-3`, separated by commas; where there are "
            "more than 100, their kinds, such as `pages`. Whoever purges an object purges its kind as well. Servers "
            "may send it by another name (`Surrogate-Key`, `xkey`), or not at all."
        ),
        "schema": {"type": "string"},
    },
    "Content-Cursor": {
        "description": (
            "Number of the change that the answer is at least as new as. Any route takes it as `?at=`: then it answers "
            "at least as new, at an address that no cache has an older answer for; 503 where it has not got so far."
        ),
        "schema": {"type": "integer", "minimum": 0},
    },
    "Access-Control-Allow-Origin": {
        "description": "Scripts of any origin may read the answer.",
        "schema": {"type": "string", "const": "*"},
    },
    "Access-Control-Expose-Headers": {
        "description": "What scripts may read of the answer's headers.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "How many requests one address may make (`q`) in how many seconds (`w`).",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "How many it may make now (`r`), and in how many seconds all of them again (`t`).",
        "schema": {"type": "string"},
    },
}
LIST_HEADERS: dict[str, Json] = {name: described for name, described in HEADERS.items() if name != "Last-Modified"} | {
    "Link": {"description": "The pages before and after, as `prev` and `next`.", "schema": {"type": "string"}}
}
PROBLEM_HEADERS: dict[int, Json] = {
    503: {"headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}},
    429: {"headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}},
}
NOT_OF_A_GET = 405
ALWAYS = ("invalid-parameter", "not-acceptable", "too-many-requests", "internal-error", "unavailable")


class ContentSchema(AutoSchema):
    """The description of a `ContentView`; any other view says so itself or stays out."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Json | None:
        view: Any = self.view
        declared: Json | None = getattr(view, "operation", None)
        if not declared or method != "GET":
            return None
        in_path = [_path_parameter(name) for name in re.findall(r"{(\w+)}", path)]
        return {
            "operationId": declared["operationId"],
            "summary": declared["summary"],
            "description": _description(declared),
            "tags": declared["tags"],
            "parameters": [*in_path, *(parameter.operation() for parameter in view.parameters)],
            "responses": _responses(view, declared, bool(in_path)),
        }


def _description(declared: Json) -> str:
    said = declared.get("description") or f"{declared['summary']}."
    if {"partial_answer", "partial_list_of"} & set(declared):
        said += (
            "  With `fields`, and where the body of a whole article is asked for in another form, an article is a "
            "`PartialArticle`: only what was asked for is there (`x-partial-schema`)."
        )
    return str(said)


def _path_parameter(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": PATH_DESCRIPTIONS[name],
        "schema": PATH_PARAMETERS[name],
    }


def _answers(declared: Json) -> Json:
    """The schema of a 200, and beside it that of one of which only a part was asked for."""
    if "list_of" not in declared:
        answer, partial = declared.get("answer") or {}, declared.get("partial_answer")
    else:
        one, part = declared["list_of"], declared.get("partial_list_of")
        answer = define_list(f"{one}List", one)
        partial = define_list(f"{part}List", part) if part else None
    return {"schema": answer} | ({"x-partial-schema": partial} if partial else {})


def _responses(view: Any, declared: Json, has_path: bool) -> Json:
    content = {media: _answers(declared) if media == JSON else {"schema": STRING} for media in view.media_types}
    codes = [*ALWAYS, *declared.get("problems", ()), *(["not-found"] if has_path or view.parameters else [])]
    statuses = sorted({KINDS[code].status for code in codes})
    return {
        "200": {
            "description": declared["summary"],
            "headers": LIST_HEADERS if "list_of" in declared else HEADERS,
            "content": content,
        },
        "304": {"description": "The client has it already (If-None-Match)."},
        **{str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses},
    }


def problem_responses() -> Json:
    """Components that all routes share."""
    statuses = sorted({kind.status for kind in KINDS.values()} - {NOT_OF_A_GET})
    return {
        f"Problem{status}": {
            "description": "; ".join(kind.title for kind in KINDS.values() if kind.status == status),
            "content": {MEDIA_TYPE: {"schema": PROBLEM}},
            **PROBLEM_HEADERS.get(status, {}),
        }
        for status in statuses
    }
