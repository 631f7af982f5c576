"""A programme of ten thousand: no page and no confirmation takes longer than somebody waits for it."""

import random
import resource
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest

from momentor.foundation.tenancy import acting_in, signing_in
from momentor.matches.actions import start_preview
from momentor.matches.models import Match, Preview
from momentor.matches.working import work_out
from momentor.people.models import Enrolment, Membership, Organisation, Person, Programme, Skill
from tests.cast import EVERY_MEDIUM, NOW, client_of, page
from tests.programmes import a_programme

MENTEES, MENTORS, PLACES = 10_000, 2_000, 5
FIELDS = [
    f"{craft} {thing}"
    for craft in ("welding", "nursing", "teaching", "coding", "farming", "law", "music", "food")
    for thing in ("basics", "leadership", "tools", "certificates", "teams", "customers", "planning", "writing")
]
LANGUAGES = (["en"], ["en", "de"], ["de", "en"], ["fr", "en"], ["de"])
ZONES = ("Europe/Berlin", "Europe/London", "Africa/Lagos", "America/New_York", "Asia/Kolkata")
REQUESTS = ("settings", "first page", "last page", "confirming")
PATIENCE = 20.0  # seconds for one request, on a machine that does other things as well


@pytest.fixture
def large(organisation: Organisation, dana: Person) -> Programme:
    """A programme of ten thousand who look for a mentor, and two thousand mentors with five places each."""
    chance = random.Random(7)
    programme = a_programme(organisation, dana, name="Everybody")
    with signing_in():
        people = Person.objects.bulk_create(
            [
                Person(
                    email=f"{number}@example.org",
                    name=f"Person {number:05}",
                    languages=chance.choice(LANGUAGES),
                    time_zone=chance.choice(ZONES),
                )
                for number in range(MENTEES + MENTORS)
            ],
            batch_size=1000,
        )
    with acting_in(organisation.pk):
        fields = [chance.sample(FIELDS, 3) for _person in people]
        members = Membership.objects.bulk_create(
            [
                Membership(
                    person=person,
                    agreed_to_conduct_at=NOW,
                    answers_questions=number >= MENTEES,
                    mediums=EVERY_MEDIUM,
                    story=f"For years I worked on {', '.join(fields[number])}." if number >= MENTEES else "",
                )
                for number, person in enumerate(people)
            ],
            batch_size=1000,
        )
        Skill.objects.bulk_create(
            [
                Skill(membership=one, name=name)
                for one, names in zip(members[MENTEES:], fields[MENTEES:], strict=True)
                for name in names
            ],
            batch_size=1000,
        )
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    programme=programme,
                    membership=one,
                    wants_mentor=True if number < MENTEES else None,
                    wish=f"I would like to get better at {' and '.join(fields[number])} this year."
                    if number < MENTEES
                    else "",
                )
                for number, one in enumerate(members)
            ],
            batch_size=1000,
        )
    return programme


def test_ten_thousand_are_matched_and_nobody_waits_for_long(
    organisation: Organisation, large: Programme, dana: Person, record_property: Any
) -> None:
    browser: Any = client_of(dana)
    took: dict[str, float] = {}

    def timed(name: str, call: Callable[[], Any]) -> Any:
        began = perf_counter()
        found = call()
        took[name] = round(perf_counter() - began, 2)
        return found

    settings = page("matches:matching", large.pk, organisation=organisation)
    assert timed("settings", lambda: browser.get(settings)).status_code == 200
    with acting_in(organisation.pk, person_id=dana.pk):
        preview = start_preview(programme=large, by=dana, now=NOW, places=PLACES, is_queued=False)
    timed("working out", lambda: work_out(preview_id=preview.pk, organisation_id=organisation.pk, now=NOW))
    there = page("matches:preview", preview.pk, organisation=organisation)
    timed("first page", lambda: browser.get(there))
    timed("last page", lambda: browser.get(f"{there}?page=400"))
    confirmation = page("matches:confirmation", preview.pk, organisation=organisation)
    assert timed("confirming", lambda: browser.post(confirmation)).status_code == 303

    with acting_in(organisation.pk):
        found = Preview.objects.get(pk=preview.pk)
        assert found.result["made"] == found.result["matched"] == Match.objects.count()
    took["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    took["beside MB"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    record_property("took", took)
    assert found.result["matched"] > 0.98 * MENTEES
    assert all(seconds < PATIENCE for name, seconds in took.items() if name in REQUESTS), took
