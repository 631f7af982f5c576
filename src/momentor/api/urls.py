"""Addresses of the API, of its description, and of the page where people make tokens."""

from django.urls import URLPattern, path, re_path

from momentor.api import views
from momentor.api.door import Door, nowhere
from momentor.api.routes import api

app_name = "api"


def operations() -> list[URLPattern]:
    """Return every address of the API with its door."""
    found = []
    for router in api._get_bound_routers():
        for place, path_view in router.path_operations.items():
            route = f"api/v1{router.prefix}{place}".replace("{", "<").replace("}", ">")
            door = Door(path_view)
            found.append(path(route, door, name=door.name))
    return found


urlpatterns = [
    *operations(),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/docs/", views.docs, name="docs"),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<uuid:token_id>/revocation/", views.revoke, name="revoke_token"),
    re_path(r"^api(?:/[\s\S]*)?\Z", nowhere),
]
