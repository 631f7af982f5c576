"""Where a visitor comes from, when proxies stand in front: read once, before anything else sees the request."""

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[None]]], Awaitable[None]]


class BehindProxies:
    """Believes so many proxies in front: what they wrote about where a visitor comes from, and by which scheme.

    Each proxy adds the address that it saw to the end of X-Forwarded-For. A visitor may send the header too, so what
    stands before the entries of our own proxies is never read.
    """

    def __init__(self, application: Application, *, proxies: int) -> None:
        self.application = application
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] in {"http", "websocket"}:
            forwarded = _entries(scope, b"x-forwarded-for")
            visitor = _address(forwarded[-self.proxies]) if len(forwarded) >= self.proxies else None
            if visitor is not None:
                scope["client"] = (visitor, 0)
            if _entries(scope, b"x-forwarded-proto")[-self.proxies :][:1] == ["https"]:
                scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"
        await self.application(scope, receive, send)


def _entries(scope: Scope, name: bytes) -> list[str]:
    """Return the entries of a header that may come in several lines, in their order."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]


def _address(entry: str) -> str | None:
    """Return an entry as an address; some proxies write the port behind it. None where it is none."""
    for text in (entry, entry.rpartition(":")[0].strip("[]")):
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            continue
    return None
