"""A real site from the console: made, looked at, backed up, lost, and brought back."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from momentor.foundation.postgres import OWNER, WEB, LocalPostgres, Server
from tests.site_process import environment, momentor

PASSWORD = "a long walk in the rain"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that `momentor init` made."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "password").write_text(f"{PASSWORD}\n")
    done = momentor(
        *("init", "--data", folder / "site", "--url", "https://mentors.example.org", "--json"),
        *("--organisation", "Example Mentors", "--admin-email", "Dana@Example.org", "--admin-name", "Dana"),
        *("--admin-password-file", folder / "password"),
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["organisation"], said["slug"], said["email"]) == (
        "Example Mentors",
        "example-mentors",
        "dana@example.org",
    )
    assert "password" not in said
    return folder / "site"


def ask_inside(site: Path, code: str) -> str:
    done = momentor("shell", "--data", site, "--at", "example-mentors", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_administrator_can_sign_in_and_runs_the_organisation(made: Path) -> None:
    said = ask_inside(
        made,
        "m = Membership.objects.get(); p = m.person;"
        f"print(p.name, p.is_superuser, p.check_password({PASSWORD!r}), m.is_coordinator, m.is_moderator)",
    )

    assert said == "Dana True True True True"


def test_a_second_init_changes_nothing(made: Path) -> None:
    before = {path: path.read_bytes() for path in sorted((made / "keys").iterdir())} | {
        path: path.read_bytes() for path in (made / "momentor.env", *sorted((made / "deploy").iterdir()))
    }

    again = momentor(
        "init", "--data", made, "--url", "https://other.example.org", "--organisation", "Another", "--json"
    )

    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout)
    assert said["is_there"] is True
    assert said["url"] == "https://mentors.example.org"
    assert said["deploy"] == []
    assert all(path.read_bytes() == content for path, content in before.items())


def test_the_systemd_unit_names_this_sites_folder(made: Path) -> None:
    unit = (made / "deploy" / "momentor.service").read_text()

    assert f"serve --data {made} --port 8000" in unit
    assert f"ReadWritePaths={made}" in unit
    assert "mentors.example.org" in (made / "deploy" / "Caddyfile").read_text()


def test_the_doctor_finds_a_new_site_well_but_for_what_is_not_there_yet(made: Path) -> None:
    looked = momentor("doctor", "--data", made, "--json")

    found = {check["name"]: check for check in json.loads(looked.stdout)["checks"]}
    assert {name for name, check in found.items() if check["state"] != "ok"} <= {"worker", "mail", "static"}
    assert found["worker"]["said"] == "no worker runs"
    assert found["worker"]["do"]
    assert set(found) == {
        *("settings", "database", "rights", "extensions", "migrations", "worker"),
        *("mail", "clock", "disk", "folder", "push", "static"),
    }


def test_the_doctor_fails_loudly_for_open_folders_and_deaf_mail_servers(made: Path, tmp_path: Path) -> None:
    (made / "keys").chmod(0o755)
    try:
        looked = momentor("doctor", "--data", made, "--json", MOMENTOR_MAIL_URL="smtp://127.0.0.1:1")
    finally:
        (made / "keys").chmod(0o700)

    assert looked.returncode == 1
    failed = {check["name"]: check for check in json.loads(looked.stdout)["checks"] if check["state"] == "fail"}
    assert failed["folder"]["do"].startswith("chmod go= ")
    assert "does not take mail: ConnectionRefusedError" in failed["mail"]["said"]


def test_the_doctor_names_a_setting_that_cannot_be_used(made: Path) -> None:
    looked = momentor("doctor", "--data", made, MOMENTOR_THREADS="many")

    assert looked.returncode == 1
    assert "MOMENTOR_THREADS" in looked.stdout
    assert "whole number" in looked.stdout


@pytest.fixture
def outside(made: Path) -> Iterator[Server]:
    """The same site on a server that somebody else looks after, with a database `broken` to break."""
    with LocalPostgres(made / "postgres") as postgres:
        postgres.create_database("broken", template="momentor")
        yield postgres
        postgres.drop_database("broken")


def break_it(server: Server, *statements: str) -> None:
    import psycopg

    with psycopg.connect(server.superuser_url("broken"), autocommit=True) as db:
        for statement in statements:
            db.execute(statement)


def failings(site: Path, **settings: str) -> dict[str, dict[str, str]]:
    """Return what the doctor finds failing, and see that it exits with 1 for it."""
    looked = momentor("doctor", "--data", site, "--json", **settings)
    assert looked.returncode == 1, looked.stderr
    return {check["name"]: check for check in json.loads(looked.stdout)["checks"] if check["state"] == "fail"}


def broken_at(server: Server, role: str = WEB) -> dict[str, str]:
    return {"DATABASE_URL": server.url(role, "broken"), "DATABASE_OWNER_URL": server.url(OWNER, "broken")}


# The worker fails as well wherever the database is somebody else's: none runs in these tests.


def test_the_doctor_names_what_a_database_lacks_and_what_brings_it(made: Path, outside: Server) -> None:
    break_it(
        outside,
        "DROP EXTENSION pg_trgm CASCADE",
        "DELETE FROM django_migrations WHERE app = 'asking' AND name LIKE '0001%'",
        "ALTER TABLE asking_question NO FORCE ROW LEVEL SECURITY",
    )

    failed = failings(made, **broken_at(outside))

    assert set(failed) == {"extensions", "migrations", "rights", "worker"}
    assert failed["extensions"]["said"] == "missing: pg_trgm"
    assert failed["extensions"]["do"] == "As the server's administrator: CREATE EXTENSION pg_trgm;"
    assert failed["migrations"]["said"] == "1 to apply: asking.0001_initial"
    assert failed["migrations"]["do"] == "Run: momentor migrate"
    assert failed["rights"]["said"] == "row-level security is off for asking_question"
    assert failed["rights"]["do"].startswith("Run momentor migrate")


def test_the_doctor_finds_a_role_that_passes_the_walls(made: Path, outside: Server) -> None:
    failed = failings(made, **broken_at(outside, OWNER))

    assert set(failed) == {"rights", "worker"}
    assert failed["rights"]["said"] == "the role momentor_owner could see past the walls between organisations"
    assert "Let DATABASE_URL name a role that owns nothing: NOSUPERUSER NOBYPASSRLS" in failed["rights"]["do"]


def test_the_doctor_finds_a_clock_that_goes_wrong_and_a_database_that_is_too_old(made: Path, outside: Server) -> None:
    # These answer where PostgreSQL's own functions of the same names are asked.
    break_it(
        outside,
        "CREATE SCHEMA another",
        "CREATE FUNCTION another.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
        " AS $$ SELECT pg_catalog.clock_timestamp() - interval '1 minute' $$",
        "CREATE FUNCTION another.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT CASE $1"
        " WHEN 'server_version_num' THEN '140011' WHEN 'server_version' THEN '14.11'"
        " ELSE pg_catalog.current_setting($1) END $$",
        f"GRANT USAGE ON SCHEMA another TO {WEB}",
        "ALTER DATABASE broken SET search_path = another, pg_catalog, public",
    )

    failed = failings(made, **broken_at(outside))

    assert set(failed) == {"clock", "database", "worker"}
    assert 59 < float(failed["clock"]["said"].removesuffix(" s away from the database's clock")) < 61
    assert "timedatectl set-ntp true" in failed["clock"]["do"]
    assert failed["database"]["said"].startswith("PostgreSQL 14.11, answers in ")
    assert failed["database"]["do"] == "Move to PostgreSQL 15 or newer: momentor backup, then restore there."


def test_the_doctor_says_that_the_database_does_not_answer_and_where_to_look(made: Path, tmp_path: Path) -> None:
    nowhere = f"postgresql://momentor_web@/momentor?host={tmp_path}"

    failed = failings(made, DATABASE_URL=nowhere, DATABASE_OWNER_URL=nowhere)

    assert failed["database"]["said"].startswith("does not answer: ")
    assert failed["database"]["do"] == "Start it, or correct DATABASE_URL: its host, database, role and password."
    assert failed["rights"]["do"] == "Put the checks above right first."


def looked_at_with(fake: str, site: Path, **settings: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Let the doctor look in a process where this stands in for a part of the world outside."""
    code = f"import sys; {fake}; from momentor.console.main import main; sys.exit(main(sys.argv[1:]))"
    looked = subprocess.run(
        [sys.executable, "-c", code, "doctor", "--data", str(site), "--json"],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return looked.returncode, {check["name"]: check for check in json.loads(looked.stdout)["checks"]}


def test_the_doctor_knows_what_to_do_about_a_database_that_django_does_not_talk_to(made: Path, outside: Server) -> None:
    newer = "from django.db.backends.postgresql.features import DatabaseFeatures as F; F.minimum_database_version = 99,"

    code, found = looked_at_with(newer, made, **broken_at(outside))

    assert code == 1
    assert found["database"]["said"].startswith("PostgreSQL 99 or later is required")
    assert found["database"]["do"] == "Move to PostgreSQL 15 or newer: momentor backup, then restore there."


@pytest.mark.parametrize(("free", "state", "exits"), [(150_000_000, "fail", 1), (1_500_000_000, "warn", 0)])
def test_the_doctor_warns_of_a_disk_that_runs_full_and_fails_for_a_full_one(
    made: Path, free: int, state: str, exits: int
) -> None:
    disk = f"import shutil; shutil.disk_usage = lambda path: shutil._ntuple_diskusage(10**12, 10**12 - {free}, {free})"

    code, found = looked_at_with(disk, made)

    assert code == exits
    assert found["disk"]["state"] == state
    assert found["disk"]["said"] == f"{free / 1e9:.1f} GB free for {made}"
    assert found["disk"]["do"].startswith("Make room, or move the data folder to a larger disk")


def test_a_site_comes_back_from_its_backup_as_it_was(made: Path, tmp_path: Path) -> None:
    (made / "uploads" / "pictures").mkdir(exist_ok=True)
    (made / "uploads" / "pictures" / "one.png").write_bytes(b"\x89PNG picture")
    ask_inside(made, "Programme.objects.create(name='First months', goal='Ärger vermeiden')")
    backup = tmp_path / "backup.tar"

    written = momentor("backup", backup, "--data", made, "--with-keys", "--json")
    assert written.returncode == 0, written.stderr
    assert json.loads(written.stdout) == {
        "file": str(backup),
        "bytes": backup.stat().st_size,
        "uploads": 1,
        "keys": True,
    }
    assert backup.stat().st_mode & 0o777 == 0o600

    new = tmp_path / "new"
    restored = momentor("restore", backup, "--data", new, "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["uploads"] == json.loads(written.stdout)["uploads"]
    assert ask_inside(new, "print(Programme.objects.get(name='First months').goal)") == "Ärger vermeiden"
    assert (new / "uploads/pictures/one.png").read_bytes() == b"\x89PNG picture"
    assert (new / "keys/secret-key").read_text() == (made / "keys/secret-key").read_text()
    assert_walls_stand(new)


def assert_walls_stand(site: Path) -> None:
    """See that the restored tables belong to the owner and hide their rows."""
    import psycopg

    with LocalPostgres(site / "postgres") as postgres, psycopg.connect(postgres.superuser_url("momentor")) as db:
        rows = db.execute(
            "SELECT tableowner, relrowsecurity AND relforcerowsecurity FROM pg_tables"
            " JOIN pg_class ON oid = format('%I.%I', schemaname, tablename)::regclass"
            " WHERE tablename = 'asking_question'"
        ).fetchall()
        assert rows == [("momentor_owner", True)]
        left = db.execute("SELECT datname FROM pg_database WHERE datname LIKE 'momentor%'").fetchall()
        assert left == [("momentor",)]


def test_a_full_site_is_only_replaced_when_told_so(made: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar"
    assert momentor("backup", backup, "--data", made).returncode == 0
    copy = tmp_path / "copy"
    shutil.copytree(made, copy, symlinks=True, ignore=shutil.ignore_patterns("postgres"))
    assert momentor("restore", backup, "--data", copy, "--replace").returncode == 0
    ask_inside(copy, "Organisation.objects.update(name='Changed since')")
    keys = (copy / "keys/secret-key").read_text()

    refused = momentor("restore", backup, "--data", copy, "--json")
    assert refused.returncode == 1
    assert "give --replace" in json.loads(refused.stdout)["error"]
    assert ask_inside(copy, "print(Organisation.objects.get().name)") == "Changed since"

    assert momentor("restore", backup, "--data", copy, "--replace").returncode == 0
    assert ask_inside(copy, "print(Organisation.objects.get().name)") == "Example Mentors"
    assert (copy / "keys/secret-key").read_text() == keys


def test_a_changed_backup_restores_nothing(made: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar"
    assert momentor("backup", backup, "--data", made).returncode == 0
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(bytes(content))

    refused = momentor("restore", backup, "--data", tmp_path / "new")

    assert refused.returncode == 1
    assert "nothing of it was restored" in refused.stderr
    assert not (tmp_path / "new" / "momentor.env").exists()
