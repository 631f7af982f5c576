"""Files given into a session: what they are by their content, under names of ours, served to the two and nobody else.

A name says what somebody wants us to believe; the bytes say what it is. Both must agree with the list below. Pictures
are painted anew, so that nothing but the picture remains: no place, no camera, no hidden rider.
"""

import io
import os
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from momentor.foundation.ids import new_id
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import one_line
from momentor.people.models import Person
from momentor.sessions.models import Session, Upload
from momentor.sessions.posting import NotInRoom, RoomOver

LONGEST_NAME = 120
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2560
MOST_FRAMES = 150
MOST_UNPACKED = 200_000_000
MOST_PARTS = 4000
UPLOADS_A_SESSION = 100


class FileTooLarge(Refusal):
    message = _("This file is larger than %(most)s MB. Choose a smaller one, or send a link.")
    status = 413


class FileEmpty(Refusal):
    message = _("This file is empty.")
    status = 422


class FileNotAllowed(Refusal):
    message = _("Files of this kind cannot be sent here. Send a picture, a PDF, a text or an office document.")
    status = 415


class FileLies(Refusal):
    message = _("What is in this file does not match the ending of its name. Save it again under the right kind.")
    status = 415


class FileBroken(Refusal):
    message = _("This file cannot be read: it is damaged or not complete. Open it, save it again and send that.")
    status = 422


class PictureTooLarge(Refusal):
    message = _("This picture has more than 40 million points, or too many frames. Make it smaller and send that.")
    status = 413


class TooManyFiles(Refusal):
    message = _("There are %(most)s files in this conversation already. Send a link instead.")
    status = 429


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file that is what its name says."""

    name: str
    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None


Check = Callable[[str, bytes], Checked]


def check(name: str, content: bytes) -> Checked:
    """Return a file as it may be kept. Raises FileEmpty, FileNotAllowed, FileLies, FileBroken, PictureTooLarge."""
    name = clean_name(name)
    ending = Path(name).suffix[1:].lower()
    checker = KINDS.get(ending)
    if checker is None:
        raise FileNotAllowed
    if not content:
        raise FileEmpty
    return checker(name, content)


def clean_name(name: str) -> str:
    """Return the last part of a name, without anything that hides what it ends with or where it points to."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Marks of direction and other invisible ones make "exe.jpg" out of "gpj.exe".
    plain = "".join(letter for letter in one_line(last) if unicodedata.category(letter) not in ("Cf", "Zl", "Zp"))
    plain = "".join("_" if letter in '<>:"|?*' else letter for letter in plain).lstrip(". ").rstrip(". ")
    stem, ending = Path(plain).stem, Path(plain).suffix[:12]
    return f"{stem[: LONGEST_NAME - len(ending)] or 'file'}{ending}"


@transaction.atomic
def give_file(*, session: Session, by: Person, file: UploadedFile[bytes], now: datetime) -> Upload:
    """Keep a file that one of the two gives into a session; a message has to show it.

    Raises NotInRoom, RoomOver, TooManyFiles, FileTooLarge and what `check` raises.
    """
    if not session.has(by):
        raise NotInRoom
    if session.is_over:
        raise RoomOver
    if (file.size or 0) > settings.UPLOAD_BYTES:
        raise too_large()
    if Upload.objects.filter(session=session).count() >= UPLOADS_A_SESSION:
        raise TooManyFiles(most=UPLOADS_A_SESSION)
    checked = check(file.name or "", file.read())
    upload = Upload(
        pk=new_id(),
        session=session,
        by=by,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=sha256(checked.content).hexdigest(),
        width=checked.width,
        height=checked.height,
        uploaded_at=now,
    )
    upload.stored_as = f"{upload.organisation_id}/{upload.pk}"
    _store(path_of(upload), checked.content)
    upload.save(force_insert=True)
    return upload


def too_large() -> FileTooLarge:
    return FileTooLarge(most=settings.UPLOAD_BYTES // 1_000_000)


def path_of(upload: Upload) -> Path:
    """Return where the bytes of an upload are."""
    return Path(settings.MEDIA_ROOT) / upload.stored_as


def folder_of(organisation_id: UUID) -> Path:
    """Return where an organisation's files are."""
    return Path(settings.MEDIA_ROOT) / str(organisation_id)


def _store(path: Path, content: bytes) -> None:
    """Write a whole file, on disk before its row is committed: what the page says is saved survives a crash."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)


# What each kind must be


def _picture(media_type: str, form: str) -> Check:
    def checked(name: str, content: bytes) -> Checked:
        if not _looks_like(content, {media_type}):
            raise FileLies
        try:
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                _refuse_bombs(picture)
                clean, size = _painted_anew(picture, form)
        except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, struct.error, zlib.error) as trouble:
            raise FileBroken from trouble
        except (Image.DecompressionBombError, MemoryError) as trouble:
            raise PictureTooLarge from trouble
        return Checked(name=name, content=clean, media_type=media_type, width=size[0], height=size[1])

    return checked


def _refuse_bombs(picture: Image.Image) -> None:
    """Look at the head of a picture, before any of its points are unpacked."""
    width, height = picture.size
    frames = getattr(picture, "n_frames", 1)
    if frames > MOST_FRAMES or width * height * frames > MOST_PIXELS:
        raise PictureTooLarge


def _painted_anew(picture: Image.Image, form: str) -> tuple[bytes, tuple[int, int]]:
    """Return the picture without anything that is not picture, the right way up and not larger than a screen."""
    out = io.BytesIO()
    if form == "GIF" and getattr(picture, "n_frames", 1) > 1:
        frames, pauses = [], []
        for number in range(picture.n_frames):  # type: ignore[attr-defined]  # only on animated ones
            picture.seek(number)
            frames.append(picture.convert("RGBA"))
            pauses.append(max(20, int(picture.info.get("duration", 100))))
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=pauses, loop=0, disposal=2)
        return out.getvalue(), frames[0].size
    picture.load()
    upright = _in_plain_colours(ImageOps.exif_transpose(picture))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha and form != "JPEG" else "RGB")
    plain.info = {}
    options: dict[str, Any] = {"JPEG": {"quality": 88, "optimize": True}, "WEBP": {"quality": 88}}.get(form, {})
    plain.save(out, form, **options)
    return out.getvalue(), plain.size


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """Return the picture in sRGB: its own colour profile goes with the rest of what it carried."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    try:
        target = "RGBA" if picture.mode == "RGBA" else "RGB"
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=target)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return turned or picture


def _pdf(name: str, content: bytes) -> Checked:
    if not content.startswith(b"%PDF-") or not _looks_like(content, {"application/pdf"}):
        raise FileLies
    if b"%%EOF" not in content[-2048:]:
        raise FileBroken
    return Checked(name=name, content=content, media_type="application/pdf")


def _text(media_type: str) -> Check:
    def checked(name: str, content: bytes) -> Checked:
        text = _decoded(content)
        if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in text):
            raise FileLies
        start = text.lstrip("\ufeff \t\r\n")[:200].lower()
        if start.startswith(("<!doctype html", "<html", "<script", "<svg", "<?xml", "%pdf-", "#!")):
            raise FileLies
        return Checked(name=name, content=text.encode(), media_type=media_type)

    return checked


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    # Old editors and spreadsheets write one byte a letter. Bytes that no such text has give a file away.
    if b"\0" in content or any(byte < 9 for byte in content):
        raise FileLies
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as trouble:
        raise FileLies from trouble


def _office(media_type: str, part: str) -> Check:
    """Check a zip of XML as Office writes it: its list of parts names the kind, and there are no macros in it."""

    def checked(name: str, content: bytes) -> Checked:
        with _unpacked(content) as folder:
            kinds = _member(folder, "[Content_Types].xml").decode("utf-8", "replace")
            if part not in kinds:
                raise FileLies
            if "macroEnabled" in kinds or any("vbaproject" in one.lower() for one in folder.namelist()):
                raise FileNotAllowed
        return Checked(name=name, content=content, media_type=media_type)

    return checked


def _open_document(media_type: str) -> Check:
    def checked(name: str, content: bytes) -> Checked:
        with _unpacked(content) as folder:
            if _member(folder, "mimetype").strip() != media_type.encode():
                raise FileLies
        return Checked(name=name, content=content, media_type=media_type)

    return checked


def _unpacked(content: bytes) -> zipfile.ZipFile:
    if not content.startswith(b"PK\x03\x04"):
        raise FileLies
    try:
        folder = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error) as trouble:
        raise FileBroken from trouble
    parts = folder.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileNotAllowed
    return folder


def _member(folder: zipfile.ZipFile, name: str) -> bytes:
    try:
        with folder.open(name) as part:
            return part.read(1_000_000)
    except KeyError as trouble:
        raise FileLies from trouble
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error, ValueError) as trouble:
        raise FileBroken from trouble


def _looks_like(content: bytes, media_types: set[str]) -> bool:
    """Return whether the bytes say one of these kinds, and say it clearest."""
    try:
        found = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError, struct.error):
        return False
    return bool(found) and any(one.mime_type in media_types for one in found)


_MICROSOFT = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

# What may be sent, by the ending of the name.
KINDS: dict[str, Check] = {
    "png": _picture("image/png", "PNG"),
    "jpg": _picture("image/jpeg", "JPEG"),
    "jpeg": _picture("image/jpeg", "JPEG"),
    "webp": _picture("image/webp", "WEBP"),
    "gif": _picture("image/gif", "GIF"),
    "pdf": _pdf,
    "txt": _text("text/plain"),
    "md": _text("text/markdown"),
    "csv": _text("text/csv"),
    "docx": _office(f"{_MICROSOFT}wordprocessingml.document", "wordprocessingml.document.main"),
    "xlsx": _office(f"{_MICROSOFT}spreadsheetml.sheet", "spreadsheetml.sheet.main"),
    "pptx": _office(f"{_MICROSOFT}presentationml.presentation", "presentationml.presentation.main"),
    "odt": _open_document(f"{_OPEN}text"),
    "ods": _open_document(f"{_OPEN}spreadsheet"),
    "odp": _open_document(f"{_OPEN}presentation"),
}
ACCEPT = ",".join(f".{ending}" for ending in KINDS)
