"""Sends a request to an address that somebody entered, which may be anywhere and mean harm.

The host is resolved once, every address it has must be a public one, and the connection goes to the address that was
checked, whatever the name means a moment later.  No redirect is followed; time and size of the answer are bounded.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

MAX_SECONDS = 15.0
CONNECT_SECONDS = 5.0
MAX_ANSWER_BYTES = 4096
CHUNK_BYTES = 1024


class RefusedAddressError(Exception):
    """Nothing is sent there."""


@dataclass(frozen=True, slots=True)
class SendResult:
    status: int | None
    """None: there was no answer."""
    answer: str
    """Its beginning; or what went wrong."""
    seconds: float

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send(url: str, body: str, headers: Mapping[str, str]) -> SendResult:
    """POST `body`.  Never raises for what the other side does."""
    started = time.monotonic()
    try:
        status, answer = _post(url, body.encode(), headers, started + MAX_SECONDS)
    except (OSError, http.client.HTTPException, RefusedAddressError, ValueError) as error:
        return SendResult(None, f"{type(error).__name__}: {error}"[:500], time.monotonic() - started)
    return SendResult(status, answer, time.monotonic() - started)


def public_address(host: str, port: int) -> str:
    """An address of the host.  Raises `RefusedAddressError` where any of them is not public."""
    found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for address in found:
        parsed = ipaddress.ip_address(address.partition("%")[0])
        inner = getattr(parsed, "ipv4_mapped", None) or parsed
        if (not inner.is_global or inner.is_multicast) and not settings.API_WEBHOOKS_PRIVATE:
            raise RefusedAddressError(f"{host} is at {address}, which is not a public address")
    return sorted(found)[0]


def _post(url: str, body: bytes, headers: Mapping[str, str], deadline: float) -> tuple[int, str]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise RefusedAddressError("only http and https, and no names or passwords in the URL")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = public_address(parts.hostname, port)
    raw = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    connection = http.client.HTTPConnection(parts.hostname, port)
    try:
        if parts.scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
        connection.sock = raw
        _bound(raw, deadline)
        target = parts.path or "/"
        connection.request("POST", f"{target}?{parts.query}" if parts.query else target, body, dict(headers))
        response = connection.getresponse()
        return response.status, _beginning(response, raw, deadline)
    finally:
        connection.close()
        raw.close()


def _beginning(response: http.client.HTTPResponse, raw: socket.socket, deadline: float) -> str:
    read = b""
    while len(read) < MAX_ANSWER_BYTES:
        _bound(raw, deadline)
        chunk = response.read1(CHUNK_BYTES)
        if not chunk:
            break
        read += chunk
    return read[:MAX_ANSWER_BYTES].decode("utf-8", "replace").replace("\0", "")


def _bound(raw: socket.socket, deadline: float) -> None:
    """Whoever answers a byte a minute gets no longer than anybody else."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("took too long")
    raw.settimeout(left)
