"""A question that is answered over days, each in their own time, and always with whose move it is."""

import re

from playwright.sync_api import Page, expect

from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, fine
from tests.journeys.lives import TEACHING, a_draft
from tests.journeys.served import Served, until


def test_an_answer_comes_over_days_with_whose_move_it_is(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, emil: Person
) -> None:
    question = a_draft(organisation, amina, TEACHING, medium="async")
    aminas = browsers.of(amina)
    aminas.goto(page("dispatch:shortlist", question.pk, organisation=organisation))
    aminas.get_by_label("Ask Emil").check()
    aminas.get_by_role("button", name="Ask in writing").click()
    expect(aminas.get_by_role("heading", name="Waiting for an answer in writing")).to_be_visible()
    fine(aminas)
    aminas.close()

    offered = site.mail_to(emil.email, says="A question for you, to answer in writing", unread_in=organisation)
    assert "welding" not in str(offered)  # what is asked never stands in a mail
    emils = browsers.of(emil)
    emils.goto(page("dispatch:desk", organisation=organisation))
    emils.get_by_role("button", name="Accept").click()
    expect(emils.get_by_text("Your move")).to_be_visible()
    fine(emils)
    room = emils.url
    _say(emils, "Begin with what they have made with their hands. Fear goes when the first bead holds.")
    until(lambda: _move(emils, room) == "Amina Yusuf’s move", "the move to pass")
    site.mail_to(amina.email, says="It is your move", unread_in=organisation)

    later = browsers.of(amina)
    later.goto(page("web:home", organisation=organisation))
    later.get_by_role("link", name=re.compile("Your move")).click()
    expect(later.get_by_text("Fear goes when the first bead holds.")).to_be_visible()
    expect(later.get_by_text("Your move")).to_be_visible()
    _say(later, "And with those who cannot read a drawing?")
    until(lambda: _move(later, room) == "Emil Sørensen’s move", "the move to pass")

    emils.goto(page("web:home", organisation=organisation))
    emils.get_by_role("link", name=re.compile("Your move")).click()
    _say(emils, "Let them draw their own first.")
    later.goto(room)
    later.get_by_role("button", name="End", exact=True).click()
    later.get_by_role("button", name="End it").click()
    expect(later.get_by_text("This conversation is over.").first).to_be_visible()
    later.goto(page("asking:question", question.pk, organisation=organisation))
    expect(later.get_by_text("Emil Sørensen answered.")).to_be_visible()
    fine(later)


def _say(browser: Page, words: str) -> None:
    browser.get_by_label("Message", exact=True).fill(words)
    browser.get_by_role("button", name="Send", exact=True).click()
    expect(browser.get_by_text(words)).to_be_visible()


def _move(browser: Page, room: str) -> str:
    browser.goto(room)
    return browser.locator("[data-move] strong").inner_text()
