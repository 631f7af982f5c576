"""Addresses of what stays of conversations."""

from django.urls import path

from momentor.learning import views

app_name = "learning"
urlpatterns = [
    path("sessions/<uuid:pk>/takeaway/", views.takeaway, name="takeaway"),
    path("sessions/<uuid:pk>/feedback/", views.feedback, name="feedback"),
    path("sessions/<uuid:pk>/thanks/", views.thanks, name="thanks"),
    path("plans/", views.plans, name="plans"),
    path("plans/<uuid:pk>/outcome/", views.outcome, name="outcome"),
    path("nudges/<uuid:pk>/", views.nudge, name="nudge"),
    path("replies/<str:token>/", views.reply_by_mail, name="reply_by_mail"),
    path("feedback/", views.how_it_went, name="how_it_went"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("fairness/", views.fairness, name="fairness"),
]
