"""Telling open pages: a message to a named person or room, delivered when the transaction commits, or never."""

import json
from typing import Any
from uuid import UUID

from django.db import connection

from momentor.foundation.tenancy import current_organisation_id

CHANNEL = "momentor_live"


def person_stream(person_id: UUID) -> str:
    """Return the name of the stream that a person's open pages listen to, within the current organisation."""
    return f"person:{current_organisation_id()}:{person_id}"


def room_stream(session_id: UUID) -> str:
    """Return the name of the stream of everybody in one session's room."""
    return f"room:{session_id}"


def push(*, to: str, message: dict[str, Any]) -> None:
    """Send a live message of ids and small facts to one stream. PostgreSQL holds it back until the commit.

    The payload limit is 8000 bytes (NOTIFY): send ids, and let the page fetch what they mean.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps({"to": to, "m": message})])
