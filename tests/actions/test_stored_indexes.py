"""Indexes in files: a process that starts goes on from them, and never believes them more than the rows."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from momentor.asking.actions import draft_question
from momentor.asking.models import Answer, Question
from momentor.dispatch import candidates, stored, studying
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import save_sample_answer
from momentor.people.models import Organisation, Person
from tests.cast import NOW, make_mentor, make_person

pytestmark = pytest.mark.usefixtures("acting")

ASKED = "How do I hand over a night shift without forgetting half of it?"


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    monkeypatch.setattr(stored, "FEWEST", 2)
    settings.DATA = tmp_path


@pytest.fixture
def mentors(organisation: Organisation) -> list[Person]:
    found = []
    for number in range(3):
        person = make_person(f"Mentor{number}", f"m{number}@example.org")
        make_mentor(organisation, person, headline="Nurse")
        found.append(person)
        answered(person, f"{ASKED} For the {number + 2}th time")
    return found


def answered(mentor: Person, text: str) -> Answer:
    then = NOW - timedelta(days=20)
    question = Question.objects.create(text=text, asked_at=then, changed_at=then, state=Question.State.ANSWERED)
    return Answer.objects.create(question=question, mentor=mentor, given_at=then)


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this process remembers, as one that has just started."""
    monkeypatch.setattr(candidates, "_kept", type(candidates._kept)())


def the_list(amina: Person) -> list[tuple[str, float]]:
    question = Question.objects.filter(mentee=amina).first()
    question = question or draft_question(by=amina, text=ASKED, language="en", now=NOW)
    return [(one.ranked.person, one.ranked.score) for one in candidates.shortlist(question, now=NOW)]


def test_a_process_that_starts_goes_on_from_what_another_stored(
    mentors: list[Person], amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = the_list(amina)
    another_process(monkeypatch)
    monkeypatch.setattr(candidates, "_told", lambda _kept, ids: [] if not ids else pytest.fail("it was read anew"))

    after = the_list(amina)

    assert len(before) == 3
    assert after == before
    assert candidates.kept_here().answers == 3


def test_what_came_after_storing_is_read_on(
    mentors: list[Person], amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_list(amina)
    another_process(monkeypatch)
    monkeypatch.setattr(stored, "GROWN", 100)
    answered(mentors[2], ASKED)
    save_sample_answer(by=mentors[0], question="What about wounds?", answer="Wash first.", now=timezone.now())

    first = the_list(amina)[0]

    assert first[0] == str(mentors[2].pk)
    assert candidates.kept_here().answers == 4
    assert candidates.kept_here().stored == 3


def test_a_file_cut_short_is_said_and_the_rows_are_read_anew(
    mentors: list[Person], amina: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = the_list(amina)
    another_process(monkeypatch)
    largest = max(stored.folder_here().rglob("*.npy"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-7])

    after = the_list(amina)

    assert after == before
    assert "a stored index is damaged; the rows are read anew" in caplog.text
    another_process(monkeypatch)
    caplog.clear()
    assert the_list(amina) == before
    assert "damaged" not in caplog.text, "it was stored anew"


def test_what_was_deleted_since_is_not_found_and_leaves_the_files(
    mentors: list[Person], amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(mentors[0], "Wie bohre ich eine Orgelpfeife?")
    the_list(amina)
    terms = b"orgelpfeif"
    held = any(terms in path.read_bytes() for path in stored.folder_here().rglob("*.json"))
    another_process(monkeypatch)
    Question.objects.filter(text__contains="Orgelpfeife").delete()

    studying.look_after_index()

    assert held
    assert candidates.alike("Orgelpfeife", now=NOW) == []
    assert not any(terms in path.read_bytes() for path in stored.folder_here().rglob("*.json"))


def test_one_of_another_encoder_is_left_aside(
    mentors: list[Person], amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = the_list(amina)
    another_process(monkeypatch)
    monkeypatch.setattr(stored, "_encoder_name", lambda: "of another kind")

    assert the_list(amina) == before


def test_a_small_community_is_not_stored(mentors: list[Person], amina: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "FEWEST", 4)

    the_list(amina)

    assert not stored.folder_here().exists()


def test_where_nothing_can_be_written_lists_are_made_all_the_same(
    mentors: list[Person], amina: Person, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a file").write_text("in the way")
    settings.DATA = tmp_path / "a file"

    assert len(the_list(amina)) == 3
    assert "an index could not be stored" in caplog.text


def test_indexes_of_organisations_that_are_gone_are_removed(
    mentors: list[Person], amina: Person, organisation: Organisation, tmp_path: Path
) -> None:
    the_list(amina)
    gone = tmp_path / "indexes" / "01a2067f-d886-72c5-acd6-0a96428e5a8d"
    gone.mkdir()
    (tmp_path / "indexes" / "notes").mkdir()
    with acting_in(None):
        studying.forget_indexes()

    assert not gone.exists()
    assert (tmp_path / "indexes" / "notes").exists()
    with acting_in(organisation.pk):
        assert stored.folder_here().exists()
