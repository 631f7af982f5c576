"""Leaving an organisation, leaving for good, and what one takes along."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.actions import (
    become_available,
    delete_account,
    enrol,
    leave_organisation,
    make_invitation,
    remove_member,
    revoke_invitation,
    save_sample_answer,
    start_programme,
)
from momentor.people.export import export_of
from momentor.people.models import Block, Enrolment, Invitation, Membership, Organisation, Person, SampleAnswer, Skill
from momentor.people.retention import forget_old
from momentor.people.standing import OnlyForCoordinators, member
from momentor.trust.actions import block, close_report, report
from momentor.trust.models import Report
from tests.cast import NOW, client_of, make_mentor

LATER = NOW + timedelta(days=731)


@pytest.mark.usefixtures("acting")
def test_who_leaves_takes_the_profile_away_and_nobody_else(amina: Person, ben: Person, dana: Person) -> None:
    programme = start_programme(by=dana, now=NOW, name="First year")
    enrol(programme=programme, membership=member(ben), by=dana, now=NOW)
    save_sample_answer(by=ben, question="Why?", answer="Because.", now=NOW)
    become_available(by=ben, minutes=30, now=NOW)

    leave_organisation(by=ben, now=NOW)

    gone = Membership.objects.get(person=ben)
    assert (gone.state, gone.headline, gone.story, gone.answers_questions) == ("left", "", "", False)
    assert gone.available_until is None
    assert not Skill.objects.filter(membership=gone).exists()
    assert not SampleAnswer.objects.exists()
    assert not Enrolment.objects.exists()
    assert Person.objects.get(pk=ben.pk).name == "Ben Okafor"
    fact = EventRecord.objects.get(name="PersonLeft")
    assert fact.facts == {"person_id": str(ben.pk), "membership_id": str(gone.pk), "why": "left"}


@pytest.mark.usefixtures("acting")
def test_only_coordinators_remove_members(ben: Person, emil: Person, dana: Person) -> None:
    with pytest.raises(OnlyForCoordinators):
        remove_member(membership=member(emil), by=ben, now=NOW)

    remove_member(membership=member(emil), by=dana, now=NOW)
    assert not Membership.objects.active().filter(person=emil).exists()


def test_a_deleted_account_leaves_no_name_no_way_in_and_no_profile(
    organisation: Organisation, other_organisation: Organisation, amina: Person, ben: Person
) -> None:
    make_mentor(other_organisation, ben, headline="Also here", skills=["tact"])
    with acting_in(organisation.pk):
        block(about=amina, by=ben, now=NOW)
    browser = client_of(ben)
    with signing_in():
        session_key = browser.session.session_key
        UserSession.objects.get_or_create(user=ben, session_key=session_key, defaults={"ip": "::1"})
        Authenticator.objects.create(user=ben, type="totp", data={"secret": "x"})

    delete_account(by=ben, now=NOW)

    for place in (organisation, other_organisation):
        with acting_in(place.pk):
            left = Membership.objects.select_related("person").get(person=ben)
            assert (left.state, left.headline) == (Membership.State.LEFT, "")
            assert str(left.person) == "Somebody who left"
            assert not Skill.objects.filter(membership=left).exists()
            assert not Block.objects.exists()
            assert EventRecord.objects.filter(name="PersonLeft", facts__why="deleted").count() == 1
    with signing_in():
        row = Person.objects.get(pk=ben.pk)
    assert row.email == f"deleted-{ben.pk}@invalid"
    assert (row.name, row.is_active, row.has_usable_password()) == ("", False, False)
    assert not EmailAddress.objects.filter(user=ben).exists()
    assert not Authenticator.objects.filter(user=ben).exists()
    assert not UserSession.objects.filter(user=ben).exists()
    assert not Session.objects.filter(session_key=session_key).exists()
    assert browser.get("/settings/").status_code == 302


def test_somebody_else_may_take_the_address_of_a_deleted_account(ben: Person) -> None:
    delete_account(by=ben, now=NOW)

    with signing_in():
        again = Person.objects.create_user("ben@example.org", name="Ben")
    assert again.pk != ben.pk


def test_an_export_holds_ones_own_from_every_organisation_and_nobody_elses(
    organisation: Organisation, other_organisation: Organisation, amina: Person, ben: Person, chloe: Person
) -> None:
    make_mentor(other_organisation, ben, skills=["tact"])
    with acting_in(organisation.pk):
        save_sample_answer(by=ben, question="Why weld?", answer="The light: ☀", now=NOW)
        report(kind="profile", subject_id=amina.pk, reason="other", words="odd", by=ben, now=NOW)
        report(kind="profile", subject_id=ben.pk, reason="other", words="about Ben", by=amina, now=NOW)

    with export_of(ben, now=NOW) as archive, zipfile.ZipFile(io.BytesIO(archive.read())) as folder:
        files = {name: json.loads(folder.read(name)) for name in folder.namelist()}

    assert files["account.json"][0]["email"] == "ben@example.org"
    assert [row["name"] for row in files["harbour/skills.json"]] == ["tact"]
    assert [row["name"] for row in files["workshop/skills.json"]] == ["TIG welding", "leading a crew"]
    assert files["workshop/sample_answers.json"][0]["answer"] == "The light: ☀"
    assert [row["words"] for row in files["workshop/reports.json"]] == ["odd"]
    assert "chloe" not in str(files)
    assert "about Ben" not in str(files)


@pytest.mark.usefixtures("acting")
def test_what_is_older_than_the_organisation_keeps_is_gone(dana: Person, amina: Person, ben: Person) -> None:
    ended, _link = make_invitation(by=dana, now=NOW)
    revoke_invitation(invitation=ended, by=dana, now=NOW)
    closed = report(kind="profile", subject_id=ben.pk, reason="other", words="", by=amina, now=NOW)
    close_report(report=closed, decision="nothing", by=dana, now=NOW)
    waiting = report(kind="profile", subject_id=ben.pk, reason="other", words="", by=amina, now=NOW)

    assert forget_old(now=NOW + timedelta(days=729)) == 0
    assert forget_old(now=LATER) > 0
    assert not Invitation.objects.exists()
    assert list(Report.objects.all()) == [waiting]
    assert not EventRecord.objects.exists()
    assert member(ben).person_id == ben.pk
