"""Addresses of slots, bookings and hours."""

from django.urls import path

from momentor.scheduling import views

app_name = "scheduling"
urlpatterns = [
    path("questions/<uuid:pk>/slots/", views.slots, name="slots"),
    path("bookings/", views.bookings, name="bookings"),
    path("bookings/<uuid:pk>/", views.booking, name="booking"),
    path("bookings/<uuid:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("hours/", views.hours, name="hours"),
]
