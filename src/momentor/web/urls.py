"""Addresses of the pages that belong to no domain."""

from django.urls import path

from momentor.web import views

app_name = "web"
urlpatterns = [
    path("", views.start, name="home"),
    path("begin/", views.begin, name="begin"),
    path("about/", views.about, name="about"),
    path("about/refusals", views.refusals, name="refusals"),
    path("conduct/", views.conduct, name="conduct"),
    path("privacy/", views.privacy, name="privacy"),
    path("offline/", views.offline, name="offline"),
    path("theme/", views.theme, name="theme"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.service_worker, name="service_worker"),
]
