"""`momentor match programme`, as a person and as a program would run it."""

import json

import pytest

from momentor.console import match
from momentor.console.main import parser_for
from momentor.foundation.tenancy import acting_in
from momentor.matches.actions import drop_proposal
from momentor.matches.models import Match, Preview, Proposal
from momentor.people.models import Organisation, Person, Programme
from tests.cast import NOW
from tests.programmes import a_preview, a_programme, matched, newcomers, wants


@pytest.fixture
def crews(organisation: Organisation, amina: Person, ben: Person, dana: Person) -> Programme:
    programme = a_programme(organisation, dana, amina, ben)
    wants(organisation, programme, amina)
    return programme


def run(*arguments: str) -> int:
    return match.main(parser_for("match").parse_args(["programme", *arguments]))


def test_a_programme_is_previewed_in_a_terminal_and_nothing_takes_effect(
    organisation: Organisation, crews: Programme, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("first crews") == 0

    said = capsys.readouterr().out
    assert "1 of 1 would be matched, with 1 mentors who have 2 places." in said
    assert "Amina Yusuf → Ben Okafor" in said
    assert "Nothing has taken effect." in said
    assert matched(organisation) == {}


def test_a_program_reads_pairs_parts_and_effects_as_json_and_confirms(
    organisation: Organisation, crews: Programme, dana: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    newcomers(organisation, crews, dana, 2)

    assert run("First crews", "--json", "--confirm", "--places", "2", "--weight", "hours=0", "--way", "fair") == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["organisation"], found["programme"], found["state"]) == ("workshop", "First crews", "confirmed")
    assert (found["way"], found["places"], found["weights"]["hours"]) == ("fair", 2, 0.0)
    assert (len(found["pairs"]), len(found["left"])) == (2, 1)
    assert "places go to others" in found["left"][0]["why"]
    for pair in found["pairs"]:
        assert sum(pair["parts"].values()) == pytest.approx(pair["score"])
        assert pair["said"]
    assert {one["part"] for one in found["result"]["effects"]} == {"words", "skills", "languages"}
    assert found["result"]["made"] == 2
    assert found["address"].endswith(f"/at/workshop/previews/{found['preview']}/")
    assert len(matched(organisation)) == 2
    with acting_in(organisation.pk):
        preview = Preview.objects.get()
        assert (preview.by_id, preview.confirmed_by_id) == (None, None)


def test_a_preview_that_waits_is_confirmed_as_the_coordinator_left_it(
    organisation: Organisation, crews: Programme, dana: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    newcomers(organisation, crews, dana, 1)
    preview = a_preview(organisation, crews, dana)
    with acting_in(organisation.pk, person_id=dana.pk):
        drop_proposal(proposal=Proposal.objects.get(preview=preview, mentee__name="Amina Yusuf"), by=dana, now=NOW)

    assert run("First crews", "--places", "1") == 1
    assert "add --anew" in capsys.readouterr().err
    assert run("First crews", "--confirm") == 0

    assert "Confirmed: 1 matched, 0 no longer held." in capsys.readouterr().out
    assert set(matched(organisation)) == {"Newcomer 00"}


def test_another_is_worked_out_where_that_is_asked_for(
    organisation: Organisation, crews: Programme, dana: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    before = a_preview(organisation, crews, dana)

    assert run("First crews", "--anew", "--json") == 0

    assert json.loads(capsys.readouterr().out)["preview"] != str(before.pk)
    with acting_in(organisation.pk):
        assert Preview.objects.get(pk=before.pk).state == "discarded"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["Nowhere"], "There is no programme “Nowhere” in workshop."),
        (["First crews", "--organisation", "nowhere"], "No organisation has the address nowhere."),
        (["First crews", "--weight", "words"], "write it like words=2"),
        (["First crews", "--weight", "luck=2"], "There is no part “luck”"),
        (["First crews", "--places", "0"], "greater than or equal to 1"),
        (["Only questions"], "nobody is given a mentor of their own"),
    ],
)
def test_what_cannot_be_matched_fails_with_a_sentence(
    organisation: Organisation, crews: Programme, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    with acting_in(organisation.pk):
        Programme.objects.create(name="Only questions")

    assert run(*arguments, "--json") == 1

    said = capsys.readouterr()
    assert says in json.loads(said.out)["error"]
    assert says in said.err
    with acting_in(organisation.pk):
        assert not Match.objects.exists()
