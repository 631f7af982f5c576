"""A site in real processes on a folder of its own, for tests that kill things."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg

from momentor.foundation.postgres import LocalPostgres

ROOT = Path(__file__).resolve().parents[1]
OURS = ("MOMENTOR_", "DATABASE_")
# For sites where one person asks all day.
MANY = {"MOMENTOR_QUESTIONS_A_DAY": "100000", "MOMENTOR_OPEN_QUESTIONS": "100000"}


def environment(**more: str) -> dict[str, str]:
    """Return an environment without the settings of the test run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), **more}


def momentor(*arguments: str | Path, told: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "momentor.console.main", *map(str, arguments)],
        env=environment(**more),
        cwd=ROOT,
        input=told,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def eventually(what: Callable[[], object], seconds: float = 60) -> None:
    """Wait until this is so. Raises AssertionError when it never is."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"not so after {seconds} s: {what.__doc__ or what.__name__}"
        time.sleep(0.05)


class SiteProcess:
    """`momentor demo` or `serve` on a folder, from start to Ctrl-C."""

    def __init__(self, data: Path, word: str = "demo", port: int | None = None) -> None:
        self.data = data
        self.word = word
        self.port = port or free_port()
        self.said = data.parent / f"{word}-{self.port}.out"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True, more: Mapping[str, str] | None = None) -> Self:
        command = [sys.executable, "-m", "momentor.console.main", self.word]
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), "--data", str(self.data)],
                env=environment(**(more or {})),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while "is ready" not in self.said.read_text():
            assert self.process is not None
            assert self.process.poll() is None, self.said.read_text() + self.log
            assert time.monotonic() < deadline, self.said.read_text() + self.log
            time.sleep(0.05)

    @property
    def log(self) -> str:
        path = self.data / "momentor.log"
        return path.read_text() if path.exists() else ""

    @property
    def main(self) -> psutil.Process:
        assert self.process is not None
        return psutil.Process(self.process.pid)

    def child(self, kind: str, seconds: float = 60) -> psutil.Process:
        """Return the web, worker or postgres process, as soon as there is one."""
        deadline = time.monotonic() + seconds
        while not (found := [each for each in self.main.children() if _kind_of(each) == kind]):
            assert time.monotonic() < deadline, f"no {kind} process: {self.said.read_text()}{self.log}"
            time.sleep(0.05)
        return found[0]

    def all_processes(self) -> list[psutil.Process]:
        return [self.main, *self.main.children(recursive=True)]

    def get(self, path: str) -> int:
        """Return the status of a page, or 0 where nobody answers."""
        asked = http.client.HTTPConnection("localhost", self.port, timeout=30)
        try:
            asked.request("GET", path)
            return asked.getresponse().status
        except OSError:
            return 0
        finally:
            asked.close()

    def database(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Connect as the database's superuser, who sees every row."""
        return psycopg.connect(LocalPostgres(self.data / "postgres").superuser_url("momentor"), autocommit=True)

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop as the terminal does, and return the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def _kind_of(process: psutil.Process) -> str:
    try:
        command = process.cmdline()
    except psutil.Error:
        return "gone"
    if "momentor.console.web" in command:
        return "web"
    if "worker" in command:
        return "worker"
    return "postgres" if command and command[0].endswith("/postgres") else "other"
