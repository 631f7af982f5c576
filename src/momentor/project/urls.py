from django.urls import include, path

from momentor.web.middleware import not_found

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("not-found/", not_found),
]
