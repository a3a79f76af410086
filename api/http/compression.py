"""Compression by negotiation.

A strong ETag names one sequence of bytes, so a compressed answer has an ETag of its own, which `If-None-Match` may
bring back.  There is nothing secret in answers that are the same for everybody, so that compressing them tells nobody
anything.
"""

from __future__ import annotations

import gzip

from django.http import HttpRequest, HttpResponse

MIN_COMPRESSED_BYTES = 500
GZIP_LEVEL = 5
ETAG_SUFFIX = '-gzip"'


def accepts_gzip(request: HttpRequest) -> bool:
    accepted: str = request.META.get("HTTP_ACCEPT_ENCODING", "")
    for part in accepted.split(","):
        coding, _, parameters = part.strip().partition(";")
        if coding.strip().lower() in {"gzip", "*"}:
            refused = parameters.replace(" ", "").rstrip("0.") == "q="
            return not refused
    return False


def plain_etag(etags: str) -> str:
    """ETags as this server computes them, from those that a client got with compressed answers."""
    return etags.replace(ETAG_SUFFIX, '"')


def compress(request: HttpRequest, response: HttpResponse) -> None:
    """Compresses a 200 in place where the client takes it and it is worth it.

    What is too short to be compressed is the same for everybody, and does not say otherwise.
    """
    long = response.status_code == 304 or (
        response.status_code == 200 and len(response.content) >= MIN_COMPRESSED_BYTES
    )
    if not long:
        return
    vary = response.headers.get("Vary")
    response.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    if not accepts_gzip(request):
        return
    if response.status_code == 200:
        response.content = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
    if "ETag" in response.headers:
        response.headers["ETag"] = response.headers["ETag"][:-1] + ETAG_SUFFIX
