"""Wherever a person is shown, keeping them away or calling a moderator about them is there, or one tap on."""

import re
from html import unescape
from uuid import UUID

import pytest
from django.test import Client

from momentor.foundation.tenancy import acting_in
from momentor.people.models import Membership, Organisation, Person, Programme
from momentor.sessions.models import Session
from momentor.trust.actions import block
from momentor.trust.subjects import subject_of
from tests.cast import NOW, client_of, make_person, page
from tests.journeys.lives import Life, a_full_life
from tests.journeys.pages import pages_of
from tests.talks import let_jobs_run

PLACES = re.compile(
    r"/at/workshop/(people|members|sessions|bookings|offers|notices|reports|matches)/[0-9a-f-]{36}/(?:\?|$)"
)
REPORT = re.compile(r"/reports/new/\?kind=([a-z]+)&id=([0-9a-f-]{36})")
BLOCK = re.compile(r"/blocks/([0-9a-f-]{36})/$")


@pytest.fixture
def everybody(amina: Person, ben: Person, emil: Person, dana: Person) -> dict[str, Person]:
    return {"amina": amina, "ben": ben, "emil": emil, "dana": dana}


@pytest.fixture
def life(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> Life:
    with acting_in(organisation.pk):
        Membership.objects.here().update(capacity_per_week=20)
    return a_full_life(organisation, amina, ben, emil, dana)


class Eyes:
    """Reads pages as one person, and remembers what was opened."""

    def __init__(self, person: Person, organisation: Organisation) -> None:
        self.person, self.organisation = person, organisation
        self.browser: Client = client_of(person)
        self.opened: dict[str, str] = {}

    def main(self, address: str) -> str:
        """Return what a page says between its header and its footer, at the place that it leads to."""
        if address not in self.opened:
            answer = self.browser.get(address, follow=True)
            self.opened[address] = unescape(answer.content.decode()).partition("<main")[2].partition("</main>")[0]
        return self.opened[address]

    def can_be_called_about(self, said: str) -> set[UUID]:
        """Return whom this page lets one block or report."""
        places = set(re.findall(r'(?:href|action)="([^"]+)"', said))
        found = {UUID(hit[1]) for place in places if (hit := BLOCK.search(place))}
        with acting_in(self.organisation.pk, person_id=self.person.pk):
            for place in places:
                if hit := REPORT.search(place):
                    subject = subject_of(hit[1], UUID(hit[2]), self.person)
                    assert subject is not None, f"{place} leads nowhere"
                    found |= {subject.about_id} if subject.about_id else set()
        return found

    def out_of_reach(self, address: str, people: list[Person]) -> list[str]:
        """Return who is named on a page, and can be called about neither there nor one tap on."""
        said = self.main(address)
        words = re.sub(r"<[^>]*>", " ", said)
        named = [one for one in people if one.name in words and one != self.person]
        reached = self.can_be_called_about(said)
        if {one.pk for one in named} - reached:
            for place in sorted(set(re.findall(r'href="([^"#]+)', said))):
                reached |= self.can_be_called_about(self.main(place)) if PLACES.search(place) else set()
        return [one.name for one in named if one.pk not in reached]


def test_wherever_a_name_stands_a_block_or_a_report_is_a_tap_away(
    organisation: Organisation, life: Life, everybody: dict[str, Person]
) -> None:
    let_jobs_run()
    waits = make_person("Nuria Haddad", "nuria@example.org")
    barred = make_person("Otto Kranz", "otto@example.org")
    with acting_in(organisation.pk):
        Programme.objects.filter(pk=life.programme).update(is_for_all=True)
        Membership.objects.create(person=waits, joined_at=NOW, state=Membership.State.ASKED)
        gone = Membership.objects.create(person=barred, joined_at=NOW, state=Membership.State.BARRED)
        block(about=waits, by=everybody["amina"], now=NOW)

    def at(name: str, *args: UUID | str) -> str:
        return page(name, *args, organisation=organisation)

    pages = pages_of(organisation, life, everybody)
    home = [
        ("home", at("web:home")),
        ("bookings", at("scheduling:bookings")),
        ("conversations", at("sessions:sessions")),
        ("notices", at("notices:notices")),
    ]
    pages["amina"] += [
        ("programme", at("people:programme", life.programme)),
        ("answered", at("asking:question", _question_of(organisation, life))),
        ("thanks", at("learning:thanks", life.ended)),
    ]
    pages["ben"] += [*home, ("outcomes", at("learning:outcomes")), ("room-over", at("sessions:session", life.ended))]
    pages["emil"] += [*home, ("booking", at("scheduling:booking", life.booking))]
    pages["dana"] += [*home, ("mentors", at("people:people")), ("barred", at("people:member", gone.pk))]
    people = [*everybody.values(), waits, barred]
    missing, named = [], 0
    for who, theirs in pages.items():
        eyes = Eyes(everybody[who], organisation)
        for name, address in theirs:
            if name == "reports":  # it names whom a report is about, and leads to the page that decides on it
                continue
            out = eyes.out_of_reach(address, people)
            missing += [f"{who}, {name}: {one}" for one in out]
            named += bool(any(one.name in eyes.main(address) for one in people if one != eyes.person))
    assert not missing, "\n".join(missing)
    assert named > 20, named


def _question_of(organisation: Organisation, life: Life) -> UUID:
    with acting_in(organisation.pk):
        return Session.objects.get(pk=life.ended).question_id
