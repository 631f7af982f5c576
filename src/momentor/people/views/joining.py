"""Coming in: the list of organisations, the door, invitations, and what one agrees to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people import actions
from momentor.people.accounts import remember_invitation, remembered_invitation
from momentor.people.forms import ConductForm
from momentor.people.gates import MemberRequest, PageRequest, PersonRequest, for_members, for_people, posted
from momentor.people.models import Invitation, Membership
from momentor.people.queries import organisations_open_to_join


@for_people
@require_GET
def organisations(request: PersonRequest) -> HttpResponse:
    """The organisations of this person, and those they could join."""
    mine = Membership.objects.active().filter(person=request.user).select_related("organisation")
    context = {
        "mine": mine.order_by("organisation__name"),
        "open_ones": organisations_open_to_join(request.user),
    }
    return render(request, "people/organisations.html", context)


def door(request: PageRequest) -> HttpResponse:
    """What the organisation is and how to come in, for those who are outside of it."""
    if request.organisation is None:
        return redirect("people:organisations")
    if request.membership is not None:
        return redirect("web:home")
    return render(request, "people/door.html", {"asked": _has_asked(request)}, status=403)


def _has_asked(request: PageRequest) -> bool:
    if not request.user.is_authenticated:
        return False
    waiting = Membership.objects.here().filter(person=request.user.pk, state=Membership.State.ASKED)
    return waiting.exists()


@require_GET
def invitation(request: PageRequest, token: str) -> HttpResponse:
    """Take an invitation from its link, and keep it while one signs in; the secret leaves the address."""
    if request.organisation is None:
        return redirect("people:organisations")
    found = actions.find_invitation(token=token, now=timezone.now())
    remember_invitation(request, found)
    return go("people:join")


def join(request: PageRequest) -> HttpResponse:
    """Join the organisation: by invitation, by mail domain, or because it is open."""
    if request.organisation is None:
        return redirect("people:organisations")
    found = remembered_invitation(request)
    if not request.user.is_authenticated:
        return render(request, "people/invited.html", {"invitation": found})
    if request.membership is not None and found is None:
        return redirect("web:home")
    form = ConductForm(posted(request), minimum_age=request.organisation.minimum_age)
    if form.is_valid():
        try:
            return _come_in(request, found)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {"form": form, "invitation": found, "asked": _has_asked(request)}
    return render(request, "people/join.html", context, status=422 if form.errors else 200)


def _come_in(request: PageRequest, found: Invitation | None) -> HttpResponse:
    assert request.user.is_authenticated
    now = timezone.now()
    if found is not None:
        membership = actions.accept_invitation(invitation=found, by=request.user, now=now)
        remember_invitation(request, None)
    else:
        membership = actions.join(by=request.user, now=now)
    if membership.state == Membership.State.ASKED:
        messages.success(request, _("A coordinator looks at it. We write to you as soon as you are in."))
        return go("people:join")
    actions.agree_to_conduct(by=request.user, agrees=True, is_of_age=True, now=now)
    messages.success(request, _("Welcome."))
    return go("people:welcome")


@for_members
def agreement(request: MemberRequest) -> HttpResponse:
    """Agree to the code of conduct: for those let in by a coordinator, and when it has changed."""
    form = ConductForm(posted(request), minimum_age=request.organisation.minimum_age)
    if form.is_valid():
        actions.agree_to_conduct(by=request.user, agrees=True, is_of_age=True, now=timezone.now())
        return go("people:welcome")
    return render(request, "people/agreement.html", {"form": form}, status=422 if form.errors else 200)
