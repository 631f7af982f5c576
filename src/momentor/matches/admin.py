from django.contrib import admin

from momentor.foundation.host_pages import ReadOnlyAdmin
from momentor.matches.models import Match, Preview


@admin.register(Preview)
class PreviewAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "programme", "state", "way", "stage", "done", "out_of", "ready_at", "confirmed_at")
    list_filter = ("state",)
    list_select_related = ("programme",)
    exclude = ("task",)


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "programme", "mentee", "mentor", "ended_at")
    list_select_related = ("programme", "mentee", "mentor")
    # It quotes words of a wish.
    exclude = ("facts", "preview")
