"""A shorter way for requests of the API, and the limit on requests for everything else.

Sessions, sign-in, messages, CSRF and redirects are for people with a browser.  A request below ``/api/`` or for
``/llms.txt`` needs none of them: it is resolved and answered here, and the middleware listed after this one never sees
it.  Shared caches keep the answers, so that none may carry a cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, get_resolver, get_urlconf, reverse

from api.http.cors import allow_reading, is_preflight, preflight
from api.http.freshness import FRESHNESS, describe_freshness, require_freshness
from api.http.problems import Problem, not_found
from api.http.throttling import admit, describe_admission

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


class PageThrottle:
    """The site's own pages count in the limit of their reader's address like the API does.

    Not the admin: whoever works there is signed in, and a sign-in has limits of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(_admin_path()):
            return self.get_response(request)
        admission = admit(request)
        if admission is None or admission.grant.allowed:
            return self.get_response(request)
        text = f"Too many requests. Try again in {admission.wait} seconds.\n"
        response = HttpResponse(text, status=429, content_type="text/plain; charset=utf-8")
        describe_admission(admission, response)
        return response


@lru_cache(maxsize=1)
def _admin_path() -> str:
    return reverse("wagtailadmin_home")


def answer(request: HttpRequest) -> HttpResponseBase:
    match = _route(request.path_info)
    open_to_scripts = match is None or getattr(getattr(match.func, "cls", None), "cross_origin", False)
    response: HttpResponseBase
    if (refusal := _refusal(request)) is not None:
        response = refusal
    elif open_to_scripts and is_preflight(request):
        response = preflight()
    else:
        response = _missing(request) if match is None else _call(request, match)
    if open_to_scripts:
        allow_reading(response)
    return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    try:
        request.get_host()
    except DisallowedHost:
        return Problem("unknown-host").response()
    return None


def _call(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    request.resolver_match = match
    try:
        sequence = FRESHNESS.latest()
        require_freshness(request)
    except Problem as problem:
        return problem.response()
    except DatabaseError:
        return Problem("unavailable", headers={"Retry-After": "5"}).response()
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    describe_freshness(response, max(sequence, 0))
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response


def _missing(request: HttpRequest) -> HttpResponse:
    admission = admit(request)
    if admission is not None and not admission.grant.allowed:
        problem = Problem("too-many-requests", f"Try again in {admission.wait} seconds.")
    elif not request.path_info.endswith("/"):
        problem = not_found("There is no such route; routes end with a slash.")
    else:
        problem = not_found("There is no such route.")
    response = problem.response()
    describe_admission(admission, response)
    if request.method == "HEAD":
        response.content = b""
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
