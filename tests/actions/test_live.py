"""The live conversation, with a real server process and real WebSockets."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.live_server import Meeting, Page, WebProcess, a_meeting

pytestmark = pytest.mark.usefixtures("open_database")


@pytest.fixture(scope="module")
def open_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own class is private
        yield


@pytest.fixture(scope="module")
def site(open_database: None) -> Iterator[WebProcess]:
    with WebProcess() as site:
        yield site


@pytest.fixture
def meeting(open_database: None) -> Iterator[Meeting]:
    with a_meeting() as meeting:
        yield meeting


def test_what_one_says_the_other_hears_and_the_echo_acknowledges(site: WebProcess, meeting: Meeting) -> None:
    async def story() -> None:
        async with (
            Page.open(site.url, meeting, meeting.amina) as amina,
            Page.open(site.url, meeting, meeting.ben) as ben,
        ):
            await amina.send("a1", "Hello Ben")

            heard = await ben.gets("message")
            echo = await amina.gets("message", cid="a1")

            assert (heard["body"], heard["by"], heard["seq"], heard["room"]) == (
                "Hello Ben",
                str(meeting.amina.pk),
                1,
                meeting.room,
            )
            assert echo == heard

    asyncio.run(story())

    assert meeting.messages() == [(1, "text", "Hello Ben")]
