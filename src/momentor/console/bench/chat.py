"""Measure live rooms: deliveries a second, how long each takes, and what they cost in processor and memory.

In a throw-away site people sit in rooms of two and write. The site stores each message, in order and for its two
people only, before anybody sees it. In the same run, the same hub without a database and a bare WebSocket that only
echoes say what all of that costs.
"""

from __future__ import annotations

import argparse
import json
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from momentor.console.bench.throwaway import (
    children_of,
    cpu_of,
    postmaster_of,
    taken_by_others,
    this_machine,
    throwaway_site,
)
from momentor.console.serving import at_least_one
from momentor.console.trouble import Trouble

if TYPE_CHECKING:
    from momentor.console.site import Site

EXAMPLE = "momentor bench chat --json"
KINDS = ("echo", "memory", "site")
PACE = 1000
TIMES_MEMORY = 4.0
P99_MS = 10.0
IDLE_MB = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print figures for a program to read")
    parser.add_argument("--connected", type=at_least_one, nargs="+", default=[100, 1000], metavar="N", help="100 1000")
    parser.add_argument("--idle", type=int, default=10_000, metavar="N", help="idle sockets, 0 for none: 10000")
    parser.add_argument("--seconds", type=at_least_one, default=5, metavar="N", help="seconds a figure and round: 5")
    parser.add_argument("--rounds", type=at_least_one, default=3, metavar="N", help="rounds, the median counts: 3")


def main(arguments: argparse.Namespace) -> int:
    _allow_open_files(arguments.idle + 1000)
    with throwaway_site() as site:
        from momentor.console.bench.chat_life import make_rooms

        places = make_rooms(max(arguments.connected))
        rounds = [_round(site, places, arguments) for _number in range(arguments.rounds)]
        result: dict[str, Any] = {"machine": this_machine(), "rounds": arguments.rounds, "seconds": arguments.seconds}
        result["rooms"] = _medians(rounds)
        if arguments.idle:
            result["idle"] = _idle(site, places, arguments.idle)
    result["held"] = _held(result)
    print(json.dumps(result, indent=1) if arguments.json else _as_table(result))
    return 0


# One figure


Figures = dict[str, dict[str, dict[str, float]]]


def _round(site: Site, places: list[dict[str, Any]], arguments: argparse.Namespace) -> Figures:
    """Measure each kind once, so that a busy moment of the machine meets them all."""
    return {
        str(connected): {
            kind: _measure(site, kind, _places(places[:connected], kind), arguments.seconds) for kind in KINDS
        }
        for connected in arguments.connected
    }


def _measure(site: Site, kind: str, places: list[dict[str, Any]], seconds: int) -> dict[str, float]:
    with _served(kind) as (port, server), _people(port, places, answers=kind != "echo") as people:
        # An echo comes to one, a message to two.
        pace = PACE / (1 if kind == "echo" else 2)
        paced = _watch(site, server, people, {"do": "pace", "messages_a_second": pace, "seconds": seconds})
        at_once = min(len(places), 200)
        flat = _watch(site, server, people, {"do": "flat out", "seconds": seconds, "talkers": at_once})
        people.ask({"do": "end"})
    print(
        f"{kind}, {len(places)} connected: p50 {paced['p50_ms']:.1f} ms, p99 {paced['p99_ms']:.1f} ms,"
        f" {flat['deliveries_a_second']:.0f} a second; neighbours of this machine took {paced['taken_percent']:.1f} %",
        file=sys.stderr,
        flush=True,
    )
    return {
        "p50_ms": paced["p50_ms"],
        "p99_ms": paced["p99_ms"],
        "paced_a_second": paced["deliveries_a_second"],
        "taken_percent": paced["taken_percent"],
        "server_cpu_us": paced["server_cpu_us"],
        "database_cpu_us": paced["database_cpu_us"] if kind == "site" else 0.0,
        "most_a_second": flat["deliveries_a_second"],
        "server_cpu_us_at_most": flat["server_cpu_us"],
        "database_cpu_us_at_most": flat["database_cpu_us"] if kind == "site" else 0.0,
    }


def _watch(site: Site, server: int, people: People, what: dict[str, Any]) -> dict[str, float]:
    people.ask(what)
    people.hear()  # it begins to count when told
    before = cpu_of(server), _database_cpu(site), *taken_by_others()
    people.ask({"count": True})
    found = people.hear()
    after = cpu_of(server), _database_cpu(site), *taken_by_others()
    deliveries = found["deliveries"] or 1
    return {
        "deliveries_a_second": found["deliveries"] / found["seconds"],
        "p50_ms": found["p50_ms"] or 0.0,
        "p99_ms": found["p99_ms"] or 0.0,
        "server_cpu_us": (after[0] - before[0]) / deliveries * 1e6,
        "database_cpu_us": (after[1] - before[1]) / deliveries * 1e6,
        "taken_percent": 100 * (after[2] - before[2]) / max(after[3] - before[3], 1e-9),
    }


def _database_cpu(site: Site) -> float:
    total = 0.0
    for process in children_of(postmaster_of(site)):
        try:
            total += cpu_of(process)
        except OSError:  # it ended meanwhile
            continue
    return total


def _idle(site: Site, places: list[dict[str, Any]], count: int) -> dict[str, float]:
    """Return what very many pages cost that are open and silent."""
    many = [places[number % len(places)] for number in range(count)]
    with _served("site") as (port, server):
        with _people(port, _places(many[:10], "site"), answers=True) as few:  # what the first ones alone need
            few.ask({"do": "end"})
        time.sleep(1)
        before = _memory_of(server)
        began = time.monotonic()
        with _people(port, _places(many, "site"), answers=True) as people:
            took = time.monotonic() - began
            time.sleep(5)
            after = _memory_of(server)
            cpu = cpu_of(server)
            time.sleep(5)
            cpu = (cpu_of(server) - cpu) / 5
            people.ask({"do": "end"})
    return {
        "sockets": count,
        "seconds_to_connect": round(took, 1),
        "mb_before": round(before, 1),
        "mb_above": round(after - before, 1),
        "kb_each": round((after - before) * 1000 / count, 1),
        "cpu_percent": round(cpu * 100, 1),
    }


# The processes


class People:
    """The process that plays the people."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, what: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Trouble("The people who were to talk did not come; their reason is above.")
        heard: dict[str, Any] = json.loads(line)
        return heard


@contextmanager
def _people(port: int, places: list[dict[str, Any]], *, answers: bool) -> Iterator[People]:
    process = subprocess.Popen(
        [sys.executable, "-m", "momentor.console.bench.chat_load"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    people = People(process)
    try:
        people.ask(
            {"port": port, "places": [{**place, "host": f"localhost:{port}"} for place in places], "answers": answers}
        )
        people.hear()
        yield people
    finally:
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _served(kind: str) -> Iterator[tuple[int, int]]:
    """Serve one of the kinds with one web process, and give its port and its process."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
    port = int(listening.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "momentor.console.bench.chat_app", kind, str(listening.fileno())],
        pass_fds=[listening.fileno()],
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        listening.close()


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise Trouble("The web process to be measured does not answer.")


def _places(places: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    if kind == "site":
        return [{**place, "cookie": f"session={place['key']}"} for place in places]
    return [{**place, "cookie": f"person={place['person']}"} for place in places]


def _memory_of(process: int) -> float:
    """Return the megabytes that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _allow_open_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard) if hard > 0 else count, hard))
        except (ValueError, OSError) as error:
            raise Trouble(f"This needs {count} open files, and this machine allows {soft}.") from error


# What was found


def _medians(rounds: list[Figures]) -> Figures:
    def median(connected: str, kind: str, name: str) -> float:
        found = sorted(one[connected][kind][name] for one in rounds)
        return round(found[len(found) // 2], 2)

    return {
        connected: {kind: {name: median(connected, kind, name) for name in names} for kind, names in kinds.items()}
        for connected, kinds in rounds[0].items()
    }


def _held(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was to be reached, what was, and whether that is enough."""
    held = []
    for connected, kinds in result["rooms"].items():
        for name, label in (("server_cpu_us", "paced"), ("server_cpu_us_at_most", "flat out")):
            times = round(kinds["site"][name] / kinds["memory"][name], 2)
            held.append(
                _check(f"CPU a delivery, {connected} connected, {label}: times the hub in memory", times, TIMES_MEMORY)
            )
        held.append(
            _check(f"p99 ms at {PACE} deliveries a second, {connected} connected", kinds["site"]["p99_ms"], P99_MS)
        )
    if "idle" in result:
        held.append(_check(f"MB for {result['idle']['sockets']} idle sockets", result["idle"]["mb_above"], IDLE_MB))
    return held


def _check(what: str, found: float, limit: float) -> dict[str, Any]:
    return {"what": what, "found": found, "limit": limit, "is_held": found <= limit}


def _as_table(result: dict[str, Any]) -> str:
    """Return the figures as the tables of docs/reference/performance.md."""
    machine = result["machine"]
    where = (
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, Python {machine['python']}, "
        f"load {machine['load_before']}; rooms of two, {result['seconds']} s a figure, median of {result['rounds']}"
    )
    names = ["Connected", "Server", "p50 ms", "p99 ms", f"CPU us a delivery at {PACE}/s", "Database CPU us"]
    names += ["Taken by neighbours %"]
    names += ["Most deliveries/s", "CPU us then", "Database CPU us then"]
    columns = ["p50_ms", "p99_ms", "server_cpu_us", "database_cpu_us", "taken_percent"]
    columns += ["most_a_second", "server_cpu_us_at_most", "database_cpu_us_at_most"]
    lines = [where, "", f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for connected, kinds in result["rooms"].items():
        for kind, figures in kinds.items():
            lines.append(f"| {connected} | {kind} | {' | '.join(f'{figures[name]:.4g}' for name in columns)} |")
    if idle := result.get("idle"):
        silent = (
            f"{idle['sockets']} idle sockets: {idle['mb_above']} MB above {idle['mb_before']} MB ({idle['kb_each']} kB "
            f"each), connected in {idle['seconds_to_connect']} s, {idle['cpu_percent']} % of a core while silent."
        )
        lines += ["", silent]
    lines.append("")
    for one in result["held"]:
        lines.append(f"{'held' if one['is_held'] else 'MISSED'}: {one['what']}: {one['found']} of {one['limit']}")
    return "\n".join(lines)
