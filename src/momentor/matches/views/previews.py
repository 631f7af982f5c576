"""A preview: how far it is, what it comes to, and what a coordinator does with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from momentor.foundation.paging import paged
from momentor.foundation.redirects import SeeOther, go
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import one_line
from momentor.matches.actions import confirm_preview, discard_preview, drop_proposal, restore_proposal
from momentor.matches.models import Preview, Proposal
from momentor.matches.queries import PAGE, as_left, as_pairs, left_in, left_out_of, outlook_of, pairs_in
from momentor.people.gates import MemberRequest, for_coordinators

PAIRS, LEFT, LOADS, WEIGHTS = "pairs", "left", "loads", "weights"


@for_coordinators
@require_safe
def preview(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One preview: while it is worked out how far it is, then what it comes to."""
    found = _preview(request, pk)
    if request.htmx and not request.htmx.boosted:
        if not found.is_underway:
            return HttpResponseClientRefresh()
        return render(request, "matches/parts/progress.html", {"preview": found})
    context: dict[str, Any] = {"preview": found, "programme": found.programme}
    if found.result:
        outlook = outlook_of(found)
        context |= {"outlook": outlook, "to_match": outlook.matched - outlook.dropped} | _shown(request, found)
    return render(request, "matches/preview.html", context)


def _preview(request: MemberRequest, pk: UUID) -> Preview:
    mine = Preview.objects.visible_to(request.user).select_related("programme", "confirmed_by").defer("task")
    return get_object_or_404(mine, pk=pk)


def _shown(request: MemberRequest, found: Preview) -> dict[str, Any]:
    """Return what the tab asks for: pairs, who is left, loads, or what each weight does."""
    asked = request.GET.get("show", PAIRS)
    if asked == LEFT:
        page = paged(request, left_in(found), most=PAGE)
        return {"show": LEFT, "left": as_left(page["rows"]), **page}
    if asked in (LOADS, WEIGHTS):
        return {"show": asked}
    words = one_line(request.GET.get("words", ""))[:100]
    page = paged(request, pairs_in(found, words), most=PAGE)
    gone = list(left_out_of(found)[:PAGE]) if found.confirmed_at else []
    return {"show": PAIRS, "words": words, "pairs": as_pairs(found, page["rows"]), "left_out": gone, **page}


@for_coordinators
@require_POST
def confirmation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Match everybody as the preview has it."""
    try:
        done = confirm_preview(preview=_preview(request, pk), by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return go("matches:preview", pk)
    made, gone = done.result["made"], done.result["left_out"]
    said = ngettext(
        "%(n)s person has a mentor now; both are told.", "%(n)s people have a mentor now; all are told.", made
    )
    messages.success(request, said % {"n": made})
    if gone:
        said = ngettext(
            "%(n)s pair no longer held and was left out.", "%(n)s pairs no longer held and were left out.", gone
        )
        messages.warning(request, said % {"n": gone})
    return go("matches:preview", pk)


@for_coordinators
@require_POST
def removal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Put a preview aside."""
    found = _preview(request, pk)
    try:
        discard_preview(preview=found, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return go("matches:preview", pk)
    messages.info(request, _("The preview is put aside. Nobody was matched by it."))
    return go("matches:matching", found.programme_id)


@for_coordinators
@require_POST
def drop(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take one pair out."""
    proposal = _proposal(request, pk)
    return _change(request, proposal, lambda: drop_proposal(proposal=proposal, by=request.user, now=timezone.now()))


@for_coordinators
@require_POST
def restore(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take one pair back in."""
    proposal = _proposal(request, pk)
    return _change(request, proposal, lambda: restore_proposal(proposal=proposal, by=request.user))


def _proposal(request: MemberRequest, pk: UUID) -> Proposal:
    visible = Preview.objects.visible_to(request.user)
    return get_object_or_404(Proposal.objects.pairs().filter(preview__in=visible), pk=pk)


def _change(request: MemberRequest, proposal: Proposal, change: Any) -> HttpResponse:
    try:
        change()
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    back = go("matches:preview", proposal.preview_id)
    # The same page of the list, at the same pair.
    where = one_line(request.POST.get("where", ""))[:300]
    return SeeOther(f"{back.headers['Location']}{where if where.startswith('?') else ''}#pair-{proposal.pk}")
