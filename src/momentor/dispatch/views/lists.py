"""How a list came about: for the one who asked, and for coordinators."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from momentor.dispatch.explained import explained_for, own_list_of
from momentor.dispatch.models import LearnedRanking, LedgerEntry
from momentor.dispatch.rankers import compared
from momentor.foundation.paging import paged
from momentor.people.gates import MemberRequest, for_coordinators, for_members

PAGE = 30


@for_members
@require_safe
def entry(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One list: its mentee reads about the people on it, a coordinator about everybody who was looked at."""
    visible = LedgerEntry.objects.visible_to(request.user).select_related("question__programme", "search")
    found = get_object_or_404(visible, pk=pk)
    if found.question.mentee_id == request.user.pk:
        return render(request, "dispatch/own_list.html", {"list": own_list_of(found, viewer=request.user)})
    return render(request, "dispatch/list.html", {"found": explained_for(found, viewer=request.user)})


@for_coordinators
@require_safe
def lists(request: MemberRequest) -> HttpResponse:
    """The lists and waves of late, the newest first; those of one's own questions stand with the questions."""
    others = LedgerEntry.objects.visible_to(request.user).exclude(question__mentee=request.user)
    rows = others.select_related("search").defer("record", "people", "weights").order_by("-made_at", "-pk")
    learned = LearnedRanking.objects.visible_to(request.user).defer("ranker").order_by("-made_at").first()
    ways = compared(learned) if learned else []
    return render(request, "dispatch/lists.html", {**paged(request, rows, most=PAGE), "learned": learned, "ways": ways})
