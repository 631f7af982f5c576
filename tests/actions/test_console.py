"""What the console command answers: help with an example, exit codes, JSON for programs."""

import argparse
import io
import json
import os
import socket
from pathlib import Path

import pytest

from momentor import __version__
from momentor.console import main as console
from momentor.console.archive import read_archive, write_archive
from momentor.console.asking import answer
from momentor.console.deploying import FILES, closed_to_others, fill
from momentor.console.keys import make_keys, read_key
from momentor.console.main import COMMANDS, parser_for
from momentor.console.outside import check_outside, preparing_sql
from momentor.console.site import Site
from momentor.console.supervisor import only_one, open_sockets, sign_in_book
from momentor.console.trouble import Trouble
from tests.site_process import ROOT, momentor


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a site, and an environment that names none."""
    for name in list(os.environ):
        if name.startswith(("MOMENTOR_", "DATABASE_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main(["--help"]) == 0

    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        console.main([name, "--help"])

    assert left.value.code == 0
    assert f"Example:\n  momentor {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["doctor", "backup", "restore", "import", "ask", "match", "init"])
def test_what_a_program_would_read_comes_as_json(name: str) -> None:
    parser = parser_for(name)
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    parts = [part for action in inner for part in action.choices.values()] or [parser]

    assert all("--json" in part.format_usage() for part in parts)


def test_matching_is_judged_without_a_site(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = console.main(["match", "evaluate", str(elsewhere), "--json"])

    told = capsys.readouterr()
    assert code == 1
    assert "questions.parquet cannot be read" in json.loads(told.out)["error"]
    assert "questions.parquet cannot be read" in told.err


def test_what_a_command_tells_on_its_way_stays_out_of_what_a_program_reads(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Typed("https://mentors.example.org\n"))

    assert answer("--url", None, "The address people will type") == "https://mentors.example.org"

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "The address people will type: ")


class Typed(io.StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        return True


def test_nothing_and_nonsense_exit_with_two(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main([]) == 2

    with pytest.raises(SystemExit) as left:
        console.main(["demo", "--port", "a lot"])
    assert left.value.code == 2
    assert "give a number from 1 to 65535" in capsys.readouterr().err


def test_the_version_is_the_one_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main(["--version"]) == 0

    assert capsys.readouterr().out == f"momentor {__version__}\n"
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("command", [["shell", "-c", "1"], ["check"], ["serve"], ["backup", "b.tar"]])
def test_without_a_site_a_sentence_says_how_to_make_one(
    elsewhere: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert console.main([*command, "--data", "nowhere"]) == 1

    said = capsys.readouterr().err
    assert "There is no site in" in said
    assert "momentor init" in said


def test_a_failure_is_json_too_where_json_was_asked_for(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main(["backup", "b.tar", "--json", "--data", "nowhere"]) == 1

    assert "There is no site" in json.loads(capsys.readouterr().out)["error"]


def test_the_doctor_says_that_there_is_nobody_to_look_at(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main(["doctor", "--json", "--data", "nowhere"]) == 1

    found = json.loads(capsys.readouterr().out)
    assert found["state"] == "fail"
    assert found["checks"][0]["name"] == "site"


def test_init_says_what_it_needs_where_nobody_can_be_asked(elsewhere: Path) -> None:
    half = momentor("init", "--data", elsewhere / "site", "--url", "mentors.example.org")

    assert half.returncode == 1
    assert "http:// or https://" in half.stderr
    assert not (elsewhere / "site").exists()


def test_the_demo_and_a_real_site_keep_out_of_each_others_folder(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo, real = Site(elsewhere / "demo"), Site(elsewhere / "real")
    for site, is_demo in ((demo, "yes"), (real, "no")):
        site.make_folder()
        site.write_down({"MOMENTOR_DEMO": is_demo})

    assert console.main(["serve", "--data", str(demo.data)]) == 1
    assert console.main(["init", "--data", str(demo.data)]) == 1
    assert console.main(["demo", "--data", str(real.data)]) == 1

    said = capsys.readouterr().err
    assert said.count("holds the demo") == 2
    assert said.count("holds a real site") == 1


def test_a_taken_port_is_said_in_a_sentence(elsewhere: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(Trouble, match=f"Port {port} is in use by another program"):
            open_sockets("127.0.0.1", port)


def test_a_second_start_on_the_same_folder_says_who_came_first(tmp_path: Path) -> None:
    with only_one(tmp_path):
        sign_in_book(tmp_path, "http://localhost:8123")

        with pytest.raises(Trouble, match=f"being served already, by process {os.getpid()} at http://localhost:8123"):
            only_one(tmp_path).__enter__()

    with only_one(tmp_path):
        pass


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    first = [read_key(tmp_path / "keys", name) for name in ("secret-key", "vapid-private-key")]
    make_keys(tmp_path / "keys")

    assert [read_key(tmp_path / "keys", name) for name in ("secret-key", "vapid-private-key")] == first
    assert all(len(key) >= 32 for key in first)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_the_key_for_push_is_one_that_push_libraries_take(tmp_path: Path) -> None:
    from py_vapid import Vapid02

    make_keys(tmp_path / "keys")

    key = Vapid02.from_string(read_key(tmp_path / "keys", "vapid-private-key"))

    assert key.sign({"sub": "mailto:host@example.org", "aud": "https://push.example.org"})["Authorization"]


def test_settings_written_down_are_private_and_never_written_over(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.make_folder()
    site.write_down({"MOMENTOR_URL": "https://one.example.org"})
    site.write_down({"MOMENTOR_URL": "https://two.example.org"})

    assert "one.example.org" in site.written.read_text()
    assert site.written.stat().st_mode & 0o777 == 0o600
    assert site.data.stat().st_mode & 0o777 == 0o700


def test_an_outside_database_gets_the_sql_that_prepares_it() -> None:
    sql = preparing_sql("postgresql://web@db/mentors", "postgresql://own%20er@db/mentors")

    assert 'CREATE ROLE "own er" LOGIN NOSUPERUSER' in sql
    assert 'CREATE DATABASE "mentors" OWNER "own er"' in sql
    assert "CREATE EXTENSION IF NOT EXISTS btree_gist" in sql
    assert 'TABLES TO "web"' in sql


def test_an_outside_database_that_is_ready_is_taken() -> None:
    check_outside(os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"])


def test_an_outside_role_that_owns_the_tables_is_refused_as_the_sites() -> None:
    owner = os.environ["DATABASE_OWNER_URL"]

    with pytest.raises(Trouble, match="see past the walls between organisations"):
        check_outside(owner, owner)


def test_a_folder_that_only_its_owner_may_enter_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "python" / "bin").mkdir(parents=True)
    home.chmod(0o700)

    assert home in closed_to_others(home / "python" / "bin" / "python3")

    home.chmod(0o711)
    assert home not in closed_to_others(home / "python" / "bin" / "python3")


@pytest.mark.parametrize("name", FILES)
def test_every_deployment_file_gets_its_paths_filled_in(name: str) -> None:
    template = (ROOT / "deploy" / name).read_text()
    values = {
        "python": "/venv/python",
        "source": "/app",
        "data": "/srv/m",
        "user": "m",
        "url": "https://x",
        "host": "x",
    }

    assert "@{" not in fill(template, values)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "d").write_bytes(b"dump")
    (tmp_path / "u").write_bytes(b"picture")
    members = {"database.dump": tmp_path / "d", "uploads/a/u": tmp_path / "u"}
    write_archive(tmp_path / "backup.tar", members, {"made_at": "2026-11-23T00:00:00+00:00"})
    return tmp_path / "backup.tar"


def test_an_archive_comes_back_as_it_went_in(archive: Path, tmp_path: Path) -> None:
    manifest = read_archive(archive, tmp_path / "out")

    assert (tmp_path / "out/database.dump").read_bytes() == b"dump"
    assert (tmp_path / "out/uploads/a/u").read_bytes() == b"picture"
    assert manifest["made_at"].startswith("2026")
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_changed_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    changed = archive.read_bytes().replace(b"picture", b"pictune")
    archive.write_bytes(changed)

    with pytest.raises(Trouble, match="not the one that was backed up"):
        read_archive(archive, tmp_path / "out")


def test_a_cut_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:2000])

    with pytest.raises(Trouble, match=r"damaged|lacks|no backup"):
        read_archive(archive, tmp_path / "out")


def test_an_archive_with_a_stowaway_is_refused(archive: Path, tmp_path: Path) -> None:
    import tarfile

    (tmp_path / "evil").write_bytes(b"x")
    with tarfile.open(archive, "a") as tar:
        tar.add(tmp_path / "evil", arcname="../../evil")

    with pytest.raises(Trouble, match="does not name"):
        read_archive(archive, tmp_path / "out")
    assert not (tmp_path.parent / "evil").exists()


def test_an_archive_that_lists_a_way_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(b"dump")
    members = {"database.dump": tmp_path / "d", "../evil": tmp_path / "d"}
    write_archive(tmp_path / "backup.tar", members, {"made_at": "now"})

    with pytest.raises(Trouble, match="damaged or was changed"):
        read_archive(tmp_path / "backup.tar", tmp_path / "out")


def test_any_other_file_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("remember the milk")

    with pytest.raises(Trouble, match="no backup of Momentor"):
        read_archive(tmp_path / "notes.txt", tmp_path / "out")
    assert not (tmp_path / "out").exists()
