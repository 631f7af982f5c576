"""Who may listen: a stranger, another tenant, a stolen address, a signed-out page all learn nothing."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session as Cookie
from django.db import connection
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from momentor.api.models import ApiToken
from momentor.foundation.pushing import person_stream, push
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.models import Membership
from tests.live_server import Meeting, Page, WebProcess, a_meeting, address, an_id, in_thread, sign_in

pytest_plugins = ["tests.live_fixtures"]


@pytest.fixture(scope="module")
def impatient_site(open_database: None) -> Iterator[WebProcess]:
    """The site, but it asks three times a second who may still listen."""
    with WebProcess("tests.live_app:application") as site:
        yield site


async def answer_to_a_join(page: Page, room: str) -> dict[str, Any]:
    await page.say(t="join", room=room, after=0)
    await page.until(lambda frames: frames)
    return {name: value for name, value in page.frames[0].items() if name != "room"}


def test_a_stranger_hears_of_a_room_what_they_hear_of_one_that_does_not_exist(
    site: WebProcess, meeting: Meeting
) -> None:
    meeting.post(meeting.amina, "Between us")

    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.chloe, join=False) as at_room,
            Page.open(site.url, meeting, meeting.chloe, join=False) as at_nothing,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            there, nowhere = (
                await answer_to_a_join(at_room, meeting.room),
                await answer_to_a_join(at_nothing, str(an_id())),
            )

            assert there == nowhere
            assert there["code"] == "NotInRoom"

            await at_room.send("c1", "Let me in")
            await at_room.gets("refused", cid="c1", code="NotJoined")
            await at_room.say(t="typing", room=meeting.room)
            await at_room.say(t="read", room=meeting.room, seq=1)
            await ben.send("b1", "Still between us")
            await ben.gets("message", cid="b1")
            await asyncio.sleep(0.5)

            assert {frame["t"] for frame in at_room.frames} == {"refused"}
            assert not [frame for frame in ben.frames if str(meeting.chloe.pk) in str(frame)]

    asyncio.run(story())

    assert [body for _, _, body in meeting.messages()] == ["Between us", "Still between us"]


def test_another_organisation_with_a_stolen_room_address_gets_the_same_answer(
    site: WebProcess, meeting: Meeting
) -> None:
    with a_meeting() as elsewhere:

        async def story() -> None:
            async with Page.open(site.url, elsewhere, elsewhere.amina, join=False) as page:
                assert (await answer_to_a_join(page, meeting.room))["code"] == "NotInRoom"

            # The right organisation's address with the cookie of another's member: as if it were not there.
            stolen = await in_thread(sign_in, elsewhere.amina)
            async with Page.open(site.url, meeting, elsewhere.amina, join=False, cookie=stolen) as page:
                assert await page.closed() == 4404
                wrong = page.frames
            async with connect(
                address(site.url, "no-such-place"),
                origin=Origin(site.url),
                additional_headers={"Cookie": f"session={stolen}"},
            ) as socket:
                await socket.recv()
                await socket.wait_closed()
                assert socket.close_code == 4404
            assert [frame["code"] for frame in wrong] == ["NotHere"]

        asyncio.run(story())


@pytest.mark.parametrize("cookie", ["", "0123456789abcdefghijklmnopqrstuv", "'; drop table rooms_message; --", "ü"])
def test_without_a_session_nobody_comes_in(site: WebProcess, meeting: Meeting, cookie: str) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina, join=False, cookie=cookie or " ") as page:
            assert await page.closed() == 4401
            assert [frame["code"] for frame in page.frames] == ["SignedOut"]

    asyncio.run(story())


def test_a_session_that_was_tampered_with_is_none(site: WebProcess, meeting: Meeting) -> None:
    key = sign_in(meeting.amina)
    Cookie.objects.filter(pk=key).update(session_data=Cookie.objects.get(pk=key).session_data[:-3] + "xyz")

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina, join=False, cookie=key) as page:
            assert await page.closed() == 4401

    asyncio.run(story())


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"origin": None},
        {"origin": "http://evil.example", "additional_headers": {"Host": "evil.example"}},
    ],
)
def test_a_page_of_another_site_gets_no_connection_whatever_cookie_the_browser_sends(
    site: WebProcess, meeting: Meeting, headers: dict[str, Any]
) -> None:
    cookie = sign_in(meeting.amina)
    more = {"Cookie": f"session={cookie}", **headers.pop("additional_headers", {})}

    async def story() -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(address(site.url, meeting.organisation.slug), additional_headers=more, **headers):
                pass
        assert refused.value.response.status_code == 403

    asyncio.run(story())


def test_a_person_hears_their_own_pushes_and_no_one_elses(site: WebProcess, meeting: Meeting) -> None:
    def tell_both() -> None:
        with acting_in(meeting.organisation.pk):
            for person in (meeting.ben, meeting.amina):
                push(to=person_stream(person.pk), message={"t": "notice", "for": person.name})

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina, join=False) as amina:
            await amina.say(t="leave", room=meeting.room)  # waits until she listens
            await asyncio.sleep(0.2)
            await in_thread(tell_both)
            await amina.gets("notice")

            assert [frame["for"] for frame in amina.frames] == ["Amina"]

    asyncio.run(story())


def sign_out(meeting: Meeting, cookie: str) -> None:
    Cookie.objects.filter(pk=cookie).delete()


def change_password(meeting: Meeting, cookie: str) -> None:
    with signing_in():
        meeting.amina.set_password("another long enough one")
        meeting.amina.save(update_fields=["password"])


def leave_organisation(meeting: Meeting, cookie: str) -> None:
    with acting_in(meeting.organisation.pk):
        Membership.objects.filter(person=meeting.amina).update(state="left")


def close_account(meeting: Meeting, cookie: str) -> None:
    with signing_in():
        meeting.amina.is_active = False
        meeting.amina.save(update_fields=["is_active"])


@pytest.mark.parametrize("end", [sign_out, change_password, leave_organisation, close_account])
def test_the_connection_ends_with_the_right_to_it_and_only_that_one(
    impatient_site: WebProcess, meeting: Meeting, end: Any
) -> None:
    async def story() -> None:
        cookie = await in_thread(sign_in, meeting.amina)
        async with (
            Page.open(impatient_site.url, meeting, meeting.amina, cookie=cookie) as amina,
            Page.open(impatient_site.url, meeting, meeting.ben) as ben,
        ):
            await in_thread(end, meeting, cookie)

            assert await amina.closed() == 4401
            assert amina.frames[-1]["code"] == "SignedOut"
            await ben.say(t="typing", room=meeting.room)
            await ben.gets("typing", by=str(meeting.ben.pk))

    asyncio.run(story())


def test_a_token_opens_the_connection_to_a_program_until_it_is_taken_back(
    impatient_site: WebProcess, meeting: Meeting
) -> None:
    import hashlib

    with acting_in(meeting.organisation.pk):
        token = ApiToken.objects.create(
            person=meeting.amina, name="My own client", token_hash=hashlib.sha256(b"secret").hexdigest()
        )

    def take_back() -> None:
        with acting_in(meeting.organisation.pk), connection.cursor() as cursor:
            cursor.execute("update api_apitoken set revoked_at = now() where id = %s", [token.pk])

    async def story() -> None:
        async with connect(
            address(impatient_site.url, meeting.organisation.slug),
            additional_headers={"Authorization": "Bearer secret"},
        ) as socket:
            page = Page(socket, meeting.room)
            await page.join()
            await page.send("1", "From a program")
            await page.gets("message")
            await in_thread(take_back)

            assert await page.closed() == 4401

    asyncio.run(story())


def test_the_oldest_of_very_many_connections_of_one_person_makes_room(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        from contextlib import AsyncExitStack

        cookie = await in_thread(sign_in, meeting.amina)
        async with AsyncExitStack() as stack:
            pages = [
                await stack.enter_async_context(Page.open(site.url, meeting, meeting.amina, cookie=cookie))
                for _ in range(21)
            ]

            closed = [page for page in pages if page.socket.close_code or page._ears.done()]
            await pages[-1].send("1", "The newest works")
            await pages[-1].gets("message")
            assert len(closed) == 1
            assert closed[0].socket.close_code == 4429

    asyncio.run(story())
