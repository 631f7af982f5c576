"""Addresses of notices."""

from django.urls import path

from momentor.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/reading/", views.reading, name="reading"),
    path("notices/preferences/", views.preferences, name="preferences"),
    path("notices/<uuid:pk>/", views.notice, name="notice"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
