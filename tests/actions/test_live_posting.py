"""Saying something by a form or the API: the same rules as live, and heard live by who is there."""

import asyncio

import pytest
from django.db import transaction
from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.people.models import Block, Person
from momentor.sessions.models import Message, Upload
from momentor.sessions.posting import (
    MessageEmpty,
    MessageTooLong,
    NotInRoom,
    NotYours,
    RoomOver,
    clean_body,
    post_message,
)
from tests.live_server import Meeting, Page, WebProcess, a_meeting, in_thread

pytest_plugins = ["tests.live_fixtures"]


def say(meeting: Meeting, by: Person | None, body: str = "Hello", client_id: str = "1", **more: object) -> int:
    with acting_in(meeting.organisation.pk, person_id=by.pk if by else None):
        return post_message(
            session=meeting.session,
            by=by,
            body=body,
            client_id=client_id,
            now=timezone.now(),
            **more,  # type: ignore[arg-type]  # each test gives what it is about
        )


def test_messages_are_numbered_and_the_same_client_id_gets_the_same_number(meeting: Meeting) -> None:
    assert [say(meeting, meeting.amina, client_id=cid) for cid in ("1", "2", "1", "3", "2")] == [1, 2, 1, 3, 2]
    assert say(meeting, meeting.ben, client_id="1") == 4, "another person's id is another message"

    assert len(meeting.messages()) == 4


def test_a_refused_message_says_why_and_leaves_nothing(meeting: Meeting) -> None:
    for body, refusal in (("", MessageEmpty), ("\x00 \n", MessageEmpty), ("x" * 4001, MessageTooLong)):
        with pytest.raises(refusal):
            say(meeting, meeting.amina, body)
    with pytest.raises(NotInRoom):
        say(meeting, meeting.chloe)
    with pytest.raises(NotYours):
        say(meeting, meeting.amina, "x", kind="edit", about=1)
    meeting.change(state="ended")
    with pytest.raises(RoomOver):
        say(meeting, meeting.amina)

    assert meeting.messages() == []


def test_a_block_closes_the_room_at_once(meeting: Meeting) -> None:
    with acting_in(meeting.organisation.pk):
        Block.objects.create(by=meeting.amina, about=meeting.ben)

    with pytest.raises(RoomOver):
        say(meeting, meeting.ben, "You cannot see this")


def test_a_file_of_somebody_else_cannot_be_shown(meeting: Meeting) -> None:
    with acting_in(meeting.organisation.pk):
        of_ben = Upload.objects.create(
            session=meeting.session, by=meeting.ben, name="a", media_type="text/plain", size=1, sha256="", stored_as="a"
        )

    with pytest.raises(NotYours):
        say(meeting, meeting.amina, "", kind="file", upload=of_ben)
    assert say(meeting, meeting.ben, "", kind="file", upload=of_ben) == 1


def test_the_product_can_say_something_even_after_the_end(meeting: Meeting) -> None:
    meeting.change(state="ended")

    assert say(meeting, None, "Time is over.", kind="note") == 1
    assert say(meeting, None, "Time is over.", kind="note") == 1


def test_a_written_conversation_tells_the_other_once_for_several_messages() -> None:
    with a_meeting("async") as meeting:
        for cid in "123":
            say(meeting, meeting.amina, client_id=cid)
        say(meeting, meeting.amina, "Better", client_id="4", kind="edit", about=1)

        assert meeting.jobs("momentor.sessions.jobs.tell_whose_move") == [{"session_id": meeting.room}]


def test_what_is_said_by_a_form_is_heard_live_when_it_is_saved_and_never_before(
    site: WebProcess, meeting: Meeting
) -> None:
    def fail() -> None:
        with acting_in(meeting.organisation.pk):
            post_message(session=meeting.session, by=meeting.ben, body="Lost", client_id="x", now=timezone.now())
            transaction.set_rollback(True)

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await in_thread(fail)
            await in_thread(say, meeting, meeting.ben, "By a form")
            heard = await amina.gets("message")

            assert (heard["seq"], heard["body"]) == (1, "By a form")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain", "plain"),
        ("  spaces around \n", "spaces around"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\there", "tab\there"),
        ("bell\x07 escape\x1b[31m nul\x00 delete\x7f c1\x9b", "bell escape[31m nul delete c1"),
        ("half \ud83c character", "half  character"),
        ("👩🏽\u200d🏭 joined", "👩🏽\u200d🏭 joined"),
        ("עברית \u200fוערבית", "עברית \u200fוערבית"),
        ("x" * 4000, "x" * 4000),
    ],
)
def test_what_nobody_can_see_is_dropped_and_everything_else_stays(typed: str, kept: str) -> None:
    assert clean_body(typed, Message.Kind.TEXT) == kept
