"""Frames that are malformed, unknown, too large, too many or out of order: each gets a clear answer."""

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live_server import Meeting, Page, WebProcess, an_id

pytest_plugins = ["tests.live_fixtures"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        "12",
        '"t"',
        "{}",
        '{"t": 7}',
        '{"t": null}',
        '{"t": "join"',
        "\x00",
        "[" * 20_000,
        b"\xff\x00",
    ],
)
def test_what_is_no_frame_is_refused_and_the_next_is_answered(
    site: WebProcess, meeting: Meeting, text: str | bytes
) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.socket.send(text)
            refused = await amina.gets("refused")
            await amina.send("1", "Still here")
            await amina.gets("message")

            assert refused["code"] == "Malformed"
            assert "JSON" in refused["message"]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"t": "dance"}, "UnknownFrame"),
        ({"t": "__class__"}, "UnknownFrame"),
        ({"t": "join"}, "WrongField"),
        ({"t": "join", "room": "1"}, "WrongField"),
        ({"t": "join", "room": 7}, "WrongField"),
        ({"t": "join", "room": None, "after": 0}, "WrongField"),
        ({"t": "join", "room": "ROOM", "after": -1}, "WrongField"),
        ({"t": "join", "room": "ROOM", "after": "3"}, "WrongField"),
        ({"t": "join", "room": "ROOM", "after": 1.5}, "WrongField"),
        ({"t": "join", "room": "ROOM", "after": True}, "WrongField"),
        ({"t": "join", "room": "ROOM", "after": 10**30}, "WrongField"),
        ({"t": "send", "room": "ROOM", "body": "no id"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "", "body": "x"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "x" * 65, "body": "x"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "a b", "body": "x"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": 5, "body": "x"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "1", "body": ["x"]}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "1", "body": "x", "kind": "note"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "1", "body": "x", "kind": {}}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "1", "body": "x", "kind": "file"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "1", "body": "x", "kind": "edit"}, "WrongField"),
        ({"t": "send", "room": "ROOM", "cid": "1", "body": "x", "about": "1"}, "WrongField"),
        ({"t": "read", "room": "ROOM"}, "WrongField"),
        ({"t": "read", "room": "ROOM", "seq": "all"}, "WrongField"),
    ],
)
def test_a_frame_with_something_wrong_in_it_is_refused_by_name(
    site: WebProcess, meeting: Meeting, frame: dict[str, object], code: str
) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.say(**{k: meeting.room if v == "ROOM" else v for k, v in frame.items()})

            assert (await amina.gets("refused"))["code"] == code

    asyncio.run(story())

    assert meeting.messages() == []


@pytest.mark.parametrize("kind", ["send", "typing", "read", "delivered"])
def test_nothing_is_done_in_a_room_before_it_is_joined_or_after_it_is_left(
    site: WebProcess, meeting: Meeting, kind: str
) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina, join=False) as amina:
            await amina.say(t=kind, room=meeting.room, cid="1", body="Too early", seq=1)
            await amina.gets("refused", code="NotJoined")
            await amina.join()
            await amina.say(t="leave", room=meeting.room)
            await amina.say(t="leave", room=meeting.room)
            await amina.say(t=kind, room=meeting.room, cid="2", body="Too late", seq=1)
            await amina.until(lambda frames: [f.get("code") for f in frames].count("NotJoined") == 2)

    asyncio.run(story())

    assert meeting.messages() == []


def test_a_frame_that_is_too_large_ends_the_connection_and_nothing_is_stored(
    site: WebProcess, meeting: Meeting
) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.send("1", "x" * 100_000)

            assert await amina.closed() == 1009

    asyncio.run(story())

    assert meeting.messages() == []


def test_who_goes_on_sending_nonsense_is_cut_off(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            try:
                for _ in range(200):
                    await amina.socket.send("nonsense")
            except ConnectionClosed:
                pass

            assert await amina.closed() == 4429

    asyncio.run(story())


def test_who_sends_too_fast_is_told_to_wait_and_what_was_not_refused_is_stored(
    site: WebProcess, meeting: Meeting
) -> None:
    async def story() -> list[str]:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            for number in range(70):
                await amina.send(f"a{number}", f"word {number}")
            await amina.until(lambda frames: sum(f["t"] in ("message", "refused") for f in frames) == 70)
            refused = [frame for frame in amina.frames if frame["t"] == "refused"]

            assert {frame["code"] for frame in refused} == {"TooFast"}
            assert 0 < len(refused) < 15
            return [frame["cid"] for frame in refused]

    refused = asyncio.run(story())

    assert len(meeting.messages()) + len(refused) == 70


def test_a_page_has_no_business_in_hundreds_of_rooms(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            for _ in range(5):
                await amina.say(t="join", room=str(an_id()))
            await amina.until(lambda frames: [f.get("code") for f in frames].count("NotInRoom") == 5)

    asyncio.run(story())


def test_a_refusal_is_said_in_the_persons_language(site: WebProcess, meeting: Meeting) -> None:
    from django.utils import translation

    async def story() -> str:
        async with Page.open(site.url, meeting, meeting.amina, user_agent_header="test", cookie=None) as amina:
            await amina.send("1", "x" * 4001)
            return str((await amina.gets("refused"))["message"])

    said = asyncio.run(story())

    with translation.override("en"):
        assert said == "This is longer than 4000 characters. Send it in two parts, or as a file."
    assert json.dumps(said)
