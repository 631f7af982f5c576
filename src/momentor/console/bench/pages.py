"""Measure the pages people see most: requests a second, delays, the server's CPU and the queries behind each.

In a throw-away site with the demo community and more members, one person with a busy life asks for the home page, the
page for asking, the shortlist and a room with a conversation in it. In the same run, a signed-in page of one line
behind the same middleware says what every page costs before it does anything.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from momentor.console.bench.pages_life import ONE_LINE, Life, make_life
from momentor.console.bench.throwaway import children_of, cpu_of, postmaster_of, this_machine, throwaway_site
from momentor.console.serving import at_least_one
from momentor.console.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from momentor.console.site import Site

EXAMPLE = "momentor bench pages --json"
TOO_MANY_QUERIES = 12
TIMES_ONE_LINE = 3.0
HELD = ("home", "ask")  # the pages that are held to both limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print figures for a program to read")
    parser.add_argument("--members", type=at_least_one, default=300, metavar="N", help="members: 300")
    parser.add_argument("--questions", type=at_least_one, default=400, metavar="N", help="answered questions: 400")
    parser.add_argument("--seconds", type=at_least_one, default=4, metavar="N", help="seconds a page and round: 4")
    parser.add_argument(
        "--rounds", type=at_least_one, default=3, metavar="N", help="rounds, of which the median counts"
    )
    parser.add_argument("--at-once", type=at_least_one, default=4, metavar="N", help="requests beside each other: 4")


def main(arguments: argparse.Namespace) -> int:
    with throwaway_site() as site:
        life = make_life(arguments.members, arguments.questions)
        queries = {name: _queries(path, life) for name, path in life.pages.items()}
        with _served(site) as (port, web):
            found = _measure(life, port, web, postmaster_of(site), arguments)
    result = {
        "machine": this_machine(),
        "members": life.members,
        "questions": life.questions,
        "requests_at_once": arguments.at_once,
        "seconds": arguments.seconds * arguments.rounds,
        "pages": {name: {**figures, "queries": queries[name]} for name, figures in found.items()},
    }
    for figures in result["pages"].values():
        figures["times_one_line"] = round(figures["server_cpu_ms"] / found[ONE_LINE]["server_cpu_ms"], 2)
    print(json.dumps(result, indent=1) if arguments.json else _as_table(result))
    return 0


# How it is asked for


@contextmanager
def _served(site: Site) -> Iterator[tuple[int, int]]:
    """Serve the site with one web process, and give its port and its process."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = int(listening.getsockname()[1])
    serve = (
        "import sys, uvicorn, socket; from momentor.console.bench.pages_web import application;"
        "from momentor.project.asgi import UVICORN;"
        "uvicorn.Server(uvicorn.Config(application, **UVICORN, access_log=False, log_config=None))"
        ".run([socket.socket(fileno=int(sys.argv[1]))])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", serve, str(listening.fileno())], pass_fds=[listening.fileno()], stdin=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)
        listening.close()


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if _get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/readyz", {})[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise Trouble("The web process to be measured does not answer.")


def _queries(path: str, life: Life) -> int:
    """Return how many statements one look at a page sends to the database, those that open the tenant included."""
    from django.db import connection
    from django.test import Client
    from django.urls import set_script_prefix

    from momentor.console.bench.pages_web import application  # noqa: F401 - it names the addresses

    client = Client(headers={"host": life.host})
    client.cookies["session"] = life.cookie
    counted: list[str] = []

    def count(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        counted.append(statement)
        return execute(statement, *rest)

    client.get(path)  # what the first look alone asks for, such as templates and content types
    with connection.execute_wrapper(count):
        answer = client.get(path)
    set_script_prefix("/")
    if answer.status_code != 200:
        raise Trouble(f"{path} answers {answer.status_code}.")
    return len(counted)


@dataclass
class Round:
    """What one page cost in one round."""

    seconds: float
    delays: list[float]
    web_cpu: float
    database_cpu: float
    size: int


def _measure(
    life: Life, port: int, web: int, database: int, arguments: argparse.Namespace
) -> dict[str, dict[str, Any]]:
    rounds: dict[str, list[Round]] = {name: [] for name in life.pages}
    for path in life.pages.values():
        _ask(path, life, port, seconds=1.0, at_once=arguments.at_once)
    for _number in range(arguments.rounds):
        # One page after the other in every round, so that a busy moment of the machine meets them all.
        for name, path in life.pages.items():
            before = cpu_of(web), _database_cpu(database)
            began = time.perf_counter()
            delays, size = _ask(path, life, port, seconds=arguments.seconds, at_once=arguments.at_once)
            took = time.perf_counter() - began
            after = cpu_of(web), _database_cpu(database)
            rounds[name].append(Round(took, delays, after[0] - before[0], after[1] - before[1], size))
            print(f"{name}: {len(delays) / took:.0f} a second", file=sys.stderr, flush=True)
    return {name: _figures(each) for name, each in rounds.items()}


def _database_cpu(postmaster: int) -> float:
    total = 0.0
    for process in children_of(postmaster):
        try:
            total += cpu_of(process)
        except OSError:  # it ended meanwhile
            continue
    return total


def _figures(rounds: list[Round]) -> dict[str, Any]:
    delays = sorted(delay for one in rounds for delay in one.delays)
    return {
        "requests_per_second": round(statistics.median(len(one.delays) / one.seconds for one in rounds), 1),
        "p50_ms": round(delays[len(delays) // 2] * 1000, 1),
        "p99_ms": round(delays[int(len(delays) * 0.99)] * 1000, 1),
        "server_cpu_ms": round(statistics.median(one.web_cpu / len(one.delays) for one in rounds) * 1000, 2),
        "database_cpu_ms": round(statistics.median(one.database_cpu / len(one.delays) for one in rounds) * 1000, 2),
        "bytes": rounds[0].size,
    }


def _ask(path: str, life: Life, port: int, *, seconds: float, at_once: int) -> tuple[list[float], int]:
    """Ask for a page again and again over connections that are kept; return the delays and the page's size."""
    delays: list[float] = []
    wrong: list[str] = []
    sizes: list[int] = []
    until = time.perf_counter() + seconds
    headers = {"Cookie": f"session={life.cookie}", "Host": life.host, "Accept-Language": "en"}

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (began := time.perf_counter()) < until and not wrong:
            status, size = _get(connection, path, headers)
            delays.append(time.perf_counter() - began)
            sizes.append(size)
            if status != 200:
                wrong.append(f"{path} answers {status}.")
        connection.close()

    visitors = [threading.Thread(target=visit) for _number in range(at_once)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    if wrong or not delays:
        raise Trouble(wrong[0] if wrong else f"{path} does not answer.")
    return delays, sizes[-1]


def _get(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> tuple[int, int]:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def _as_table(result: dict[str, Any]) -> str:
    """Return the figures as the table of docs/reference/performance.md."""
    machine = result["machine"]
    where = (
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, Python {machine['python']}, "
        f"load {machine['load_before']} before; {result['members']} members, {result['questions']} answered questions, "
        f"{result['requests_at_once']} requests at once"
    )
    lines = [
        where,
        "",
        "| Page | Requests a second | p50 ms | p99 ms | Server CPU ms | times one line | Database CPU ms | Queries |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, figures in result["pages"].items():
        columns = ["requests_per_second", "p50_ms", "p99_ms", "server_cpu_ms", "times_one_line", "database_cpu_ms"]
        cells = [name, *(str(figures[column]) for column in columns), str(figures["queries"])]
        lines.append(f"| {' | '.join(cells)} |")
    late = [
        f"{name} misses what it is held to"
        for name in HELD
        if result["pages"][name]["times_one_line"] > TIMES_ONE_LINE
        or result["pages"][name]["queries"] > TOO_MANY_QUERIES
    ]
    return "\n".join([*lines, *([""] if late else []), *late])
