"""The whole loop in browsers that run no script: every step is a link or a form."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from momentor.foundation.tenancy import acting_in
from momentor.learning.models import Nudge
from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, sign_in
from tests.journeys.lives import FOREMAN, is_there
from tests.journeys.served import Served


def test_a_question_becomes_a_kept_promise_without_script(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    aminas = browsers.of(None, script=False)
    sign_in(aminas, amina)
    bens = browsers.of(ben, script=False)

    aminas.goto(page("asking:new", organisation=organisation))
    aminas.get_by_label("What is on your mind?").fill(FOREMAN)
    aminas.get_by_role("button", name="Look at it with me").click()
    expect(aminas.get_by_text("Proposed:")).to_be_visible()
    aminas.get_by_role("button", name="Find someone").last.click()
    expect(aminas.get_by_role("heading", name="They could answer")).to_be_visible()
    aminas.get_by_label("Ask Ben").check()
    aminas.get_by_role("button", name="Ask those I ticked").click()
    expect(aminas.get_by_text("1 person has it in front of them.")).to_be_visible()

    bens.goto(page("dispatch:desk", organisation=organisation))
    expect(bens.get_by_text("I have welded for six years")).to_be_visible()
    bens.get_by_role("button", name="Accept").click()
    bens.wait_for_url("**/sessions/**")
    room = bens.url

    aminas.get_by_role("link", name="Reload").click()
    if "/sessions/" not in aminas.url:
        aminas.get_by_role("link", name="All about this question").click()
        aminas.get_by_role("link", name="To the room").click()
    assert aminas.url.split("?")[0] == room.split("?")[0]

    _say(aminas, "Hello Ben, I fear to lose the craft.")
    _say(bens, "Keep one day a week at the bench. I did not, and went back.")
    aminas.goto(room)
    expect(aminas.get_by_text("Keep one day a week at the bench.")).to_be_visible()
    aminas.get_by_role("button", name="+5").click()
    bens.goto(room)
    bens.get_by_role("button", name="Agree to 5 more minutes").click()
    expect(bens.get_by_text(re.compile(r"of \d+ min")).first).to_be_visible()
    aminas.goto(room)
    aminas.get_by_role("button", name="End", exact=True).click()
    expect(aminas.get_by_text("This conversation is over.").first).to_be_visible()

    _write_takeaway(aminas)
    aminas.goto(room)
    _open(aminas, "Thank Ben")
    aminas.get_by_label("Say thank you").fill("Thank you, that was what I needed.")
    aminas.get_by_role("button", name="Send thanks").click()
    aminas.goto(room)
    _open(aminas, "How was it?")
    aminas.get_by_label("Further: I know what to try").check()
    aminas.locator("form", has=aminas.get_by_label("Further: I know what to try")).get_by_role(
        "button", name="Send"
    ).click()

    with acting_in(organisation.pk):
        Nudge.objects.update(due_at=Nudge.objects.get().due_at - timedelta(days=30))
    site.let_pass(organisation, "send_nudge")
    mail = site.mail_to(amina.email, says="Ask for one day a week at the bench")
    assert mail["List-Unsubscribe-Post"]
    aminas.goto(page("web:home", organisation=organisation))
    aminas.get_by_role("link", name=re.compile("Ask for one day a week")).first.click()
    aminas.get_by_role("button", name="Done", exact=True).click()
    expect(aminas.get_by_text("You did it. Your mentor hears of it.")).to_be_visible()

    bens.goto(page("learning:outcomes", organisation=organisation))
    expect(bens.get_by_text("Thank you, that was what I needed.")).to_be_visible()
    expect(bens.get_by_text("done", exact=True)).to_be_visible()


def _say(browser: Page, words: str) -> None:
    browser.get_by_label("Message", exact=True).fill(words)
    browser.get_by_role("button", name="Send", exact=True).click()
    expect(browser.get_by_text(words)).to_be_visible()


def _open(browser: Page, summary: str) -> None:
    browser.locator("summary", has_text=summary).click()


def _write_takeaway(browser: Page) -> None:
    browser.get_by_label("What did you learn?").fill("A foreman can keep a day at the bench.")
    browser.get_by_label("What is the first step?").fill("Ask for one day a week at the bench")
    browser.get_by_label("If …").fill("they want an answer on Friday")
    browser.get_by_label("then I will …").fill("ask for the day first")
    browser.get_by_label("in a week").check()
    browser.get_by_role("button", name="Keep it").click()
    expect(browser.get_by_text("A foreman can keep a day at the bench.").first).to_be_visible()
