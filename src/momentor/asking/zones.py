"""Pages in the reader's own time."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone

from momentor.people.gates import MemberRequest

View = Callable[..., HttpResponse]


def in_own_zone(view: View) -> View:
    """Read and write the times of a page in the time zone of the person who looks at it."""

    @wraps(view)
    def placed(request: MemberRequest, *args: Any, **names: Any) -> HttpResponse:
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return view(request, *args, **names)

    return placed
