"""What a person takes along of what they were told, and what goes when it is old."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from momentor.integrations.webpush.models import PushSubscription
from momentor.notices.models import Notice, Preference
from momentor.people.export import Part
from momentor.people.models import Person


def exported(person: Person) -> Iterator[Part]:
    """Return a person's notices, what they want to be told, and their devices."""
    yield Part(name="notices.json", rows=_rows(Notice.objects.visible_to(person), "kind facts made_at read_at"))
    wishes = Preference.objects.filter(person=person)
    yield Part(name="notice_preferences.json", rows=_rows(wishes, "kind channel is_wanted"))
    devices = PushSubscription.objects.filter(person=person)
    yield Part(name="devices.json", rows=_rows(devices, "label made_at last_used_at"))


def _rows(query: QuerySet[Any], names: str) -> Iterator[dict[str, Any]]:
    rows: Iterator[dict[str, Any]] = query.order_by("id").values(*names.split()).iterator(chunk_size=500)
    return rows


def forget_notices(before: datetime) -> int:
    """Remove the notices made before, with the record of their deliveries."""
    return Notice.objects.filter(made_at__lt=before).delete()[0]
