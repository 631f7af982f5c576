"""`momentor organisation`: what the host of a site does with organisations."""

import json
from typing import Any

import pytest

from momentor.console import organisation as command
from momentor.console.main import parser_for
from momentor.console.trouble import Trouble
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.actions.accounts import delete_account
from momentor.people.models import Membership, Organisation, Person
from tests.cast import NOW, PageClient, client_of, make_member, membership_of


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run the command as a program would, and return its one document."""
    assert command.main(parser_for("organisation").parse_args([*arguments, "--json"])) == 0
    return dict(json.loads(capsys.readouterr().out))


def refused(*arguments: str) -> str:
    with pytest.raises(Trouble) as trouble:
        command.main(parser_for("organisation").parse_args(arguments))
    return str(trouble.value)


def test_a_second_organisation_has_a_coordinator_who_opens_it(
    organisation: Organisation, amina: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run(capsys, "add", "Nachtschicht Köln", "--coordinator", "Amina@example.org", "--entry", "open")

    assert made["slug"] == "nachtschicht-koln"
    assert made["address"].endswith("/at/nachtschicht-koln/")
    assert (made["members"], made["coordinators"], made["entry"]) == (1, ["amina@example.org"], "open")
    assert client_of(amina).get("/at/nachtschicht-koln/settings/organisation/").status_code == 200
    found = Organisation.objects.get(slug="nachtschicht-koln")
    assert membership_of(amina, found).is_moderator


def test_a_coordinator_without_an_account_gets_one_that_signs_in(
    nobody: None, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run(capsys, "add", "Night Shift", "--coordinator", "nora@example.org", "--coordinator-name", "Nora")

    signed_in = PageClient().post("/accounts/login/", {"login": "nora@example.org", "password": made["password"]})
    assert signed_in.status_code == 302
    with signing_in():
        assert not Person.objects.get(email="nora@example.org").is_staff


def test_organisations_are_listed_with_who_coordinates_them(
    organisation: Organisation,
    other_organisation: Organisation,
    dana: Person,
    ben: Person,
    capsys: pytest.CaptureFixture[str],
) -> None:
    listed = run(capsys, "list")["organisations"]

    assert [(one["slug"], one["members"], one["coordinators"]) for one in listed] == [
        ("harbour", 0, []),
        ("workshop", 2, ["dana@example.org"]),
    ]
    command.main(parser_for("organisation").parse_args(["list"]))
    assert "Harbour Guild: 0 members, coordinated by nobody" in capsys.readouterr().out


def test_after_the_last_coordinator_went_the_host_names_another(
    organisation: Organisation, dana: Person, ben: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    delete_account(by=dana, now=NOW)

    named = run(capsys, "coordinator", "workshop", "ben@example.org")
    again = run(capsys, "coordinator", "workshop", "ben@example.org")

    assert named == again
    assert named["coordinators"] == ["ben@example.org"]
    assert membership_of(ben, organisation).answers_questions
    with acting_in(organisation.pk):
        assert EventRecord.objects.filter(name="CoordinatorNamed", facts__person_id=str(ben.pk)).count() == 1


def test_who_was_not_there_comes_in_as_coordinator_and_keeps_other_roles(
    organisation: Organisation, other_organisation: Organisation, chloe: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "coordinator", "workshop", "chloe@example.org")
    make_member(Organisation.objects.create(name="Third", slug="third"), chloe, roles=["moderator"])
    run(capsys, "coordinator", "third", "chloe@example.org")

    assert membership_of(chloe, organisation).roles == ["coordinator"]
    assert membership_of(chloe, Organisation.objects.get(slug="third")).roles == ["coordinator", "moderator"]


def test_what_cannot_be_is_refused_and_leaves_nothing_behind(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=amina).update(state=Membership.State.BARRED)

    assert "“A B” is no address" in refused("add", "X", "--slug", "A B", "--coordinator", "amina@example.org")
    assert "already has the address" in refused("add", "Workshop", "--coordinator", "amina@example.org")
    assert "No address can be made" in refused("add", "金属", "--coordinator", "amina@example.org")
    assert "sign up first" in refused("add", "Night Shift", "--coordinator", "nobody@example.org")
    assert "valid email" in refused("add", "Night", "--coordinator", "no address", "--coordinator-name", "No")
    assert "No organisation has the address" in refused("coordinator", "nowhere", "amina@example.org")
    assert "is suspended" in refused("coordinator", "workshop", "amina@example.org")
    assert Organisation.objects.count() == 1
    with signing_in():
        assert Person.objects.count() == 1
