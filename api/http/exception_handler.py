"""Every error of a view as a problem document: what DRF calls its exception handler."""

from __future__ import annotations

import logging
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.views import exception_handler as drf_exception_handler

from api.http.outages import RETRY_AFTER_SECONDS, is_outage
from api.http.problems import Problem, not_found
from api.visibility.site_lookup import UnknownSiteError

logger = logging.getLogger("api")


def answer_exception(error: Exception, context: dict[str, Any]) -> HttpResponseBase:
    """`context` is DRF's: the view, its arguments and the request.  Never None: no error goes past the API."""
    problem = problem_of(error, context["view"])
    if problem is not None:
        return problem.response()
    response = drf_exception_handler(error, context)
    if response is not None:
        return response
    request = context["request"]
    plain = getattr(request, "_request", request)
    logger.error("%s %s failed", plain.method, plain.path, exc_info=error)
    got_request_exception.send(sender=type(context["view"]), request=plain)
    return Problem("internal-error").response()


def problem_of(error: Exception, view: Any) -> Problem | None:
    """The problem that a client is told of; None for errors that are DRF's own, or nobody's."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, UnknownSiteError):
        return not_found(str(error))
    if isinstance(error, Http404 | exceptions.NotFound):
        return not_found()
    if isinstance(error, exceptions.Throttled):
        wait = int(getattr(error, "wait", None) or 1)
        return Problem("too-many-requests", f"Try again in {wait} seconds.", headers={"Retry-After": str(wait)})
    if isinstance(error, exceptions.MethodNotAllowed):
        return Problem("method-not-allowed", headers={"Allow": ", ".join(view.allowed_methods)})
    if is_outage(error):
        logger.error("The database does not answer: %s", error)
        return Problem("unavailable", headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return None
