"""The live bus on Redis: two web processes, one of which passes on what PostgreSQL says, and then dies."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live_server import Meeting, Page, Talker, WebProcess, a_free_port, in_thread, sign_in

pytest_plugins = ["tests.live_fixtures"]


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    port = a_free_port()
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, (
        "Install Redis or Valkey (Debian: apt-get install redis-server); run.py test --all does where it may."
    )
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.5)
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def test_two_processes_talk_over_redis_and_the_relays_death_loses_nothing(
    open_database: None, meeting: Meeting, redis_url: str
) -> None:
    everybody = sorted([str(meeting.amina.pk), str(meeting.ben.pk)])

    async def story(one: WebProcess, other: WebProcess) -> None:
        async with (
            Page.open(one.url, meeting, meeting.amina) as amina,
            Page.open(other.url, meeting, meeting.ben) as ben,
        ):
            await amina.gets("presence", people=everybody)
            await ben.send("b1", "Hello over Redis")
            await amina.gets("message", body="Hello over Redis")
            await ben.say(t="typing", room=meeting.room)
            await amina.gets("typing", by=str(meeting.ben.pk))

        amina_talks = Talker([other.url], meeting, meeting.amina, await in_thread(sign_in, meeting.amina))
        ben_talks = Talker([one.url, other.url], meeting, meeting.ben, await in_thread(sign_in, meeting.ben))
        try:
            for number in range(30):
                await amina_talks.say(f"a{number}", f"a {number}")
                await ben_talks.say(f"b{number}x", f"b {number}")
                if number == 10:  # it started first, so it is the relay
                    await asyncio.to_thread(one.kill)
                await asyncio.sleep(0.1)
            for talker in (amina_talks, ben_talks):
                await talker.until_all_is_said()
                await talker.until_heard(61)
            assert amina_talks.heard == ben_talks.heard
            assert [seq for seq, _ in amina_talks.heard] == list(range(1, 62))
        finally:
            await amina_talks.close()
            await ben_talks.close()

    with WebProcess(MOMENTOR_BUS_URL=redis_url) as one, WebProcess(MOMENTOR_BUS_URL=redis_url) as other:
        asyncio.run(story(one, other))
