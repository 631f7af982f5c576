"""Addresses of questions and answers."""

from django.urls import path

from momentor.asking import views

app_name = "asking"
urlpatterns = [
    path("ask/", views.new, name="new"),
    path("ask/coach/", views.coach, name="coach"),
    path("ask/already/", views.already, name="already"),
    path("questions/", views.questions, name="questions"),
    path("questions/<uuid:pk>/", views.question, name="question"),
    path("questions/<uuid:pk>/edit/", views.edit, name="edit"),
    path("questions/<uuid:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("gaps/", views.missing, name="gaps"),
    path("answers/<uuid:pk>/", views.answer, name="answer"),
    path("answers/<uuid:pk>/hiding/", views.hiding, name="hiding"),
]
