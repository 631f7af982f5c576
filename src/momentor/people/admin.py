from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.foundation.host_pages import ReadOnlyAdmin
from momentor.foundation.refusals import Refusal
from momentor.people.actions import close_account, reopen_account
from momentor.people.models import Membership, Organisation, Person, Programme


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    """The tenants of this site. `momentor organisation` makes them; their coordinators have a page for the rules."""

    list_display = ("name", "slug", "entry", "retention_days", "created_at")
    search_fields = ("name", "slug")
    exclude = ("is_demo",)


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    """Accounts. Seen from outside an organisation this shows the host alone; from inside, its people."""

    list_display = ("name", "email", "is_active", "is_claimed", "joined_at", "left_at")
    list_filter = ("is_active", "is_claimed")
    search_fields = ("name", "email")
    exclude = ("password", "groups", "user_permissions")
    actions = ("close", "reopen")

    @admin.action(description=_("Close the chosen accounts: nobody can sign in with them"))
    def close(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        self._each(request, chosen, close_account)

    @admin.action(description=_("Open the chosen accounts again"))
    def reopen(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        self._each(request, chosen, reopen_account)

    def _each(self, request: HttpRequest, chosen: QuerySet[Person], act: Callable[..., None]) -> None:
        for person in chosen:
            try:
                act(person=person, by=request.user, now=timezone.now())
            except Refusal as refusal:
                messages.error(request, f"{person}: {refusal.message}")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("person", "state", "roles", "answers_questions", "capacity_per_week", "joined_at")
    list_filter = ("state", "answers_questions")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email")
    exclude = ("story", "asked_about")


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    list_display = ("name", "blind_accept", "is_for_all", "created_at")
