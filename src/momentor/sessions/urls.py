"""Addresses of conversations."""

from django.urls import path

from momentor.sessions import views

app_name = "sessions"
urlpatterns = [
    path("conversations/", views.sessions, name="sessions"),
    path("sessions/<uuid:pk>/", views.session, name="session"),
    path("sessions/<uuid:pk>/messages/", views.messages, name="messages"),
    path("sessions/<uuid:pk>/files/", views.files, name="files"),
    path("sessions/<uuid:pk>/extension/", views.extension, name="extension"),
    path("sessions/<uuid:pk>/end/", views.end, name="end"),
    path("sessions/<uuid:pk>/handing-back/", views.handing_back, name="handing_back"),
    path("files/<uuid:pk>/", views.file, name="file"),
]
