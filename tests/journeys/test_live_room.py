"""Two browsers in one room: what is written arrives once and in order, whatever happens to the network."""

import re
from pathlib import Path

from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, WebSocketRoute, expect

from momentor.dispatch.actions import accept_offer
from momentor.dispatch.models import Offer
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.actions import end_session
from momentor.sessions.models import Message, Session
from tests.cast import page
from tests.journeys.browsing import Browsers, fine
from tests.journeys.lives import a_room, a_search
from tests.journeys.served import Served, until

REMEMBER_WHO_TYPES = """
() => new MutationObserver(() => { window.typed ??= document.querySelector(".typing")?.textContent; })
  .observe(document.querySelector(".log"), { childList: true })
"""


def enter(browser: Page, session: Session, organisation: Organisation) -> Page:
    browser.goto(page("sessions:session", session.pk, organisation=organisation))
    expect(browser.locator("html[data-live=on] chat-room[data-ready]")).to_be_attached()
    return browser


def write(browser: Page, words: str) -> None:
    browser.get_by_label("Message", exact=True).fill(words)
    browser.get_by_role("button", name="Send", exact=True).click()


def said(browser: Page) -> list[str]:
    return browser.locator(".message .said").all_inner_texts()


def stored(organisation: Organisation, session: Session) -> list[str]:
    with acting_in(organisation.pk):
        return list(Message.objects.filter(session=session).standing().order_by("seq").values_list("body", flat=True))


def test_what_one_writes_appears_at_the_other_and_is_seen(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello Ben", "Hello Amina")
    aminas, bens = (enter(browsers.of(person), session, organisation) for person in (amina, ben))
    expect(aminas.get_by_text("is here")).to_be_visible()

    aminas.evaluate(REMEMBER_WHO_TYPES)
    bens.get_by_label("Message", exact=True).press_sequentially("One question first")
    typed = until(lambda: aminas.evaluate("() => window.typed"), "Amina to see that Ben writes")
    assert typed.strip() == "Ben Okafor is writing"
    bens.get_by_label("Message", exact=True).press("Enter")
    expect(aminas.locator(".typing")).to_have_count(0)
    expect(bens.locator(".message.mine").last.locator(".seen")).to_be_visible()
    write(aminas, "See https://example.org/x. Run `make`:\n```\n<b>code</b>\n```")

    last = bens.locator(".message").last
    expect(last.get_by_role("link", name="https://example.org/x")).to_have_attribute(
        "rel", "nofollow noopener noreferrer"
    )
    expect(last.locator("pre code")).to_have_text("<b>code</b>")
    expect(last.locator("p code")).to_have_text("make")
    assert said(aminas) == said(bens)


def test_a_message_is_answered_changed_and_taken_back(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello Ben")
    aminas, bens = (enter(browsers.of(person), session, organisation) for person in (amina, ben))
    write(aminas, "Should I take teh role?")
    question = bens.locator(".message", has_text="teh role")
    expect(question).to_be_visible()

    choose(bens, question, "Reply")
    fine(bens)
    write(bens, "What would you miss?")
    expect(aminas.locator(".reply")).to_contain_text("You: Should I take teh role?")
    fine(aminas)
    mine = aminas.locator(".message.mine", has_text="teh role")
    choose(aminas, mine, "Edit")
    fine(aminas)
    write(aminas, "Should I take the role?")
    expect(bens.locator(".message .said").nth(1)).to_have_text("Should I take the role?")
    expect(bens.get_by_text("edited")).to_be_visible()
    choose(aminas, aminas.locator(".message.mine", has_text="Hello Ben"), "Take back")

    expect(bens.get_by_text("This message was taken back.")).to_be_visible()
    fine(bens)
    assert stored(organisation, session) == ["", "Should I take the role?", "What would you miss?"]
    bens.reload()
    expect(bens.get_by_text("This message was taken back.")).to_be_visible()
    assert said(bens) == ["Should I take the role?", "What would you miss?"]


def choose(browser: Page, message: object, doing: str) -> None:
    message.locator("summary").click()  # type: ignore[attr-defined]  # a locator
    fine(browser)
    message.locator("details").get_by_text(doing).click()  # type: ignore[attr-defined]


def test_what_is_written_without_a_network_survives_a_reload_and_arrives_once(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    browsers.forgive("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "WebSocket", "ERR_")
    session = a_room(organisation, amina, ben, "Hello Ben")
    aminas, bens = (enter(browsers.of(person), session, organisation) for person in (amina, ben))

    aminas.context.set_offline(True)
    expect(aminas.locator("html[data-live=off]")).to_be_attached()
    expect(aminas.get_by_text("The connection is gone.")).to_be_visible()
    write(aminas, "written offline 1")
    write(aminas, "written offline 2")
    expect(aminas.get_by_text("waiting to be sent")).to_have_count(2)
    fine(aminas)
    write(bens, "Are you still there?")
    expect(bens.locator(".message.mine .said", has_text="still there")).to_be_visible()
    aminas.context.set_offline(False)
    aminas.reload()

    expect(bens.get_by_text("written offline 2")).to_be_visible()
    expect(aminas.locator(".message[data-seq]", has_text="written offline 2")).to_be_visible()
    expect(aminas.get_by_text("waiting to be sent")).to_have_count(0)
    expected = ["Hello Ben", "Are you still there?", "written offline 1", "written offline 2"]
    assert said(aminas) == said(bens) == stored(organisation, session) == expected


def test_a_web_process_that_is_killed_in_the_middle_loses_nothing(
    browsers: Browsers, site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    browsers.forgive("WebSocket", "ERR_", "Failed to fetch", "50[23]")
    session = a_room(organisation, amina, ben, "Hello Ben")
    aminas, bens = (enter(browsers.of(person), session, organisation) for person in (amina, ben))

    for number in range(3):
        write(aminas, f"a {number}")
        write(bens, f"b {number}")
        if number == 1:
            site.kill_web()
    for browser in (aminas, bens):
        expect(browser.get_by_text("waiting to be sent")).to_have_count(0, timeout=90_000)
        until(lambda browser=browser: len(said(browser)) == 7, "all to be there", seconds=60)  # type: ignore[misc]  # a default

    assert said(aminas) == said(bens) == stored(organisation, session)
    assert [words for words in said(aminas) if words[0] == "a"] == ["a 0", "a 1", "a 2"]


def test_files_are_shown_and_pictures_seen_by_both(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person, tmp_path: Path
) -> None:
    browsers.forgive("415")
    session = a_room(organisation, amina, ben, "Hello Ben")
    aminas, bens = (enter(browsers.of(person), session, organisation) for person in (amina, ben))
    (tmp_path / "plan.txt").write_text("week 1: shadow the foreman\n")
    Image.new("RGB", (4, 4), "navy").save(tmp_path / "joint.png")
    (tmp_path / "liar.png").write_text("<script>alert(1)</script>")

    aminas.locator("input[type=file]").set_input_files(tmp_path / "plan.txt")
    expect(bens.get_by_role("link", name=re.compile("plan.txt"))).to_be_visible()
    aminas.locator("input[type=file]").set_input_files(tmp_path / "joint.png")
    picture = bens.get_by_role("img", name="Picture: joint.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 4
    aminas.locator("input[type=file]").set_input_files(tmp_path / "liar.png")
    expect(aminas.locator(".system.failed")).to_be_visible()
    fine(aminas)

    assert len(stored(organisation, session)) == 3


def test_more_minutes_are_agreed_and_both_clocks_show_them(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello Ben", time_box=10)
    aminas, bens = (enter(browsers.of(person), session, organisation) for person in (amina, ben))
    assert aminas.locator(".clock .left").inner_text()[:2] in ("9:", "10")

    aminas.get_by_role("button", name="+5 min").click()
    expect(bens.get_by_role("button", name="Agree to 5 more minutes")).to_be_visible()
    fine(bens)
    bens.get_by_role("button", name="Agree to 5 more minutes").click()

    for browser in (aminas, bens):
        expect(browser.locator(".clock .of")).to_have_text("of 15 min")
        assert browser.locator(".clock .left").inner_text().startswith("14:")


def test_the_clock_runs_for_one_whose_line_was_broken_when_the_other_came(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    browsers.forgive(r"ERR_INTERNET_DISCONNECTED|WebSocket connection|ERR_NETWORK|ERR_FAILED")
    question = a_search(organisation, amina, ben, time_box=10)
    with acting_in(organisation.pk, person_id=ben.pk):
        offer = Offer.objects.get(question=question, mentor=ben)
        session = accept_offer(offer=offer, by=ben, now=timezone.now())
    bens = enter(browsers.of(ben), session, organisation)
    expect(bens.locator(".clock .left")).to_have_text("10:00")

    bens.context.set_offline(True)
    expect(bens.locator("html[data-live=off]")).to_be_attached()
    enter(browsers.of(amina), session, organisation)
    bens.context.set_offline(False)

    expect(bens.locator(".clock .left")).to_have_text(re.compile("^9:"))


def test_when_one_ends_the_session_the_other_sees_it(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello Ben", "Hello")
    aminas, bens = (enter(browsers.of(person), session, organisation) for person in (amina, ben))

    bens.get_by_role("button", name="End", exact=True).click()
    expect(bens.get_by_role("dialog")).to_be_visible()
    fine(bens)
    bens.get_by_role("button", name="End it").click()

    expect(aminas.get_by_text("This conversation is over.").first).to_be_visible()
    fine(aminas)
    expect(aminas.get_by_label("Message", exact=True)).to_have_count(0)


def test_an_end_that_came_before_the_room_was_connected_is_seen(
    browsers: Browsers, organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = a_room(organisation, amina, ben, "Hello Ben", "Hello")
    aminas = browsers.of(amina)
    ends = iter([True])

    def connect_late(socket: WebSocketRoute) -> None:
        if next(ends, False):
            with acting_in(organisation.pk, person_id=ben.pk):
                end_session(session=session, by=ben, now=timezone.now())
        socket.connect_to_server()

    aminas.route_web_socket(re.compile("/live$"), connect_late)
    aminas.goto(page("sessions:session", session.pk, organisation=organisation))

    expect(aminas.get_by_text("This conversation is over.").first).to_be_visible()
