"""Calling other computers: only public ones, so that nobody makes us knock at doors inside our own house.

An address that people give us (a push service, a hook, a feed) may name this machine, a neighbour, or the service that
hands out a cloud's passwords. The name is looked up once, every answer must be a public address, and the connection
goes to the address that was checked, not to whatever the name says a moment later. Redirects are not followed, and no
proxy from the environment is asked. Where the host of the site wrote an address themselves, it may lead inside
(`in_house`).
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 15.0
MOST_READ = 100_000
# Prefixes that carry an IPv4 address inside: NAT64 and 6to4.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotPublic(Exception):
    """The address leads somewhere that we do not call, or is none."""


class TryAgainLater(Exception):
    """The other side cannot be reached or is busy: another try may do."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the other side said."""

    status: int
    headers: dict[str, str]
    body: bytes


def post(
    url: str,
    *,
    body: bytes,
    headers: dict[str, str],
    timeout: float = TIMEOUT,
    most: int = MOST_READ,
    in_house: bool = False,
) -> Answer:
    """Send a body to a public https address, or to any if it is `in_house`; read at most so many bytes of the answer.

    Raises NotPublic, TryAgainLater.
    """
    host, port, path = check_address(url, in_house=in_house)
    is_plain = url.lower().startswith("http:")
    connection = (_Plain if is_plain else _Encrypted)(host, port, timeout=timeout)
    connection.in_house = in_house
    try:
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=response.read(most),
        )
    except ssl.SSLCertVerificationError as wrong:
        raise NotPublic(f"{host} shows no valid certificate") from wrong
    except (OSError, http.client.HTTPException) as trouble:
        raise TryAgainLater(f"{host} cannot be reached: {type(trouble).__name__}") from trouble
    finally:
        connection.close()


def check_address(url: str, *, in_house: bool = False) -> tuple[str, int, str]:
    """Return host, port and path of an address that may be called, as far as its text tells. Raises NotPublic."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise NotPublic("this is not an address") from wrong
    is_ours = in_house or _is_allowed(host)
    if parts.scheme != "https" and not (is_ours and parts.scheme == "http"):
        raise NotPublic("only https addresses are called")
    if not host or parts.username is not None or parts.password is not None:
        raise NotPublic("an address needs a host, and no name or password")
    if any(character <= " " or character == "\x7f" for character in url):
        raise NotPublic("an address has no blanks")
    path = parts.path or "/"
    return host, port or (443 if parts.scheme == "https" else 80), f"{path}?{parts.query}" if parts.query else path


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _checked_addresses(host: str, port: int, *, in_house: bool) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        raise TryAgainLater(f"{host} has no address at the moment") from trouble
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses or not (in_house or _is_allowed(host) or all(is_public(one) for one in addresses)):
        raise NotPublic(f"{host} is not on the public internet")
    return addresses


def _is_allowed(host: str) -> bool:
    """Return whether tests let this host be called though it is not public. Sites never set this."""
    return host in getattr(settings, "OUTGOING_ALSO_TO", ())


def _connect(host: str, port: int, timeout: float, *, in_house: bool) -> socket.socket:
    """Connect to one of the addresses that were checked, the next one where the first does not answer."""
    trouble: OSError | None = None
    for address in _checked_addresses(host, port, in_house=in_house):
        try:
            return socket.create_connection((str(address), port), timeout)
        except OSError as error:
            trouble = error
    assert trouble is not None
    raise trouble


class _Plain(http.client.HTTPConnection):
    in_house = False

    def connect(self) -> None:
        self.sock = _connect(self.host, self.port, float(self.timeout or TIMEOUT), in_house=self.in_house)


class _Encrypted(http.client.HTTPSConnection):
    in_house = False

    def connect(self) -> None:
        plain = _connect(self.host, self.port, float(self.timeout or TIMEOUT), in_house=self.in_house)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
