"""What a server process does before its first request."""

from __future__ import annotations

import gc

from django.urls import get_resolver

COLLECT_AFTER_OBJECTS = 10_000
"""New objects until the young ones are looked through; a request makes some hundreds, and most go by themselves."""


def prepare_server_process() -> None:
    """Imports all routes, and takes what is there by now out of the garbage collector's sight.

    Modules, classes and compiled patterns stay for ever, some 300,000 objects; each collection of the oldest generation
    would walk over them for 60 to 95 ms, in the middle of somebody's request.  To be called in every process that
    answers requests, once the code is loaded; before a fork it also keeps their memory shared.
    """
    resolver = get_resolver()
    resolver._populate()  # otherwise the first request to reverse a URL does it
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER_OBJECTS, *gc.get_threshold()[1:])
