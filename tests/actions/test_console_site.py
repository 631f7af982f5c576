"""A real site from the console: made, looked at, backed up, lost, and brought back."""

import json
import shutil
from pathlib import Path

import pytest

from momentor.foundation.postgres import LocalPostgres
from tests.site_process import momentor

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
