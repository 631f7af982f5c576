"""Addresses on the way to somebody."""

from django.urls import path

from momentor.dispatch.views import answering, choosing, lists, searching

app_name = "dispatch"
urlpatterns = [
    path("questions/<uuid:pk>/shortlist/", choosing.shortlist, name="shortlist"),
    path("questions/<uuid:pk>/search/", searching.search, name="search"),
    path("questions/<uuid:pk>/search/widening/", searching.widening, name="widening"),
    path("questions/<uuid:pk>/search/writing/", searching.writing, name="writing"),
    path("questions/<uuid:pk>/search/stop/", searching.stop, name="stop"),
    path("lists/", lists.lists, name="lists"),
    path("lists/<uuid:pk>/", lists.entry, name="list"),
    path("answer/", answering.desk, name="desk"),
    path("answer/next/", answering.pull, name="pull"),
    path("offers/<uuid:pk>/", answering.offer, name="offer"),
    path("offers/<uuid:pk>/acceptance/", answering.acceptance, name="acceptance"),
    path("offers/<uuid:pk>/pass/", answering.passing, name="pass"),
]
