"""Addresses of what keeps people safe."""

from django.urls import URLPattern, path

from momentor.trust import views

app_name = "trust"
urlpatterns: list[URLPattern] = [
    path("reports/", views.queue, name="queue"),
    path("reports/new/", views.report, name="report"),
    path("reports/<uuid:report_id>/", views.decide, name="decide"),
    path("reports/<uuid:report_id>/warning/", views.warning, name="warning"),
    path("blocks/", views.blocks, name="blocks"),
    path("blocks/<uuid:person_id>/", views.block, name="block"),
    path("blocks/<uuid:person_id>/end/", views.unblock, name="unblock"),
]
