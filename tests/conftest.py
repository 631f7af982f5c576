"""The cast and its organisations, made anew for every test that names them.

A test of actions uses the fixture `acting`, which works inside the Open Workshop from beginning to end:

    pytestmark = pytest.mark.usefixtures("acting")

Tests of pages do not: each request opens its organisation itself.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation

from momentor.foundation.tenancy import acting_in
from momentor.people.models import Membership, Organisation, Person
from tests.cast import make_member, make_mentor, make_organisation, make_person


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Begin in English, whatever language the last page of the test before was in."""
    with translation.override("en"):
        yield


@pytest.fixture
def nobody(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    """Begin with no organisation open, and keep it so between the cast and the test.

    Inside the one transaction of an ordinary test, what `acting_in` tells the database would outlive it.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
    if commits:
        yield
        _forget_jobs()
    else:
        with acting_in(None):
            yield


def _forget_jobs() -> None:
    """Remove what a test that commits has queued: these tables are not Django's to empty."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


@pytest.fixture
def organisation(nobody: None) -> Organisation:
    """The Open Workshop, where everybody but Chloe is."""
    return make_organisation("Open Workshop", "workshop", description="Crafts and careers, between people who do them.")


@pytest.fixture
def other_organisation(nobody: None) -> Organisation:
    """Another organisation on the same site, of which the Open Workshop must never see anything."""
    return make_organisation("Harbour Guild", "harbour")


@pytest.fixture
def acting(organisation: Organisation) -> Iterator[None]:
    """Work inside the Open Workshop for the whole test."""
    with acting_in(organisation.pk):
        yield


@pytest.fixture
def amina(organisation: Organisation) -> Person:
    """She asks."""
    person = make_person("Amina Yusuf", "amina@example.org", languages=["en", "de"])
    make_member(organisation, person, headline="Six years of welding, offered a foreman role")
    return person


@pytest.fixture
def ben(organisation: Organisation) -> Person:
    """He answers, at any hour of the day, in chat, voice, video and writing."""
    person = make_person("Ben Okafor", "ben@example.org", languages=["en", "de"])
    make_mentor(
        organisation,
        person,
        headline="Welder for 14 years, now certifies other welders",
        story="I welded pipes on ships, led a crew of eight for three years, and went back to the bench.",
        asked_about="Certificates, and whether to lead a crew at all.",
        skills=["TIG welding", "leading a crew"],
    )
    return person


@pytest.fixture
def emil(organisation: Organisation) -> Person:
    """He answers too, a little less."""
    person = make_person("Emil Sørensen", "emil@example.org", languages=["en", "da"], time_zone="Europe/Copenhagen")
    make_mentor(
        organisation,
        person,
        headline="Ran a metal shop, now a vocational teacher",
        story="Twenty years with my own shop and six people. Now I teach the trade to people over thirty.",
        asked_about="Retraining in a trade, teaching, selling a small firm.",
        skills=["metalwork", "vocational teaching"],
        capacity_per_week=2,
    )
    return person


@pytest.fixture
def dana(organisation: Organisation) -> Person:
    """She moderates and coordinates."""
    person = make_person("Dana Novak", "dana@example.org", languages=["en", "cs"], time_zone="Europe/Prague")
    make_member(organisation, person, roles=[Membership.Role.COORDINATOR, Membership.Role.MODERATOR])
    return person


@pytest.fixture
def chloe(other_organisation: Organisation) -> Person:
    """A stranger: a mentor in the other organisation only, who must see nothing of this one."""
    person = make_person("Chloe Martin", "chloe@example.org", languages=["en", "fr"], time_zone="Europe/Paris")
    make_mentor(other_organisation, person, headline="Ship's cook", skills=["welding"])
    return person
