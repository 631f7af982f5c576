"""The demo community in the database: whole, believable in its times, loaded once."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings

from momentor.asking.models import Answer, Question
from momentor.demo import accounts, load
from momentor.demo.community import read_community
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.models import Enrolment, Membership, Organisation, Person, Programme, Skill
from momentor.scheduling.models import WeeklyHours
from tests.cast import NOW

WORKSHOP = load.demo_id("organisation", "workshop")
HARBOUR = load.demo_id("organisation", "harbour")


@pytest.fixture
def demo(nobody: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The community, loaded as `momentor demo` does."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "IS_DEMO", True)
    accounts.password.cache_clear()
    load.load(read_community(), now=NOW)
    yield
    accounts.password.cache_clear()


def counts() -> dict[str, Any]:
    found: dict[str, Any] = {"organisations": Organisation.objects.count()}
    with signing_in():
        found["people"] = Person.objects.count()
    for organisation_id in (WORKSHOP, HARBOUR):
        with acting_in(organisation_id):
            kinds = (Membership, Skill, WeeklyHours, Programme, Enrolment, Question, Answer)
            found |= {f"{organisation_id}/{kind.__name__}": kind.objects.count() for kind in kinds}
    return found


@pytest.mark.usefixtures("demo")
def test_the_community_is_loaded_once_and_changes_nothing_that_exists() -> None:
    before = counts()
    with acting_in(WORKSHOP):
        Membership.objects.filter(pk=load.demo_id("membership", "ben")).update(headline="Changed by Ben")

    load.load(read_community(), now=NOW + timedelta(days=3))

    assert counts() == before
    assert before["people"] >= 90
    with acting_in(WORKSHOP):
        assert Question.objects.history().count() >= 200
        assert Membership.objects.mentors().count() >= 60
        assert Membership.objects.get(pk=load.demo_id("membership", "ben")).headline == "Changed by Ben"


@pytest.mark.usefixtures("demo")
def test_history_has_times_that_can_be_and_answers_only_shown_by_agreement() -> None:
    with acting_in(WORKSHOP):
        assert not Question.objects.filter(asked_at__gt=NOW).exists()
        assert not Answer.objects.filter(given_at__gt=NOW).exists()
        for answer in Answer.objects.select_related("question"):
            assert answer.given_at is not None
            assert answer.question.asked_at is not None
            assert answer.given_at > answer.question.asked_at
        written = {question.key: question for question in read_community().questions}
        for answer in Answer.objects.select_related("question"):
            assert answer.is_shown is written[answer.question.source.removeprefix("demo/")].may_be_shown


@pytest.mark.usefixtures("demo")
def test_the_cast_can_sign_in_with_the_password_that_is_shown() -> None:
    shown = accounts.shown()

    assert [account.name for account in shown] == ["Amina", "Ben", "Emil", "Dana", "Chloé"]
    with signing_in():
        for account in shown:
            person = Person.objects.get(email=account.email)
            assert person.check_password(account.password)
            assert EmailAddress.objects.get(user=person).verified
        assert Person.objects.get(email=accounts.email_of("dana")).is_superuser
        assert Person.objects.filter(is_superuser=True).count() == 1


@pytest.mark.usefixtures("demo")
def test_chloe_belongs_to_another_organisation() -> None:
    chloe = load.demo_id("person", "chloe")

    with acting_in(WORKSHOP):
        assert not Person.objects.filter(pk=chloe).exists()
    with acting_in(HARBOUR):
        assert Membership.objects.here().get(person_id=chloe).answers_questions


@pytest.mark.usefixtures("demo")
def test_two_mentors_are_there_for_some_hours_from_each_start() -> None:
    load.wake_mentors(now=NOW)

    with acting_in(WORKSHOP):
        there = Membership.objects.mentors().filter(available_until__gt=NOW + timedelta(hours=7))
        assert {each.person.name.split()[0] for each in there.select_related("person")} == {"Ben", "Emil"}


def test_no_password_is_shown_outside_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_DEMO", False)

    assert accounts.shown() == []


def test_the_password_is_kept_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    accounts.password.cache_clear()

    first = accounts.password()
    accounts.password.cache_clear()

    assert accounts.password() == first
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600
    accounts.password.cache_clear()


def test_loading_takes_seconds(nobody: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    accounts.password.cache_clear()
    began = time.process_time()

    load.load(read_community(), now=NOW)

    assert time.process_time() - began < 5
    accounts.password.cache_clear()
