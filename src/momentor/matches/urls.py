"""Addresses of previews and matches."""

from django.urls import path

from momentor.matches.views import matching, mine, previews

app_name = "matches"
urlpatterns = [
    path("programmes/<uuid:programme_id>/matching/", matching.matching, name="matching"),
    path("programmes/<uuid:programme_id>/matches/", matching.matches_in_programme, name="programme"),
    path("programmes/<uuid:programme_id>/wishes/", mine.wish, name="wish"),
    path("wishes/<uuid:pk>/removal/", mine.wish_removal, name="wish_removal"),
    path("previews/<uuid:pk>/", previews.preview, name="preview"),
    path("previews/<uuid:pk>/confirmation/", previews.confirmation, name="confirmation"),
    path("previews/<uuid:pk>/removal/", previews.removal, name="removal"),
    path("proposals/<uuid:pk>/removal/", previews.drop, name="drop"),
    path("proposals/<uuid:pk>/return/", previews.restore, name="restore"),
    path("matches/", mine.matches, name="matches"),
    path("matches/<uuid:pk>/", mine.match, name="match"),
    path("matches/<uuid:pk>/end/", mine.end, name="end"),
]
