from django.contrib import admin
from django.urls import include, path

from momentor.web.middleware import not_found

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("not-found/", not_found),
    path("", include("momentor.people.urls")),
    path("", include("momentor.trust.urls")),
]
