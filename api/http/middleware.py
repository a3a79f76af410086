"""A shorter way for requests of the API.

Sessions, sign-in, messages, CSRF and redirects are for people with a browser.  A request below ``/api/`` or for
``/llms.txt`` needs none of them: it is resolved and answered here, and the middleware listed after this one never sees
it.  Shared caches keep the answers, so that none may carry a cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, get_resolver, get_urlconf

from api.http.problems import Problem, not_found

PREFIX = "/api/"
LLMS = "/llms.txt"
"""A route of the API's that has to stand elsewhere; the site's URL configuration names it ``llms``."""


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PREFIX) or request.path_info == LLMS:
            return answer(request)
        return self.get_response(request)


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
    for pattern in _patterns(get_urlconf()):
        try:
            if match := pattern.resolve(path.removeprefix("/")):
                return match
        except Resolver404:
            continue
    return None


@lru_cache(maxsize=8)
def _patterns(urlconf: str | None) -> list[URLPattern | URLResolver]:
    """What leads to routes of the API, so that none of the site's other routes are tried before them."""
    return [pattern for pattern in get_resolver(urlconf).url_patterns if _is_of_api(pattern)]


def _is_of_api(pattern: URLPattern | URLResolver) -> bool:
    return pattern.namespace == "api" if isinstance(pattern, URLResolver) else pattern.name == "llms"


def missing(request: HttpRequest) -> Problem:
    if not request.path_info.endswith("/"):
        return not_found("There is no such route; routes end with a slash.")
    return not_found("There is no such route.")
