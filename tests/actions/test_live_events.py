"""Server-sent events: the same pushes for programs."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from django.utils import timezone

from momentor.api.models import ApiToken
from momentor.foundation.pushing import person_stream, push
from momentor.foundation.tenancy import acting_in
from tests.api_client import problem_in
from tests.live_server import Meeting, WebProcess, a_meeting, in_thread, sign_in

pytest_plugins = ["tests.live_fixtures"]


def address(site: WebProcess, meeting: Meeting) -> str:
    return f"{site.url}/at/{meeting.organisation.slug}/api/v1/events"


@asynccontextmanager
async def listening(site: WebProcess, meeting: Meeting, headers: dict[str, str]) -> AsyncIterator[Any]:
    """Open the stream, past its first line, and give its following lines."""
    async with (
        httpx.AsyncClient(timeout=10) as client,
        client.stream("GET", address(site, meeting), headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "no-store" in answer.headers["cache-control"]
        lines = answer.aiter_lines()
        assert (await anext(lines)).startswith("retry: ")
        yield lines


def make_token(meeting: Meeting, secret: str, **fields: Any) -> None:
    with acting_in(meeting.organisation.pk):
        ApiToken.objects.create(
            person=meeting.amina, name="A program", token_hash=hashlib.sha256(secret.encode()).hexdigest(), **fields
        )


def tell(meeting: Meeting) -> None:
    with acting_in(meeting.organisation.pk):
        push(to=person_stream(meeting.ben.pk), message={"t": "offer", "id": "not for her"})
        push(to=person_stream(meeting.amina.pk), message={"t": "offer", "id": "7"})


@pytest.mark.parametrize("key", ["token", "cookie"])
def test_a_program_hears_what_is_pushed_to_its_person(site: WebProcess, meeting: Meeting, key: str) -> None:
    make_token(meeting, f"secret {meeting.room}")
    headers = (
        {"Authorization": f"Bearer secret {meeting.room}"}
        if key == "token"
        else {"Cookie": f"session={sign_in(meeting.amina)}"}
    )

    async def story() -> None:
        async with listening(site, meeting, headers) as lines:
            await in_thread(tell, meeting)
            said = [line async for line in _until_data(lines)]

            assert said[-2] == "event: offer"
            assert json.loads(said[-1].removeprefix("data: ")) == {"t": "offer", "id": "7"}

    asyncio.run(story())


async def _until_data(lines: Any) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line.startswith("data:"):
            return


def test_a_wrong_an_expired_and_a_foreign_token_open_nothing(site: WebProcess, meeting: Meeting) -> None:
    make_token(meeting, f"old {meeting.room}", expires_at=timezone.now())
    make_token(meeting, f"revoked {meeting.room}", revoked_at=timezone.now())
    with a_meeting() as elsewhere:
        make_token(elsewhere, f"foreign {meeting.room}")
        for secret in ("-", "wrong", f"old {meeting.room}", f"revoked {meeting.room}", f"foreign {meeting.room}"):
            answer = httpx.get(address(site, meeting), headers={"Authorization": f"Bearer {secret}"})

            assert answer.status_code == 401
            problem = problem_in(answer)
            assert problem["code"] == "SignedOut"
            assert problem["detail"] == "You are signed out. Sign in to go on."


def test_without_any_key_the_answer_is_401_and_a_post_is_405(site: WebProcess, meeting: Meeting) -> None:
    refused = httpx.get(address(site, meeting), headers={"Accept-Language": "de"})
    posted = httpx.post(address(site, meeting))

    assert (refused.status_code, posted.status_code) == (401, 405)
    assert problem_in(refused)["detail"] == "Du bist abgemeldet. Melde dich an, um weiterzumachen."
    assert problem_in(posted)["code"] == "MethodNotAllowed"
    assert posted.headers["Allow"] == "GET"
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_stop_of_the_server_ends_the_stream_and_waits_for_nobody(meeting: Meeting) -> None:
    with WebProcess() as site:
        cookie = sign_in(meeting.amina)

        async def story() -> int:
            async with listening(site, meeting, {"Cookie": f"session={cookie}"}) as lines:
                stopping = asyncio.create_task(asyncio.to_thread(site.stop))
                said = [line async for line in lines]
                assert "event: return" in said
                return await asyncio.wait_for(stopping, 4)

        asyncio.run(story())
