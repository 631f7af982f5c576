"""What two people say to each other live: heard by both, in one order, exactly once, and by nobody else."""

import asyncio
import json
from datetime import timedelta

from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.sessions.models import Attendance, Session, Upload
from tests.live_server import Meeting, Page, WebProcess, a_meeting, in_thread, open_room

pytest_plugins = ["tests.live_fixtures"]


def test_what_one_says_the_other_hears_and_the_echo_acknowledges(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            await amina.send("a1", "Hello Ben")

            heard = await ben.gets("message")
            echo = await amina.gets("message", cid="a1")

            assert (heard["body"], heard["by"], heard["seq"]) == ("Hello Ben", str(meeting.amina.pk), 1)
            assert heard["room"] == meeting.room
            assert echo == heard

    asyncio.run(story())

    assert meeting.messages() == [(1, "text", "Hello Ben")]


def test_a_message_sent_five_times_is_stored_and_heard_once(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            for _ in range(5):
                await amina.send("same", "Only once")
            await amina.until(lambda frames: [frame["t"] for frame in frames].count("stored") == 4)
            await amina.send("next", "And then this")
            await ben.gets("message", cid="next")

            assert ben.heard == [(1, "Only once"), (2, "And then this")]
            assert {frame["seq"] for frame in amina.frames if frame["t"] == "stored"} == {1}

    asyncio.run(story())

    assert len(meeting.messages()) == 2


def test_a_lost_acknowledgement_makes_no_second_message(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        for _ in range(3):
            async with Page.open(site.url, meeting, meeting.amina) as amina:
                await amina.send("kept", "Did you get this?")
                amina.socket.transport.abort()  # the line breaks before an answer comes
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.send("kept", "Did you get this?")
            await amina.gets("stored", cid="kept")

            assert amina.heard == [(1, "Did you get this?")]

    asyncio.run(story())

    assert meeting.messages() == [(1, "text", "Did you get this?")]


def test_both_hear_the_same_order_when_both_talk_at_once(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):

            async def talk(page: Page, name: str) -> None:
                for number in range(40):
                    await page.send(f"{name}{number}", f"{name} {number}")
                    await asyncio.sleep(0)

            await asyncio.gather(talk(amina, "a"), talk(ben, "b"))
            for page in (amina, ben):
                await page.until(lambda frames: sum(frame["t"] == "message" for frame in frames) == 80)

            assert amina.heard == ben.heard
            assert [seq for seq, _ in amina.heard] == list(range(1, 81))
            for name in "ab":
                said = [body for _, body in amina.heard if body.startswith(name)]
                assert said == [f"{name} {number}" for number in range(40)]

    asyncio.run(story())


def test_who_comes_back_reads_on_where_they_were_while_the_other_keeps_talking(
    site: WebProcess, meeting: Meeting
) -> None:
    meeting.post(meeting.ben, *(f"word {number}" for number in range(450)))

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.ben, after=449) as ben:

            async def keep_talking() -> None:
                for number in range(450, 480):
                    await ben.send(f"b{number}", f"word {number}")
                    await asyncio.sleep(0.002)

            talking = asyncio.create_task(keep_talking())
            async with Page.open(site.url, meeting, meeting.amina, after=7) as amina:
                await talking
                await amina.until(lambda frames: frames[-1].get("seq") == 480 or amina.seq == 480)

                assert [seq for seq, _ in amina.heard] == list(range(8, 481))
                assert amina.heard[-1] == (480, "word 479")

    asyncio.run(story())


def test_joining_again_and_again_misses_nothing_and_keeps_the_order(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            for number in range(10):
                await ben.send(f"b{number}", f"word {number}")
                await amina.join()
            await amina.until(lambda frames: amina.seq == 10)

            # What was on its way while she asked comes a second time, and is known by its number.
            assert [seq for seq, _ in dict.fromkeys(amina.heard)] == list(range(1, 11))

    asyncio.run(story())


def test_an_edit_and_a_deletion_are_heard_live_and_by_who_comes_back(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            await amina.send("1", "Helo")
            await amina.send("2", "Never mind")
            await amina.gets("message", cid="2")
            await amina.send("3", "Hello", kind="edit", about=1)
            await amina.send("4", "", kind="deletion", about=2)

            edit = await ben.gets("message", cid="3")
            deletion = await ben.gets("message", cid="4")

            assert (edit["kind"], edit["about"], edit["body"]) == ("edit", 1, "Hello")
            assert (deletion["kind"], deletion["about"], deletion["body"]) == ("deletion", 2, "")

        async with (
            Page.open(site.url, meeting, meeting.ben) as fresh,
            Page.open(site.url, meeting, meeting.ben, after=2) as late,
        ):
            assert [(m["seq"], m["body"], m["edited"], m["deleted"]) for m in fresh.messages[:2]] == [
                (1, "Hello", True, False),
                (2, "", False, True),
            ]
            assert [(m["kind"], m["about"], m["body"]) for m in late.messages] == [
                ("edit", 1, "Hello"),
                ("deletion", 2, ""),
            ]

    asyncio.run(story())


def test_nobody_changes_what_the_other_said(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            await amina.send("1", "I said this")
            await ben.gets("message")
            await ben.send("2", "You did not", kind="edit", about=1)
            await ben.send("3", "", kind="deletion", about=1)

            assert (await ben.gets("refused", cid="2"))["code"] == "NotYours"
            assert (await ben.gets("refused", cid="3"))["code"] == "NotYours"

    asyncio.run(story())

    assert meeting.messages() == [(1, "text", "I said this")]


def test_a_reply_names_what_it_answers_and_an_answer_to_nothing_is_a_plain_message(
    site: WebProcess, meeting: Meeting
) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.send("1", "First")
            await amina.send("2", "To the first", about=1)
            await amina.send("3", "To nothing", about=77)
            await amina.gets("message", cid="3")

            assert [message["about"] for message in amina.messages] == [None, 1, None]

    asyncio.run(story())


def test_the_longest_message_arrives_whole_and_in_its_place(site: WebProcess, meeting: Meeting) -> None:
    long = "🌱" * 4000

    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            for number in range(3):
                await amina.send(f"short{number}", f"short {number}")
                await amina.send(f"long{number}", long)
            await amina.send("last", "last")
            for page in (amina, ben):
                await page.gets("message", cid="last")

            assert ben.heard == [
                *[(seq, text) for n in range(3) for seq, text in ((2 * n + 1, f"short {n}"), (2 * n + 2, long))],
                (7, "last"),
            ]
            assert amina.messages == ben.messages

    asyncio.run(story())


def test_a_text_that_is_too_long_or_empty_is_refused_and_what_nobody_can_see_is_dropped(
    site: WebProcess, meeting: Meeting
) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.send("1", "x" * 4001)
            await amina.send("2", " \n\t ")
            half = json.dumps({"t": "send", "room": meeting.room, "cid": "3", "body": "a\x00b\x07c\r\nd\te\ud800"})
            await amina.socket.send(half)
            await amina.send("4", "\x00\x01")

            assert (await amina.gets("refused", cid="1"))["code"] == "MessageTooLong"
            assert (await amina.gets("refused", cid="2"))["code"] == "MessageEmpty"
            assert (await amina.gets("refused", cid="4"))["code"] == "MessageEmpty"
            assert (await amina.gets("message"))["body"] == "abc\nd\te"

    asyncio.run(story())


def test_a_file_can_be_shown_only_by_who_gave_it_into_this_very_session(site: WebProcess, meeting: Meeting) -> None:
    with acting_in(meeting.organisation.pk):
        other_room = open_room(meeting.amina, meeting.chloe)
        here, of_ben, elsewhere = (
            Upload.objects.create(
                session=session, by=by, name="plan.pdf", media_type="application/pdf", size=9, sha256="0", stored_as="x"
            )
            for session, by in (
                (meeting.session, meeting.amina),
                (meeting.session, meeting.ben),
                (other_room, meeting.amina),
            )
        )

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.send("1", "", kind="file", upload=str(of_ben.pk))
            await amina.send("2", "", kind="file", upload=str(elsewhere.pk))
            await amina.send("3", "", kind="file", upload=meeting.room)
            await amina.send("4", "Our plan", kind="file", upload=str(here.pk))

            for cid in "123":
                assert (await amina.gets("refused", cid=cid))["code"] == "NotYours"
            shown = await amina.gets("message", cid="4")
            assert shown["upload"] == {
                "id": str(here.pk),
                "name": "plan.pdf",
                "type": "application/pdf",
                "size": 9,
                "width": None,
                "height": None,
            }

    asyncio.run(story())

    assert meeting.messages() == [(1, "file", "Our plan")]


def test_typing_is_told_at_most_every_second_and_a_half_and_kept_nowhere(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            for _ in range(10):
                await amina.say(t="typing", room=meeting.room)
            await amina.send("1", "Done")
            await ben.gets("message")

            told = [frame for frame in ben.frames if frame["t"] == "typing"]
            assert [(frame["by"], frame["room"]) for frame in told] == [(str(meeting.amina.pk), meeting.room)]

    asyncio.run(story())

    assert len(meeting.messages()) == 1


def test_how_far_somebody_has_read_only_grows_and_ends_with_the_last_message(
    site: WebProcess, meeting: Meeting
) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            for number in range(3):
                await amina.send(str(number), "word")
            await ben.until(lambda frames: ben.seq == 3)
            await ben.say(t="delivered", room=meeting.room, seq=3)
            await ben.say(t="read", room=meeting.room, seq=2)
            await amina.gets("read", by=str(meeting.ben.pk), seq=2, delivered=3)
            await ben.say(t="read", room=meeting.room, seq=1)
            await ben.say(t="read", room=meeting.room, seq=999)
            await amina.gets("read", by=str(meeting.ben.pk), seq=3, delivered=3)

        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.gets("read", by=str(meeting.ben.pk), seq=3)

    asyncio.run(story())

    assert meeting.attendance(meeting.ben).read_seq == 3
    assert meeting.attendance(meeting.amina).read_seq == 0


def test_each_sees_when_the_other_is_here_and_a_reload_is_no_absence(site: WebProcess, meeting: Meeting) -> None:
    both = sorted([str(meeting.amina.pk), str(meeting.ben.pk)])

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.gets("presence", people=[str(meeting.amina.pk)])
            for _ in range(2):
                async with Page.open(site.url, meeting, meeting.ben) as ben:
                    await ben.gets("presence", people=both)
            await amina.gets("presence", people=both)
            assert amina.frames[-1]["people"] == both, "a reload showed Ben as gone"

            await amina.until(lambda frames: frames[-1].get("people") == [str(meeting.amina.pk)])

    asyncio.run(story())


def test_the_clock_starts_when_both_have_come(site: WebProcess, meeting: Meeting) -> None:
    meeting.change(state="opening", started_at=None, ends_at=None)
    with acting_in(meeting.organisation.pk):
        Attendance.objects.filter(session=meeting.session).update(came_at=None)

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.gets("came", by=str(meeting.amina.pk))
            async with Page.open(site.url, meeting, meeting.ben):
                clock = await amina.gets("clock")

                assert clock["minutes"] == 10

    asyncio.run(story())

    with acting_in(meeting.organisation.pk):
        session = Session.objects.get(pk=meeting.session.pk)
    assert session.state == "running"
    assert session.ends_at is not None
    assert timedelta(minutes=9) < session.ends_at - timezone.now() <= timedelta(minutes=10)


def test_after_the_end_all_is_there_to_read_and_nothing_can_be_added(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.send("1", "Thank you")
            await amina.gets("message")
            await in_thread(lambda: meeting.change(state="ended"))
            await amina.send("2", "One more thing")

            assert (await amina.gets("refused", cid="2"))["code"] == "RoomOver"
        async with Page.open(site.url, meeting, meeting.ben) as ben:
            await ben.send("3", "Me too")
            await ben.say(t="typing", room=meeting.room)

            assert (await ben.gets("refused", cid="3"))["code"] == "RoomOver"
            assert ben.heard == [(1, "Thank you")]
            assert not [frame for frame in ben.frames if frame["t"] in ("presence", "typing")]

    asyncio.run(story())

    assert len(meeting.messages()) == 1


def test_when_a_session_ends_nobody_sees_who_is_still_there(site: WebProcess, meeting: Meeting) -> None:
    from momentor.sessions.actions import end_session

    def end() -> None:
        with acting_in(meeting.organisation.pk, person_id=meeting.ben.pk):
            end_session(session=meeting.session, by=meeting.ben, now=timezone.now())

    async def story() -> None:
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            async with Page.open(site.url, meeting, meeting.ben) as ben:
                await ben.gets("presence")
                await in_thread(end)
                await amina.gets("session")
                told = len(amina.frames)
                await ben.say(t="typing", room=meeting.room)
                await ben.say(t="read", room=meeting.room, seq=1)
            await asyncio.sleep(2.5)

            assert amina.frames[told:] == []

    asyncio.run(story())


def test_a_message_in_a_written_conversation_passes_the_move_and_tells_the_other(site: WebProcess) -> None:
    first = ("stored", "a0")
    with a_meeting("async") as meeting:

        async def story() -> None:
            async with Page.open(site.url, meeting, meeting.amina) as amina:
                for number in range(5):
                    await amina.send(f"a{number}", f"word {number}")
                await amina.send("a0", "word 0")
                # One answer to each of the two, so that nothing is still under way.
                await amina.until(lambda frames: [(frame["t"], frame.get("cid")) for frame in frames].count(first) == 2)
                await amina.until(lambda frames: amina.seq == 5)

                assert amina.heard == [(number + 1, f"word {number}") for number in range(5)]

        asyncio.run(story())

        with acting_in(meeting.organisation.pk):
            session = Session.objects.get(pk=meeting.session.pk)
        assert session.next_move_by_id == meeting.ben.pk
        assert meeting.jobs("momentor.sessions.jobs.tell_whose_move") == [{"session_id": meeting.room}]


def test_a_room_that_somebody_else_holds_keeps_no_other_room_waiting(site: WebProcess, meeting: Meeting) -> None:
    with acting_in(meeting.organisation.pk):
        other = open_room(meeting.amina, meeting.chloe)

    async def story() -> None:
        held, let_go = asyncio.Event(), asyncio.Event()

        def hold(loop: asyncio.AbstractEventLoop) -> None:
            with acting_in(meeting.organisation.pk):
                Session.objects.select_for_update().get(pk=meeting.session.pk)
                loop.call_soon_threadsafe(held.set)
                asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result()

        holding = asyncio.create_task(in_thread(hold, asyncio.get_running_loop()))
        await held.wait()
        async with Page.open(site.url, meeting, meeting.amina) as amina:
            await amina.say(t="join", room=str(other.pk), after=0)
            await amina.send("stuck1", "I wait")
            await amina.say(t="send", room=str(other.pk), cid="free1", body="I do not")
            await amina.gets("message", cid="free1", seconds=3)
            await amina.send("stuck2", "I wait behind")
            await amina.say(t="send", room=str(other.pk), cid="free2", body="Nor do I")
            await amina.gets("message", cid="free2", seconds=1)
            assert not [message for message in amina.messages if message["room"] == meeting.room]

            let_go.set()
            await holding
            await amina.gets("message", cid="stuck2")

    asyncio.run(story())

    assert meeting.messages() == [(1, "text", "I wait"), (2, "text", "I wait behind")]
