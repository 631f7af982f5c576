"""Calling other computers: only public ones."""

import ipaddress
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from momentor.foundation import outgoing
from momentor.foundation.outgoing import NotPublic, TryAgainLater, check_address, is_public, post

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_an_address_outside_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://me:secret@example.org/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "nonsense",
        "",
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(NotPublic):
        check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data",
    ],
)
def test_nobody_makes_us_knock_at_doors_inside(url: str) -> None:
    with pytest.raises(NotPublic):
        post(url, body=b"", headers={}, timeout=2)


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_one_inner_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "93.184.215.14", "10.0.0.1")

    with pytest.raises(NotPublic):
        post("https://push.example.org/", body=b"", headers={})


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that says something else a moment later (DNS rebinding) leads nowhere."""
    asked: list[str] = []
    called: list[tuple[str, int]] = []

    def found(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: tuple[str, int], *_: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(TryAgainLater):
        post("https://push.example.org/", body=b"", headers={})
    assert asked == ["push.example.org"]
    assert called == [("93.184.215.14", 443)]


def test_a_name_without_an_address_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)

    with pytest.raises(TryAgainLater):
        post("https://push.example.org/", body=b"", headers={})


class Echo(BaseHTTPRequestHandler):
    """Answers what it was sent; sends those who ask for /away to an inner door."""

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302 if self.path == "/away" else 201)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_tests_may_allow_one_host_by_name(echo: str, settings: Any) -> None:
    with pytest.raises(NotPublic):
        post(echo, body=b"hello", headers={})
    settings.OUTGOING_ALSO_TO = ("127.0.0.1",)

    answer = post(echo, body=b"hello", headers={})

    assert (answer.status, answer.body) == (201, b"hello")


def test_redirects_are_not_followed(echo: str, settings: Any) -> None:
    settings.OUTGOING_ALSO_TO = ("127.0.0.1",)

    assert post(f"{echo}/away", body=b"hello", headers={}).status == 302


def test_the_site_itself_allows_nothing() -> None:
    from momentor.project import settings

    assert not hasattr(settings, "OUTGOING_ALSO_TO")
    assert outgoing.MOST_READ < 1_000_000
