"""The host's view: what there is, without what people said to each other. States change through actions alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from momentor.foundation.models import EventRecord


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Shows rows and lets nobody write them; subclasses offer actions of the domain instead."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(EventRecord)
class EventRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "name", "by", "facts")
    list_filter = ("name",)
    list_select_related = ("by",)
    date_hierarchy = "at"
