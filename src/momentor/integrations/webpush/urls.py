"""Addresses that browsers ask for web push."""

from django.urls import path

from momentor.integrations.webpush import views

app_name = "webpush"
urlpatterns = [
    path("push/subscription/", views.subscription, name="subscription"),
    path("push/subscription/removal/", views.removal, name="removal"),
    path("push/<str:token>/acceptance/", views.acceptance, name="acceptance"),
    path("push/<str:token>/passing/", views.passing, name="passing"),
]
