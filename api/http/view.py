"""The way of a request through the API.

`ContentView` is a DRF view with DRF's costs left out that a read-only API has no use for: no authentication, parsers,
renderers or content negotiation beyond a look at the Accept header.  What a view declares (`parameters`,
`media_types`, `schema`) is what it enforces and what the OpenAPI document says.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView

from api.http import parameters
from api.http.compression import compress, plain_etag
from api.http.negotiation import choose
from api.http.parameters import Parameter
from api.http.problems import Problem, invalid
from api.http.responses import JSON, Representation, respond
from api.http.throttling import check
from api.visibility.sites import (
    LatestSites,
    Site,
    Sites,
    current_sites,
    sites_of,
)

logger = logging.getLogger("api")

SITE = parameters.text(
    "site",
    "The site to read: its host name, with the port where it is neither 80 nor 443. Without it, the default site.",
    high=270,
)


class SitesChangedError(Exception):
    """Something was read for a site that is another one by now; it is to be read again."""


LATEST_SITES = LatestSites()


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
    sites: Sites | None = None
    """As they are now; None: not asked yet."""
    guess: Sites | None = None
    """What `likely_site` took them to be."""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def all_sites(self) -> Sites:
        """One query, the first time."""
        return self.sites or self._now(current_sites())

    @property
    def site(self) -> Site:
        """The requested site.  One query, the first time."""
        wanted = self.values.get("site")
        found = self.all_sites.named(wanted)
        if found is not None:
            return found
        if wanted is None:
            raise Problem("not-found", "No default site is set up here; name one with “site”.")
        raise invalid("site", "names no site of this server")

    @property
    def likely_site(self) -> Site:
        """The requested site, taken to be as it was when an answer was last given.  Costs no query.

        For whoever reads with a statement that brings the sites along, and hands them to `confirm` before anything
        that was read is used.
        """
        if self.sites is None and (guess := self.guess or LATEST_SITES.guess()) is not None:
            found = guess.named(self.values.get("site"))
            if found is not None:
                self.guess = guess
                return found
        return self.site

    def confirm(self, texts: Sequence[str | None]) -> None:
        """`texts`: what `SitesText` said in rows that were read for the likely site; where there are none, one query.

        Raises `SitesChangedError` where that site was not the requested one; then `likely_site` is.
        """
        if self.sites is not None:
            return
        now = self._now(sites_of(texts[0]) if texts else current_sites())
        if self.guess is None or self.guess.text != now.text:
            raise SitesChangedError

    def _now(self, sites: Sites) -> Sites:
        self.sites = LATEST_SITES.remember(sites)
        return sites


class ContentView(APIView):
    """A route of the API.  Subclasses define ``get(query, **path) -> Representation``."""

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
        try:
            answer = self.get(query, **path)
        except SitesChangedError:
            answer = self.get(query, **path)
        target = f"{query.path}?{query_string}"
        response = respond(answer, target=target, if_none_match=if_none_match)
        compress(request, response)
        return response

    def get(self, query: Query, **path: Any) -> Representation:
        raise NotImplementedError
