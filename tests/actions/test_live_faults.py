"""What breaks: processes killed, the database restarted, readers that do not read. Nothing is lost, or heard twice."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import dj_database_url
from django.db import connection

from momentor.foundation.postgres import OWNER, WEB, LocalPostgres
from tests import early
from tests.live_server import Meeting, Page, Talker, WebProcess, a_free_port, a_meeting, in_thread, sign_in

pytest_plugins = ["tests.live_fixtures"]


@asynccontextmanager
async def two_talkers(meeting: Meeting, *urls: str) -> AsyncIterator[tuple[Talker, Talker]]:
    """Amina and Ben, each beginning at another process where there are several."""
    amina = Talker([*urls], meeting, meeting.amina, await in_thread(sign_in, meeting.amina))
    ben = Talker([*reversed(urls)], meeting, meeting.ben, await in_thread(sign_in, meeting.ben))
    try:
        yield amina, ben
    finally:
        await amina.close()
        await ben.close()


async def talk(talker: Talker, name: str, count: int, pause: float = 0.02) -> None:
    for number in range(count):
        await talker.say(f"{name}{number}", f"{name} {number}")
        await asyncio.sleep(pause)


async def all_is_well(meeting: Meeting, talkers: tuple[Talker, Talker], count: int) -> None:
    """See that both heard everything that both said, once, in one order, each in the order they said it."""
    for talker in talkers:
        await talker.until_all_is_said()
    for talker in talkers:
        await talker.until_heard(2 * count)
    first, second = talkers
    assert first.heard == second.heard
    assert first.heard == [(seq, body) for seq, _, body in await in_thread(meeting.messages)]
    assert [seq for seq, _ in first.heard] == list(range(1, 2 * count + 1))
    for name in "ab":
        assert [body for _, body in first.heard if body[0] == name] == [f"{name} {n}" for n in range(count)]


def test_a_web_process_that_is_killed_again_and_again_loses_no_message(meeting: Meeting) -> None:
    with WebProcess() as site:

        async def story() -> None:
            async with two_talkers(meeting, site.url) as both:
                talking = asyncio.gather(talk(both[0], "a", 60), talk(both[1], "b", 60))
                for _ in range(3):
                    await asyncio.sleep(0.4)
                    await asyncio.to_thread(site.kill)
                    await asyncio.to_thread(site.start)
                await talking
                await all_is_well(meeting, both, 60)
                assert min(talker.breaks for talker in both) >= 3

        asyncio.run(story())


def test_two_web_processes_are_one_room_and_when_one_dies_the_other_takes_over(meeting: Meeting) -> None:
    with WebProcess() as one, WebProcess() as other:

        async def story() -> None:
            async with two_talkers(meeting, one.url, other.url) as both:
                talking = asyncio.gather(talk(both[0], "a", 40), talk(both[1], "b", 40))
                await asyncio.sleep(0.4)
                await asyncio.to_thread(one.kill)
                await talking
                await all_is_well(meeting, both, 40)

        asyncio.run(story())


def test_people_at_different_web_processes_see_each_other_come_and_go(meeting: Meeting) -> None:
    everybody = sorted([str(meeting.amina.pk), str(meeting.ben.pk)])

    async def story(one: WebProcess, other: WebProcess) -> None:
        async with Page.open(one.url, meeting, meeting.amina) as amina:
            async with Page.open(other.url, meeting, meeting.ben) as ben:
                await amina.gets("presence", people=everybody)
                await ben.gets("presence", people=everybody)
                await ben.say(t="typing", room=meeting.room)
                await amina.gets("typing", by=str(meeting.ben.pk))
            await amina.until(lambda frames: frames[-1].get("people") == [str(meeting.amina.pk)])

            # A process that starts later learns who is here, and one that stops takes its people with it.
            async with Page.open(other.url, meeting, meeting.ben) as ben:
                await ben.gets("presence", people=everybody)
                await asyncio.to_thread(other.stop)
                assert await ben.closed() == 1012
            await amina.until(lambda frames: frames[-1].get("people") == [str(meeting.amina.pk)])
            third = WebProcess()
            await asyncio.to_thread(third.start)
            try:
                async with Page.open(third.url, meeting, meeting.ben) as ben:
                    await ben.gets("presence", people=everybody)
            finally:
                third.kill()

    with WebProcess() as one, WebProcess() as other:
        asyncio.run(story(one, other))


def test_a_stop_sends_everybody_away_to_come_back_at_different_moments(meeting: Meeting) -> None:
    with WebProcess() as site:

        async def story() -> None:
            async with (
                Page.open(site.url, meeting, meeting.amina) as amina,
                Page.open(site.url, meeting, meeting.ben) as ben,
            ):
                for number in range(20):
                    await amina.send(f"a{number}", f"word {number}")
                stopping = asyncio.create_task(asyncio.to_thread(site.stop))

                waits = {(await page.gets("return"))["in"] for page in (amina, ben)}
                assert [await amina.closed(), await ben.closed()] == [1012, 1012]
                assert len(waits) == 2
                await stopping
                heard = set(amina.heard)

                # What was not acknowledged stays with its author; what was, is stored.
                assert heard <= {(seq, body) for seq, _, body in await in_thread(meeting.messages)}

        asyncio.run(story())


def test_who_does_not_read_is_cut_off_and_keeps_nobody_waiting(meeting: Meeting) -> None:
    long = "x" * 3900

    async def story(site: WebProcess) -> None:
        sleeper_cookie = await in_thread(sign_in, meeting.ben)
        raw = socket.create_connection(("127.0.0.1", site.port))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        async with Page.open(
            site.url, meeting, meeting.ben, cookie=sleeper_cookie, max_queue=1, sock=raw, ping_interval=None
        ) as sleeper:
            sleeper._ears.cancel()
            sleeper.socket.transport.pause_reading()

            async with Page.open(site.url, meeting, meeting.amina) as amina:
                for number in range(10):
                    await in_thread(meeting.post, meeting.amina, *[long] * 100)
                    said = 100 * (number + 1)
                    await amina.until(lambda frames: amina.seq == said)  # noqa: B023  # awaited in the same turn
                await amina.gets("presence", people=[str(meeting.amina.pk)], seconds=20)

            sleeper.socket.transport.abort()
        async with Page.open(site.url, meeting, meeting.ben) as ben:
            await ben.until(lambda frames: ben.seq == 1000)
            assert [seq for seq, _ in ben.heard] == list(range(1, 1001))

    with WebProcess("tests.live_app:application") as site:
        asyncio.run(story(site))


@contextmanager
def a_database_of_its_own(folder: Path) -> Iterator[LocalPostgres]:
    """Start a durable server on a copy of the migrated cluster, and let Django here work with it."""
    with early._locked(early.KEPT / "lock"):
        kept = early._migrated_cluster(os.environ[early.TEMPLATE].rsplit("_", 1)[1])
        subprocess.run(["cp", "-a", kept, folder], check=True)
    before = dict(connection.settings_dict)
    with LocalPostgres(folder) as server:
        try:
            connection.close()
            connection.settings_dict.update(dj_database_url.parse(server.url(WEB, os.environ[early.TEMPLATE])))
            yield server
        finally:
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(before)
            shutil.rmtree(folder, ignore_errors=True)


def test_a_database_that_restarts_in_the_middle_loses_no_message(open_database: None, tmp_path: Path) -> None:
    with a_database_of_its_own(tmp_path / "postgres") as server:
        database = os.environ[early.TEMPLATE]
        environment = {"DATABASE_URL": server.url(WEB, database), "DATABASE_OWNER_URL": server.url(OWNER, database)}
        with a_meeting() as meeting, WebProcess(port=a_free_port(), **environment) as site:

            async def story() -> None:
                async with two_talkers(meeting, site.url) as both:
                    talking = asyncio.gather(talk(both[0], "a", 100), talk(both[1], "b", 100))
                    await asyncio.sleep(0.5)
                    server.stop()
                    await asyncio.sleep(0.5)
                    server.start()
                    await asyncio.sleep(0.5)
                    assert server.process is not None
                    server.process.kill()
                    server.process.wait()
                    await asyncio.sleep(1.0)
                    server.start()
                    await talking
                    await all_is_well(meeting, both, 100)
                    assert [talker.codes for talker in both] == [[], []], "the WebSockets outlive the database"
                    assert [frame for frame in both[0].frames if frame["t"] == "resync"]

            connection.close()
            asyncio.run(story())
            site.wait_until_ready()
