"""The site as a host runs it: `momentor serve` with its web process and its worker, for browsers to visit."""

import email
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TypeVar

import httpx
import psutil
import pytest
from django.db import connection

from momentor.console import keys
from momentor.people.models import Organisation
from tests.live_server import a_free_port

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src/momentor/web/static/built"
KEPT = ROOT / "var/tests/served"
COLLECTED = ("static", "migrations.json")
BETWEEN_MAILS = "-" * 79

Found = TypeVar("Found")


def until(found: Callable[[], Found], what: str, *, seconds: float = 15, pause: float = 0.05) -> Found:
    """Return what the function finds, as soon as it finds something; between two looks is a pause, in seconds."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s for {what}")
        time.sleep(pause)
    return result


class Served:
    """A running site: where it is, what it mails, and how time passes in it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = a_free_port()
        self.url = f"http://localhost:{self.port}"
        self.mails = data / "mails"
        self.log = data / "served.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until the worker has begun as well."""
        if not (BUILT / "app.css").exists():
            pytest.exit(f"The front end is not built: {BUILT} is empty. Run python3 run.py build, or run.py test.")
        self.mails.mkdir(parents=True, exist_ok=True)
        _bring(KEPT, self.data)
        keys.make_keys(self.data / "keys")
        command = ["-m", "momentor.console.main", "serve", "--data", str(self.data), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={
                    **os.environ,
                    "PYTHONPATH": f"{ROOT}/src",
                    "MOMENTOR_URL": self.url,
                    "MOMENTOR_MAIL_URL": f"file://{self.mails}",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            until(self.is_up, "the web process", seconds=180)
            httpx.get(f"{self.url}/accounts/login/", timeout=60)  # the first page waits for every import
            until(lambda: "The worker is at work" in self.log.read_text(), "the worker", seconds=60)
        except AssertionError as late:
            raise AssertionError(f"{late}; the site said:\n{self.end_of_log()}") from late
        _keep(KEPT, self.data)

    def stop(self) -> None:
        """Stop everything, as Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(60)

    def kill_web(self) -> None:
        """Kill the web process as a crash would; it is started again by whoever looks after it."""
        assert self._process is not None
        [web] = [
            child
            for child in psutil.Process(self._process.pid).children(recursive=True)
            if "momentor.console.web" in child.cmdline()
        ]
        web.kill()
        web.wait(10)

    def is_up(self) -> bool:
        return self._is_ready("/readyz")

    def _is_ready(self, path: str) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the site ended:\n{self.end_of_log()}"
        try:
            return httpx.get(self.url + path, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def end_of_log(self, lines: int = 40) -> str:
        """Return what the site said last, without the pages it counted."""
        said = self.log.read_text(errors="replace").splitlines()
        return "\n".join(line for line in said if " page" not in line[:60] or "error" in line.lower())[-lines * 160 :]

    # What time does

    def let_pass(self, organisation: Organisation, job: str) -> None:
        """Let the time come for which jobs of this name wait in an organisation."""
        assert self._hurry(organisation, job), f"no {job} waits"

    def _hurry(self, organisation: Organisation, job: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set scheduled_at = now() where status = 'todo' and scheduled_at > now()"
                " and task_name like %s and args->>'organisation_id' = %s returning id, queue_name",
                [f"%.{job}", str(organisation.pk)],
            )
            rows = cursor.fetchall()
            for number, _queue in rows:
                # What the queue itself says when a job is put in: the worker looks at once.
                said = f'{{"type": "job_inserted", "job_id": {number}}}'
                cursor.execute("select pg_notify('procrastinate_any_queue_v1', %s)", [said])
            return bool(rows)

    # What arrives in mailboxes

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the mails to this address, oldest first."""
        found = []
        for path in sorted(self.mails.glob("*.log")):
            for text in path.read_text(errors="replace").split(BETWEEN_MAILS):
                mail = email.message_from_string(text.strip(), policy=default)
                if address in str(mail["To"]):
                    found.append(mail)
        return found

    def mail_to(self, address: str, *, says: str, unread_in: Organisation | None = None) -> EmailMessage:
        """Wait for a mail to this address that says this, and return the newest such.

        Mails that wait whether their notice is read in an organisation are let go, as soon as they wait.
        """

        def fitting() -> list[EmailMessage]:
            if unread_in is not None:
                self._hurry(unread_in, "deliver")
            return [mail for mail in self.mails_to(address) if says in f"{mail['Subject']}\n{words_of(mail)}"]

        return until(fitting, f"a mail to {address} that says {says!r}")[-1]


def _bring(kept: Path, data: Path) -> None:
    """Begin with what an earlier run collected: what changed since is noticed by the site itself."""
    if kept.exists():
        with _alone(kept):
            subprocess.run(["cp", "-a", *(path for path in kept.iterdir() if path.name in COLLECTED), data], check=True)


def _keep(kept: Path, data: Path) -> None:
    """Keep for the next run what this one had to collect."""
    note = "static/collected.json"
    kept.mkdir(parents=True, exist_ok=True)
    with _alone(kept):
        if not (kept / note).exists() or (kept / note).read_text() != (data / note).read_text():
            for name in COLLECTED:
                shutil.rmtree(kept / name, ignore_errors=True)
                subprocess.run(["cp", "-a", data / name, kept], check=True)


@contextmanager
def _alone(kept: Path) -> Iterator[None]:
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def words_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    plain = mail.get_body(("plain",))
    return plain.get_content() if plain is not None else ""


def links_in(mail: EmailMessage) -> list[str]:
    """Return the links in the plain text of a mail."""
    return re.findall(r"https?://\S+", words_of(mail))
