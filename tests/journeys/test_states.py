"""Pages as they look at moments that a walk through a full life does not meet: empty, refused, blind, in a crisis."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from momentor.asking.actions import agree_to_show, ask_question, draft_question
from momentor.asking.models import Answer, Question
from momentor.dispatch.actions import accept_offer, stop_search
from momentor.dispatch.models import Offer
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person, Programme
from momentor.sessions.actions import attend
from momentor.trust.actions import close_report, report
from momentor.trust.models import Report
from tests.cast import make_member, make_person, page
from tests.journeys.browsing import PASSWORD, Browsers, fine
from tests.journeys.conftest import give_password
from tests.journeys.lives import CERTIFICATE, a_draft, a_room, a_search, an_ended_session, is_there

EMPTY = {
    "amina": (
        "web:home",
        "asking:questions",
        "sessions:sessions",
        "scheduling:bookings",
        "learning:plans",
        "notices:notices",
        "people:people",
        "people:profile",
        "trust:blocks",
        "api:tokens",
    ),
    "ben": ("web:home", "dispatch:desk", "scheduling:hours", "learning:outcomes", "people:profile"),
    "dana": (
        "web:home",
        "trust:queue",
        "asking:gaps",
        "learning:how_it_went",
        "learning:fairness",
        "dispatch:lists",
        "people:groupings",
        "people:approvals",
        "people:invitations",
        "people:programmes",
    ),
}


def test_pages_are_readable_before_anything_has_happened(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    for person, names in zip((amina, ben, dana), EMPTY.values(), strict=True):
        browser = browsers.of(person, phone=True)
        for name in names:
            answer = browser.goto(page(name, organisation=organisation))
            assert answer is not None
            assert answer.ok, name
            fine(browser)


@pytest.mark.parametrize("entry", [Organisation.Entry.OPEN, Organisation.Entry.APPROVAL])  # others show no door
def test_the_door_and_the_way_in_are_readable(
    browsers: Browsers, organisation: Organisation, chloe: Person, entry: str
) -> None:
    browsers.forgive("status of 403", "status of 422")
    with acting_in(None):
        Organisation.objects.filter(pk=organisation.pk).update(entry=entry)
    for person in (None, chloe):
        browser = browsers.of(person, phone=True)
        browser.goto(page("people:door", organisation=organisation))
        expect(browser.get_by_role("heading", level=1)).to_have_text("Open Workshop")
        fine(browser)

    chloes = browsers.of(chloe, phone=True)
    chloes.goto(page("people:join", organisation=organisation))
    fine(chloes)
    join = chloes.locator("main").get_by_role("button", name=re.compile("join", re.IGNORECASE))
    join.click()
    expect(chloes.locator("[aria-invalid=true]").first).to_be_visible()
    fine(chloes)
    chloes.get_by_label("I have read the code of conduct").check()
    chloes.get_by_label("I am at least").check()
    join.click()
    expect(chloes.locator("[aria-invalid=true]")).to_have_count(0)
    fine(chloes)


def test_what_a_form_refuses_is_told_readably(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    browsers.forgive("status of 422")
    ended = an_ended_session(organisation, amina, ben)
    hers = browsers.of(amina, phone=True)

    for address, button in (
        (page("asking:new", organisation=organisation), "Find someone"),
        (f"{page('trust:report', organisation=organisation)}?kind=session&id={ended.pk}", "Send to the moderators"),
        (page("people:delete", organisation=organisation), "Delete my account"),
    ):
        hers.goto(address)
        if hers.get_by_label("Password", exact=True).count():
            hers.get_by_label("Password", exact=True).fill(PASSWORD)
            hers.locator("main").get_by_role("button", name="Confirm").click()
        hers.locator("main").get_by_role("button", name=button).last.click()
        expect(hers.locator("[aria-invalid=true], .errorlist").first).to_be_visible()
        fine(hers)

    visitor = browsers.of(None, phone=True)
    visitor.goto("/accounts/login/")
    visitor.get_by_label("Email").fill(amina.email)
    visitor.get_by_label("Password", exact=True).fill("not the password")
    visitor.get_by_role("button", name=re.compile("^Sign in$", re.IGNORECASE)).click()
    expect(visitor.locator("[aria-invalid=true], .errorlist").first).to_be_visible()
    fine(visitor)


def test_help_in_a_crisis_is_readable_wherever_it_stands(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    with acting_in(None):
        lines = [{"name": "Night line", "phone": "116 123", "url": "https://example.org/help"}]
        Organisation.objects.filter(pk=organisation.pk).update(local_help=lines)
    hers = browsers.of(amina, phone=True)
    hers.goto(page("asking:new", organisation=organisation))

    hers.get_by_label("What is on your mind?").fill("I lost my job and I want to kill myself. How do I go on?")
    expect(hers.get_by_text("Night line")).to_be_visible()
    fine(hers)
    hers.get_by_role("button", name="Find someone").last.click()

    expect(hers.get_by_role("heading", name=re.compile("could answer"))).to_be_visible()
    expect(hers.get_by_text("Night line")).to_be_visible()
    fine(hers)


def test_what_is_answered_already_is_readable_while_one_writes(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    ended = an_ended_session(organisation, dana, ben, CERTIFICATE)
    with acting_in(organisation.pk):
        answer = Answer.objects.get(question=ended.question_id)
        for person, text in ((ben, "The one your firm pays for. Ask which process it names."), (dana, None)):
            agree_to_show(answer_id=answer.pk, by=person, text=text, now=timezone.now())
    hers = browsers.of(amina, phone=True)

    hers.goto(page("asking:new", organisation=organisation))
    hers.get_by_label("What is on your mind?").fill("Which welding certificate should I take first, and who pays?")
    hers.locator(".readable summary").first.click()
    expect(hers.get_by_text("Ask which process it names.")).to_be_visible()
    fine(hers)
    hers.get_by_role("button", name="Find someone").last.click()

    expect(hers.get_by_role("heading", name="They could answer")).to_be_visible()
    hers.locator(".readable summary").first.click()
    expect(hers.get_by_text("Ask which process it names.")).to_be_visible()
    fine(hers)


def test_who_asks_again_reads_that_it_is_still_open(
    browsers: Browsers, organisation: Organisation, amina: Person
) -> None:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=CERTIFICATE, language="en", now=timezone.now())
        ask_question(question=question, by=amina, now=timezone.now())
    hers = browsers.of(amina, phone=True)

    hers.goto(page("asking:new", organisation=organisation))
    hers.get_by_label("What is on your mind?").fill(f"Hello! {CERTIFICATE}")

    expect(hers.get_by_text("You have asked this already")).to_be_visible()
    fine(hers)


def test_choosing_and_deciding_blind_is_readable(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    with acting_in(organisation.pk):
        programme = Programme.objects.create(name="Blind", blind_accept=True, is_for_all=True)
    question = a_draft(organisation, amina, programme=programme)
    hers = browsers.of(amina, phone=True)

    hers.goto(page("dispatch:shortlist", question.pk, organisation=organisation))
    expect(hers.get_by_label("Ask this mentor").first).to_be_visible()
    fine(hers)
    hers.get_by_label("Ask this mentor").first.check()
    hers.get_by_role("button", name="Ask those I ticked").click()
    expect(hers.get_by_text("1 person has it in front of them.")).to_be_visible()
    fine(hers)

    bens = browsers.of(ben, phone=True)
    bens.goto(page("dispatch:desk", organisation=organisation))
    expect(bens.get_by_text("I have welded for six years")).to_be_visible()
    fine(bens)


def test_a_question_is_readable_from_its_search_to_its_withdrawal(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    hers = browsers.of(amina, phone=True)

    def look(question: Question, state: str, name: str = "asking:question") -> None:
        with acting_in(organisation.pk):
            assert Question.objects.get(pk=question.pk).state == state
        hers.goto(page(name, question.pk, organisation=organisation))
        fine(hers)

    asked = a_search(organisation, amina, ben)
    look(asked, "searching")
    with acting_in(organisation.pk, person_id=amina.pk):
        stop_search(question=Question.objects.get(pk=asked.pk), by=amina, now=timezone.now())
    look(asked, "open")
    look(asked, "open", "dispatch:search")
    taken = a_search(organisation, amina, ben, text=CERTIFICATE)
    with acting_in(organisation.pk, person_id=ben.pk):
        session = accept_offer(offer=Offer.objects.get(question=taken), by=ben, now=timezone.now())
    look(taken, "claimed")
    with acting_in(organisation.pk):
        for person in (amina, ben):
            attend(session_id=session.pk, person_id=person.pk, now=timezone.now())
    look(taken, "in_session")

    hers.goto(page("asking:question", asked.pk, organisation=organisation))
    hers.get_by_role("button", name="Withdraw the question").click()
    expect(hers.get_by_role("dialog")).to_be_visible()
    fine(hers)
    hers.get_by_role("button", name="Withdraw it").click()
    expect(hers.get_by_role("button", name="Withdraw the question")).to_have_count(0)
    look(asked, "withdrawn")


def test_a_warned_person_reads_why(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello", "Give me your telephone number, now.")
    now = timezone.now()
    with acting_in(organisation.pk, person_id=amina.pk):
        made = report(
            kind="session", subject_id=session.pk, reason=Report.Reason.values[0], words="Too pushy.", by=amina, now=now
        )
    with acting_in(organisation.pk, person_id=dana.pk):
        close_report(report=made, decision="warned", words="Nobody has to give a number.", by=dana, now=now)
    bens = browsers.of(ben, phone=True)

    bens.goto(page("trust:warning", made.pk, organisation=organisation))

    expect(bens.get_by_text("Nobody has to give a number.")).to_be_visible()
    fine(bens)


def test_the_last_page_of_an_account_is_readable(browsers: Browsers, organisation: Organisation) -> None:
    ida = make_person("Ida Lund", f"ida.{organisation.slug}@example.org")
    give_password(ida)
    make_member(organisation, ida)
    hers = browsers.of(ida, phone=True)

    hers.goto(page("people:delete", organisation=organisation))
    hers.get_by_label("Password", exact=True).fill(PASSWORD)
    hers.locator("main").get_by_role("button", name="Confirm").click()
    hers.get_by_label("Yes, delete my account for good").check()
    hers.locator("main").get_by_role("button", name="Delete my account").click()

    expect(hers.get_by_role("heading", level=1)).to_have_text("Your account is deleted")
    fine(hers)
