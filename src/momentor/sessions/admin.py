from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.foundation.host_pages import ReadOnlyAdmin
from momentor.sessions.actions import end_session
from momentor.sessions.models import Session


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """That people talked, when and how long; never what they said."""

    list_display = ("opened_at", "medium", "state", "end_reason", "time_box", "started_at", "ended_at")
    list_filter = ("state", "medium", "end_reason")
    exclude = ("question",)
    actions = ("end",)

    @admin.action(description=_("End the chosen sessions"))
    def end(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        for session in chosen.select_related("question"):
            end_session(session=session, by=None, reason=Session.EndReason.DONE, now=timezone.now())
