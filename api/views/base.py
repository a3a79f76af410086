"""The way of a request through the API.

`ContentView` is a DRF view with DRF's costs left out that a read-only API has no use for: no authentication, parsers,
renderers or content negotiation beyond a look at the Accept header.  What a view declares (`parameters`,
`media_types`, `schema`) is what it enforces and what the OpenAPI document says.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView

from api import parameters
from api.answers import JSON, Answer, respond
from api.compression import compress, plain_etag
from api.negotiation import choose
from api.parameters import Parameter
from api.problems import Problem, invalid
from api.sites import Site, all_sites
from api.throttle import check

logger = logging.getLogger("api")

SITE = parameters.text(
    "site",
    "The site to read: its host name, with the port where it is neither 80 nor 443. Without it, the default site.",
    high=270,
)


@dataclass
class Query:
    """A request that was understood."""

    values: dict[str, Any]
    path: str
    """The path of the request, without host."""
    query_string: str
    media_type: str
    conditional: bool
    """The client has an answer already and asks whether it still holds."""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @cached_property
    def site(self) -> Site:
        """The requested site.  One query, the first time."""
        sites = all_sites()
        wanted = self.values.get("site")
        if wanted is None:
            found = next((site for site in sites if site.is_default), None)
            if found is None:
                raise Problem("not-found", "No default site is set up here; name one with “site”.")
            return found
        for site in sites:
            if wanted.lower() in {site.key, f"{site.hostname}:{site.port}"}:
                return site
        raise invalid("site", "names no site of this server")


class ContentView(APIView):
    """A route of the API.  Subclasses define ``get(query, **path) -> Answer``."""

    http_method_names = ["get", "head", "options"]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    media_types: ClassVar[tuple[str, ...]] = (JSON,)
    accepted: ClassVar[dict[str, Parameter]] = {}
    operation: ClassVar[dict[str, Any]] = {}
    """``operationId``, ``summary``, ``tags`` and ``answer`` (a JSON Schema) for the OpenAPI document."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.accepted = {parameter.name: parameter for parameter in cls.parameters}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = self.answer(request, kwargs)
        except Problem as problem:
            response = problem.response()
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            got_request_exception.send(sender=type(self), request=request)
            response = Problem("internal-error").response()
        if request.method == "HEAD":
            response.content = b""
        return response

    def answer(self, request: HttpRequest, path: dict[str, Any]) -> HttpResponse:
        method = request.method
        check(request)
        if method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})
        if method not in {"GET", "HEAD"}:
            raise Problem("method-not-allowed", headers={"Allow": "GET, HEAD, OPTIONS"})
        meta = request.META
        query_string = meta.get("QUERY_STRING", "")
        if_none_match = meta.get("HTTP_IF_NONE_MATCH")
        if if_none_match is not None:
            if_none_match = plain_etag(if_none_match)
        query = Query(
            values=parameters.parse(query_string, self.accepted),
            path=quote(request.path),
            query_string=query_string,
            media_type=choose(meta.get("HTTP_ACCEPT"), self.media_types),
            conditional=if_none_match is not None,
        )
        answer = self.get(query, **path)
        target = f"{query.path}?{query_string}"
        response = respond(answer, target=target, if_none_match=if_none_match)
        compress(request, response)
        return response

    def get(self, query: Query, **path: Any) -> Answer:
        raise NotImplementedError
