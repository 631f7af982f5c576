"""Groups that people may count themselves to: one's own choice, and what coordinators ask."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people import actions
from momentor.people.forms import GroupingForm, GroupsForm
from momentor.people.gates import MemberRequest, for_coordinators, for_members, posted
from momentor.people.models import Grouping
from momentor.people.queries import groupings, groups_of


@for_members
def groups(request: MemberRequest) -> HttpResponse:
    """Which groups one counts oneself to, if to any."""
    asked = groupings()
    form = GroupsForm(posted(request), groupings=asked, chosen=groups_of(request.user))
    if form.is_valid():
        try:
            for grouping in asked:
                group = form.cleaned_data[str(grouping.pk)]
                actions.choose_group(grouping=grouping, group=group, by=request.user, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved. Nobody is told."))
            return go("people:groups")
    context = {"form": form, "asked": asked}
    return render(request, "people/groups.html", context, status=422 if form.errors else 200)


@for_coordinators
def groupings_asked(request: MemberRequest) -> HttpResponse:
    """What people are asked, and something new to ask."""
    form = GroupingForm(posted(request))
    if form.is_valid():
        try:
            actions.start_grouping(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Everybody may choose from now on, in their settings."))
            return go("people:groupings")
    context = {"form": form, "asked": groupings()}
    return render(request, "people/groupings.html", context, status=422 if form.errors else 200)


@for_coordinators
@require_POST
def grouping_removal(request: MemberRequest, grouping_id: UUID) -> HttpResponse:
    """Ask something no more."""
    one = get_object_or_404(Grouping, pk=grouping_id)
    actions.end_grouping(grouping=one, by=request.user, now=timezone.now())
    messages.success(request, _("It is not asked any more, and what people chose is gone."))
    return go("people:groupings")
