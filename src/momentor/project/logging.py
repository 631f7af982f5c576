"""What the site writes into its log, and what it never writes.

One line an event, as JSON or plain: time, level, logger, words, the request's number, and simple values. Nobody's
words get in: errors are logged by kind and place without their text, since a database error quotes the row it
refused. Nor do secrets: long random parts and everything behind a question mark are cut out of addresses.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from momentor.foundation.request_id import request_id

# A reset link, an invitation, a token: long, and with digits or in mixed case. A UUID names a row and opens nothing.
_LONG = re.compile(r"[A-Za-z0-9_~-]{20,}")
_QUERY = re.compile(r"\?[^\s\"']*")
# Line breaks, terminal codes, and marks that turn the direction of what follows.
_UNRULY = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Return what `logging.config.dictConfig` needs to log to standard error."""
    loud_enough = level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{'Json' if form == 'json' else 'Plain'}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "momentor": {"level": loud_enough},
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
            # Our own line about each request says the same without its address.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
            "uvicorn": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
        },
    }


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), ensure_ascii=False, default=str)


class Plain(logging.Formatter):
    """One line for people: time, level, words, then name=value."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        start = f"{fields.pop('time')[11:19]} {fields.pop('level'):<7} {fields.pop('logger')}: {fields.pop('event')}"
        place = fields.pop("at", [])
        line = " ".join([start, *(f"{name}={value}" for name, value in fields.items())])
        return "\n".join([line, *(f"    at {each}" for each in place)])


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what may be said about an event: known fields, simple values, the kind and place of an error."""
    fields: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": without_secrets(_words(record)),
    }
    if number := request_id.get():
        fields["request"] = number
    for name, value in vars(record).items():
        if name in _USUAL or name.startswith("_"):
            continue
        if value is None or isinstance(value, (bool, int, float)):
            fields[name] = value
        elif isinstance(value, (str, UUID)):
            fields[name] = without_secrets(str(value))
    if record.exc_info and record.exc_info[1]:
        fields |= _kind_and_place(record.exc_info[1])
    return fields


def without_secrets(text: str) -> str:
    """Return the text on one line, without what could open a door."""
    return _UNRULY.sub("�", _LONG.sub(_hidden_unless_id, _QUERY.sub("?…", text)))


def _words(record: logging.LogRecord) -> str:
    """Return the message with its parts, of which errors and other objects count by kind only."""
    try:
        parts = record.args
        if isinstance(parts, tuple):
            return str(record.msg) % tuple(map(_plain, parts)) if parts else str(record.msg)
        if isinstance(parts, dict):
            return str(record.msg) % {name: _plain(value) for name, value in parts.items()}
        return str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


def _plain(part: Any) -> Any:
    return type(part).__name__ if isinstance(part, BaseException) else part


def _hidden_unless_id(found: re.Match[str]) -> str:
    word = found[0]
    try:
        UUID(word)
    except ValueError:
        is_chance = any(letter.isdigit() for letter in word) or (word != word.lower() and word != word.upper())
        return "…" if is_chance else word
    return word


def _kind_and_place(error: BaseException) -> dict[str, Any]:
    cause = error.__cause__
    place = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    kinds = {"error": type(error).__name__, "at": place}
    return {**kinds, "cause": type(cause).__name__} if cause else kinds
