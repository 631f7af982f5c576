"""What goes over the wire: one JSON object a frame, `t` says which."""

import json
import re
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from momentor.foundation.refusals import Refusal

Frame = dict[str, Any]

# Close codes. 1009 and 1012 are the standard's own (too big; restarting).
TOO_BIG = 1009
RESTARTING = 1012
SIGNED_OUT = 4401
NOT_HERE = 4404
TOO_SLOW = 4408
MISUSED = 4429

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LARGEST = 2**53 - 1  # what JavaScript counts exactly


class Malformed(Refusal):
    message = _("This was not understood: a frame is a JSON object with a “t”.")
    status = 400


class UnknownFrame(Refusal):
    message = _("This kind of frame is not known.")
    status = 400


class WrongField(Refusal):
    message = _("“%(field)s” is missing or wrong.")
    status = 422


class TooBig(Refusal):
    message = _("This is too large to be sent live.")
    status = 413


class TooFast(Refusal):
    message = _("That was too much at once. Wait a moment and send it again.")
    status = 429


class NotJoined(Refusal):
    message = _("Join the room first.")


class TooManyRooms(Refusal):
    message = _("Too many rooms are open here. Close one first.")


class TryAgain(Refusal):
    message = _("This cannot be saved right now. Try again in a moment.")
    status = 503


class SignedOut(Refusal):
    message = _("You are signed out. Sign in to go on.")
    status = 401


class NotHere(Refusal):
    message = _("There is nothing here for you.")
    status = 404


def read(text: str | None) -> Frame:
    """Return the frame in a text. Raises Malformed."""
    try:
        frame = json.loads(text or "")
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
        raise Malformed
    return frame


def write(frame: Frame) -> str:
    """Return a frame as text."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def refused(refusal: Refusal, frame: Frame | None = None, *, language: str | None = None) -> str:
    """Return the answer to a frame that may not be, in the person's language; it names what it answers."""
    answer: Frame = {"t": "refused", "code": refusal.code}
    with translation.override(language):
        answer["message"] = str(refusal.message)
    for name in ("cid", "room"):
        if frame and isinstance(frame.get(name), str) and len(frame[name]) <= 64:
            answer[name] = frame[name].encode(errors="replace").decode()
    return write(answer)


def an_id(frame: Frame, name: str) -> UUID:
    """Return an id from a frame. Raises WrongField."""
    try:
        return UUID(frame[name])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise WrongField(field=name) from None


def a_number(frame: Frame, name: str, default: int | None = None) -> int:
    """Return a natural number from a frame. Raises WrongField."""
    value = frame.get(name, default)
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise WrongField(field=name)
    return value


def a_client_id(frame: Frame) -> str:
    """Return the id that the sender gave to a message. Raises WrongField."""
    value = frame.get("cid")
    if not isinstance(value, str) or not _CLIENT_ID.fullmatch(value):
        raise WrongField(field="cid")
    return value
