"""Facts: announced by actions, stored in the log, followed by listeners in other domains."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from momentor.foundation import jobs
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact: a noun and what happened to it. Holds ids, times and numbers, never a person's words."""

    at: datetime

    known: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls) -> None:
        Event.known[cls.__name__] = cls


Listener = Callable[[Any], None]


def announce(event: Event) -> None:
    """Store the fact, and queue those who follow it, in the transaction of the caller."""
    record = EventRecord.objects.create(
        name=type(event).__name__, facts=_as_json(event), by_id=acting().person_id, at=event.at
    )
    for listener in _followers(type(event)):
        jobs.enqueue(react, event_id=record.pk, listener=_address(listener))


@jobs.job
def react(*, event_id: str, listener: str) -> None:
    """Tell one listener of one fact."""
    record = EventRecord.objects.filter(pk=event_id).first()
    if record is None:  # retention was quicker
        return
    for follower in _followers(Event.known[record.name]):
        if _address(follower) == listener:
            follower(_from_json(record))


def _followers(kind: type[Event]) -> list[Listener]:
    when: dict[type[Event], list[Listener]] = import_string(settings.WIRING)
    return when.get(kind, [])


def _address(listener: Listener) -> str:
    return f"{listener.__module__}.{listener.__qualname__}"


def _as_json(event: Event) -> dict[str, Any]:
    facts = asdict(event)
    del facts["at"]
    return {name: str(value) if isinstance(value, UUID) else value for name, value in facts.items()}


def _from_json(record: EventRecord) -> Event:
    kind = Event.known[record.name]
    facts = {field.name: _value(field.type, record.facts[field.name]) for field in fields(kind) if field.name != "at"}
    return kind(at=record.at, **facts)


def _value(annotation: Any, stored: Any) -> Any:
    return UUID(stored) if stored is not None and "UUID" in str(annotation) else stored
