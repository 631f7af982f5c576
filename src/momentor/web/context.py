"""What every page knows."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from momentor.foundation.prepared import prepared
from momentor.notices.models import Notice
from momentor.people.gates import PageRequest
from momentor.people.models import Membership

MOST_UNREAD = 100


class Page:
    """The frame around a page, asked from the database only where a template looks."""

    def __init__(self, request: PageRequest) -> None:
        self._request = request

    @property
    def theme(self) -> str:
        theme = self._request.COOKIES.get("theme", "")
        return theme if theme in {"light", "dark"} else ""

    @property
    def unread_notices(self) -> int:
        if self._request.membership is None:
            return 0
        return len(_unread(person_id=self._request.membership.person_id))

    @property
    def organisations(self) -> list[tuple[str, str]]:
        """Return the name and address of each organisation this person belongs to."""
        if not self._request.user.is_authenticated:
            return []
        return [(name, f"/at/{slug}/") for name, slug in _organisations(person_id=self._request.user.pk)]

    @property
    def source_url(self) -> str:
        """Return where the program that runs here can be had, as its licence asks."""
        address: str = settings.ENVIRONMENT["MOMENTOR_SOURCE_URL"]
        return address

    @property
    def available_until(self) -> Any:
        return self._request.membership.available_until if self._request.membership else None


@prepared
def _unread(person_id: UUID) -> "QuerySet[Notice, UUID]":
    return Notice.objects.unread().filter(person_id=person_id).values_list("pk", flat=True)[:MOST_UNREAD]


@prepared
def _organisations(person_id: UUID) -> "QuerySet[Membership, tuple[str, str]]":
    mine = Membership.objects.active().filter(person_id=person_id).order_by("organisation__name")
    return mine.values_list("organisation__name", "organisation__slug")[:50]


def page(request: PageRequest) -> dict[str, Any]:
    """Return `page` for templates."""
    return {"page": Page(request)}
