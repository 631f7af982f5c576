"""What a host does with an account: closing ends all that its person has open, opening lets them in again."""

from datetime import time, timedelta

import pytest
from django.contrib.sessions.models import Session as Cookie
from django.test import Client
from django.utils import timezone

from momentor.api.models import ApiToken
from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.dispatch.actions import start_search
from momentor.dispatch.models import Offer
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.integrations.webpush.models import PushSubscription
from momentor.notices.actions import tell
from momentor.notices.delivering import deliver_one
from momentor.notices.models import Delivery
from momentor.people.actions import close_account, delete_account, reopen_account
from momentor.people.actions.accounts import AccountDeleted, CannotCloseOwnAccount, OnlyForHosts
from momentor.people.models import Membership, Organisation, Person
from momentor.scheduling.actions import book_slot, set_weekly_hours
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.sessions.models import Session
from tests.api_client import Program
from tests.cast import NOW, client_of, make_member, make_mentor, make_person, membership_of
from tests.talks import ASKED, let_jobs_run, open_talk


@pytest.fixture
def host(nobody: None) -> Person:
    """Who runs the site, and takes part in nothing."""
    return make_person("Hana Host", "hana@example.org", is_staff=True, is_superuser=True)


def signed_in(person: Person) -> Client:
    """Return a browser that signed in as the page does, so that the site knows of its session."""
    with signing_in():
        person.set_password("a long enough one")
        person.save(update_fields=["password"])
    browser = client_of(None)
    browser.post("/accounts/login/", {"login": person.email, "password": "a long enough one"})
    assert browser.get("/at/workshop/").status_code == 200
    return browser


def choose(host: Person, place: str, action: str, *chosen: Person | Question) -> None:
    """Tick rows on one of the host's pages, and choose what to do with them."""
    ticked = {"action": action, "_selected_action": [str(one.pk) for one in chosen]}
    assert client_of(host).post(f"/at/workshop/admin/{place}/", ticked).status_code == 302


def test_closing_an_account_ends_what_its_person_has_open_in_every_organisation(
    organisation: Organisation,
    other_organisation: Organisation,
    amina: Person,
    ben: Person,
    emil: Person,
    dana: Person,
    chloe: Person,
    host: Person,
) -> None:
    now = timezone.now()
    make_mentor(other_organisation, ben)
    make_member(other_organisation, amina)
    room = open_talk(organisation, amina, ben, came=(amina, ben))
    with acting_in(organisation.pk, person_id=amina.pk):
        own = draft_question(by=ben, text=ASKED, language="en", now=now)
        start_search(question=own, by=ben, chosen=[emil.pk], now=now)
        PushSubscription.objects.create(person=ben, endpoint="https://push.example/1", p256dh="x", auth="y")
    with acting_in(other_organisation.pk, person_id=amina.pk):
        set_weekly_hours(by=ben, stretches=[(day, time(0), time(23)) for day in range(7)])
        later = draft_question(by=amina, text=ASKED, language="en", now=now)
        slot = next(iter(slots_of(membership_of(ben, other_organisation), minutes=10, now=now + timedelta(hours=3))))
        booked = book_slot(question=later, by=amina, mentor=ben, starts_at=slot.starts, now=now)
    browser, program = signed_in(ben), Program(organisation, ben)
    unlisted = client_of(ben)  # a session that the list of one's sessions does not know of
    assert program.ask("GET", "/me").status_code == 200

    close_account(person=ben, by=host, now=now)

    assert browser.get("/at/workshop/").status_code == 403
    assert unlisted.get("/at/workshop/").headers["Location"].startswith("/at/workshop/accounts/login/")
    assert not Cookie.objects.filter(session_key=browser.cookies["session"].value).exists()
    assert program.ask("GET", "/me").status_code == 401
    assert (
        client_of(None)
        .post("/accounts/login/", {"login": ben.email, "password": "a long enough one"})
        .headers["Location"]
        .endswith("/inactive/")
    )
    let_jobs_run()
    with acting_in(organisation.pk):
        assert Session.objects.get(pk=room.pk).is_over
        assert Question.objects.get(pk=room.question_id).state != Question.State.WITHDRAWN  # it is Amina's, and goes on
        assert Question.objects.get(pk=own.pk).state == Question.State.WITHDRAWN
        assert not Offer.objects.waiting().filter(question=own).exists()
        assert not ApiToken.objects.exists()
        assert not PushSubscription.objects.exists()
        assert ben.pk not in Membership.objects.mentors().values_list("person", flat=True)
        fact = EventRecord.objects.get(name="AccountClosed")
        assert (fact.facts["person_id"], fact.facts["by_id"]) == (str(ben.pk), str(host.pk))
    with acting_in(other_organisation.pk):
        assert Booking.objects.get(pk=booked.pk).cancelled_at is not None
        assert EventRecord.objects.filter(name="AccountClosed").count() == 1


def test_an_offer_to_somebody_whose_account_is_closed_is_taken_back(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, host: Person
) -> None:
    now = timezone.now()
    with acting_in(organisation.pk, person_id=amina.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=now)
        start_search(question=question, by=amina, chosen=[ben.pk], now=now)
        assert Offer.objects.waiting().get().mentor_id == ben.pk

    close_account(person=ben, by=host, now=now)
    let_jobs_run()

    with acting_in(organisation.pk):
        assert not Offer.objects.waiting().filter(mentor=ben).exists()


def test_who_is_let_in_again_finds_the_profile_and_signs_in_anew(
    organisation: Organisation, ben: Person, host: Person
) -> None:
    old, program = signed_in(ben), Program(organisation, ben)
    close_account(person=ben, by=host, now=NOW)
    close_account(person=ben, by=host, now=NOW)
    let_jobs_run()

    reopen_account(person=ben, by=host, now=NOW)
    reopen_account(person=ben, by=host, now=NOW)

    assert old.get("/at/workshop/").status_code == 403
    assert program.ask("GET", "/me").status_code == 401
    with signing_in():
        ben.refresh_from_db()
    assert "went back to the bench" in client_of(ben).get(f"/at/workshop/people/{ben.pk}/").content.decode()
    with acting_in(organisation.pk):
        facts = EventRecord.objects.filter(name__startswith="Account").order_by("id")
        assert [fact.name for fact in facts] == ["AccountClosed", "AccountReopened"]


def test_a_closed_account_gets_no_mail(organisation: Organisation, ben: Person, host: Person) -> None:
    with acting_in(organisation.pk):
        tell(person_id=ben.pk, kind="joined", once="once", now=NOW)
    close_account(person=ben, by=host, now=NOW)

    with acting_in(organisation.pk):
        for delivery in Delivery.objects.all():
            deliver_one(delivery_id=delivery.pk, now=NOW)

        assert set(Delivery.objects.values_list("state", "why")) == {("dropped", "nobody to tell")}


def test_only_hosts_close_and_open_accounts_and_not_their_own(
    organisation: Organisation, amina: Person, dana: Person, host: Person
) -> None:
    for act in (close_account, reopen_account):
        with pytest.raises(OnlyForHosts):
            act(person=amina, by=dana, now=NOW)
    with pytest.raises(CannotCloseOwnAccount):
        close_account(person=host, by=host, now=NOW)
    delete_account(by=amina, now=NOW)
    with pytest.raises(AccountDeleted):
        reopen_account(person=amina, by=host, now=NOW)


def test_a_host_closes_and_opens_accounts_on_the_page_that_lists_them(
    organisation: Organisation, amina: Person, ben: Person, host: Person
) -> None:
    make_member(organisation, host)
    browser = signed_in(ben)

    choose(host, "people/person", "close", ben, host)

    assert browser.get("/at/workshop/").status_code == 403
    told = client_of(host)
    told.post("/at/workshop/admin/people/person/", {"action": "close", "_selected_action": [str(host.pk)]})
    assert "You cannot close the account" in told.get("/at/workshop/admin/people/person/").content.decode()
    with acting_in(organisation.pk):
        assert set(Person.objects.filter(is_active=True)) == {amina, host}

    choose(host, "people/person", "reopen", ben)

    with acting_in(organisation.pk):
        assert set(Person.objects.filter(is_active=True)) == {amina, ben, host}
        assert EventRecord.objects.filter(name__startswith="Account").count() == 2


def test_a_host_withdraws_a_question_on_the_page_that_lists_them(
    organisation: Organisation, amina: Person, ben: Person, host: Person
) -> None:
    room = open_talk(organisation, amina, ben, came=(amina, ben))

    choose(host, "asking/question", "withdraw", room.question)
    let_jobs_run()

    with acting_in(organisation.pk):
        question = Question.objects.get(pk=room.question_id)
        assert (question.state, question.reason) == (Question.State.WITHDRAWN, "withdrawn_by_host")
        assert Session.objects.get(pk=room.pk).is_over
