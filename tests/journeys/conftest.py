"""A served site, browsers, and the cast with an organisation of its own in every story.

Rows are committed: the site runs in processes of its own. People are made once and sign in once; each story has its
own organisation, so that no story sees another's.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

# Playwright's synchronous side keeps an event loop in this thread; our queries are as safe beside it as without.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from django.db import close_old_connections
from django.utils import timezone

from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.models import Membership, Organisation, Person
from momentor.scheduling.models import Booking
from momentor.sessions.models import Session
from tests.cast import make_member, make_mentor, make_organisation, make_person
from tests.journeys.browsing import FLAGS, PASSWORD, Browsers
from tests.journeys.served import Served

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "The journeys need Chromium. Install it (Debian: apt-get install chromium), or name it in MOMENTOR_CHROMIUM."
)
_numbers = count(1)
expect.set_options(timeout=15_000)  # two cores carry a server, a worker, a database and two browsers


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_people: what real people wrote is on the pages; nothing of it is kept.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show, with a story that went wrong, what everybody had in front of them, and what the site said."""
    report = yield
    given = getattr(item, "funcargs", {})
    browsers = given.get("browsers")
    if not report.failed or call.excinfo is None:
        return report
    if item.get_closest_marker("real_people"):
        report.longrepr = _where_alone(call.excinfo)
    elif report.when == "call" and browsers is not None:
        report.sections.append(("open pages", "\n\n".join(browsers.tell(item.name))))
        report.sections.append(("the site said", given["site"].end_of_log(20)))
    return report


def _where_alone(failure: pytest.ExceptionInfo[BaseException]) -> str:
    """Tell where something went wrong, and not what: values and calls hold what people wrote."""
    lines = [f"{entry.path}:{entry.lineno + 1}" for entry in failure.traceback if "/tests/" in str(entry.path)]
    return "\n".join([*lines, f"{failure.typename} (what it says is not shown: real people's words are in it)"])


@pytest.fixture(scope="session")
def open_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def site(open_database: None) -> Iterator[Served]:
    """The site, served once for all stories of this process."""
    served = Served(Path(os.environ["MOMENTOR_DATA"]))
    try:
        served.start()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("MOMENTOR_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.exit(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def keys_of_people() -> dict[str, StorageState]:
    """The cookies of those who signed in already, by address."""
    return {}


@pytest.fixture
def browsers(chromium: Browser, site: Served, keys_of_people: dict[str, StorageState]) -> Iterator[Browsers]:
    """Open browsers for people: `browsers.of(amina, phone=True)`. What goes wrong in one fails the story."""
    close_old_connections()
    opened = Browsers(chromium, site, keys_of_people)
    yield opened
    troubles = opened.close()
    assert not troubles, "\n".join(["What no page may do:", *dict.fromkeys(troubles), site.end_of_log(10)])


# The cast: the same people in every story, in an organisation of its own


@pytest.fixture(scope="session")
def everybody(open_database: None) -> dict[str, Person]:
    people = {
        "amina": make_person("Amina Yusuf", "amina@example.org", languages=["en", "de"]),
        "ben": make_person("Ben Okafor", "ben@example.org", languages=["en", "de"]),
        "emil": make_person("Emil Sørensen", "emil@example.org", languages=["en", "da"], time_zone="Europe/Copenhagen"),
        "dana": make_person("Dana Novak", "dana@example.org", languages=["en", "cs"], time_zone="Europe/Prague"),
        "chloe": make_person("Chloe Martin", "chloe@example.org", languages=["en", "fr"], time_zone="Europe/Paris"),
    }
    for person in people.values():
        give_password(person)
    return people


def give_password(person: Person) -> None:
    """Let a person sign in through the page."""
    with signing_in():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])


@pytest.fixture
def organisation(open_database: None) -> Iterator[Organisation]:
    """The Open Workshop of this story."""
    organisation = make_organisation(
        "Open Workshop",
        f"workshop-{next(_numbers)}",
        description="Crafts and careers, between people who do them.",
    )
    yield organisation
    # Whoever is in a live conversation, or soon will be, is offered nothing in any organisation: the next story needs
    # them free.
    with acting_in(organisation.pk):
        Session.objects.filter(state__in=Session.LIVE).update(state=Session.State.ENDED, ended_at=timezone.now())
        Booking.objects.standing().update(cancelled_at=timezone.now())


@pytest.fixture
def other_organisation(open_database: None) -> Organisation:
    return make_organisation("Harbour Guild", f"harbour-{next(_numbers)}")


@pytest.fixture
def amina(everybody: dict[str, Person], organisation: Organisation) -> Person:
    make_member(organisation, everybody["amina"], headline="Six years of welding, offered a foreman role")
    return everybody["amina"]


@pytest.fixture
def ben(everybody: dict[str, Person], organisation: Organisation) -> Person:
    make_mentor(
        organisation,
        everybody["ben"],
        headline="Welder for 14 years, now certifies other welders",
        story="I welded pipes on ships, led a crew of eight for three years, and went back to the bench.",
        asked_about="Certificates, and whether to lead a crew at all.",
        skills=["TIG welding", "leading a crew"],
        capacity_per_week=20,
    )
    return everybody["ben"]


@pytest.fixture
def emil(everybody: dict[str, Person], organisation: Organisation) -> Person:
    make_mentor(
        organisation,
        everybody["emil"],
        headline="Ran a metal shop, now a vocational teacher",
        story="Twenty years with my own shop and six people. Now I teach welding to people over thirty.",
        asked_about="Retraining in a trade, teaching, leading a small crew.",
        skills=["metalwork", "vocational teaching"],
        capacity_per_week=20,
    )
    return everybody["emil"]


@pytest.fixture
def dana(everybody: dict[str, Person], organisation: Organisation) -> Person:
    make_member(organisation, everybody["dana"], roles=[Membership.Role.COORDINATOR, Membership.Role.MODERATOR])
    return everybody["dana"]


@pytest.fixture
def chloe(everybody: dict[str, Person], other_organisation: Organisation) -> Person:
    make_mentor(other_organisation, everybody["chloe"], headline="Ship's cook", skills=["welding"])
    return everybody["chloe"]
