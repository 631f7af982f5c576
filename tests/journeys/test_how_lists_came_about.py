"""Amina reads how her list came about; Dana reads who was looked at, and none of Amina's words."""

from playwright.sync_api import expect

from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, fine, picture
from tests.journeys.lives import a_draft, a_search


def test_a_list_is_explained_to_the_one_who_asked_and_to_a_coordinator(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person
) -> None:
    draft = a_draft(organisation, amina)
    a_search(organisation, amina, text="Would I be good at leading a crew of pipe welders?")

    for browser in (browsers.of(amina, phone=True), browsers.of(amina, phone=True, dark=True), browsers.of(amina)):
        browser.goto(page("dispatch:shortlist", draft.pk, organisation=organisation))
        browser.get_by_role("link", name="How this list came about").click()
        expect(browser.get_by_role("heading", name="How this list came about")).to_be_visible()
        expect(browser.get_by_role("link", name="Ben Okafor")).to_be_visible()
        expect(browser.get_by_text("the same list")).to_be_visible()
        fine(browser)
        picture(browser, "own-list")
    browser.get_by_role("link", name="Back to your list").click()
    expect(browser.get_by_role("heading", name="They could answer")).to_be_visible()

    for browser in (browsers.of(dana, phone=True, dark=True), browsers.of(dana), browsers.of(dana, phone=True)):
        browser.goto(page("learning:fairness", organisation=organisation))
        browser.get_by_role("link", name="How single lists came about").click()
        fine(browser)
        browser.get_by_role("link", name="A wave of a search").first.click()
        expect(browser.get_by_role("rowheader", name="Ben Okafor")).to_be_visible()
        expect(browser.get_by_text("the same list")).to_be_visible()
        expect(browser.get_by_text("good at leading")).to_have_count(0)
        browser.get_by_text("What counted how much").click()
        expect(browser.get_by_text("Days after which an answer counts half")).to_be_visible()
        fine(browser)
        picture(browser, "list")
    german = browsers.of(dana, phone=True, language="de-DE")
    german.goto(page("dispatch:lists", organisation=organisation))
    german.get_by_role("link", name="Eine Welle einer Suche").first.click()
    expect(german.get_by_role("heading", name="Wie diese Liste zustande kam")).to_be_visible()
    fine(german)
