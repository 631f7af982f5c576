"""Give every test run a database of its own, before pytest-django reads the settings.

Migrations run once, into a cluster that is kept in `var/tests` and named by what it was made from. A run
copies that cluster, starts a server on the copy, and clones the migrated database once for each worker; the server
dies with the run. Tests connect as the web role, as the site does, so row-level security holds in them.

MOMENTOR_TEST_DATABASE_URL, the address of a superuser on another server, is used instead where it is set.
Runs of `tests/pure` alone start no server.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql

from momentor.foundation.postgres import FORGETFUL, OWNER, WEB, LocalPostgres, PostgresTrouble, Server

ROOT = Path(__file__).resolve().parent.parent
PURE = ROOT / "tests" / "pure"
KEPT = ROOT / "var" / "tests"
NOWHERE = "postgresql://nobody@/nothing?host=/nonexistent"
MADE_FROM = (
    "src/**/migrations/*",
    "src/momentor/foundation/*.py",
    "src/momentor/project/settings.py",
    "requirements.lock",
    "tests/early.py",
)

# Set by the controlling process for its workers.
SUPERUSER_URL = "MOMENTOR_TEST_SUPERUSER_URL"
TEMPLATE = "MOMENTOR_TEST_TEMPLATE"
RUN = "MOMENTOR_TEST_RUN"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    _forget_settings_of_this_machine()
    try:
        if not _needs_database(early_config):
            _point_at(NOWHERE, NOWHERE, KEPT / "nowhere")
        else:
            if not _is_worker():
                _start_server(early_config)
            if _is_worker() or not _has_workers(early_config):
                _clone_database(early_config)
            else:
                _point_at(NOWHERE, NOWHERE, KEPT / "nowhere")
    except PostgresTrouble as trouble:
        raise pytest.UsageError(str(trouble)) from trouble
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    # A busy machine is no fault of an example; and the same examples every time make a failure one that stays.
    slow = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large]
    hypothesis.settings.register_profile("calm", deadline=None, derandomize=True, suppress_health_check=slow)
    hypothesis.settings.load_profile("calm")
    # Registered this late, it comes after pytest-django, whose fixture it replaces.
    config.pluginmanager.register(_ReadyDatabase(), "tests.early.ready_database")


def pytest_report_header() -> str:
    if SUPERUSER_URL not in os.environ:
        return "database: none"
    with psycopg.connect(os.environ[SUPERUSER_URL]) as db:
        missing = Server(os.environ[SUPERUSER_URL]).missing_extensions()
        lacks = f", WITHOUT {', '.join(missing)}: tests that need them are skipped" if missing else ""
        return f"database: PostgreSQL {db.info.parameter_status('server_version')}{lacks}"


class _ReadyDatabase:
    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls) -> None:
        """The database is there and migrated already: nothing is made and nothing is thrown away."""


def _forget_settings_of_this_machine() -> None:
    for name in list(os.environ):
        if name.startswith("MOMENTOR_") and not name.startswith("MOMENTOR_TEST_") and name != "MOMENTOR_CHROMIUM":
            del os.environ[name]
    os.environ["MOMENTOR_SECRET_KEY"] = "a key that signs nothing but what tests sign"
    os.environ["MOMENTOR_LOG_FORMAT"] = "plain"
    for work in ("MOMENTOR_READ_MEANING", "MOMENTOR_LEARN"):  # for every site that is started; some tests want it
        os.environ[work] = "no"


def _needs_database(config: pytest.Config) -> bool:
    given = config.known_args_namespace
    if given.help or given.version or given.collectonly:
        return False
    paths = [Path(str(path).split("::")[0]).resolve() for path in given.file_or_dir]
    return not paths or not all(path.is_relative_to(PURE) for path in paths)


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _has_workers(config: pytest.Config) -> bool:
    given = config.known_args_namespace
    return bool(getattr(given, "numprocesses", None) or getattr(given, "tx", None))


def _start_server(config: pytest.Config) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    key = _key()
    run = KEPT / "runs" / str(os.getpid())
    os.environ[TEMPLATE] = f"momentor_template_{key}"
    os.environ[RUN] = str(run)
    outside = os.environ.get("MOMENTOR_TEST_DATABASE_URL")
    with _locked(KEPT / "lock"):
        _remove_dead_runs(run.parent)
        run.mkdir(parents=True)
        config.add_cleanup(lambda: shutil.rmtree(run, ignore_errors=True))
        if outside:
            _make_template(Server(outside))
        else:
            subprocess.run(["cp", "-a", _migrated_cluster(key), run / "postgres"], check=True)
    if outside:
        os.environ[SUPERUSER_URL] = outside
    else:
        server = LocalPostgres(run / "postgres", conf=FORGETFUL).start()
        config.add_cleanup(server.stop)
        os.environ[SUPERUSER_URL] = server.superuser_url()


def _migrated_cluster(key: str) -> Path:
    """Return a stopped cluster with the migrated template in it, made now if there is none for this code."""
    kept = KEPT / key
    if not kept.exists():
        for older in sorted(KEPT.glob("[0-9a-f]" * 16), key=lambda path: path.stat().st_mtime)[:-2]:
            shutil.rmtree(older)
        unfinished = KEPT / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        with LocalPostgres(unfinished, conf=FORGETFUL) as server:
            _make_template(server)
        unfinished.rename(kept)
    return kept


def _make_template(server: Server) -> None:
    template, unfinished = os.environ[TEMPLATE], f"{os.environ[TEMPLATE]}_unfinished"
    if server.has_database(template):
        return
    server.drop_database(unfinished)
    server.prepare(unfinished)
    owner = server.url(OWNER, unfinished)
    migrated = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "momentor.project.settings",
            "DATABASE_URL": owner,
            "DATABASE_OWNER_URL": owner,
        },
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if migrated.returncode:
        raise PostgresTrouble(f"The migrations failed:\n{migrated.stdout}")
    with psycopg.connect(server.url(OWNER, unfinished), autocommit=True) as db:
        # Between tests that commit, Django empties the tables.
        db.execute(sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(WEB)))
    server.rename_database(unfinished, template)


def _clone_database(config: pytest.Config) -> None:
    server = Server(os.environ[SUPERUSER_URL])
    mine = f"momentor_test_{os.getpid()}"
    server.drop_database(mine)
    server.create_database(mine, template=os.environ[TEMPLATE])
    _point_at(server.url(WEB, mine), server.url(OWNER, mine), Path(os.environ[RUN]) / f"site-{os.getpid()}")
    if "MOMENTOR_TEST_DATABASE_URL" in os.environ:
        config.add_cleanup(lambda: server.drop_database(mine))


def _point_at(web: str, owner: str, data: Path) -> None:
    os.environ["DATABASE_URL"] = web
    os.environ["DATABASE_OWNER_URL"] = owner
    os.environ["MOMENTOR_DATA"] = str(data)


def _key() -> str:
    hashed = hashlib.sha256()
    for path in sorted({path for pattern in MADE_FROM for path in ROOT.glob(pattern) if path.is_file()}):
        hashed.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return hashed.hexdigest()[:16]


def _remove_dead_runs(runs: Path) -> None:
    """Remove what killed runs left behind; their servers died with them."""
    for run in runs.glob("*"):
        if run.name.isdigit() and not _lives(int(run.name)):
            shutil.rmtree(run, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != os.getpid()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
