"""One web process: the site's ASGI application on sockets that the supervisor opened. Started by it alone."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from importlib import import_module


def main(descriptors: Sequence[str]) -> None:
    """Serve on these inherited sockets until SIGTERM, then let the open requests end."""
    import uvicorn

    # Django is set up by this import.
    from momentor.project import asgi

    # Every view is loaded now, so that being ready means answering at once.
    import_module("momentor.project.urls")
    config = uvicorn.Config(
        asgi.application,
        **asgi.UVICORN,
        server_header=False,
        access_log=False,  # the site logs its pages itself, without addresses that hold secrets
        log_config=None,
    )
    uvicorn.Server(config).run([socket.socket(fileno=int(descriptor)) for descriptor in descriptors])


if __name__ == "__main__":
    main(sys.argv[1:])
