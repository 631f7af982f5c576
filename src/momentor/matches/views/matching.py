"""Where a coordinator matches everybody in a programme, and sees who is matched."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from momentor.foundation.paging import paged
from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import one_line
from momentor.matches.actions import start_preview
from momentor.matches.actions.previews import PreviewUnderway
from momentor.matches.forms import MatchingForm
from momentor.matches.queries import PAGE, latest_preview, matches_in, standing_of
from momentor.people.gates import MemberRequest, for_coordinators, posted
from momentor.people.models import Programme


@for_coordinators
def matching(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """How everybody is to be matched. Sending it has a preview worked out, and leads there."""
    programme = get_object_or_404(Programme, pk=programme_id)
    if not programme.matches_people:
        messages.info(
            request, _("Tick “a mentor of one’s own” among the rules first: then people can be matched here.")
        )
        return go("people:programme", programme.pk)
    latest, now = latest_preview(programme), timezone.now()
    form = MatchingForm(posted(request), before=latest)
    if form.is_valid():
        try:
            made = start_preview(programme=programme, by=request.user, now=now, **form.settings())
        except PreviewUnderway as refusal:
            messages.info(request, str(refusal.message))
            return go("matches:preview", latest.pk) if latest else go("matches:matching", programme.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return go("matches:preview", made.pk)
    context = {
        "programme": programme,
        "form": form,
        "latest": latest,
        "standing": standing_of(programme, now=now),
    }
    return render(request, "matches/matching.html", context, status=422 if form.errors else 200)


@for_coordinators
@require_GET
def matches_in_programme(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """Who is matched with whom at the moment."""
    programme = get_object_or_404(Programme, pk=programme_id)
    words = one_line(request.GET.get("words", ""))[:100]
    found = paged(request, matches_in(programme, words), most=PAGE)
    return render(request, "matches/programme.html", {"programme": programme, "words": words, **found})
