"""A chat through reloads, a dropped network and a killed server: nothing lost, nothing twice, one order for both."""

from playwright.sync_api import Page, expect

from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.models import Message, Session
from tests.cast import page
from tests.journeys.browsing import Browsers
from tests.journeys.lives import a_room
from tests.journeys.rooms import joined, said, say
from tests.journeys.served import Served, until

BROKEN_LINE = (
    r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_|WebSocket connection|ERR_EMPTY_RESPONSE|ERR_NETWORK|ERR_FAILED"
)


def test_what_is_written_without_a_network_is_sent_once_and_in_order(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    browsers.forgive(BROKEN_LINE)
    session = a_room(organisation, amina, ben, "Hello")
    aminas, bens = _both(browsers, organisation, session, amina, ben)
    say(aminas, "before the tunnel")
    expect(bens.get_by_text("before the tunnel")).to_be_visible()

    aminas.context.set_offline(True)
    expect(aminas.locator("html[data-live=off]")).to_be_attached()
    for number in range(3):
        say(aminas, f"in the tunnel {number}")
    say(bens, "are you there?")
    assert len(aminas.query_selector_all(".message.waiting")) == 3
    aminas.context.set_offline(False)

    _both_show(aminas, bens, organisation, session, 6)
    assert _bodies(organisation, session) == [
        "Hello",
        "before the tunnel",
        "are you there?",
        "in the tunnel 0",
        "in the tunnel 1",
        "in the tunnel 2",
    ]


def test_a_page_that_is_reloaded_while_it_waits_still_sends_what_it_kept(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    browsers.forgive(BROKEN_LINE)
    session = a_room(organisation, amina, ben)
    aminas, bens = _both(browsers, organisation, session, amina, ben)

    aminas.context.set_offline(True)
    expect(aminas.locator("html[data-live=off]")).to_be_attached()
    say(aminas, "kept by the browser")
    aminas.get_by_label("Message", exact=True).press_sequentially("half a sentence")
    aminas.context.set_offline(False)
    aminas.reload()
    joined(aminas)

    _both_show(aminas, bens, organisation, session, 1)
    expect(aminas.get_by_label("Message", exact=True)).to_have_value("half a sentence")


def test_a_killed_server_loses_and_doubles_nothing(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    browsers.forgive(BROKEN_LINE)
    session = a_room(organisation, amina, ben)
    aminas, bens = _both(browsers, organisation, session, amina, ben)

    for number in range(12):
        say(aminas, f"Amina says {number}")
        say(bens, f"Ben says {number}")
        if number == 5:
            site.kill_web()
    until(site.is_up, "the site to come back", seconds=90)

    _both_show(aminas, bens, organisation, session, 24, seconds=60)
    bodies = _bodies(organisation, session)
    assert [body for body in bodies if body.startswith("Amina")] == [f"Amina says {n}" for n in range(12)]
    assert [body for body in bodies if body.startswith("Ben")] == [f"Ben says {n}" for n in range(12)]
    aminas.reload()
    joined(aminas)
    assert said(aminas) == said(bens)


def test_two_tabs_of_one_person_show_the_same_conversation(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = a_room(organisation, amina, ben)
    aminas, bens = _both(browsers, organisation, session, amina, ben)
    second = aminas.context.new_page()
    second.goto(aminas.url)
    joined(second)

    say(aminas, "from the first tab")
    say(second, "from the second tab")
    say(bens, "from Ben")

    _both_show(aminas, bens, organisation, session, 3)
    _both_show(second, bens, organisation, session, 3)


def _both(
    browsers: Browsers, organisation: Organisation, session: Session, amina: Person, ben: Person
) -> tuple[Page, Page]:
    pages = browsers.of(amina), browsers.of(ben)
    for one in pages:
        one.goto(page("sessions:session", session.pk, organisation=organisation))
        joined(one)
    return pages


def _both_show(
    one: Page, other: Page, organisation: Organisation, session: Session, number: int, *, seconds: float = 25
) -> None:
    """Wait until both show as many messages, none of them waiting, and in the order in which they are stored."""

    def same() -> bool:
        ours, theirs = said(one), said(other)
        return len(ours) == number and ours == theirs and not any("waiting" in line for line in ours)

    try:
        until(same, "both to show the same", seconds=seconds)
    except AssertionError as late:
        raise AssertionError(f"{late}:\n{said(one)}\n{said(other)}\n{_bodies(organisation, session)}") from late
    assert [line.split(" | ")[1] for line in said(one)] == _bodies(organisation, session)


def _bodies(organisation: Organisation, session: Session) -> list[str]:
    with acting_in(organisation.pk):
        stored = Message.objects.filter(session=session, kind=Message.Kind.TEXT).order_by("seq")
        return list(stored.values_list("body", flat=True))
