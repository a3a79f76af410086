"""A shorter way for requests of the API.

Sessions, sign-in, messages, CSRF and redirects are for people with a browser.  A request below ``/api/`` needs none of
them: it is resolved and answered here, and the middleware listed after this one never sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, URLResolver, get_resolver, get_urlconf

from api.problems import Problem, not_found

PREFIX = "/api/"


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        return answer(request)


def answer(request: HttpRequest) -> HttpResponse:
    match = _route(request.path_info)
    if match is None:
        response = missing(request).response()
        if request.method == "HEAD":
            response.content = b""
        return response
    request.resolver_match = match
    response = match.func(request, *match.args, **match.kwargs)
    assert isinstance(response, HttpResponse)  # noqa: S101 -- nothing here streams
    return response


def _route(path: str) -> ResolverMatch | None:
    """A route of the API; the site's pages, which any other path may be, are not below its prefix."""
    for resolver in _resolvers(get_urlconf()):
        try:
            return resolver.resolve(path.removeprefix("/"))
        except Resolver404:
            continue
    return None


@lru_cache(maxsize=8)
def _resolvers(urlconf: str | None) -> list[URLResolver]:
    """What leads to routes of the API, so that none of the site's other routes are tried before them."""
    patterns = get_resolver(urlconf).url_patterns
    return [pattern for pattern in patterns if isinstance(pattern, URLResolver) and pattern.namespace == "api"]


def missing(request: HttpRequest) -> Problem:
    if not request.path_info.endswith("/"):
        return not_found("There is no such route; routes end with a slash.")
    return not_found("There is no such route.")
