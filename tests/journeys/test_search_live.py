"""Search and desk are watched: what happens shows without a reload, from the moment the page was drawn."""

import re

from django.utils import timezone
from playwright.sync_api import WebSocketRoute, expect

from momentor.dispatch.actions import accept_offer, pass_offer
from momentor.dispatch.models import Offer
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.cast import page
from tests.journeys.browsing import Browsers, fine
from tests.journeys.lives import a_search, is_there
from tests.journeys.served import Served


def test_a_pass_and_an_acceptance_show_while_one_watches(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    is_there(ben, organisation)
    is_there(emil, organisation)
    question = a_search(organisation, amina, ben, emil)
    aminas = browsers.of(amina, phone=True)
    aminas.goto(page("dispatch:search", question.pk, organisation=organisation))
    expect(aminas.locator("html[data-live=on]")).to_be_attached()
    expect(aminas.get_by_text("have it in front of them")).to_be_visible()

    bens = browsers.of(ben)
    bens.goto(page("dispatch:desk", organisation=organisation))
    bens.get_by_role("button", name="Pass", exact=True).click()
    expect(aminas.get_by_text("1 has passed.")).to_be_visible()
    fine(aminas)

    emils = browsers.of(emil)
    emils.goto(page("dispatch:desk", organisation=organisation))
    emils.get_by_role("button", name="Accept").click()
    aminas.wait_for_url("**/sessions/**")
    expect(aminas.get_by_role("timer")).to_be_visible()
    expect(emils.get_by_text("is here")).to_be_visible()


def test_a_brief_goes_when_somebody_else_takes_the_question(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    is_there(ben, organisation)
    is_there(emil, organisation)
    a_search(organisation, amina, ben, emil)
    bens, emils = browsers.of(ben), browsers.of(emil)
    for desk in (bens, emils):
        desk.goto(page("dispatch:desk", organisation=organisation))
        expect(desk.get_by_role("button", name="Accept")).to_be_visible()
    expect(bens.locator("html[data-live=on]")).to_be_attached()

    emils.get_by_role("button", name="Accept").click()

    expect(bens.get_by_text("Nothing waits for you")).to_be_visible()
    fine(bens)


def test_what_comes_between_the_drawing_of_a_desk_and_its_connection_shows_at_once(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    bens = browsers.of(ben)

    def connect_late(socket: WebSocketRoute) -> None:
        expect(bens.get_by_text("Nothing waits for you")).to_be_visible()
        a_search(organisation, amina, ben)
        socket.connect_to_server()

    bens.route_web_socket(re.compile("/live$"), connect_late)
    bens.goto(page("dispatch:desk", organisation=organisation))

    expect(bens.get_by_role("button", name="Accept")).to_be_visible()


def test_a_pass_that_comes_before_the_search_is_connected_shows_at_once(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    is_there(ben, organisation)
    is_there(emil, organisation)
    question = a_search(organisation, amina, ben, emil)
    aminas = browsers.of(amina)

    def connect_late(socket: WebSocketRoute) -> None:
        with acting_in(organisation.pk, person_id=ben.pk):
            pass_offer(offer=Offer.objects.get(question=question, mentor=ben), by=ben, now=timezone.now())
        socket.connect_to_server()

    aminas.route_web_socket(re.compile("/live$"), connect_late)
    aminas.goto(page("dispatch:search", question.pk, organisation=organisation))

    expect(aminas.get_by_text("1 has passed.")).to_be_visible(timeout=10_000)  # before it would look by itself


def test_a_mentor_who_does_not_come_is_told_and_the_question_goes_back(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    is_there(ben, organisation)
    question = a_search(organisation, amina, ben)
    with acting_in(organisation.pk, person_id=ben.pk):  # he accepts, and his connection ends there
        accept_offer(offer=Offer.objects.get(question=question), by=ben, now=timezone.now())

    aminas = browsers.of(amina)
    aminas.goto(page("dispatch:search", question.pk, organisation=organisation))
    aminas.wait_for_url("**/sessions/**")
    expect(aminas.get_by_text("has two minutes to come")).to_be_visible()
    fine(aminas)
    site.let_pass(organisation, "return_if_absent")

    expect(aminas.get_by_text("Ben Okafor did not come. We are asking others right now.").first).to_be_visible()
    fine(aminas)
    aminas.get_by_role("link", name="See where it stands").click()
    expect(aminas.get_by_text("Ben Okafor did not come in time, so we looked for somebody else.")).to_be_visible()
    bens = browsers.of(ben)
    bens.goto(page("notices:notices", organisation=organisation))
    expect(bens.get_by_text("You did not come in time")).to_be_visible()
    fine(bens)
