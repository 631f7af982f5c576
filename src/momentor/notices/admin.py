from django.contrib import admin

from momentor.foundation.host_pages import ReadOnlyAdmin
from momentor.notices.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What went out, and what did not and why."""

    list_display = ("channel", "state", "why", "tried_at")
    list_filter = ("channel", "state")
    exclude = ("notice",)
