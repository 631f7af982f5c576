"""What `demo` and `serve` have in common: from a prepared site to running processes."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from momentor.console.site import Site
from momentor.console.supervisor import Child, Supervisor
from momentor.foundation.postgres import LocalPostgres


def add_where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, default=8000, help="8000 unless you say otherwise")
    parser.add_argument("--host", default="localhost", help="who may connect: localhost, or 0.0.0.0 for every network")
    parser.add_argument("--processes", type=at_least_one, default=1, metavar="N", help="web processes: one a core")


def port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("give a number from 1 to 65535")
    return int(text)


def at_least_one(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a whole number, 1 or more")
    return int(text)


def supervise(
    site: Site,
    sockets: list[socket.socket],
    postgres: LocalPostgres | None,
    *,
    processes: int,
    with_worker: bool = True,
    log: Path | None = None,
    ready: Callable[[], None],
) -> int:
    """Serve the site until it is told to stop, and return the exit code."""
    counts = share_counts(site.data) if processes > 1 else None
    descriptors = [str(each.fileno()) for each in sockets]
    web = [sys.executable, "-m", "momentor.console.web", *descriptors]
    worker = [sys.executable, "-m", "momentor.console.main", "worker", "--data", str(site.data)]
    children = [Child("web", web, sockets) for _ in range(processes)]
    if with_worker:
        children.append(Child("worker", worker))
    probe = sockets[0].getsockname()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(probe[0], probe[0])  # noqa: S104 - the place to ask, not to listen
    return Supervisor(
        children=children,
        probe=(host, probe[1]),
        postgres=postgres,
        log_path=log,
        ready=ready,
        forget=lambda process: forget_counts(counts, process),
    ).run()


def share_counts(data: Path) -> Path:
    """Let the processes started from here count for Prometheus into one folder, so that any of them answers for all."""
    folder = data / "metrics"
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return folder


def forget_counts(folder: Path | None, process: int) -> None:
    """Forget what is only so while a process lives; what it has counted stays counted."""
    if folder is not None:
        for gauge in folder.glob(f"gauge_live*_{process}.db"):
            gauge.unlink(missing_ok=True)


def is_debugging() -> bool:
    return os.environ.get("MOMENTOR_DEBUG", "").lower() in {"1", "yes", "true", "on"}
