"""What every page knows."""

from typing import Any

from django.conf import settings

from momentor.notices.models import Notice
from momentor.people.gates import PageRequest
from momentor.people.models import Membership


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
        return Notice.objects.unread().filter(person_id=self._request.membership.person_id)[:100].count()

    @property
    def organisations(self) -> list[tuple[str, str]]:
        """Return the name and address of each organisation this person belongs to."""
        if not self._request.user.is_authenticated:
            return []
        rows = (
            Membership.objects.active()
            .filter(person=self._request.user)
            .order_by("organisation__name")
            .values_list("organisation__name", "organisation__slug")[:50]
        )
        return [(name, f"/at/{slug}/") for name, slug in rows]

    @property
    def source_url(self) -> str:
        """Return where the program that runs here can be had, as its licence asks."""
        address: str = settings.ENVIRONMENT["MOMENTOR_SOURCE_URL"]
        return address

    @property
    def available_until(self) -> Any:
        return self._request.membership.available_until if self._request.membership else None


def page(request: PageRequest) -> dict[str, Any]:
    """Return `page` for templates."""
    return {"page": Page(request)}
