"""Where a visitor comes from: limits by address hold for each visitor, with a proxy in front and without."""

import asyncio
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.test import Client, RequestFactory

from momentor.project.proxy import BehindProxies
from tests.cast import page

PROXY = "172.18.0.2"  # as in a network of containers: not this machine
WRONG_A_MINUTE = 10


def seen_through(proxies: int, *forwarded: str, peer: str = PROXY, **more: str) -> dict[str, Any]:
    """Return what the site sees of a request that this peer passed on with these lines of X-Forwarded-For."""
    seen: list[dict[str, Any]] = []

    async def site(scope: Any, receive: Any, send: Any) -> None:
        seen.append(dict(scope))

    lines = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    lines += [(name.replace("_", "-").encode(), value.encode()) for name, value in more.items()]
    scope = {"type": "http", "scheme": "http", "client": (peer, 40000), "headers": lines}
    application = BehindProxies(site, proxies=proxies) if proxies else site
    asyncio.run(application(scope, None, None))
    return seen[0]


def visitor(proxies: int, *forwarded: str) -> Client:
    """Return a browser whose requests reach Django as the site sees them."""
    address = seen_through(proxies, *forwarded)["client"][0]
    return Client(REMOTE_ADDR=address, headers={"X-Forwarded-For": ", ".join(forwarded)})


def is_held_up(client: Client, whose: str) -> bool:
    """Give a wrong password, and return whether the site says to wait instead of looking at it."""
    sent = {"login": f"{whose}@example.org", "password": "not the right one"}
    content = client.post(page("account_login"), sent).content.decode()
    assert "Too many failed" in content or "not correct" in content
    return "Too many failed" in content


@pytest.mark.usefixtures("organisation")
def test_who_claims_another_address_each_time_is_still_held_up() -> None:
    tries = [is_held_up(visitor(1, f"198.51.100.{number}", "203.0.113.9"), f"a{number}") for number in range(12)]

    assert tries == [False] * WRONG_A_MINUTE + [True] * 2


@pytest.mark.usefixtures("organisation")
def test_one_visitor_behind_the_proxy_does_not_lock_out_another() -> None:
    tries = [is_held_up(visitor(1, "203.0.113.9"), f"a{number}") for number in range(11)]

    assert tries[-1]
    assert not is_held_up(visitor(1, "203.0.113.10"), "b")


@pytest.mark.usefixtures("organisation")
def test_without_the_setting_the_header_is_ignored() -> None:
    tries = [is_held_up(visitor(0, f"198.51.100.{number}"), f"a{number}") for number in range(11)]

    assert tries[-1]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["10.0.0.1, 203.0.113.9"], "203.0.113.9"),
        (1, ["10.0.0.1", "203.0.113.9"], "203.0.113.9"),  # in two lines
        (2, ["10.0.0.1, 203.0.113.9, 192.0.2.7"], "203.0.113.9"),
        (2, ["192.0.2.7"], PROXY),  # came past the first of the two
        (1, ["2001:db8::1"], "2001:db8::1"),
        (1, ["203.0.113.9:51000"], "203.0.113.9"),
        (1, ["[2001:db8::1]:51000"], "2001:db8::1"),
        (1, ["unknown"], PROXY),
        (1, [], PROXY),
        (0, ["203.0.113.9"], PROXY),
    ],
)
def test_the_entries_of_our_own_proxies_count_and_no_others(proxies: int, forwarded: list[str], expected: str) -> None:
    address = seen_through(proxies, *forwarded)["client"][0]
    request = RequestFactory(REMOTE_ADDR=address, headers={"X-Forwarded-For": ", ".join(forwarded)}).get("/")

    assert address == expected
    assert get_adapter().get_client_ip(request) == expected  # allauth reads no header of its own accord


@pytest.mark.parametrize(("proxies", "scheme"), [(1, "https"), (0, "http")])
def test_the_scheme_is_believed_where_there_is_a_proxy(proxies: int, scheme: str) -> None:
    assert seen_through(proxies, x_forwarded_proto="https")["scheme"] == scheme
