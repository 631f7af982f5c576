from django.contrib import admin

from momentor.dispatch.models import LedgerEntry, Offer, Search
from momentor.foundation.host_pages import ReadOnlyAdmin


@admin.register(Search)
class SearchAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "pace", "state", "wave", "next_wave_at", "ended_at")
    list_filter = ("state", "pace")
    exclude = ("question",)


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "mentor", "wave", "state", "pass_reason", "lapses_at", "decided_at")
    list_filter = ("state",)
    list_select_related = ("mentor",)
    # A reason may speak of what somebody wrote.
    exclude = ("question", "search", "reasons")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "version", "inputs")
    exclude = ("question", "search", "result", "record", "people")
