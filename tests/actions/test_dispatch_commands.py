"""`momentor ask` and `momentor match`, as a person and as a program would run them."""

import io
import json
from datetime import timedelta
from types import ModuleType
from uuid import uuid4

import pytest
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.console.main import parser_for
from momentor.dispatch.actions import show_list, start_search
from momentor.dispatch.command import ask, match
from momentor.dispatch.models import LedgerEntry, Offer
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Membership, Organisation, Person
from tests.cast import NOW

ASKED = "I weld pipes and was offered to lead a crew of eight. Would I be good at it?"
MODULES = {"ask": ask, "match": match}


def run(name: str, *arguments: str) -> int:
    module: ModuleType = MODULES[name]
    return int(module.main(parser_for(name).parse_args(arguments)))


def test_asking_in_a_terminal_shows_who_and_why_and_keeps_nothing(
    organisation: Organisation, amina: Person, ben: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("ask", "--person", "Amina@example.org", ASKED)

    out = capsys.readouterr().out
    assert code == 0
    assert "1. Ben Okafor: Welder for 14 years" in out
    assert "Their profile speaks of" in out
    with acting_in(organisation.pk):
        assert not Question.objects.exists()


def test_a_program_reads_the_shortlist_as_json(
    organisation: Organisation, other_organisation: Organisation, ben: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("ask", "--organisation", "workshop", "--json", ASKED)

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [one["name"] for one in found["shortlist"]] == ["Ben Okafor"]
    assert sum(reason["share"] for reason in found["shortlist"][0]["reasons"]) in (99, 100, 101)


def test_a_question_can_come_through_a_pipe(
    organisation: Organisation, ben: Person, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(ASKED))

    assert run("ask") == 0
    assert "Ben Okafor" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--organisation", "nowhere", ASKED], "No organisation has the address nowhere"),
        ([ASKED], "Say which organisation"),  # there are two
        (["--organisation", "workshop", "--send", ASKED], "Say who asks"),
        (["--organisation", "workshop", "?!"], "Please write your question in words"),
        (["--organisation", "workshop", "pipe " * 1_001], "This is longer than 5000 characters"),
        (["--organisation", "workshop", "--person", "chloe@example.org", ASKED], "is no member of workshop"),
    ],
)
def test_what_cannot_be_asked_fails_with_a_sentence(
    organisation: Organisation,
    other_organisation: Organisation,
    chloe: Person,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    assert run("ask", *arguments) == 1
    assert said in capsys.readouterr().err


def test_a_question_that_is_sent_is_really_asked(
    organisation: Organisation, amina: Person, ben: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("ask", "--person", "amina@example.org", "--send", "--json", ASKED)

    sent = json.loads(capsys.readouterr().out)
    with acting_in(organisation.pk):
        question = Question.objects.get(pk=sent["question"])
        offered = list(Offer.objects.filter(question=question).values_list("mentor_id", flat=True))
    assert (code, sent["state"], sent["offers"]) == (0, question.state, 1)
    assert (question.state, question.mentee_id, question.text) == (Question.State.SEARCHING, amina.pk, ASKED)
    assert offered == [ben.pk]
    assert sent["address"].endswith(f"/at/workshop/questions/{question.pk}/")


def test_what_is_too_long_is_not_asked_by_half(
    organisation: Organisation, amina: Person, ben: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ask", "--person", "amina@example.org", "--send", "--json", f"{ASKED} " + "pipe " * 1_000) == 1

    said = capsys.readouterr()
    assert "This is longer than 5000 characters" in json.loads(said.out)["error"]
    assert "This is longer than 5000 characters" in said.err
    with acting_in(organisation.pk):
        assert not Question.objects.exists()


def test_sending_keeps_to_the_limits_of_the_person_and_leaves_no_draft(
    organisation: Organisation, amina: Person, ben: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=amina).update(agreed_to_conduct_at=None)

    assert run("ask", "--person", "amina@example.org", "--send", ASKED) == 1
    assert "code of conduct" in capsys.readouterr().err
    with acting_in(organisation.pk):
        assert not Question.objects.exists()


def test_a_match_is_explained_by_its_parts(
    organisation: Organisation, amina: Person, ben: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=NOW)
        start_search(question=question, by=amina, now=NOW)

    plain = run("match", "explain", str(question.pk))
    text = capsys.readouterr().out
    as_json = run("match", "explain", str(question.pk), "--json")
    document = capsys.readouterr().out
    person = json.loads(document)["waves"][0]["people"][0]
    assert (plain, as_json) == (0, 0)
    assert "Ben Okafor (reachable" in text
    assert person["name"] == "Ben Okafor"
    assert person["decided"] == "waiting"
    assert sum(reason["weight"] for reason in person["reasons"]) == pytest.approx(person["score"], abs=1e-4)
    assert ASKED not in text + document


def test_a_list_that_was_shown_is_explained_with_who_was_kept_off_and_made_again(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=NOW)
        Membership.objects.filter(person=ben).update(capacity_per_week=0)
        changed = {"story": "I led a crew of pipe fitters.", "changed_at": timezone.now()}
        Membership.objects.filter(person=emil).update(**changed)
        show_list(question=question, now=NOW, take=1)
        LedgerEntry.objects.create(
            question=question, version="votes-1", weights={}, inputs={}, result=[], made_at=NOW - timedelta(days=1)
        )

    run("match", "explain", str(question.pk))
    text = capsys.readouterr().out
    run("match", "explain", str(question.pk), "--json")
    old, entry = json.loads(capsys.readouterr().out)["lists"]

    assert "not Ben Okafor: no time left this week, else at place 1" in text
    assert "replayed: same list" in text
    assert "replayed: not possible, it is from before" in text
    assert "weights: answered 1.0" in text
    assert entry["replayed"]["outcome"] == "same"
    assert old["replayed"]["outcome"] == "too_old"
    [emils] = entry["people"]
    assert (emils["name"], emils["why"]) == ("Emil Sørensen", "rank")
    assert sum(signal["weight"] for signal in emils["signals"]) == pytest.approx(emils["score"])
    assert sum(signal["share"] for signal in emils["signals"]) in (99, 100, 101)
    [bens] = [row for row in entry["looked_at"] if row["name"] == "Ben Okafor"]
    assert (bens["off"], bens["would_be"], bens["is_full"]) == ("full", 1, True)
    assert ASKED not in text


def test_a_question_that_is_not_there_cannot_be_explained(
    organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("match", "explain", str(uuid4()), "--json") == 1
    assert "There is no question" in json.loads(capsys.readouterr().out)["error"]
