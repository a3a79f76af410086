"""Errors of the API: a code with facts, answered as an RFC 9457 problem document.

{"type": "/api/v1/problems/invalid-parameter/", "title": "...", "status": 400, "code": "invalid-parameter",
 "detail": "...", "parameters": [{"name": "limit", "reason": "must be between 1 and 100"}]}
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from api.json_schema import STRING, array, define, record

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    status: int
    title: str
    about: str


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "invalid-parameter",
            400,
            "A parameter is not accepted",
            "A query parameter is unknown, repeated, out of range or not of its type. `parameters` names each with a "
            "reason; the OpenAPI document lists what every route accepts.",
        ),
        Kind(
            "unknown-host",
            400,
            "This server does not go by that name",
            "The Host header names none of the hosts that this server answers for.",
        ),
        Kind(
            "invalid-cursor",
            400,
            "The cursor is not one of this query",
            "Cursors are signed and belong to the query they came from. Start again without one, and change nothing "
            "but the cursor from page to page.",
        ),
        Kind(
            "not-found",
            404,
            "There is nothing here for readers",
            "Nothing has this address, or readers may not see it; the answer does not tell which.",
        ),
        Kind(
            "cursor-expired",
            410,
            "The cursor is too old",
            "What was withdrawn since then is not on record any more, or the cursor is of another journal. Start again "
            "without a cursor.",
        ),
        Kind(
            "not-yet-here",
            503,
            "This server has not got so far",
            "`at` asks for an answer at least as new as a change that this server has not met yet. Try again.",
        ),
        Kind("method-not-allowed", 405, "This API is read-only", "Use GET, HEAD or OPTIONS."),
        Kind(
            "not-acceptable",
            406,
            "No representation fits the Accept header",
            "The route offers none of the media types that the request accepts.",
        ),
        Kind(
            "too-many-requests",
            429,
            "Too many requests",
            "The Retry-After header says in how many seconds to try again.",
        ),
        Kind("internal-error", 500, "Something went wrong here", "The fault is the server's, and it has been logged."),
        Kind(
            "unavailable",
            503,
            "The content cannot be reached at the moment",
            "The database is away or did not answer in time. The Retry-After header says in how many seconds to try "
            "again.",
        ),
    )
}
PROBLEM = define(
    "Problem",
    record(
        "An error (RFC 9457).",
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": STRING,
            "status": {"type": "integer"},
            "code": {"type": "string", "enum": sorted(KINDS)},
            "detail": STRING,
            "parameters": array(record("A parameter at fault.", {"name": STRING, "reason": STRING})),
        },
        optional=("parameters",),
    ),
)


@dataclass(frozen=True, slots=True)
class ParameterFault:
    name: str
    reason: str


class Problem(Exception):  # noqa: N818 -- what RFC 9457 calls it
    """An error that a client is told about."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        parameters: Sequence[ParameterFault] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.kind = KINDS[code]
        self.detail = detail or self.kind.about
        self.parameters = tuple(parameters)
        self.headers = headers or {}
        super().__init__(f"{code}: {self.detail}")

    def response(self) -> HttpResponse:
        document: dict[str, object] = {
            "type": reverse("api:problem", args=[self.kind.code]),
            "title": self.kind.title,
            "status": self.kind.status,
            "code": self.kind.code,
            "detail": self.detail,
        }
        if self.parameters:
            document["parameters"] = [{"name": fault.name, "reason": fault.reason} for fault in self.parameters]
        response = HttpResponse(json.dumps(document, ensure_ascii=False), status=self.kind.status)
        headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **self.headers}
        for name, value in headers.items():
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(response.content))
        return response


def not_found(what: str = "") -> Problem:
    return Problem("not-found", what, headers={"Cache-Control": "public, max-age=0, s-maxage=10"})


def invalid(name: str, reason: str) -> Problem:
    return Problem("invalid-parameter", f"The parameter “{name}” {reason}.", parameters=[ParameterFault(name, reason)])
