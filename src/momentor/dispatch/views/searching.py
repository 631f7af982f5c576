"""The mentee watches the search, and changes it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from momentor.asking.models import Question
from momentor.asking.zones import in_own_zone
from momentor.dispatch.actions import stop_search, turn_into_writing, widen_search
from momentor.dispatch.forms import WritingForm
from momentor.dispatch.queries import ladder_of, search_progress
from momentor.dispatch.views.choosing import own_question
from momentor.foundation.redirects import SeeOther, go
from momentor.foundation.refusals import Refusal
from momentor.people.gates import MemberRequest, for_members
from momentor.scheduling.queries import booking_ahead


@for_members
@in_own_zone
@require_safe
def search(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How the search goes. Once somebody has said yes, it leads into the room."""
    question, now = own_question(request, pk), timezone.now()
    progress = search_progress(question, now=now)
    if progress.session is not None:
        return _lead(request, reverse("sessions:session", args=[progress.session.pk]))
    if question.state == Question.State.DRAFT:
        return _lead(request, reverse("dispatch:shortlist", args=[pk]))
    if not question.may_be_claimed:
        return _lead(request, reverse("asking:question", args=[pk]))
    context = {"question": question, "progress": progress, "form": WritingForm()}
    if request.htmx and not request.htmx.boosted:
        if request.GET.get("stage", progress.stage) != progress.stage:
            return HttpResponseClientRefresh()
        return render(request, "dispatch/parts/search.html", context)
    context |= {"ladder": ladder_of(question, now=now), "booking": booking_ahead(question)}
    return render(request, "dispatch/search.html", context)


def _lead(request: MemberRequest, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return SeeOther(address)


def _step(action: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """Make the view of one thing that a mentee does with a search."""

    @for_members
    @require_POST
    def view(request: MemberRequest, pk: UUID) -> HttpResponse:
        question, now = own_question(request, pk), timezone.now()
        try:
            action(question=question, by=request.user, now=now)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        return go("dispatch:search", pk)

    return view


widening = _step(widen_search)
stop = _step(stop_search)


@for_members
@require_POST
def writing(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask for an answer in writing instead, by a stated time."""
    question, now = own_question(request, pk), timezone.now()
    form = WritingForm(request.POST)
    try:
        answer_by = form.answer_by(now) if form.is_valid() else None
        turn_into_writing(question=question, by=request.user, answer_by=answer_by, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return go("dispatch:search", pk)
