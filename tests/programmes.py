"""A programme that gives mentors, for the tests of what comes of it."""

from typing import Any

from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.matches.actions import confirm_preview, start_preview
from momentor.matches.models import Match, Preview, Proposal
from momentor.people.actions import enrol, say_wish, start_programme
from momentor.people.models import Organisation, Person, Programme
from momentor.people.standing import member
from tests.cast import NOW, make_member, make_person
from tests.talks import let_jobs_run

WELDING = "I was offered to lead a crew of welders and would like to learn it from somebody who led one."
TEACHING = "I would like to become a vocational teacher of metalwork after twenty years at the bench."


def a_programme(organisation: Organisation, dana: Person, *people: Person, **fields: Any) -> Programme:
    """Start a programme that gives mentors, with these people in it."""
    with acting_in(organisation.pk, person_id=dana.pk):
        given = {"name": "First crews", "matches_people": True, **fields}
        programme = start_programme(by=dana, now=NOW, **given)
        for person in people:
            enrol(programme=programme, membership=member(person), by=dana, now=NOW)
    return programme


def wants(organisation: Organisation, programme: Programme, person: Person, wish: str = WELDING) -> None:
    """Let somebody say that they would like a mentor."""
    with acting_in(organisation.pk, person_id=person.pk):
        say_wish(programme=programme, by=person, wants_mentor=True, wish=wish, now=NOW)


def newcomers(organisation: Organisation, programme: Programme, dana: Person, count: int) -> list[Person]:
    """Put so many new people into a programme, each of whom would like a mentor."""
    people = [make_person(f"Newcomer {number:02}", f"newcomer{number}@example.org") for number in range(count)]
    for person in people:
        make_member(organisation, person)
        with acting_in(organisation.pk, person_id=dana.pk):
            enrol(programme=programme, membership=member(person), by=dana, now=NOW)
        wants(organisation, programme, person)
    return people


def a_preview(organisation: Organisation, programme: Programme, dana: Person, **settings: Any) -> Preview:
    """Have a preview worked out."""
    with acting_in(organisation.pk, person_id=dana.pk):
        given = {"now": timezone.now(), **settings}
        preview = start_preview(programme=programme, by=dana, **given)
    let_jobs_run()
    with acting_in(organisation.pk):
        return Preview.objects.get(pk=preview.pk)


def confirmed(organisation: Organisation, preview: Preview, dana: Person) -> Preview:
    """Confirm a preview, and let everybody hear of it."""
    with acting_in(organisation.pk, person_id=dana.pk):
        done = confirm_preview(preview=preview, by=dana, now=NOW)
    let_jobs_run()
    return done


def pairs_of(organisation: Organisation, preview: Preview) -> dict[str, str]:
    """Return who would be matched with whom, by name."""
    with acting_in(organisation.pk):
        rows = Proposal.objects.filter(preview=preview).kept().select_related("mentee", "mentor")
        return {str(one.mentee): str(one.mentor) for one in rows}


def matched(organisation: Organisation) -> dict[str, str]:
    """Return who is matched with whom at the moment, by name."""
    with acting_in(organisation.pk):
        return {str(one.mentee): str(one.mentor) for one in Match.objects.running().select_related("mentee", "mentor")}
