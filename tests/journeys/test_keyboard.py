"""From a question to a running search with the keyboard alone, and always a visible place where one is."""

import re

from playwright.sync_api import Page, expect

from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers
from tests.journeys.lives import FOREMAN, is_there

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


def _here(browser: Page) -> str:
    """Return the name of what has the focus, which must be visible."""
    kind, name, is_visible, is_focus_visible = browser.evaluate(FOCUSED)
    assert is_visible, f"<{kind}> {name!r} has the focus, and nothing shows it ({is_focus_visible=})"
    return str(name)


def _tab_to(browser: Page, name: str) -> None:
    seen = []
    for _number in range(80):
        browser.keyboard.press("Tab")
        seen.append(_here(browser))
        if re.search(name, seen[-1]):
            return
    raise AssertionError(f"Tab never came to {name!r}; it came to {seen}")
