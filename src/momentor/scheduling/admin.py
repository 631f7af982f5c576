from django.contrib import admin

from momentor.foundation.host_pages import ReadOnlyAdmin
from momentor.scheduling.models import Booking


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    list_display = ("during", "mentor", "mentee", "medium", "cancelled_at")
    list_select_related = ("mentor", "mentee")
    exclude = ("question", "session")
