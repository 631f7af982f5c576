"""What of the foundations the host sees: the event log, and the jobs."""

from django.contrib import admin
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob

from momentor.foundation.host_pages import ReadOnlyAdmin
from momentor.foundation.models import EventRecord


@admin.register(EventRecord)
class EventRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "name", "by", "facts")
    list_filter = ("name",)
    list_select_related = ("by",)
    date_hierarchy = "at"


@admin.register(ProcrastinateJob)
class JobAdmin(ReadOnlyAdmin, ProcrastinateJobAdmin):
    """Jobs of the whole site, with their ids. One that failed may be tried once more."""

    list_filter = ["status", "queue_name"]  # a list, as the package has it
    actions = ["retry"]
