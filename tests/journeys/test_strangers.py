"""What a stranger sees, and one who is kept away: nothing, anywhere, at once."""

import pytest
from playwright.sync_api import expect

from momentor.asking.models import Question
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.trust.actions import block
from tests.cast import NOW, client_of, make_member, page
from tests.journeys.browsing import Browsers, fine
from tests.journeys.lives import FOREMAN, TEACHING, Life, a_full_life, a_room, is_there
from tests.journeys.pages import pages_of

SECRETS = (
    "Yusuf",
    "Okafor",
    "Sørensen",
    "Novak",
    "foreman",
    "crew",
    "bead",
    "teach welding",
    "certificate",
    "Too loud",
)
KEYS = ("nudge-by-mail", "unsubscribe")  # whoever holds such a link may use it
OPEN = ("conduct", "agreement", "api")  # what holds in a place may be read before coming in


@pytest.fixture
def life(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> Life:
    return a_full_life(organisation, amina, ben, emil, dana)


def test_a_stranger_sees_nothing_of_another_organisation(
    browsers: Browsers, organisation: Organisation, life: Life, everybody: dict[str, Person], chloe: Person
) -> None:
    with acting_in(None):
        Organisation.objects.filter(pk=organisation.pk).update(entry=Organisation.Entry.INVITED)
    browsers.forgive("404", "403")
    chloes = browsers.of(chloe)
    walked = [one for pages in pages_of(organisation, life, everybody).values() for one in pages]

    for name, address in walked:
        if not address.startswith("/at/") or name in KEYS:
            continue
        answer = chloes.goto(address)
        assert answer is not None
        said = chloes.inner_text("body")
        if "conduct" in name:
            continue
        assert answer.status == 404 or name.startswith(OPEN), f"{name}: {answer.status} at {address}"
        assert not [word for word in SECRETS if word in said], f"{name}: {said}"


def test_a_stranger_with_the_right_numbers_finds_nothing_in_her_own_organisation(
    browsers: Browsers,
    organisation: Organisation,
    other_organisation: Organisation,
    life: Life,
    everybody: dict[str, Person],
    chloe: Person,
) -> None:
    browsers.forgive("404", "403")
    chloes = browsers.of(chloe)

    for name, address in [one for pages in pages_of(organisation, life, everybody).values() for one in pages]:
        numbers = address.count("-") >= 4
        if not numbers:
            continue
        answer = chloes.goto(address.replace(f"/at/{organisation.slug}/", f"/at/{other_organisation.slug}/"))
        assert answer is not None
        assert answer.status in {403, 404}, f"{name}: {answer.status}"
        assert not [word for word in SECRETS if word in chloes.inner_text("body")], name


def test_a_member_finds_nothing_that_belongs_to_others(
    browsers: Browsers, organisation: Organisation, life: Life, everybody: dict[str, Person], chloe: Person
) -> None:
    """Chloe joins: then she may see people, and still no question, no conversation, no plan of others."""
    make_member(organisation, chloe)
    chloes = client_of(chloe)
    for pages in pages_of(organisation, life, everybody).values():
        for name, address in pages:
            if name.startswith("programme") or not any(
                str(number) in address for number in vars(life).values() if number
            ):
                continue  # everybody in an organisation may read what its programmes are about
            answer = chloes.get(address)
            assert answer.status_code in {403, 404}, f"{name}: {answer.status_code} at {address}"


def test_who_is_blocked_is_no_longer_seen_nor_asked(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    is_there(ben, organisation)
    with acting_in(organisation.pk, person_id=amina.pk):
        block(about=ben, by=amina, now=NOW)
    browsers.forgive("404")

    bens = browsers.of(ben)
    answer = bens.goto(page("people:person", amina.pk, organisation=organisation))
    assert answer is not None
    assert answer.status == 404
    fine(bens)
    aminas = browsers.of(amina)
    aminas.goto(page("people:people", organisation=organisation))
    expect(aminas.get_by_text("Emil Sørensen").first).to_be_visible()
    expect(aminas.get_by_text("Ben Okafor")).to_have_count(0)

    aminas.goto(page("asking:new", organisation=organisation))
    aminas.get_by_label("What is on your mind?").fill(FOREMAN)
    aminas.get_by_role("button", name="Find someone").last.click()
    expect(aminas.get_by_label("Ask Ben")).to_have_count(0)
    aminas.get_by_role("button", name="Whoever is first").click()
    aminas.wait_for_url("**/search/")
    bens.goto(page("dispatch:desk", organisation=organisation))
    expect(bens.get_by_text("Nothing waits for you")).to_be_visible()


def test_a_block_in_the_room_ends_it_at_once_and_a_report_reaches_the_moderator(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello", "Give me your telephone number, now.", text=TEACHING)
    room = page("sessions:session", session.pk, organisation=organisation)
    bens = browsers.of(ben)
    bens.goto(room)
    aminas = browsers.of(amina)
    aminas.goto(room)

    aminas.locator("summary", has_text="If something is wrong").click()
    expect(aminas.get_by_role("link", name="Report this conversation")).to_be_visible()
    fine(aminas)
    aminas.get_by_role("link", name="Report this conversation").click()
    aminas.get_by_role("radio").first.check()
    aminas.get_by_label("What happened").fill("He asks for my number again and again.")
    aminas.get_by_role("button", name="Send to the moderators").click()
    aminas.goto(room)
    aminas.locator("summary", has_text="If something is wrong").click()
    aminas.get_by_role("button", name="Block Ben Okafor").click()
    expect(aminas.get_by_role("dialog")).to_be_visible()
    fine(aminas)
    aminas.get_by_role("button", name="Block", exact=True).click()
    aminas.wait_for_url("**/conversations/")

    expect(bens.get_by_text("This conversation is over.").first).to_be_visible()
    with acting_in(organisation.pk):
        assert Question.objects.get(pk=session.question_id).state != Question.State.IN_SESSION
    expect(bens.get_by_label("Message", exact=True)).to_have_count(0)

    danas = browsers.of(dana)
    danas.goto(page("web:home", organisation=organisation))
    danas.locator("summary", has_text="Your account").click()
    expect(danas.get_by_role("link", name="Reports")).to_be_visible()
    fine(danas)
    danas.get_by_role("link", name="Reports").click()
    danas.get_by_role("link", name="again and again").click()
    expect(danas.get_by_text("Give me your telephone number, now.")).to_be_visible()
    fine(danas)
