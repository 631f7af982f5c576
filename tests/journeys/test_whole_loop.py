"""From a typed question to a kept promise: two people in two browsers."""

import io
import re
from datetime import timedelta

from PIL import Image
from playwright.sync_api import Page, expect

from momentor.foundation.tenancy import acting_in
from momentor.learning.models import Nudge
from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, fine, snap
from tests.journeys.lives import FOREMAN, is_there, minutes_left
from tests.journeys.rooms import change, joined, said, say, session_of
from tests.journeys.served import Served, links_in, until

REMEMBER_WHO_WRITES = """() => new MutationObserver(() => {
  window.writes ??= document.querySelector(".typing")?.textContent;
}).observe(document.querySelector(".log"), { childList: true })"""


def test_a_typed_question_becomes_a_kept_promise(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    aminas, bens = browsers.of(amina), browsers.of(ben)
    bens.goto(page("dispatch:desk", organisation=organisation))
    expect(bens.locator("html[data-live=on]")).to_be_attached()

    _ask(aminas, organisation)
    aminas.get_by_label("Ask Ben").check()
    aminas.get_by_role("button", name="Ask those I ticked").click()
    expect(aminas.get_by_text("1 person has it in front of them.")).to_be_visible()
    snap(aminas, "story-search")

    expect(bens.get_by_text("I have welded for six years")).to_be_visible()  # without a reload
    snap(bens, "story-brief")
    bens.get_by_role("button", name="Accept").click()
    aminas.wait_for_url("**/sessions/**")
    joined(aminas)
    joined(bens)

    _talk(aminas, bens)
    _extend(aminas, bens)
    snap(aminas, "story-room")

    minutes_left(organisation, session_of(aminas), timedelta(seconds=58))
    expect(aminas.get_by_text("The last minute: write down what you take along.")).to_be_attached()
    fine(aminas)
    _write_takeaway(aminas)
    expect(bens.get_by_text("A foreman can keep a day at the bench.").first).to_be_visible()
    bens.get_by_role("button", name="End", exact=True).click()
    bens.get_by_role("button", name="End it").click()
    expect(bens.get_by_text("This conversation is over.").first).to_be_visible()
    expect(aminas.get_by_text("This conversation is over.").first).to_be_visible()

    _give_feedback_and_thanks(aminas)
    snap(aminas, "story-after")

    with acting_in(organisation.pk):
        Nudge.objects.update(due_at=Nudge.objects.get().due_at - timedelta(days=30))
    site.let_pass(organisation, "send_nudge")
    mail = site.mail_to(amina.email, says="Ask for one day a week at the bench")
    expect(aminas.get_by_text("unread").first).to_be_attached()
    aminas.goto(page("notices:notices", organisation=organisation))
    expect(aminas.get_by_text("Today is the day to look at your plan.").first).to_be_visible()

    bens.goto(page("notices:notices", organisation=organisation))
    expect(bens.locator("html[data-live=on]")).to_be_attached()
    from_mail = browsers.of(None, phone=True)
    from_mail.goto(next(link for link in links_in(mail) if "reply=done" in link))
    snap(from_mail, "story-nudge")
    from_mail.get_by_role("button", name="Done", exact=True).click()
    expect(from_mail.get_by_text("You did it. Your mentor hears of it.")).to_be_visible()
    fine(from_mail)

    bens.get_by_text("Amina Yusuf told what came of your conversation.").click()  # without a reload
    expect(bens.get_by_text("done", exact=True)).to_be_visible()
    expect(bens.get_by_text("That was what I needed.")).to_be_visible()
    snap(bens, "story-outcome")


def _ask(browser: Page, organisation: Organisation) -> None:
    browser.goto(page("web:home", organisation=organisation))
    browser.get_by_label("What is on your mind?").fill("How do I become a good leader?")
    browser.get_by_role("button", name="Find someone").click()
    expect(browser.get_by_role("heading", name="Ask a question")).to_be_visible()
    expect(browser.get_by_text("This could fill a book.")).to_be_visible()  # the coach offers to sharpen it
    fine(browser)
    browser.get_by_label("What is on your mind?").fill(FOREMAN)
    expect(browser.get_by_text("This could fill a book.")).to_have_count(0)
    expect(browser.get_by_text("We read it as English.")).to_be_visible()
    snap(browser, "story-ask")
    browser.get_by_role("button", name="Find someone").last.click()
    expect(browser.get_by_role("heading", name="They could answer")).to_be_visible()
    expect(browser.locator(".reasons li").first).to_be_visible()
    snap(browser, "story-shortlist")


def _talk(aminas: Page, bens: Page) -> None:
    bens.evaluate(REMEMBER_WHO_WRITES)
    aminas.get_by_label("Message", exact=True).press_sequentially("Hello Ben, I fear to lose")
    until(lambda: "is writing" in bens.evaluate("window.writes ?? ''"), "Ben to see that Amina writes")
    say(aminas, "Hello Ben, I fear to lose the craft.")
    expect(bens.get_by_text("Hello Ben, I fear to lose the craft.")).to_be_visible()
    expect(aminas.get_by_text("seen", exact=True).first).to_be_visible()

    change(bens, "Hello Ben", "Reply")
    say(bens, "Keep one dey a week at the bench.")
    expect(aminas.locator("blockquote.reply")).to_contain_text("I fear to lose the craft.")
    change(bens, "one dey a week", "Edit")
    say(bens, "Keep one day a week at the bench.")
    expect(aminas.get_by_text("Keep one day a week at the bench.")).to_be_visible()
    expect(aminas.get_by_text("edited", exact=True)).to_be_visible()

    say(bens, "My week was:\n```\nMon-Thu  crew\nFri      bench\n```\nhttps://example.org/bench")
    expect(aminas.locator(".message pre")).to_contain_text("Fri      bench")
    expect(aminas.get_by_role("link", name="https://example.org/bench")).to_be_visible()

    picture = io.BytesIO()
    Image.new("RGB", (320, 200), (180, 90, 40)).save(picture, "PNG")
    aminas.get_by_label("Attach a file").set_input_files(
        {"name": "my seam.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    expect(bens.get_by_role("img", name="Picture: my seam.png")).to_be_visible()
    assert said(aminas) == said(bens)


def _extend(aminas: Page, bens: Page) -> None:
    before = _agreed(aminas)
    aminas.get_by_role("button", name="+5 min").click()
    bens.get_by_role("button", name="Agree to 5 more minutes").click()
    expect(aminas.get_by_text(f"of {before + 5} min")).to_be_visible()
    expect(bens.get_by_text(f"of {before + 5} min")).to_be_visible()


def _agreed(browser: Page) -> int:
    return int(re.sub(r"\D", "", browser.locator("time-box .of").inner_text()))


def _write_takeaway(browser: Page) -> None:
    browser.get_by_label("What did you learn?").fill("A foreman can keep a day at the bench.")
    browser.get_by_label("What is the first step?").fill("Ask for one day a week at the bench")
    browser.get_by_label("If …").fill("they want an answer on Friday")
    browser.get_by_label("then I will …").fill("ask for the day first")
    browser.get_by_label("in a week").check()
    browser.get_by_role("button", name="Keep it").click()
    expect(browser.get_by_text("A foreman can keep a day at the bench.").first).to_be_visible()


def _give_feedback_and_thanks(browser: Page) -> None:
    browser.get_by_text("Thank Ben").click()
    fine(browser)
    browser.get_by_label("Say thank you").fill("That was what I needed.")
    browser.get_by_role("button", name="Send thanks").click()
    expect(browser.get_by_text("That was what I needed.").first).to_be_visible()
    browser.get_by_text("How was it?").click()
    fine(browser)
    browser.get_by_label("Further: I know what to try").check()
    form = browser.locator("form", has=browser.get_by_label("Further: I know what to try"))
    form.get_by_role("button", name="Send", exact=True).click()
    expect(browser.get_by_text("You told us how it was.")).to_be_visible()
