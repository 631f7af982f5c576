"""The host's pages: what there is, without what people said to each other. States change through actions alone."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Shows rows and lets nobody write them; subclasses offer actions of the domain instead."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HostPages(admin.AdminSite):
    """Takes in what only shows. Packages bring pages of their own, which would write past every action."""

    site_header = index_title = _("What the host sees")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Say of which organisation these rows are: outside one, the database shows none that belong to any."""
        organisation = getattr(request, "organisation", None)
        outside = _("Outside every organisation, little is seen. Open these pages in one: /at/its address/admin/")
        return super().index(request, {"subtitle": organisation or outside, **(extra_context or {})})


class HostPagesConfig(AdminConfig):
    default_site = "momentor.foundation.host_pages.HostPages"
