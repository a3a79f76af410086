"""The way of a request through the public API.

`ContentView` is a DRF view, and DRF's dispatch leads through it: negotiation, throttles, exception handler and
`finalize_response` are where they are in any other.  What is left out, and what each seam costs, is in
``docs/decisions/0006-drf-seams.md``.  What a view declares (`parameters`, `renderer_classes`, `operation`) is what it
enforces and what the OpenAPI document says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api.http import parameters
from api.http.addresses import note_address
from api.http.compression import compress, plain_etag
from api.http.negotiation import AcceptNegotiation, JsonText
from api.http.parameters import Parameter
from api.http.responses import Representation, respond
from api.http.throttling import AddressThrottle, describe_admission
from api.visibility.site_lookup import LATEST, SiteLookup, SitesChangedError
from api.visibility.sites import Site, Sites

ALLOW = "GET, HEAD, OPTIONS"
SITE = parameters.text(
    "site",
    "The site to read: its host name, with the port where it is neither 80 nor 443. Without it, the default site.",
    high=270,
)


@dataclass(slots=True)
class Query:
    """A request that was understood."""

    values: dict[str, Any]
    path: str
    """The path of the request, without host."""
    query_string: str
    media_type: str
    conditional: bool
    """The client has an answer already and asks whether it still holds."""
    sites: SiteLookup

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def all_sites(self) -> Sites:
        return self.sites.all()

    @property
    def site(self) -> Site:
        return self.sites.certain()

    @property
    def likely_site(self) -> Site:
        return self.sites.likely()

    def confirm(self, texts: Sequence[str | None]) -> None:
        self.sites.confirm(texts)


class ContentView(APIView):
    """A route of the public API.  Subclasses define ``represent(query, **path) -> Representation``."""

    http_method_names = ["get", "head", "options"]
    authentication_classes = ()
    permission_classes = ()
    parser_classes = ()
    throttle_classes: Sequence[type[BaseThrottle]] = (AddressThrottle,)
    renderer_classes: Sequence[type[BaseRenderer]] = (JsonText,)
    content_negotiation_class: type[BaseContentNegotiation] = AcceptNegotiation
    default_response_headers: ClassVar[dict[str, str]] = {}
    cross_origin = True
    """Scripts of other origins may read the answers; see `api.http.cors`."""

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    media_types: ClassVar[tuple[str, ...]] = ("application/json",)
    accepted: ClassVar[dict[str, Parameter]] = {}
    operation: ClassVar[dict[str, Any]] = {}
    """``operationId``, ``summary``, ``tags`` and ``answer`` (a JSON Schema) for the OpenAPI document."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.accepted = {parameter.name: parameter for parameter in cls.parameters}
        cls.media_types = tuple(str(renderer.media_type) for renderer in cls.renderer_classes)

    def get(self, request: Request, **path: Any) -> HttpResponse:
        plain = request._request
        meta = plain.META
        query_string = meta.get("QUERY_STRING", "")
        address = note_address(plain)
        if_none_match = meta.get("HTTP_IF_NONE_MATCH")
        values = parameters.parse(query_string, self.accepted)
        query = Query(
            values=values,
            path=quote(plain.path),
            query_string=query_string,
            media_type=request.accepted_media_type,
            conditional=if_none_match is not None,
            sites=SiteLookup(values.get("site"), LATEST),
        )
        try:
            answer = self.represent(query, **path)
        except SitesChangedError:
            answer = self.represent(query, **path)
        response = respond(
            answer,
            target=f"{address}{query.path}?{query_string}",
            if_none_match=None if if_none_match is None else plain_etag(if_none_match),
            encode=request.accepted_renderer.render,
            vary="Accept" if len(self.media_types) > 1 else "",
        )
        compress(plain, response)
        return response

    def represent(self, query: Query, **path: Any) -> Representation:
        """What is at the path, for the query.  Raises `Problem`."""
        raise NotImplementedError

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What may be asked; the OpenAPI document says the rest."""
        return HttpResponse(status=204, headers={"Allow": ALLOW})

    def perform_authentication(self, request: Request) -> None:
        """Nobody is ever signed in here: cookies and tokens are not read."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        plain = getattr(request, "_request", request)
        describe_admission(getattr(plain, "admission", None), response)
        if plain.method == "HEAD":
            response.content = b""
        return response
