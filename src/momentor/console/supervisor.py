"""Keeps a site's processes alive, and stops them in order.

One small process owns the database, the listening sockets, and two sorts of children: web and worker. A child that
dies is started again, a little later each time; the sockets stay open meanwhile, so visitors wait instead of being
refused. Should this process be killed itself, Linux takes all others down with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from momentor.console.trouble import Trouble
from momentor.foundation.postgres import LocalPostgres, PostgresTrouble, die_with_parent

LONGEST_WAIT = 30.0  # seconds between a child's death and its next start
SETTLED = 60.0  # seconds after which a child counts as well
PATIENCE = {"web": 15.0, "worker": 25.0}  # seconds to finish what they are at
TRIES_BEFORE_READY = 3
RELEASE_OF_PORT = 3.0  # seconds that a killed predecessor may need to let go of it


@dataclass
class Child:
    """A process we keep alive."""

    kind: str
    command: Sequence[str]
    sockets: Sequence[socket.socket] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    next_start: float = 0.0

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, log: IO[bytes] | None) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[each.fileno() for each in self.sockets],
            start_new_session=True,  # Ctrl-C in the terminal is for us, who stop them in order
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - this process has one thread
        )

    def mourn(self) -> None:
        """Note a death, and when to start again."""
        self.process = None
        self.deaths = 1 if time.monotonic() - self.started_at > SETTLED else self.deaths + 1
        self.next_start = time.monotonic() + min(LONGEST_WAIT, 0.25 * 2 ** (self.deaths - 1))

    def stop(self, patience: float, is_urgent: Callable[[], bool]) -> None:
        """Ask the process to end, and end it when it takes longer than that."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + patience
        while self.process.poll() is None:
            if time.monotonic() > deadline or is_urgent():
                self.process.kill()
                self.process.wait()
            time.sleep(0.02)
        self.process = None


@dataclass
class Supervisor:
    """A site in operation."""

    children: list[Child]
    probe: tuple[str, int] | None = None
    postgres: LocalPostgres | None = None
    log_path: Path | None = None
    ready: Callable[[], None] = lambda: None
    forget: Callable[[int], None] = lambda _process: None
    _requests_to_stop: int = 0
    _is_ready: bool = False
    _wake: tuple[int, int] = field(default=(-1, -1))
    _next_database_start: float = 0.0

    def run(self) -> int:
        """Run until Ctrl-C or SIGTERM. Raises Trouble where the site cannot start."""
        with self._listening_to_signals(), self._log() as log:
            try:
                while not self._requests_to_stop:
                    self._keep_database()
                    self._keep_children(log)
                    self._look_whether_ready()
                    self._sleep()
            finally:
                self._stop()
        return 0

    def _keep_database(self) -> None:
        if self.postgres is None or _is_alive(self.postgres) or time.monotonic() < self._next_database_start:
            return
        try:
            self.postgres.start()
        except PostgresTrouble as trouble:
            if not self._is_ready:
                raise
            self._next_database_start = time.monotonic() + 1
            _say(str(trouble))

    def _keep_children(self, log: IO[bytes] | None) -> None:
        for child in self.children:
            if child.process is not None and not child.lives:
                status = child.process.returncode
                self.forget(child.process.pid)
                child.mourn()
                if not self._is_ready and child.deaths >= TRIES_BEFORE_READY:
                    raise Trouble(f"The {child.kind} process does not start.{self._end_of_log()}")
                _say(f"The {child.kind} process ended ({_how(status)}) and is started again.")
            # The first page comes sooner when the worker does not load beside it.
            is_its_turn = self._is_ready or child.kind == "web"
            if child.process is None and is_its_turn and time.monotonic() >= child.next_start:
                child.start(log)

    def _look_whether_ready(self) -> None:
        if not self._is_ready and (self.probe is None or _answers(self.probe)):
            self._is_ready = True
            self.ready()

    def _sleep(self) -> None:
        waiting = not self._is_ready or any(child.process is None for child in self.children)
        select.select([self._wake[0]], [], [], 0.05 if waiting else 2.0)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake[0], 1024)

    def _stop(self) -> None:
        """Stop web processes, then the worker, then the database, so that each can still finish what it is at."""
        for kind in ("web", "worker"):
            for child in self.children:
                if child.kind == kind and child.lives and child.process:
                    child.process.send_signal(signal.SIGTERM)
            for child in self.children:
                if child.kind == kind:
                    child.stop(PATIENCE[kind], lambda: self._requests_to_stop > 1)
        if self.postgres is not None:
            self.postgres.stop()

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        read, write = os.pipe()
        os.set_blocking(read, False)
        os.set_blocking(write, False)
        self._wake = (read, write)
        before = {
            number: signal.signal(number, self._note)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
        }
        wakeup = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(read)
            os.close(write)

    def _note(self, number: int, _: object) -> None:
        if number != signal.SIGCHLD:
            self._requests_to_stop += 1
            if self._requests_to_stop == 1:
                _say("Stopping …")

    @contextmanager
    def _log(self) -> Iterator[IO[bytes] | None]:
        if self.log_path is None:
            yield None
            return
        if self.log_path.exists():
            self.log_path.replace(self.log_path.with_suffix(".log.before"))
        with self.log_path.open("wb") as log:
            yield log

    def _end_of_log(self) -> str:
        if self.log_path is None:
            return ""
        lines = self.log_path.read_text(errors="replace").splitlines()
        return f" Its log {self.log_path} ends:\n" + "\n".join(lines[-12:])


def open_sockets(host: str, port: int) -> list[socket.socket]:
    """Listen at every address of this host. Raises Trouble where the port is taken or the host is not ours."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise Trouble(f"{host} is no address of this machine: {error.strerror}.") from error
    sockets: list[socket.socket] = []
    for family, _, _, _, address in dict.fromkeys(found):
        listening = _listen(family, address, must=not sockets)
        if listening:
            sockets.append(listening)
            port = listening.getsockname()[1]
    return sockets


def _listen(family: int, address: tuple[object, ...], *, must: bool) -> socket.socket | None:
    deadline = time.monotonic() + RELEASE_OF_PORT
    while True:
        try:
            listening = socket.socket(family, socket.SOCK_STREAM)
        except OSError:  # a machine without IPv6
            return None
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listening.bind(address)
            listening.listen(2048)
            listening.setblocking(False)
            return listening
        except PermissionError:
            listening.close()
            raise Trouble(f"Port {address[1]} is for administrators only. Choose one above 1023: --port 8000") from None
        except OSError:
            listening.close()
            if not must:
                return None
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Port {address[1]} is in use by another program. Stop that, or choose another port: --port "
                    f"{int(str(address[1])) + 1}"
                ) from None
            time.sleep(0.2)


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder for this process. Raises Trouble where another one serves from it."""
    with (data / "serving").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "another process"
            raise Trouble(f"The site in {data} is being served already, by {where}.") from None
        yield
        lock.truncate(0)


def sign_in_book(data: Path, address: str) -> None:
    """Say in the held folder who serves and where, for whoever comes second."""
    (data / "serving").write_text(f"process {os.getpid()} at {address}\n")


def _is_alive(postgres: LocalPostgres) -> bool:
    """Say whether the server still runs, ours or one that another command started."""
    if postgres.process is not None:
        return postgres.process.poll() is None
    try:
        number = int((postgres.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(number, 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _answers(probe: tuple[str, int]) -> bool:
    asked = http.client.HTTPConnection(*probe, timeout=2)
    try:
        asked.request("GET", "/readyz", headers={"Host": "localhost"})
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _how(status: int | None) -> str:
    if status is None or status >= 0:
        return f"exit code {status}"
    return signal.Signals(-status).name


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
