from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from api.webhooks import sender
from api.webhooks.sender import send
from tests.api.webhooks.receiver import receiving


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/",
            "http://localhost/",
            "http://10.0.0.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/",
        ),
        *("http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/", "http://0.0.0.0/", "http://100.64.0.1/"),
        *("ftp://example.com/", "file:///etc/passwd", "http://user:word@example.com/", "http:///", "http://224.0.0.1/"),
    ],
)
def test_nothing_is_sent_to_addresses_that_are_not_public(url: str) -> None:
    result = send(url, "{}", {})
    assert result.status is None
    assert not result.is_success
    assert result.answer.startswith(("RefusedAddressError", "gaierror"))


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else a moment later changes nothing."""
    asked: list[str] = []
    reached: list[Any] = []

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: Any, timeout: float) -> Any:
        reached.append(address)
        raise OSError("not connected in a test")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    send("http://changes.example/", "{}", {})
    assert (asked, reached) == (["changes.example"], [("93.184.215.14", 80)])


def test_a_host_with_one_private_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    assert "not a public address" in send("http://both.example/", "{}", {}).answer


class TestOfAnswers:
    @pytest.fixture(autouse=True)
    def _here(self, settings: Any) -> None:
        settings.API_WEBHOOKS_PRIVATE = True

    def test_redirects_are_not_followed(self) -> None:
        with receiving() as receiver, receiving() as other:
            receiver.status, receiver.headers = 302, {"Location": other.url}
            assert send(receiver.url, "{}", {}).status == 302
            assert (len(receiver.got), len(other.got)) == (1, 0)

    def test_a_huge_answer_is_read_only_at_its_beginning(self) -> None:
        with receiving() as receiver:
            receiver.status, receiver.body = 200, b"x" * 50_000_000
            result = send(receiver.url, "{}", {})
        assert (result.status, len(result.answer)) == (200, sender.MAX_ANSWER_BYTES)

    def test_an_answer_that_drips_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sender, "MAX_SECONDS", 1.0)
        with receiving() as receiver:
            receiver.status, receiver.body, receiver.drip_seconds = 200, b"x" * 1000, 0.1
            started = time.monotonic()
            result = send(receiver.url, "{}", {})
        assert result.status is None
        assert time.monotonic() - started < 5
