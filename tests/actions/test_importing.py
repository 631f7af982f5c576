"""Bringing a community in from Parquet files, whatever is in them."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client

from momentor.asking.models import Answer, Question
from momentor.console.main import parser_for
from momentor.dispatch import candidates
from momentor.foundation.tenancy import acting_in
from momentor.importing import actions
from momentor.importing import command as import_command
from momentor.importing.actions import claim_busiest, import_folder, join_as_member, organisation_for
from momentor.importing.rows import Folder, NotAFolderToImport
from momentor.people.models import Membership, Organisation, Person
from tests.cast import NOW
from tests.site_process import eventually

JANUARY = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


def write_folder(
    folder: Path,
    *,
    questions: Sequence[Mapping[str, Any]],
    answers: Sequence[Mapping[str, Any]],
    profiles: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write Parquet files as a host would have them, and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("questions", questions), ("answers", answers), ("profiles", profiles)):
        if rows:
            pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), folder / f"{name}.parquet")
    return folder


def asked(qid: int, title: str, **more: Any) -> dict[str, Any]:
    return {"qid": qid, "ts": JANUARY + qid * 3600, "title": title, "body": "", "tags": "", "asker": -1} | more


def answered(qid: int, person: int, **more: Any) -> dict[str, Any]:
    return {"qid": qid, "person": person, "ts": JANUARY + qid * 3600 + 60, "text": "Because of the slag."} | more


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_folder(
        tmp_path / "metal",
        questions=[
            asked(1, "Why does my weld crack?", tags="welding cracks", asker=7),
            asked(2, "Which rod for thin pipes?", tags="welding pipes"),
            asked(3, "Does anybody know a school in Lagos?"),
        ],
        answers=[answered(1, 8), answered(2, 8), answered(2, 9)],
        profiles=[{"person": 9, "ts": JANUARY, "profile": "I taught welding for twenty years."}],
    )


def bring_in(folder: Path, slug: str = "metal") -> tuple[Organisation, actions.Report]:
    organisation = organisation_for(name=slug, slug=slug, now=NOW)
    report = import_folder(
        Folder(folder), organisation=organisation, language="en", now=NOW, progress=lambda rows: None
    )
    return organisation, report


def test_people_with_answers_become_mentors_and_questions_become_history(small: Path, nobody: None) -> None:
    organisation, report = bring_in(small)

    with acting_in(organisation.pk):
        assert (report.questions, report.answers, report.people, report.bad) == (3, 3, 3, [])
        assert Question.objects.history().count() == 2
        assert set(Membership.objects.mentors().values_list("person__name", flat=True)) == {"Member 8", "Member 9"}
        assert Membership.objects.get(person__name="Member 9").story == "I taught welding for twenty years."
        assert "welding" in Membership.objects.get(person__name="Member 8").headline
        first = Question.objects.get(source="import/1")
        assert first.asked_at == datetime.fromtimestamp(JANUARY + 3600, UTC)
        assert first.mentee is not None
        assert not first.mentee.is_claimed


def test_a_second_import_changes_nothing(small: Path, nobody: None) -> None:
    organisation, _report = bring_in(small)
    with acting_in(organisation.pk):
        before = [*Question.objects.order_by("pk").values(), *Answer.objects.order_by("pk").values()]
        members = list(Membership.objects.order_by("pk").values())

    _organisation, again = bring_in(small)

    with acting_in(organisation.pk):
        assert (again.new_questions, again.new_answers) == (0, 0)
        assert before == [*Question.objects.order_by("pk").values(), *Answer.objects.order_by("pk").values()]
        assert members == list(Membership.objects.order_by("pk").values())


@pytest.mark.django_db(transaction=True)
def test_an_import_that_died_in_the_middle_goes_on(small: Path, nobody: None) -> None:
    organisation = organisation_for(name="metal", slug="metal", now=NOW)

    def die_at_the_answers(rows: int, seen: list[int] = []) -> None:  # noqa: B006  # counts over the calls
        seen.append(rows)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_folder(Folder(small), organisation=organisation, language="en", now=NOW, progress=die_at_the_answers)
    with acting_in(organisation.pk):
        assert (Question.objects.count(), Answer.objects.count()) == (3, 0)
    bring_in(small)

    with acting_in(organisation.pk):
        assert (Question.objects.count(), Answer.objects.count()) == (3, 3)
        assert Question.objects.history().count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_import_that_was_killed_goes_on_and_ends_like_one_that_was_not(tmp_path: Path, nobody: None) -> None:
    many = write_folder(
        tmp_path / "many",
        questions=[asked(number, f"Why does weld {number} crack?", asker=number % 90) for number in range(6000)],
        answers=[answered(number, number % 70) for number in range(6000)],
    )
    whole, _report = bring_in(many, "whole")

    killed = start_import(many, "killed", tmp_path)
    eventually(lambda: counted("killed")[0] > 0)
    killed.kill()
    assert killed.wait(60) == -signal.SIGKILL
    half = counted("killed")
    assert start_import(many, "killed", tmp_path).wait(120) == 0

    assert half < (6000, 6000)
    assert counted("killed") == counted("whole") == (6000, 6000)
    assert history("killed") == history(whole.slug)


def history(slug: str) -> list[tuple[object, ...]]:
    with acting_in(Organisation.objects.get(slug=slug).pk):
        return list(Question.objects.order_by("source").values_list("source", "text", "state", "asked_at"))


def counted(slug: str) -> tuple[int, int]:
    """Return how many questions and answers there are."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        return 0, 0
    with acting_in(organisation.pk):
        return Question.objects.count(), Answer.objects.count()


def start_import(folder: Path, slug: str, data: Path) -> "subprocess.Popen[bytes]":
    """Begin an import in a process of its own, as a host would."""
    return subprocess.Popen(
        [sys.executable, "-m", "momentor.console.main", "import", str(folder), "--slug", slug, "--json"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "momentor.project.settings", "MOMENTOR_DATA": str(data)},
        stdout=subprocess.DEVNULL,
    )


def test_bad_rows_are_named_by_their_numbers_and_the_good_ones_go_in(tmp_path: Path, nobody: None) -> None:
    folder = write_folder(
        tmp_path / "bad",
        questions=[
            asked(1, "Why does my weld crack?"),
            asked(2, "🙂🙂"),
            asked(1, "The same number again"),
            asked(4, "A time far away", ts=2**62),
            asked(5, "Null \x00 and \x07 bells\u202e", body=None),
        ],
        answers=[answered(1, 8), answered(99, 8), answered(5, 8, text=None), answered(1, -1)],
    )

    organisation, report = bring_in(folder, "bad")

    with acting_in(organisation.pk):
        assert sorted(Question.objects.values_list("source", flat=True)) == ["import/1", "import/5"]
        assert Question.objects.get(source="import/5").text == "Null  and  bells"
        assert Answer.objects.count() == 2
    assert {(bad.file, bad.row) for bad in report.bad} == {
        ("questions.parquet", 2),
        ("questions.parquet", 3),
        ("questions.parquet", 4),
        ("answers.parquet", 2),
        ("answers.parquet", 4),
    }


def test_times_that_are_numbers_of_posts_stay_empty(tmp_path: Path, nobody: None) -> None:
    folder = write_folder(
        tmp_path / "ids",
        questions=[asked(1, "Why does my weld crack?", ts=17), asked(2, "Which rod for pipes?", ts=90_000)],
        answers=[answered(1, 8, ts=18), answered(2, 8, ts=90_004)],
    )

    organisation, _report = bring_in(folder, "ids")

    with acting_in(organisation.pk):
        assert list(Question.objects.order_by("sequence").values_list("sequence", "asked_at")) == [
            (17, None),
            (90_000, None),
        ]
        assert set(Answer.objects.values_list("given_at", flat=True)) == {None}


def test_imported_mentors_are_offered_nothing_until_they_are_claimed(small: Path, amina: Person, nobody: None) -> None:
    organisation, _report = bring_in(small)
    join_as_member(organisation=organisation, email=amina.email, now=NOW)
    with acting_in(organisation.pk, person_id=amina.pk):
        question = Question(mentee=amina, text="My weld cracks, which rod?", language="en")
        shown = candidates.shortlist(question, now=NOW)
        askable = candidates.shortlist(question, now=NOW, with_unclaimed=False)
        assert shown
        assert askable == []

    claimed = claim_busiest(organisation=organisation, count=1, password="a password for the demo", now=NOW)

    with acting_in(organisation.pk, person_id=amina.pk):
        assert [
            one.membership.person.name for one in candidates.shortlist(question, now=NOW, with_unclaimed=False)
        ] == ["Member 8"]
    page = Client().post("/accounts/login/", {"login": claimed[0].email, "password": "a password for the demo"})
    assert page.status_code == 302


def test_what_is_no_folder_to_import_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotAFolderToImport, match=r"questions\.parquet is missing"):
        Folder(tmp_path)
    (tmp_path / "questions.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(NotAFolderToImport, match="cannot be read as Parquet"):
        Folder(tmp_path)
    write_folder(tmp_path, questions=[{"qid": 1, "title": "x"}], answers=[answered(1, 8)])
    with pytest.raises(NotAFolderToImport, match="lacks the column ts"):
        Folder(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_the_command_tells_what_it_did_and_lists_the_bad_rows(tmp_path: Path, nobody: None) -> None:
    folder = write_folder(
        tmp_path / "told", questions=[asked(1, "Why does my weld crack?"), asked(2, "")], answers=[answered(1, 8)]
    )

    run = subprocess.run(
        [sys.executable, "-m", "momentor.console.main", "import", str(folder), "--json", "--claim", "1"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "momentor.project.settings", "MOMENTOR_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert (result["questions"], result["answers"], result["bad_rows"]) == (1, 1, 1)
    assert result["claimed"][0]["answers"] == 1
    assert result["password"]
    with Path(result["bad_rows_file"]).open(newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["2"]


def command(*arguments: str | Path) -> int:
    parsed = parser_for("import").parse_args([str(each) for each in arguments])
    return import_command.main(parsed)


def test_an_import_keeps_out_of_an_organisation_that_lives(
    small: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    by_slug = command(small, "--slug", organisation.slug)
    by_folder = command(small.rename(small.with_name("workshop")), "--claim", "1")

    assert (by_slug, by_folder) == (1, 1)
    assert capsys.readouterr().err.count("“workshop” is the address of an organisation that was not imported") == 2
    with acting_in(organisation.pk):
        assert not Question.objects.exists()
        assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--slug", "A B"], "“A B” is no address for an organisation"),
        (["--slug", "Metal"], "“Metal” is no address for an organisation"),
        (["--name", "金属加工"], "No address can be made from the name “金属加工”. Choose one with --slug"),
        (["--name", "M" * 81], "at most 80 characters"),
        (["--language", "xyz1"], "“xyz1” names no language"),
    ],
)
def test_a_place_or_language_that_cannot_be_is_said_before_anything_is_written(
    small: Path, nobody: None, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert command(small, *arguments) == 1
    assert said in capsys.readouterr().err
    assert not Organisation.objects.exists()


def test_a_member_without_an_account_stops_an_import_before_it_begins(
    small: Path, nobody: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(small, "--json", "--member", "nobody@example.org") == 1

    assert "No account has the address nobody@example.org" in json.loads(capsys.readouterr().out)["error"]
    assert not Organisation.objects.exists()


def test_a_file_that_is_damaged_in_the_middle_says_where(
    small: Path, nobody: None, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [asked(number, f"Why does weld {number} crack?") for number in range(5000)]
    path = small / "questions.parquet"
    pq.write_table(pa.Table.from_pylist(many), path, row_group_size=1000, compression="none", use_dictionary=False)
    whole = path.read_bytes()
    place = whole.index(b"Why does weld 3500 crack?")
    # A text that says it is longer than its page.
    path.write_bytes(whole[: place - 4] + b"\xff\xff\xff\x7f" + whole[place:])

    assert command(small) == 1
    assert "questions.parquet is damaged after row 3000" in capsys.readouterr().err


def test_times_within_something_else_are_said_to_be_no_numbers(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, questions=[asked(1, "Why?", ts={"at": 5})], answers=[answered(1, 8)])

    with pytest.raises(NotAFolderToImport, match=r"The column ts of .* cannot be read as numbers"):
        Folder(folder)


def test_text_that_is_no_utf8_is_one_bad_row(tmp_path: Path, nobody: None) -> None:
    folder = write_folder(
        tmp_path / "latin", questions=[asked(1, "Why?"), asked(2, "Wie sch-n?")], answers=[answered(1, 8)]
    )
    path = folder / "questions.parquet"
    table = pq.read_table(path)
    titles = pa.array([b"Why?", "Wie schön?".encode("latin-1")], pa.binary())
    broken = pa.StringArray.from_buffers(2, titles.buffers()[1], titles.buffers()[2])
    pq.write_table(table.set_column(table.schema.get_field_index("title"), "title", broken), path)

    _organisation, report = bring_in(folder, "latin")

    assert report.new_questions == 1
    assert [(bad.row, bad.why) for bad in report.bad] == [(2, "title is not UTF-8")]
