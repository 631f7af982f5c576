"""A coordinator matches everybody in a programme; the two hear of it, and the first question is a click away."""

import re

from playwright.sync_api import expect

from momentor.foundation.tenancy import acting_in
from momentor.matches.models import Proposal
from momentor.notices.models import Notice
from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, fine, snap
from tests.journeys.served import until
from tests.programmes import TEACHING, a_programme, matched, wants


def test_from_the_wish_over_the_preview_to_the_first_question(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person
) -> None:
    programme = a_programme(organisation, dana, amina, ben, emil, dana)
    wants(organisation, programme, dana, TEACHING)
    hers, danas = browsers.of(amina, phone=True), browsers.of(dana)

    # Amina is asked on her home page, and says what for.
    hers.goto(page("web:home", organisation=organisation))
    hers.get_by_role("link", name="Would you like a mentor in First crews?").click()
    fine(hers)
    hers.get_by_label("What would you like a mentor for?").fill("To lead a crew of welders without losing the craft.")
    hers.get_by_role("button", name="I would like a mentor").click()
    expect(hers.get_by_role("heading", name="You would like a mentor")).to_be_visible()

    # Dana matches everybody; the worker does it, and the page shows the preview by itself.
    danas.goto(page("people:programme", programme.pk, organisation=organisation))
    danas.get_by_role("link", name="Match everybody").click()
    snap(danas, "match-everybody")
    danas.get_by_label("Mentees of each mentor at most").fill("1")
    danas.get_by_text("What counts how much").click()
    danas.get_by_label("Skills that the wish names").select_option("twice")
    fine(danas)
    danas.get_by_role("button", name="Match everybody").click()
    expect(danas.get_by_role("heading", level=1)).to_have_text("Who would be matched")
    snap(danas, "preview-of-everybody")
    expect(danas.get_by_text("The mentor knows about")).not_to_have_count(0)
    assert matched(organisation) == {}

    # She takes herself out, looks round, and confirms.
    own = danas.locator("li.card").filter(has_text=re.compile("Dana Novak"))
    own.get_by_role("button", name="Take out").click()
    expect(danas.get_by_text("taken out", exact=True)).to_be_visible()
    for tab in ("Who is left", "Loads", "What counts"):
        danas.get_by_role("link", name=tab).click()
        fine(danas)
    danas.get_by_role("button", name="Confirm 1 match").click()
    expect(danas.get_by_role("dialog")).to_contain_text("told at once")
    fine(danas)
    danas.get_by_role("dialog").get_by_role("button", name="Match them").click()
    expect(danas.get_by_role("heading", level=1)).to_have_text("Who was matched")
    expect(danas.get_by_text("1 person has a mentor now")).to_be_visible()
    assert matched(organisation) == {"Amina Yusuf": "Ben Okafor"}

    # Amina hears of it, and asks.
    until(lambda: _told(organisation, amina), "the notice")
    hers.goto(page("notices:notices", organisation=organisation))
    hers.get_by_role("link", name="Ben Okafor is your mentor from now on.").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Ben Okafor is your mentor")
    snap(hers, "your-mentor")
    hers.get_by_role("link", name="Ask Ben Okafor").click()
    hers.get_by_label("What is on your mind?").fill("How did you keep a day at the bench when you led your crew?")
    hers.get_by_role("button", name="Find someone").last.click()
    expect(hers.locator(".shortlist > li").first).to_contain_text("Ben Okafor")
    expect(hers.locator(".shortlist > li").first).to_contain_text("You came from their profile")

    # Ben sees her at home and on her page, and may end it without a word.
    bens = browsers.of(ben, phone=True)
    bens.goto(page("web:home", organisation=organisation))
    fine(bens)
    bens.get_by_role("link", name="See Amina Yusuf").click()
    expect(bens.get_by_text("without losing the craft")).to_be_visible()
    bens.get_by_role("button", name="End the match").click()
    bens.get_by_role("dialog").get_by_role("button", name="End it").click()
    expect(bens.get_by_text("Nobody is told why.")).to_be_visible()
    fine(bens)
    assert matched(organisation) == {}


def test_it_works_without_script(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    programme = a_programme(organisation, dana, amina, ben)
    wants(organisation, programme, amina)
    danas = browsers.of(dana, phone=True, script=False)

    danas.goto(page("matches:matching", programme.pk, organisation=organisation))
    danas.get_by_role("button", name="Match everybody").click()
    until(lambda: _is_ready(organisation), "the preview")
    danas.reload()
    danas.get_by_role("button", name="Confirm 1 match").click()

    expect(danas.get_by_role("heading", level=1)).to_have_text("Who was matched")
    assert matched(organisation) == {"Amina Yusuf": "Ben Okafor"}


def _is_ready(organisation: Organisation) -> bool:
    with acting_in(organisation.pk):
        return Proposal.objects.exists()


def _told(organisation: Organisation, person: Person) -> bool:
    with acting_in(organisation.pk):
        return Notice.objects.filter(person=person, kind="your_mentor").exists()
