"""Files given into a conversation: kept when they are what they say, served to the two alone, and nothing runs."""

import io
import os
import struct
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.jobs import remove_lost_files
from momentor.sessions.keeping import exported, forget_conversations
from momentor.sessions.models import Message, Session, Upload
from momentor.sessions.uploads import (
    FileBroken,
    FileEmpty,
    FileLies,
    FileNotAllowed,
    PictureTooLarge,
    check,
    clean_name,
    path_of,
)
from tests.cast import client_of, page
from tests.talks import end_talk, open_talk, say

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WORD = f'<Types><Override ContentType="{OFFICE}"/></Types>'
MACRO = f'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml {OFFICE}"/></Types>'


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in files.items():
            folder.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def docx(kinds: str = WORD, **more: str) -> bytes:
    return zipped(**{"[Content_Types].xml": kinds, "word__document.xml": "<w:document/>", **more})


def photo_with_a_place() -> bytes:
    out, tags = io.BytesIO(), Image.Exif()
    tags[0x010F] = "SecretCameraMaker"
    tags[0x0112] = 6  # lies on its side
    tags.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    Image.new("RGB", (40, 20), "teal").save(out, "JPEG", exif=tags)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.fixture
def session(organisation: Organisation, amina: Person, ben: Person) -> Session:
    return open_talk(organisation, amina, ben, came=(amina, ben))


@pytest.fixture
def messages(organisation: Organisation, session: Session) -> str:
    return page("sessions:messages", session.pk, organisation=organisation)


def give(browser: Client, where: str, name: str, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile(name, content, content_type="application/octet-stream")
    return browser.post(where, {"file": file, "cid": f"f-{name}"[:60], **more}, follow=True)


GOOD = {
    "a.png": (picture("PNG"), "image/png"),
    "a.jpg": (picture("JPEG"), "image/jpeg"),
    "a.JPEG": (picture("JPEG"), "image/jpeg"),
    "a.webp": (picture("WEBP"), "image/webp"),
    "a.gif": (picture("GIF"), "image/gif"),
    "a.pdf": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", "application/pdf"),
    "a.txt": ("Grüße\nzwei".encode(), "text/plain"),
    "utf16.txt": ("Grüße".encode("utf-16"), "text/plain"),
    "old.csv": ("Name;Größe\nA;1".encode("cp1252"), "text/csv"),
    "a.md": (b"# Plan\n\n* one", "text/markdown"),
    "a.docx": (docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.odt": (zipped(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_what_it_says_is_kept(name: str) -> None:
    content, media_type = GOOD[name]

    checked = check(name, content)

    assert checked.media_type == media_type
    assert (checked.width is not None) == media_type.startswith("image/")


BAD = {
    "an empty file": ("a.txt", b"", FileEmpty),
    "a program": ("a.exe", b"MZ\x90", FileNotAllowed),
    "a page that could run": ("a.html", b"<html></html>", FileNotAllowed),
    "a drawing that could run": ("a.svg", b"<svg/>", FileNotAllowed),
    "a name without an ending": ("README", b"text", FileNotAllowed),
    "a hidden ending": ("photo.png.exe", picture(), FileNotAllowed),
    "an ending turned around": ("photo\u202egnp.exe", picture(), FileNotAllowed),
    "a page called a text": ("a.txt", b"  <!DOCTYPE html><script>1</script>", FileLies),
    "a drawing called a text": ("a.txt", b'<?xml version="1.0"?><svg/>', FileLies),
    "a program called a text": ("a.txt", b"MZ\x90\0\x03\0\0\0", FileLies),
    "a program called a picture": ("a.png", b"MZ\x90\0\x03\0\0\0", FileLies),
    "a jpeg called a png": ("a.png", picture("JPEG"), FileLies),
    "a zip called a document": ("a.docx", zipped(a="b"), FileLies),
    "a spreadsheet called a document": ("a.docx", docx(WORD.replace("wordprocessing", "spreadsheet")), FileLies),
    "a document with macros": ("a.docx", docx(MACRO), FileNotAllowed),
    "a document with a macro part": ("a.docx", docx(word__vbaProject="x"), FileNotAllowed),
    "a text called a pdf": ("a.pdf", b"hello", FileLies),
    "a pdf cut off": ("a.pdf", b"%PDF-1.7\n1 0 obj", FileBroken),
    "half a picture": ("a.png", picture()[:60], FileBroken),
    "a broken zip": ("a.docx", docx()[:80], FileBroken),
    "a bomb": ("a.png", png_that_claims(60_000, 60_000), PictureTooLarge),
    "a picture with too little in it": ("a.png", png_that_claims(600, 600), FileBroken),
    "an empty picture": ("a.gif", b"GIF89a", FileBroken),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_is_not_is_refused(what: str) -> None:
    name, content, refusal = BAD[what]

    with pytest.raises(refusal):
        check(name, content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("inv\u202eoice.pdf", "invoice.pdf"),
        ("a\u200f\u2066b.png", "ab.png"),
        ("a\nb\0c.txt", "a bc.txt"),
        ("  .hidden.txt", "hidden.txt"),
        ('we"ird<>|?*.txt', "we_ird_____.txt"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        ("…/", "file"),
        ("计划.pdf", "计划.pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_photo_loses_its_place_and_camera_and_stands_upright() -> None:
    checked = check("me.jpg", photo_with_a_place())

    with Image.open(io.BytesIO(checked.content)) as kept:
        assert not kept.getexif()
        assert kept.size == (20, 40) == (checked.width, checked.height)
    assert b"SecretCameraMaker" not in checked.content


def test_what_rides_behind_a_picture_is_left_behind() -> None:
    checked = check("a.png", picture() + b"<script>alert(1)</script>")

    assert b"script" not in checked.content


def test_a_large_photo_becomes_as_large_as_a_screen() -> None:
    assert check("a.jpg", picture("JPEG", (5000, 2500))).width == 2560


def test_a_moving_picture_goes_on_moving() -> None:
    out, frames = io.BytesIO(), [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)

    checked = check("a.gif", out.getvalue())

    with Image.open(io.BytesIO(checked.content)) as kept:
        assert kept.n_frames == 3  # type: ignore[attr-defined]  # on moving ones


def test_a_picture_is_shown_to_both_and_to_nobody_else(
    organisation: Organisation, messages: str, amina: Person, ben: Person, emil: Person, chloe: Person
) -> None:
    shown = give(client_of(ben), messages, "weld.png", picture())
    with acting_in(organisation.pk):
        upload = Upload.objects.get()
    where = page("sessions:file", upload.pk, organisation=organisation)

    got = client_of(amina).get(where)

    assert f'<img src="{where}"' in shown.content.decode()
    assert got["Content-Type"] == "image/png"
    assert got["Content-Disposition"].startswith("inline")
    assert [client_of(person).get(where).status_code for person in (emil, chloe, None)] == [404, 403, 403]


def test_a_document_is_a_download_in_which_nothing_runs(
    organisation: Organisation, messages: str, amina: Person, ben: Person
) -> None:
    give(client_of(ben), messages, "plan \u202e.md", b"# Plan")
    with acting_in(organisation.pk):
        upload = Upload.objects.get()

    got = client_of(amina).get(page("sessions:file", upload.pk, organisation=organisation))

    assert got["Content-Disposition"].startswith("attachment")
    assert got["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert b"".join(got) == b"# Plan"
    assert upload.name == "plan .md"


def test_bytes_lie_under_a_name_of_ours_below_the_organisation(
    organisation: Organisation, messages: str, ben: Person, settings: Any
) -> None:
    give(client_of(ben), messages, "../../../evil.txt", b"hello")

    with acting_in(organisation.pk):
        upload = Upload.objects.get()
    assert path_of(upload) == Path(settings.MEDIA_ROOT) / str(organisation.pk) / str(upload.pk)
    assert path_of(upload).read_bytes() == b"hello"


def test_a_file_and_words_go_together_and_once(
    organisation: Organisation, session: Session, messages: str, ben: Person
) -> None:
    browser = client_of(ben)

    for _ in range(2):
        give(browser, messages, "a.txt", b"hello", body="Here it is")

    with acting_in(organisation.pk):
        kinds = Message.objects.filter(session=session).order_by("seq").values_list("kind", flat=True)
        assert list(kinds) == ["file", "text"]
        assert Upload.objects.count() == 1


def test_a_script_gets_the_upload_and_says_it_itself(organisation: Organisation, session: Session, ben: Person) -> None:
    where = page("sessions:files", session.pk, organisation=organisation)

    answer = client_of(ben).post(
        where, {"file": SimpleUploadedFile("a.png", picture())}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 201
    assert answer.json() | {"id": "", "size": 0} == {
        "id": "",
        "name": "a.png",
        "type": "image/png",
        "size": 0,
        "width": 40,
        "height": 20,
    }
    with acting_in(organisation.pk):
        assert not Message.objects.exists()


def test_a_file_that_lies_gets_a_sentence_and_nothing_is_kept(
    organisation: Organisation, messages: str, ben: Person
) -> None:
    answer = give(client_of(ben), messages, "photo.png", b"MZ\x90\0")

    assert "does not match the ending of its name" in answer.content.decode()
    with acting_in(organisation.pk):
        assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    organisation: Organisation, session: Session, messages: str, ben: Person, settings: Any
) -> None:
    settings.UPLOAD_BYTES = 1_000_000
    large = b"x" * 1_200_000

    by_form = give(client_of(ben), messages, "a.txt", large)
    by_script = client_of(ben).post(
        page("sessions:files", session.pk, organisation=organisation),
        {"file": SimpleUploadedFile("a.txt", large)},
        headers={"Accept": "application/json"},
    )

    assert "larger than 1 MB" in by_form.content.decode()
    assert (by_script.status_code, by_script.json()["code"]) == (413, "FileTooLarge")
    with acting_in(organisation.pk):
        assert not Upload.objects.exists()


def test_a_form_for_a_file_from_another_site_is_refused(messages: str, ben: Person) -> None:
    browser = client_of(ben)
    browser.handler.enforce_csrf_checks = True

    assert give(browser, messages, "a.txt", b"hello").status_code == 403


def test_after_the_end_no_file_is_taken(
    organisation: Organisation, session: Session, messages: str, amina: Person, ben: Person
) -> None:
    end_talk(organisation, session, amina)

    answer = give(client_of(ben), messages, "a.txt", b"hello")

    assert "This session is over" in answer.content.decode()


def test_a_file_that_was_taken_back_is_no_longer_served_and_goes_within_a_day(
    organisation: Organisation, session: Session, messages: str, amina: Person, ben: Person
) -> None:
    give(client_of(ben), messages, "a.txt", b"hello")
    with acting_in(organisation.pk):
        upload = Upload.objects.get()
    client_of(ben).post(messages, {"kind": "deletion", "about": "1", "cid": "gone"})

    got = client_of(amina).get(page("sessions:file", upload.pk, organisation=organisation))

    assert got.status_code == 404
    with acting_in(organisation.pk):
        Upload.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
        remove_lost_files()
        assert not Upload.objects.exists()
    assert not path_of(upload).exists()


def test_a_file_that_a_failed_request_left_behind_goes_too(organisation: Organisation, settings: Any) -> None:
    folder = Path(settings.MEDIA_ROOT) / str(organisation.pk)
    folder.mkdir(parents=True, exist_ok=True)
    fresh, old = folder / "fresh", folder / "old"
    for file in (fresh, old):
        file.write_text("left")
    long_ago = (timezone.now() - timedelta(days=3)).timestamp()
    os.utime(old, (long_ago, long_ago))

    with acting_in(organisation.pk):
        remove_lost_files()

    assert fresh.exists()
    assert not old.exists()


def test_a_person_takes_their_messages_and_files_along(
    organisation: Organisation, session: Session, messages: str, amina: Person, ben: Person, emil: Person
) -> None:
    say(organisation, session, amina, "Hello Ben")
    give(client_of(ben), messages, "a.txt", b"hello")

    with acting_in(organisation.pk):
        parts = {part.name: part for part in exported(ben)}
        rows = list(parts["messages.json"].rows)
        nothing = [list(part.rows) for part in exported(emil)]

    assert [row["by"] for row in rows] == ["the other", "me"]
    assert next(name for name in parts if name.startswith("files/")).endswith("a.txt")
    assert nothing == [[], []]


def test_what_is_older_than_the_organisation_keeps_it_goes_with_its_files(
    organisation: Organisation, session: Session, messages: str, amina: Person, ben: Person
) -> None:
    give(client_of(ben), messages, "a.txt", b"hello")
    end_talk(organisation, session, amina)
    with acting_in(organisation.pk):
        kept = path_of(Upload.objects.get())
        early = forget_conversations(timezone.now() - timedelta(days=1))
        late = forget_conversations(timezone.now() + timedelta(seconds=1))

        assert early == 0
        assert late > 0
        assert not Session.objects.exists()
        assert not Message.objects.exists()
    assert not kept.exists()
