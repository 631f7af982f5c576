"""No list ends in silence: what does not fit on a page is on the next."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.people.actions import make_invitation
from momentor.people.models import Block, Membership, Organisation, Person, Programme
from momentor.people.queries import languages_of_mentors
from momentor.trust.models import Report
from tests.cast import client_of, make_member, make_person, page

MANY = 51


def reports(organisation: Organisation, dana: Person, others: list[Person], *, is_closed: bool = False) -> None:
    now = timezone.now()
    Report.objects.bulk_create(
        Report(
            by=one,
            subject_kind="profile",
            subject_id=one.pk,
            reason="other",
            words=f"Number {number} here",
            reported_at=now + timedelta(seconds=number),
            closed_at=now - timedelta(seconds=number) if is_closed else None,
        )
        for number, one in enumerate(others)
    )


def decided(organisation: Organisation, dana: Person, others: list[Person]) -> None:
    reports(organisation, dana, others, is_closed=True)


def blocks(organisation: Organisation, dana: Person, others: list[Person]) -> None:
    now = timezone.now()
    Block.objects.bulk_create(
        Block(by=dana, about=one, blocked_at=now - timedelta(seconds=number)) for number, one in enumerate(others)
    )


def waiting(organisation: Organisation, dana: Person, others: list[Person]) -> None:
    Membership.objects.filter(person__in=others).update(state=Membership.State.ASKED)


def links(organisation: Organisation, dana: Person, others: list[Person]) -> None:
    for number in reversed(range(MANY)):
        make_invitation(by=dana, email=f"number-{number}-here@example.org", now=timezone.now())


def programmes(organisation: Organisation, dana: Person, others: list[Person]) -> None:
    for number in range(MANY):
        Programme.objects.create(name=f"Number {number} here")


@pytest.fixture
def others(organisation: Organisation) -> list[Person]:
    people = []
    for number in range(MANY):
        person = make_person(f"Number {number} here", f"{number}@example.org")
        make_member(organisation, person)
        people.append(person)
    return people


@pytest.mark.parametrize(
    ("fill", "name", "query"),
    [
        (reports, "trust:queue", ""),
        (decided, "trust:queue", "show=closed"),
        (blocks, "trust:blocks", ""),
        (waiting, "people:approvals", ""),
        (links, "people:invitations", ""),
        (programmes, "people:programmes", ""),
    ],
)
def test_what_does_not_fit_on_a_page_is_on_the_next(
    organisation: Organisation, dana: Person, others: list[Person], fill: Callable[..., None], name: str, query: str
) -> None:
    with acting_in(organisation.pk):
        fill(organisation, dana, others)
    where, browser = page(name, organisation=organisation), client_of(dana)

    first = browser.get(f"{where}?{query}")
    second = browser.get(where + first.context["later"])

    assert first.context["earlier"] == second.context["later"] == ""
    assert len(first.context["rows"]) == MANY - 1
    assert len(second.context["rows"]) == 1
    assert set(first.context["rows"]).isdisjoint(second.context["rows"])
    assert 'rel="next"' in first.content.decode()
    assert query in second.context["earlier"]


def test_the_languages_of_mentors_are_each_named_once(organisation: Organisation, ben: Person, emil: Person) -> None:
    with acting_in(organisation.pk):
        assert languages_of_mentors() == ["da", "de", "en"]
