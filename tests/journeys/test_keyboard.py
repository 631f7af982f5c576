"""From a question to thanks with the keyboard alone, and always a visible place where one is."""

import re

from django.utils import timezone
from playwright.sync_api import Page, WebSocketRoute, expect

from momentor.foundation.tenancy import acting_in
from momentor.notices.actions import tell
from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers
from tests.journeys.lives import CERTIFICATE, FOREMAN, a_room, a_search, is_there
from tests.journeys.rooms import joined

ASK_AGAIN = """() => new Promise((done) => {
  document.addEventListener("htmx:afterRequest", () => done(true), { once: true });
  document.body.dispatchEvent(new Event("live:on"));
})"""
FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const visible = ["outlineStyle", "boxShadow"].some(name => !["none", ""].includes(style[name]))
    || getComputedStyle(here.closest("label") ?? here).outlineStyle !== "none"
    || getComputedStyle(here.labels?.[0] ?? here).outlineStyle !== "none";
  const label = here.getAttribute("aria-label") || here.labels?.[0]?.innerText;
  const name = label || here.innerText || here.id || here.localName;
  return [here.localName, name.trim().split("\\n")[0], visible, here.matches(":focus-visible")];
}"""


def test_a_question_is_asked_with_the_keyboard_alone(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    hers = browsers.of(amina)
    hers.goto(page("web:home", organisation=organisation))

    hers.keyboard.press("Tab")
    assert _here(hers) == "Skip to the content"
    _tab_to(hers, "^Ask$")
    hers.keyboard.press("Enter")
    expect(hers.get_by_role("heading", name="Ask a question")).to_be_visible()
    _tab_to(hers, "What is on your mind")
    hers.keyboard.insert_text(FOREMAN)
    _tab_to(hers, "^Find someone$")
    hers.keyboard.press("Enter")
    expect(hers.get_by_role("heading", name="They could answer")).to_be_visible()
    _tab_to(hers, "^Ask Ben")
    if not hers.get_by_label("Ask Ben").is_checked():
        hers.keyboard.press("Space")
    _tab_to(hers, "^Ask those I ticked$")
    hers.keyboard.press("Enter")

    expect(hers.get_by_text("1 person has it in front of them.")).to_be_visible()


def test_a_conversation_is_held_and_ended_with_the_keyboard_alone(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    question = a_search(organisation, amina, ben)
    hers, his = browsers.of(amina), browsers.of(ben)
    hers.goto(page("dispatch:search", question.pk, organisation=organisation))
    expect(hers.locator("html[data-live=on]")).to_be_attached()
    his.goto(page("dispatch:desk", organisation=organisation))

    _tab_to(his, "^Accept$")
    his.keyboard.press("Enter")
    hers.wait_for_url("**/sessions/**")
    joined(hers)
    joined(his)

    _write(hers, "Hello Ben, I fear to lose the craft.")
    expect(his.get_by_text("Hello Ben, I fear to lose the craft.")).to_be_visible()
    _choose(his, "Hello Ben", "Reply")
    _write(his, "Keep one dey a week at the bench.")
    expect(hers.locator("blockquote.reply")).to_contain_text("I fear to lose the craft.")
    _choose(his, "one dey a week", "Edit")
    his.keyboard.press("ControlOrMeta+a")
    _write(his, "Keep one day a week at the bench.")
    expect(hers.get_by_text("Keep one day a week at the bench.")).to_be_visible()
    expect(hers.get_by_text("edited", exact=True)).to_be_visible()

    minutes = int(re.sub(r"\D", "", hers.locator("time-box .of").inner_text()))
    _tab_to(hers, r"^\+5 min$")
    hers.keyboard.press("Enter")
    expect(his.get_by_role("button", name="Agree to 5 more minutes")).to_be_visible()
    _tab_to(his, "^Agree to 5 more minutes$")
    his.keyboard.press("Enter")
    for browser in (hers, his):
        expect(browser.get_by_text(f"of {minutes + 5} min")).to_be_visible()
        joined(browser)

    _tab_to(his, "^End$")
    his.keyboard.press("Enter")
    assert _here(his) == "Go on"  # what changes nothing comes first
    his.keyboard.press("Escape")
    expect(his.get_by_role("dialog")).to_have_count(0)
    assert _here(his) == "End"
    his.keyboard.press("Enter")
    _tab_to(his, "^End it$")
    his.keyboard.press("Enter")
    for browser in (hers, his):
        expect(browser.get_by_text("This conversation is over.").first).to_be_visible()

    _write_the_takeaway(hers)
    _give_thanks(hers)
    expect(hers.get_by_role("heading", name="Your thanks")).to_be_visible()
    expect(hers.get_by_text("That was what I needed.").first).to_be_visible()


def _write(browser: Page, words: str) -> None:
    """Write a message where the text of one goes, and wait until it is on its way."""
    if not browser.get_by_label("Message", exact=True).evaluate("field => field === document.activeElement"):
        _tab_to(browser, "^Message$")
    browser.keyboard.insert_text(words)
    browser.keyboard.press("Enter")
    expect(browser.get_by_label("Message", exact=True)).to_have_value("")


def _choose(browser: Page, words: str, doing: str) -> None:
    """Open the menu of the message that holds these words, and choose what to do with it."""
    message = browser.locator(".message", has_text=words).last
    for _number in range(20):
        _tab_to(browser, "^What to do with this message$", back=True)
        if message.evaluate("message => message.contains(document.activeElement)"):
            break
    browser.keyboard.press("Enter")
    _tab_to(browser, f"^{doing}$")
    browser.keyboard.press("Enter")
    assert _here(browser) == "Message"


def _write_the_takeaway(browser: Page) -> None:
    for label, words in (
        ("What did you learn", "A foreman can keep a day at the bench."),
        ("What is the first step", "Ask for one day a week at the bench"),
        ("^If", "they want an answer on Friday"),
        ("^then I will", "ask for the day first"),
    ):
        _tab_to(browser, label)
        browser.keyboard.insert_text(words)
    _tab_to(browser, "in a week|tomorrow|in a month|in two weeks|later|Another day")
    while not browser.get_by_label("in a week").is_checked():
        browser.keyboard.press("ArrowDown")
    _tab_to(browser, "^Keep it$")
    browser.keyboard.press("Enter")
    expect(browser.get_by_role("heading", name="Takeaway")).to_be_visible()


def _give_thanks(browser: Page) -> None:
    _tab_to(browser, "^Thank Ben")
    browser.keyboard.press("Enter")
    _tab_to(browser, "^Say thank you")
    browser.keyboard.insert_text("That was what I needed.")
    _tab_to(browser, "^Send thanks$")
    browser.keyboard.press("Enter")


def test_menus_and_dialogs_open_close_and_give_the_focus_back(
    browsers: Browsers, organisation: Organisation, amina: Person
) -> None:
    hers = browsers.of(amina)
    hers.goto(page("web:home", organisation=organisation))

    _tab_to(hers, "Your account|^AY")
    hers.keyboard.press("Enter")
    expect(hers.get_by_role("link", name="Settings")).to_be_visible()
    hers.keyboard.press("Escape")

    expect(hers.get_by_role("link", name="Settings")).to_be_hidden()
    assert hers.evaluate("document.activeElement.localName") == "summary"


def test_a_dialog_that_a_menu_opened_gives_the_focus_back_to_the_menu(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello Ben")
    hers = browsers.of(amina)
    hers.goto(page("sessions:session", session.pk, organisation=organisation))
    joined(hers)

    _tab_to(hers, "^If something is wrong$")
    hers.keyboard.press("Enter")
    _tab_to(hers, "^Block Ben Okafor$")
    hers.keyboard.press("Enter")
    expect(hers.get_by_role("dialog")).to_be_visible()
    hers.keyboard.press("Escape")

    expect(hers.locator("summary", has_text="If something is wrong")).to_be_focused()
    assert _here(hers) == "If something is wrong"
    expect(hers.get_by_role("dialog")).to_have_count(0)


def test_a_list_that_draws_itself_anew_leaves_one_where_one_is(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    a_search(organisation, amina, ben)
    his = browsers.of(ben)
    his.goto(page("dispatch:desk", organisation=organisation))
    _tab_to(his, "^Pass and say why$")
    his.keyboard.press("Enter")
    his.keyboard.press("Tab")
    chip = _here(his)

    his.locator("article.offer").evaluate("offer => offer.dataset.isOld = ''")
    a_search(organisation, amina, ben, text=CERTIFICATE)
    expect(his.locator("article.offer")).to_have_count(2)
    expect(his.locator("article.offer[data-is-old]")).to_have_count(0)

    assert _here(his) == chip
    expect(his.get_by_role("button", name=chip)).to_be_visible()


def test_a_desk_on_which_nothing_moved_is_left_alone_when_its_connection_comes(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    a_search(organisation, amina, ben)
    his = browsers.of(ben)

    def connect_late(socket: WebSocketRoute) -> None:
        his.locator("article.offer").evaluate("offer => offer.dataset.isOld = ''")
        socket.connect_to_server()

    his.route_web_socket(re.compile("/live$"), connect_late)
    his.goto(page("dispatch:desk", organisation=organisation))
    expect(his.locator("html[data-live=on]")).to_be_attached()
    his.evaluate(ASK_AGAIN)

    expect(his.locator("article.offer[data-is-old]")).to_have_count(1)


def test_a_list_that_comes_again_as_it_was_is_left_alone(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk):
        tell(person_id=amina.pk, kind="thanks", once="1", now=timezone.now(), who=ben.pk)
    hers = browsers.of(amina)
    hers.goto(page("notices:notices", organisation=organisation))
    hers.locator(".notices li").evaluate("row => row.dataset.isOld = ''")
    hers.evaluate(ASK_AGAIN)
    expect(hers.locator(".notices li[data-is-old]")).to_have_count(1)
    with acting_in(organisation.pk):
        tell(person_id=amina.pk, kind="thanks", once="2", now=timezone.now(), who=ben.pk)
    expect(hers.locator(".notices li")).to_have_count(2)


def _here(browser: Page) -> str:
    """Return the name of what has the focus, which must be visible."""
    kind, name, is_visible, is_focus_visible = browser.evaluate(FOCUSED)
    if kind == "body":
        return ""  # between the end of a page and its beginning
    assert is_visible, f"<{kind}> {name!r} has the focus, and nothing shows it ({is_focus_visible=})"
    return str(name)


def _tab_to(browser: Page, name: str, *, back: bool = False) -> None:
    seen = []
    for _number in range(80):
        browser.keyboard.press("Shift+Tab" if back else "Tab")
        seen.append(_here(browser))
        if re.search(name, seen[-1]):
            return
    raise AssertionError(f"Tab never came to {name!r}; it came to {seen}")
