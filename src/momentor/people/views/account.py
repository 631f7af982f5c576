"""What belongs to a person and not to one organisation: settings, taking one's data along, leaving."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from momentor.foundation.addresses import path_outside
from momentor.foundation.redirects import SeeOther, go
from momentor.foundation.refusals import Refusal
from momentor.people import actions
from momentor.people.export import export_of
from momentor.people.forms import DeletionForm, PauseForm, PersonForm
from momentor.people.gates import MemberRequest, PersonRequest, for_members, for_people, posted
from momentor.people.models import Membership, Pause
from momentor.people.queries import groupings


@for_people
def settings(request: PersonRequest) -> HttpResponse:
    """Everything a person can set, or the way to it."""
    form = PersonForm(posted(request), person=request.user)
    if form.is_valid():
        try:
            actions.edit_person(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return go("people:settings")
    context = {
        "form": form,
        "pause": _pause(request),
        "pause_form": PauseForm(),
        "asks_groups": request.membership is not None and bool(groupings()),
    }
    return render(request, "people/settings.html", context, status=422 if form.errors else 200)


def _pause(request: PersonRequest) -> Pause | None:
    if request.membership is None:
        return None
    return Pause.objects.in_force(timezone.now()).filter(membership=request.membership).first()


@for_members
def leave(request: MemberRequest) -> HttpResponse:
    """Leave the organisation, after reading what that means."""
    if request.method == "POST":
        actions.leave_organisation(by=request.user, now=timezone.now())
        messages.success(request, _("You left %(name)s.") % {"name": request.organisation.name})
        return SeeOther(path_outside("people:organisations"))
    return render(request, "people/leave.html")


@for_people
@never_cache
def export(request: PersonRequest) -> HttpResponseBase:
    """What an export holds, and the export itself: asked for by POST, since it is work."""
    if request.method == "POST":
        answer: HttpResponseBase = _download(request)
        return answer
    return render(request, "people/export.html")


@reauthentication_required  # type: ignore[untyped-decorator]  # django-allauth has no types
def _download(request: PersonRequest) -> FileResponse:
    now = timezone.now()
    archive = export_of(request.user, now=now)
    response = FileResponse(archive, as_attachment=True, filename=f"momentor-{now:%Y-%m-%d}.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@for_people
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # django-allauth has no types
def delete(request: PersonRequest) -> HttpResponse:
    """Delete the account, after the password and a word to confirm."""
    form = DeletionForm(posted(request))
    if form.is_valid():
        actions.delete_account(by=request.user, now=timezone.now())
        logout(request)
        return SeeOther(path_outside("people:deleted"))
    context = {"form": form, "sole": _coordinated_alone(request)}
    return render(request, "people/delete.html", context, status=422 if form.errors else 200)


def _coordinated_alone(request: PersonRequest) -> list[str]:
    """Return the names of organisations that this person coordinates: somebody should be asked to go on."""
    mine = Membership.objects.active().filter(person=request.user, roles__contains=[Membership.Role.COORDINATOR])
    return list(mine.order_by("organisation__name").values_list("organisation__name", flat=True))


def deleted(request: PersonRequest) -> HttpResponse:
    """The last page: the account is gone."""
    return render(request, "people/deleted.html")
