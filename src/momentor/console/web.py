"""One web process: the site's ASGI application on sockets that the supervisor opened. Started by it alone."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from importlib import import_module
from typing import Any

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[None]]], Awaitable[None]]


class BehindProxy:
    """Believes the one proxy in front: what it says last about where a visitor comes from, and by which scheme."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] in {"http", "websocket"}:
            headers = dict(scope["headers"])
            # A visitor may send the header too; what counts is the address that the proxy put at the end.
            visitor = headers.get(b"x-forwarded-for", b"").decode("latin-1").rsplit(",", 1)[-1].strip()
            if visitor:
                scope["client"] = (visitor, 0)
            if headers.get(b"x-forwarded-proto", b"").strip() == b"https":
                scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"
        await self.application(scope, receive, send)


def main(descriptors: Sequence[str]) -> None:
    """Serve on these inherited sockets until SIGTERM, then let the open requests end."""
    import uvicorn

    # Django is set up by this import.
    from momentor.project import asgi

    application: Application = asgi.application
    # Every view is loaded now, so that being ready means answering at once.
    import_module("momentor.project.urls")
    if os.environ.get("MOMENTOR_BEHIND_PROXY", "").lower() in {"1", "yes", "true", "on"}:
        application = BehindProxy(application)
    config = uvicorn.Config(
        application,
        **asgi.UVICORN,
        proxy_headers=False,
        server_header=False,
        access_log=False,  # the site logs its pages itself, without addresses that hold secrets
        log_config=None,
    )
    uvicorn.Server(config).run([socket.socket(fileno=int(descriptor)) for descriptor in descriptors])


if __name__ == "__main__":
    main(sys.argv[1:])
