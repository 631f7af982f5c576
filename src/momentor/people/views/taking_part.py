"""What people say about their own part in a programme."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people import actions
from momentor.people.forms import PlacesForm, WishForm
from momentor.people.gates import MemberRequest, for_members
from momentor.people.models import Enrolment, Membership, Programme
from momentor.people.queries import part_in


@dataclass(frozen=True, kw_only=True)
class OwnPart:
    """What a member has said in a programme that gives mentors, and the forms to say it."""

    enrolment: Enrolment | None
    wish_form: WishForm
    places_form: PlacesForm | None

    @property
    def wants_mentor(self) -> bool | None:
        return self.enrolment.wants_mentor if self.enrolment else None


def own_part(programme: Programme, membership: Membership) -> OwnPart | None:
    """Return a member's own part in a programme; None where there is nothing to say."""
    if not programme.matches_people:
        return None
    enrolment = part_in(programme, membership)
    if enrolment is None and not programme.is_for_all:
        return None
    given = {"wish": enrolment.wish, "places": enrolment.places} if enrolment else {}
    return OwnPart(
        enrolment=enrolment,
        wish_form=WishForm(initial=given),
        places_form=PlacesForm(initial=given) if membership.answers_questions else None,
    )


@for_members
@require_POST
def wish(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """Say that one would like a mentor, and what for; or that one would not."""
    programme = get_object_or_404(Programme, pk=programme_id)
    wants = request.POST.get("wants") != "no"
    try:
        actions.say_wish(
            programme=programme,
            by=request.user,
            wants_mentor=wants,
            wish=request.POST.get("wish", "") if wants else "",
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        said = (
            _("Noted. Once there is a mentor for you, we tell you.") if wants else _("Noted: no mentor for you here.")
        )
        messages.success(request, said)
    return go("people:programme", programme.pk)


@for_members
@require_POST
def places(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """Say how many mentees one takes at most."""
    programme = get_object_or_404(Programme, pk=programme_id)
    form = PlacesForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return go("people:programme", programme.pk)
    try:
        given = form.cleaned_data["places"]
        actions.offer_places(programme=programme, by=request.user, places=given, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Saved."))
    return go("people:programme", programme.pk)
