from django.contrib import admin
from django.urls import include, path

from momentor.web.middleware import not_found
from momentor.web.monitoring import metrics
from momentor.web.views import language

handler500 = "momentor.project.errors.broken"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("not-found/", not_found),
    path("metrics", metrics, name="metrics"),
    path("", include("momentor.people.urls")),
    path("", include("momentor.trust.urls")),
    path("", include("momentor.web.urls")),
    path("", include("momentor.asking.urls")),
    path("", include("momentor.sessions.urls")),
    path("", include("momentor.scheduling.urls")),
    path("", include("momentor.dispatch.urls")),
    path("", include("momentor.learning.urls")),
    path("", include("momentor.matches.urls")),
    path("", include("momentor.notices.urls")),
    path("", include("momentor.integrations.webpush.urls")),
    path("", include("momentor.api.urls")),
    path("language/", language, name="set_language"),
]
