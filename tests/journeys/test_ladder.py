"""Nobody is there: the question goes down its ladder, step by step, where its owner can see it."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from momentor.asking.models import Question
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.cast import make_mentor, page
from tests.journeys.browsing import Browsers, fine
from tests.journeys.lives import a_draft, a_search, always_bookable
from tests.journeys.served import Served


def test_those_who_were_chosen_pass_and_a_slot_is_booked(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    always_bookable(emil, organisation)
    question = a_draft(organisation, amina, audience="chosen")
    aminas = browsers.of(amina)
    aminas.goto(page("dispatch:shortlist", question.pk, organisation=organisation))
    aminas.get_by_label("Ask Emil").uncheck()
    aminas.get_by_label("Ask Ben").check()
    aminas.get_by_role("button", name="Ask those I ticked").click()
    expect(aminas.get_by_text("1 person has it in front of them.")).to_be_visible()
    assert _step(aminas) == "Now"

    bens = browsers.of(ben)
    bens.goto(page("dispatch:desk", organisation=organisation))
    bens.get_by_role("button", name="Pass", exact=True).click()
    expect(bens.get_by_text("Thank you for deciding quickly.")).to_be_visible()
    fine(bens)

    expect(aminas.get_by_text("Those you chose could not take it.")).to_be_visible()
    assert _step(aminas) == "Soon"
    fine(aminas)
    aminas.get_by_role("link", name="Book a free slot").click()
    emils_times = aminas.locator("form", has_text="Emil Sørensen")
    emils_times.get_by_role("radio").first.check()
    emils_times.get_by_role("button", name="Book it").click()
    expect(aminas.get_by_role("heading", name="Booked")).to_be_visible()
    fine(aminas)
    site.mail_to(emil.email, says="booked a time with you")

    emils = browsers.of(emil)
    emils.goto(page("dispatch:desk", organisation=organisation))
    expect(emils.get_by_role("heading", name="Booked with you")).to_be_visible()
    fine(emils)

    site.let_pass(organisation, "open_room")
    site.mail_to(emil.email, says="The room is open.")
    emils.goto(page("web:home", organisation=organisation))
    emils.get_by_role("link", name=re.compile("Go to the room")).click()
    aminas.goto(page("web:home", organisation=organisation))
    aminas.get_by_role("link", name=re.compile("Go to the room")).click()
    expect(aminas.get_by_role("timer")).to_be_visible()


def test_with_nobody_at_all_the_gap_is_named_and_the_next_who_comes_is_asked(
    browsers: Browsers,
    site: Served,
    organisation: Organisation,
    amina: Person,
    dana: Person,
    everybody: dict[str, Person],
) -> None:
    question = a_draft(organisation, amina)
    aminas = browsers.of(amina)
    aminas.goto(page("dispatch:shortlist", question.pk, organisation=organisation))
    expect(aminas.get_by_text("Nobody answers questions here yet.")).to_be_visible()
    fine(aminas)

    aminas.get_by_role("button", name="Whoever is first").click()

    expect(aminas.get_by_role("heading", name="Nobody could take it yet")).to_be_visible()
    assert _step(aminas) == "Nobody yet"
    fine(aminas)
    aminas.goto(page("asking:question", question.pk, organisation=organisation))
    expect(aminas.get_by_text("Your coordinator has been told.")).to_be_visible()
    fine(aminas)

    with acting_in(organisation.pk):
        make_mentor(
            organisation, everybody["ben"], headline="Pipe welder and foreman", skills=["welding", "leading a crew"]
        )
        Question.objects.filter(pk=question.pk).update(changed_at=timezone.now() - timedelta(days=1))
    site.let_pass(organisation, "look_again")
    bens = browsers.of(everybody["ben"])
    bens.goto(page("dispatch:desk", organisation=organisation))
    expect(bens.get_by_text("Nothing waits for you")).not_to_be_visible()
    bens.get_by_role("button", name=re.compile("^Accept")).first.click()
    expect(bens.get_by_role("heading", name=re.compile("Amina"))).to_be_visible()
    aminas.goto(page("sessions:sessions", organisation=organisation))
    expect(aminas.get_by_text("Ben Okafor").first).to_be_visible()


def test_a_question_that_nobody_takes_live_is_promised_in_writing(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    question = a_search(organisation, amina)
    aminas = browsers.of(amina)
    aminas.goto(page("dispatch:search", question.pk, organisation=organisation))
    expect(aminas.get_by_role("heading", name="Looking for someone")).to_be_visible()

    aminas.get_by_role("button", name="Ask in writing instead").click()

    expect(aminas.get_by_role("heading", name="Waiting for an answer in writing")).to_be_visible()
    expect(aminas.get_by_text("Answer by").first).to_be_visible()
    assert _step(aminas) == "By a stated time"
    fine(aminas)


def _step(browser: Page) -> str:
    """Return the step of the ladder on which the question stands."""
    return browser.locator(".ladder [aria-current=step] .name").inner_text()
