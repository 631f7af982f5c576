from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.asking.actions import withdraw_question
from momentor.asking.models import Gap, Question
from momentor.foundation.host_pages import ReadOnlyAdmin
from momentor.foundation.refusals import Refusal


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """Where questions stand. Their words are between the mentee and the mentor."""

    list_display = ("id", "state", "step", "reason", "topics", "language", "medium", "time_box", "asked_at")
    list_filter = ("state", "step", "medium", "language")
    exclude = ("text", "wanted")
    actions = ("withdraw",)

    @admin.action(description=_("Withdraw the chosen questions"))
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        for question in chosen.select_related("mentee"):
            try:
                withdraw_question(question=question, by=question.mentee, now=timezone.now(), reason="withdrawn_by_host")
            except Refusal as refusal:
                messages.error(request, f"{question.pk}: {refusal.message}")


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    list_display = ("noticed_at", "topics", "language")
    exclude = ("question",)
