"""The mentor's desk, and the brief."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from momentor.asking.zones import in_own_zone
from momentor.dispatch.actions import accept_offer, pass_offer, pull_question, see_offer
from momentor.dispatch.forms import FREE_MINUTES, FreeMinutesForm, PassForm
from momentor.dispatch.models import Offer
from momentor.dispatch.queries import brief_of, desk_of
from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people.actions.availability import AVAILABLE_MINUTES
from momentor.people.gates import MemberRequest, for_members
from momentor.people.passing import as_kept
from momentor.scheduling.queries import bookings_with, hours_of


@for_members
@in_own_zone
@require_safe
def desk(request: MemberRequest) -> HttpResponse:
    """What waits for a mentor, and when they may be asked."""
    if not request.membership.answers_questions:
        return render(request, "dispatch/not_answering.html")
    now = timezone.now()
    context = {
        "desk": desk_of(request.membership, person=request.user, now=now, page_language=get_language() or "en"),
        "bookings": bookings_with(request.user, now=now),
        "hours": hours_of(request.membership),
        "available_minutes": AVAILABLE_MINUTES[1:],
        "free_minutes": FREE_MINUTES,
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "dispatch/parts/waiting.html", context)
    return render(request, "dispatch/desk.html", context)


@for_members
@require_POST
def pull(request: MemberRequest) -> HttpResponse:
    """Find the best waiting question for the minutes that a mentor has right now."""
    form = FreeMinutesForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else FREE_MINUTES[1]
    try:
        offer = pull_question(by=request.user, minutes=minutes, now=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal.message))
        return go("dispatch:desk")
    return go("dispatch:offer", offer.pk)


@for_members
@in_own_zone
@require_safe
def offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One question, to be decided on in fifteen seconds."""
    found, now = _own(request, pk), timezone.now()
    if found.state == Offer.State.WAITING:
        see_offer(offer=found, now=now)
    brief = brief_of(found, now=now, page_language=get_language() or "en")
    return render(request, "dispatch/offer.html", {"brief": brief})


@for_members
@require_POST
def acceptance(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take the question: into the room."""
    try:
        session = accept_offer(offer=_own(request, pk), by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal.message))
        return go("dispatch:offer", pk)
    return go("sessions:session", session.pk)


@for_members
@require_POST
def passing(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Leave the question to others."""
    form = PassForm(request.POST)
    reason = as_kept(form.cleaned_data["reason"]) if form.is_valid() else ""
    try:
        pass_offer(offer=_own(request, pk), by=request.user, reason=reason, now=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal.message))
    else:
        messages.success(request, _("Thank you for deciding quickly. Somebody else is asked."))
    return go("dispatch:desk")


def _own(request: MemberRequest, pk: UUID) -> Offer:
    mine = Offer.objects.visible_to(request.user).select_related("question__mentee", "question__programme")
    return get_object_or_404(mine, pk=pk)
