"""The pages for keeping somebody away, for calling a moderator, and for the moderators."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from momentor.foundation.paging import paged
from momentor.foundation.redirects import go, go_back
from momentor.foundation.refusals import Refusal
from momentor.people.gates import MemberRequest, for_members, for_moderators, posted
from momentor.people.models import Membership, Person
from momentor.trust import actions
from momentor.trust.forms import DecisionForm, ReportForm
from momentor.trust.models import Report
from momentor.trust.queries import blocked_by, earlier_reports, own_reports_waiting, report_queue
from momentor.trust.subjects import Subject, subject_of

PAGE = 50


@for_members
@require_GET
def blocks(request: MemberRequest) -> HttpResponse:
    """Whom one keeps away."""
    return render(request, "trust/blocks.html", paged(request, blocked_by(request.user), most=PAGE))


@for_members
@require_POST
def block(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Keep a person away."""
    try:
        actions.block(about=_somebody_here(person_id), by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("You and this person no longer see each other here. They are not told."))
    return go_back(request, "trust:blocks")


@for_members
@require_POST
def unblock(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Let a person near again."""
    actions.unblock(about=_somebody_here(person_id), by=request.user, now=timezone.now())
    return go_back(request, "trust:blocks")


def _somebody_here(person_id: UUID) -> Person:
    return get_object_or_404(Membership.objects.here().select_related("person"), person_id=person_id).person


@for_members
def report(request: MemberRequest) -> HttpResponse:
    """Report what `kind` and `id` in the address name."""
    given = request.GET if request.method == "GET" else request.POST
    kind, subject_id = given.get("kind", ""), _uuid(given.get("id", ""))
    subject = subject_of(kind, subject_id, request.user)
    if subject is None:
        raise Http404
    form = ReportForm(posted(request))
    if form.is_valid():
        try:
            return _report(request, form, kind, subject_id, subject)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {"form": form, "subject": subject, "kind": kind, "subject_id": subject_id, "next": given.get("next", "")}
    return render(request, "trust/report.html", context, status=422 if form.errors else 200)


def _report(request: MemberRequest, form: ReportForm, kind: str, subject_id: UUID, subject: Subject) -> HttpResponse:
    now, given = timezone.now(), form.cleaned_data
    actions.report(
        kind=kind, subject_id=subject_id, reason=given["reason"], words=given["words"], by=request.user, now=now
    )
    # The list of those one blocked would name somebody who is anonymous.
    if given["block"] and subject.about_id and subject.is_named:
        actions.block(about=_somebody_here(subject.about_id), by=request.user, now=now)
    messages.success(request, _("A moderator will read it. Thank you for speaking up."))
    return go_back(request, "web:home")


@for_members
@require_GET
def warning(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """What a moderator has to say to somebody who was warned, and nothing else of the report."""
    warned = Report.objects.filter(about=request.user, decision=Report.Decision.WARNED)
    found = get_object_or_404(warned.only("decision_words", "closed_at", "organisation_id"), pk=report_id)
    return render(request, "trust/warning.html", {"words": found.decision_words, "at": found.closed_at})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


@for_moderators
@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    """The reports that wait, or those that were decided."""
    is_closed = request.GET.get("show") == "closed"
    context = {
        **paged(request, report_queue(request.user, is_closed=is_closed), most=PAGE),
        "is_closed": is_closed,
        "own": 0 if is_closed else own_reports_waiting(request.user),
    }
    return render(request, "trust/queue.html", context)


@for_moderators
def decide(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """One report with its context, and what to do about it."""
    found = get_object_or_404(Report.objects.select_related("by", "about", "closed_by"), pk=report_id)
    actions.check_no_part(found, request.user)
    form = DecisionForm(posted(request))
    if form.is_valid():
        try:
            actions.close_report(report=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Decided."))
            return go("trust:queue")
    context = {"report": found, "form": form, "earlier": earlier_reports(found)}
    return render(request, "trust/decide.html", context, status=422 if form.errors else 200)
