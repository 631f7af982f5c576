"""The host's own pages: every one opens, and none shows what people wrote to each other."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.asking.models import Answer, Gap
from momentor.dispatch.actions import pass_offer, start_search
from momentor.dispatch.models import Offer
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.learning.actions import write_takeaway
from momentor.people.models import Organisation, Person, Programme
from momentor.scheduling.actions import book_slot, set_weekly_hours
from momentor.scheduling.queries import slots_of
from tests.cast import client_of, make_person, membership_of
from tests.programmes import a_preview, a_programme, confirmed, wants
from tests.talks import let_jobs_run, open_talk, say

# What Amina and Ben wrote for each other: not for the host.
WORDS = (
    "quiet foreman",
    "night shift",
    "argon bottle",
    "weld inspector",
    "try one week",
    "torch goes out",
    "bead on",
    "blue curtain",
)


@pytest.fixture
def host(nobody: None) -> Person:
    """Who runs the site, and takes part in nothing."""
    return make_person("Hana Host", "hana@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def life(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> None:
    """Something of everything that the host's pages list."""
    now = timezone.now()
    session = open_talk(organisation, amina, ben, came=(amina, ben), text="Can a quiet foreman lead? I wonder.")
    say(organisation, session, ben, "Lead the night shift first.")
    with acting_in(organisation.pk, person_id=amina.pk):
        write_takeaway(session=session, by=amina, insight="I will try one week", now=now)
        Answer.objects.create(question=session.question, mentor=emil, text="Ask the weld inspector.", given_at=now)
        passed = draft_question(by=amina, text="Which argon bottle for a boat?", language="en", now=now)
        search = start_search(question=passed, by=amina, chosen=[ben.pk, emil.pk], now=now)
        pass_offer(offer=Offer.objects.get(search=search, mentor=emil), by=emil, reason="Not my field", now=now)
        Gap.objects.get_or_create(question=passed, defaults={"topics": ["welding"], "noticed_at": now})
        later = draft_question(by=amina, text="My torch goes out in the wind. Why?", language="en", now=now)
        set_weekly_hours(by=emil, stretches=[(day, time(9), time(17)) for day in range(7)])
        slot = next(iter(slots_of(membership_of(emil, organisation), minutes=10, now=now + timedelta(hours=1))))
        book_slot(question=later, by=amina, mentor=emil, starts_at=slot.starts, now=now)
        draft_question(by=amina, text="How wide should the bead on thin pipe be?", language="en", now=now)
        Programme.objects.create(name="First year")
    crews = a_programme(organisation, dana, amina, ben)
    wants(organisation, crews, amina, "I would like to learn welding behind the blue curtain.")
    let_jobs_run()
    confirmed(organisation, a_preview(organisation, crews, dana), dana)


def addresses_in(html: str) -> set[str]:
    """Return where the links of a page of the host's lead, within the host's pages."""
    links = {unescape(found).partition("?")[0] for found in re.findall(r'href="([^"]+)"', html)}
    return {link for link in links if link.startswith("/at/workshop/admin/") and "logout" not in link}


def walk(browser: Client) -> Iterator[tuple[str, int, str]]:
    """Open every page that a link leads to, from the index on."""
    waiting, seen = ["/at/workshop/admin/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        said = answer.content.decode() if "text/html" in answer.headers["Content-Type"] else ""
        yield address, answer.status_code, said
        waiting.extend(sorted(addresses_in(said) - seen))


def test_a_host_opens_every_page_and_reads_nobodys_words(life: None, host: Person) -> None:
    listed = [model._meta for model in admin.site._registry]
    lists = {f"/at/workshop/admin/{model.app_label}/{model.model_name}/" for model in listed}
    opened: dict[str, int] = {}

    for address, status, said in walk(client_of(host)):
        opened[address] = status
        told = [word for word in WORDS if word in said]
        assert not told, f"{address} says {told}"

    assert set(opened.values()) <= {200, 302}, opened
    assert lists <= set(opened)
    for place in lists:  # a row of each was there to be opened
        assert [one for one in opened if re.fullmatch(re.escape(place) + r"[^/]+/change/", one)], place


def test_nothing_can_be_written_past_the_actions(life: None, organisation: Organisation, host: Person) -> None:
    browser = client_of(host)
    for model in admin.site._registry:
        place = f"/at/workshop/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = min(one for one in addresses_in(browser.get(place).content.decode()) if one.endswith("/change/"))

        assert browser.get(f"{place}add/").status_code == 403, place
        assert browser.post(row, {"name": "Mine now"}).status_code == 403, place
        assert browser.post(row.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403, place


def test_what_packages_would_list_is_not_there(host: Person, organisation: Organisation) -> None:
    index = client_of(host).get("/at/workshop/admin/").content.decode()

    for address in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession", "auth/group"):
        assert address not in index
        assert client_of(host).get(f"/at/workshop/admin/{address}/").status_code == 404


def test_a_host_lets_a_job_that_failed_run_again(life: None, host: Person) -> None:
    browser = client_of(host)
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'failed' where id = (select min(id) from procrastinate_jobs)"
        )
        cursor.execute("select min(id) from procrastinate_jobs")
        (number,) = cursor.fetchone() or (None,)

    browser.post(
        "/at/workshop/admin/procrastinate/procrastinatejob/", {"action": "retry", "_selected_action": str(number)}
    )

    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where id = %s", [number])
        assert cursor.fetchone() == ("todo",)


def test_a_host_finds_the_pages_of_an_organisation_from_its_settings(organisation: Organisation, amina: Person) -> None:
    browser = client_of(amina)
    assert "/at/workshop/admin/" not in browser.get("/at/workshop/settings/").content.decode()
    with signing_in():
        Person.objects.filter(pk=amina.pk).update(is_staff=True, is_superuser=True)

    settings, inside, outside = (
        browser.get(address).content.decode()
        for address in ("/at/workshop/settings/", "/at/workshop/admin/", "/admin/")
    )

    assert 'href="/at/workshop/admin/"' in settings
    assert "<h2>Open Workshop</h2>" in inside
    assert "Outside every organisation, little is seen." in outside
