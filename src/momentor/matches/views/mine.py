"""One's own mentors and mentees, and whom one would like."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from momentor.foundation.redirects import go, go_back
from momentor.foundation.refusals import Refusal
from momentor.matches.actions import end_match, take_wish_back, wish_for
from momentor.matches.models import Match, Wish
from momentor.matches.plain import said_of
from momentor.matches.queries import Mine, matches_of, wish_behind
from momentor.people.gates import MemberRequest, for_members
from momentor.people.models import Membership, Programme
from momentor.people.queries import profile_for


@for_members
@require_safe
def matches(request: MemberRequest) -> HttpResponse:
    """Everybody one mentors, or is mentored by."""
    return render(request, "matches/matches.html", {"mine": matches_of(request.user)})


@for_members
@require_safe
def match(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One match: who it is, what speaks for the two, how to begin, how to end it."""
    found = _own(request, pk)
    other = found.other_than(request.user)
    profile = profile_for(viewer=request.user, person_id=other.pk, now=timezone.now())
    context = {
        "mine": Mine(match=found, other=other, is_mentee=found.mentee_id == request.user.pk),
        "profile": profile,
        "said": said_of(found.facts),
        "wish": wish_behind(found) if found.is_running else "",
    }
    return render(request, "matches/match.html", context)


def _own(request: MemberRequest, pk: UUID) -> Match:
    mine = Match.objects.visible_to(request.user).select_related("programme", "mentee", "mentor")
    return get_object_or_404(mine, pk=pk)


@for_members
@require_POST
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """End a match: one's own, or, for coordinators, any."""
    theirs = Match.objects.running() if request.membership.is_coordinator else Match.objects.visible_to(request.user)
    found = get_object_or_404(theirs, pk=pk)
    try:
        end_match(match=found, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The match is ended. Nobody is told why."))
    return go_back(request, "matches:matches")


@for_members
@require_POST
def wish(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """Name somebody one would like to be matched with."""
    programme = get_object_or_404(Programme, pk=programme_id)
    try:
        wanted = UUID(request.POST.get("person", ""))
        side = Wish.Side(request.POST.get("side", ""))
    except ValueError as error:
        raise Http404 from error
    them = get_object_or_404(Membership.objects.visible_to(request.user).select_related("person"), person_id=wanted)
    try:
        wish_for(programme=programme, about=them.person, side=side, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Noted. It counts when everybody is matched; they are not told."))
    return go("people:programme", programme.pk)


@for_members
@require_POST
def wish_removal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take back whom one named."""
    found = get_object_or_404(Wish.objects.filter(by=request.user), pk=pk)
    take_wish_back(wish=found, by=request.user)
    return go("people:programme", found.programme_id)
