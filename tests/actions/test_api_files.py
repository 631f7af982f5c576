"""Files given and fetched by API: to the two, as what they are, and once."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from momentor.api import limits
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.models import Upload
from tests.actions.test_api_loop import open_session
from tests.api_client import Program, problem_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    limits.forget_all()
    yield
    limits.forget_all()


@pytest.fixture
def hers(organisation: Organisation, amina: Person) -> Program:
    return Program(organisation, amina)


@pytest.fixture
def his(organisation: Organisation, ben: Person) -> Program:
    return Program(organisation, ben)


@pytest.fixture
def room(hers: Program, his: Program) -> str:
    return f"/sessions/{open_session(hers, his)}"


def a_picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return SimpleUploadedFile("bead.png", out.getvalue(), content_type="image/png")


def give(program: Program, room: str, file: SimpleUploadedFile, **headers: str) -> Any:
    sent = program.headers | {name.replace("_", "-"): value for name, value in headers.items()}
    return program.client.post(f"{program.base}{room}/files", {"file": file}, headers=sent)


def test_a_picture_is_given_shown_and_fetched_by_the_other(hers: Program, his: Program, room: str) -> None:
    given = give(hers, room, a_picture())
    file = given.json()
    hers.post(f"{room}/messages", {"client_id": "1", "kind": "file", "file": file["id"]})
    shown = his.get(f"{room}/messages")["items"][-1]
    fetched = his.ask("GET", f"{room}/files/{file['id']}", Accept="image/*")

    assert given.status_code == 201
    assert (file["name"], file["media_type"], file["width"], file["height"]) == ("bead.png", "image/png", 40, 30)
    assert shown["file"] == file
    assert fetched["Content-Type"] == "image/png"
    assert fetched["Content-Disposition"].startswith("attachment")
    assert fetched["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(fetched.streaming_content).startswith(b"\x89PNG")


def test_a_file_is_not_there_for_somebody_who_is_not_in_the_session(
    hers: Program, room: str, organisation: Organisation, emil: Person
) -> None:
    file = give(hers, room, a_picture()).json()

    Program(organisation, emil).refused("GET", f"{room}/files/{file['id']}", status=404)


def test_a_file_given_twice_with_one_key_is_kept_once(hers: Program, room: str, organisation: Organisation) -> None:
    first = give(hers, room, a_picture(), Idempotency_Key="one")
    again = give(hers, room, a_picture(), Idempotency_Key="one")
    other = give(hers, room, SimpleUploadedFile("a.txt", b"another"), Idempotency_Key="one")

    assert first.json() == again.json()
    assert problem_in(other)["code"] == "KeyUsed"
    with acting_in(organisation.pk):
        assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        (SimpleUploadedFile("run.exe", b"MZ"), 415, "FileNotAllowed"),
        (SimpleUploadedFile("a.png", b"<html>"), 415, "FileLies"),
        (SimpleUploadedFile("a.txt", b""), 422, "FileEmpty"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused(
    hers: Program, room: str, file: SimpleUploadedFile, status: int, code: str
) -> None:
    refused = give(hers, room, file)

    assert (refused.status_code, problem_in(refused)["code"]) == (status, code)


def test_a_form_that_is_none_is_refused(hers: Program, room: str) -> None:
    broken = hers.client.generic(
        "POST", f"{hers.base}{room}/files", b"no boundary", content_type="multipart/form-data", headers=hers.headers
    )
    empty = hers.client.post(f"{hers.base}{room}/files", {}, headers=hers.headers)
    more = hers.client.post(f"{hers.base}{room}/files", {"file": a_picture(), "why": "x"}, headers=hers.headers)
    twice = hers.client.post(f"{hers.base}{room}/files", {"file": [a_picture(), a_picture()]}, headers=hers.headers)
    as_json = hers.client.post(f"{hers.base}{room}/files", {}, headers=hers.headers, content_type="application/json")

    assert problem_in(broken)["code"] == "BadRequest"
    assert problem_in(empty)["errors"] == [{"detail": "This is needed.", "pointer": "#/file"}]
    assert problem_in(more)["code"] == problem_in(twice)["code"] == "NoSuchPart"
    assert problem_in(as_json)["code"] == "NotJson"


def test_a_file_larger_than_the_site_takes_is_refused_before_it_is_read(
    hers: Program, room: str, settings: Any
) -> None:
    settings.UPLOAD_BYTES = 1_000

    refused = give(hers, room, SimpleUploadedFile("a.txt", b"x" * 70_000))

    assert (refused.status_code, problem_in(refused)["code"]) == (413, "BodyTooLarge")
