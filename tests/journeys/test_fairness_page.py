"""A coordinator asks which groups people count themselves to, somebody answers, and the sums are read."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from momentor.foundation.tenancy import acting_in
from momentor.people.models import Grouping, Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, fine, picture
from tests.market import ask, choose, people


def test_groups_are_asked_named_and_read_in_sums(
    browsers: Browsers, organisation: Organisation, amina: Person, dana: Person
) -> None:
    danas, aminas = browsers.of(dana, phone=True), browsers.of(amina, phone=True)
    danas.goto(page("learning:fairness", organisation=organisation))
    fine(danas)
    danas.get_by_role("link", name="Groups people may name").click()
    danas.get_by_label("What you ask").fill("First in the family at university")
    danas.get_by_label("Groups to choose from").fill("Yes\nNo")
    danas.get_by_role("button", name="Ask it", exact=True).click()
    expect(danas.get_by_text("Everybody may choose from now on")).to_be_visible()
    fine(danas)

    aminas.goto(page("people:settings", organisation=organisation))
    aminas.get_by_role("link", name="Groups you count yourself to").click()
    expect(aminas.get_by_label("Rather not say")).to_be_checked()
    aminas.get_by_label("Yes").check()
    fine(aminas)
    aminas.get_by_role("button", name="Save").click()
    expect(aminas.get_by_text("Saved. Nobody is told.")).to_be_visible()
    expect(aminas.get_by_label("Yes")).to_be_checked()

    _a_market(organisation)
    for browser in (browsers.of(dana, phone=True, dark=True), browsers.of(dana), danas):
        browser.goto(page("learning:fairness", organisation=organisation))
        expect(browser.get_by_role("heading", name="Offers a mentor")).to_be_visible()
        expect(browser.get_by_role("rowheader", name="Yes").first).to_be_visible()
        expect(browser.get_by_text("less", exact=True).first).to_be_visible()
        fine(browser)
    picture(danas, "fairness")
    danas.get_by_label("By groups of").select_option("nothing: all together")
    danas.get_by_label("Period").select_option("4 weeks")
    danas.get_by_role("button", name="Show").click()

    expect(danas.get_by_text("Nobody is told apart here.")).to_be_visible()
    expect(danas.get_by_role("rowheader", name="Yes")).to_have_count(0)
    fine(danas)


def _a_market(organisation: Organisation) -> None:
    """Let sixteen mentors be asked by six mentees, those of one group far more often."""
    last_week = timezone.now() - timedelta(days=8)
    mentors = people(organisation, "Mentor", 16)
    mentees = people(organisation, "Mentee", 6, are_mentors=False)
    with acting_in(organisation.pk):
        grouping = Grouping.objects.get()
    choose(organisation, grouping, "Yes", [*mentors[:8], *mentees], last_week)
    choose(organisation, grouping, "No", mentors[8:], last_week)
    for mentee in mentees:
        for number in range(8, 16):
            rest = [one for one in mentors[8:] if one != mentors[number]]
            ask(
                organisation,
                mentee,
                [mentors[number], *rest],
                at=last_week,
                taken_after=timedelta(minutes=7),
                helped=True,
            )
