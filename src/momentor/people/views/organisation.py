"""What coordinators see and change."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from momentor.foundation.paging import paged
from momentor.foundation.redirects import go, go_back
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import one_line
from momentor.matches.queries import own_matches_in, wishing_in
from momentor.people import actions
from momentor.people.forms import (
    InvitationForm,
    OrganisationForm,
    ProgrammeForm,
    RolesForm,
    RosterForm,
)
from momentor.people.gates import MemberRequest, for_coordinators, for_members, posted
from momentor.people.models import Invitation, Membership, Organisation, Programme
from momentor.people.queries import (
    members_with,
    open_invitations,
    people_in,
    programmes_with_sizes,
    waiting_members,
)
from momentor.people.roster import LARGEST_FILE
from momentor.people.views.taking_part import own_part

PAGE = 50


@for_coordinators
def organisation(request: MemberRequest) -> HttpResponse:
    """The organisation itself."""
    form = OrganisationForm(posted(request), instance=Organisation.objects.get(pk=request.organisation.pk))
    if form.is_valid():
        try:
            actions.edit_organisation(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return go("people:organisation")
    return render(request, "people/organisation.html", {"form": form}, status=422 if form.errors else 200)


@for_coordinators
@require_GET
def members(request: MemberRequest) -> HttpResponse:
    """Everybody in the organisation."""
    words, start = one_line(request.GET.get("words", ""))[:100], _start(request)
    rows = list(members_with(words)[start : start + PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "words": words,
        "waiting": waiting_members().count(),
        "earlier": max(0, start - PAGE) if start else None,
        "later": start + PAGE if len(rows) > PAGE else None,
    }
    return render(request, "people/members.html", context)


def _start(request: MemberRequest) -> int:
    given = request.GET.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 7 else 0


@for_coordinators
def member(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """One member's roles and place."""
    one = get_object_or_404(members_with(), pk=member_id)
    form = RolesForm(posted(request), initial={"roles": one.roles})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_roles(membership=one, roles=form.cleaned_data["roles"], by=request.user, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return go("people:members")
    context = {"member": one, "form": form}
    return render(request, "people/member.html", context, status=422 if form.errors else 200)


@for_coordinators
@require_POST
def removal(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Take a member out."""
    one = get_object_or_404(members_with(), pk=member_id)
    return _do(request, lambda: actions.remove_member(membership=one, by=request.user, now=timezone.now()))


@for_coordinators
@require_POST
def readmission(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Let somebody who was suspended come back."""
    one = get_object_or_404(members_with(), pk=member_id)
    return _do(request, lambda: actions.readmit(membership=one, by=request.user, now=timezone.now()))


def _do(request: MemberRequest, change: object, then: str = "people:members") -> HttpResponse:
    assert callable(change)
    try:
        change()
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return go_back(request, then)


@for_coordinators
@require_GET
def approvals(request: MemberRequest) -> HttpResponse:
    """Those who asked to come in."""
    return render(request, "people/approvals.html", paged(request, waiting_members(), most=PAGE))


@for_coordinators
@require_POST
def decision(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Let somebody in who asked, or not."""
    one = get_object_or_404(Membership.objects.here(), pk=member_id)
    decide = actions.approve if request.POST.get("let_in") == "yes" else actions.decline
    return _do(request, lambda: decide(membership=one, by=request.user, now=timezone.now()), "people:approvals")


@for_coordinators
def invitations(request: MemberRequest) -> HttpResponse:
    """Links that let people in: those that work, and a new one."""
    form = InvitationForm(posted(request))
    link = ""
    if form.is_valid():
        try:
            link = _invite(request, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            form = InvitationForm()
    # The link is on this page once and nowhere else, so this POST answers with a page.
    return _invitations_page(request, form=form, link=link)


def _invite(request: MemberRequest, given: dict[str, object]) -> str:
    """Make the invitation; return its link to show, or "" where it goes by mail."""
    wanted = dict(given)
    email = str(wanted.pop("email"))
    if not email:
        _made, link = actions.make_invitation(by=request.user, now=timezone.now(), **wanted)  # type: ignore[arg-type]
        return link
    roles, programme = tuple(map(str, wanted["roles"])), wanted["programme"]  # type: ignore[call-overload]
    assert programme is None or isinstance(programme, Programme)
    actions.invite_by_mail(email=email, roles=roles, programme=programme, by=request.user, now=timezone.now())
    messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": email})
    return ""


def _invitations_page(
    request: MemberRequest, *, form: InvitationForm, link: str = "", roster: object = None
) -> HttpResponse:
    context = {
        "form": form,
        "link": link,
        "roster_form": RosterForm(),
        "roster": roster,
        **paged(request, open_invitations(now=timezone.now()), most=PAGE),
    }
    wrong = form.errors or (roster is not None)
    return render(request, "people/invitations.html", context, status=422 if wrong else 200)


@for_coordinators
@require_POST
def roster(request: MemberRequest) -> HttpResponse:
    """Invite everybody on a list."""
    form = RosterForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a CSV file first."))
        return go("people:invitations")
    content = form.cleaned_data["file"].read(LARGEST_FILE + 1)
    report = actions.invite_from_csv(content=content, by=request.user, now=timezone.now())
    if not report.is_done:
        return _invitations_page(request, form=InvitationForm(), roster=report)
    said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", len(report.invited))
    messages.success(request, said % {"n": len(report.invited)})
    if report.here_already:
        messages.info(request, _("Already here: %(who)s") % {"who": ", ".join(report.here_already[:20])})
    return go("people:invitations")


@for_coordinators
@require_POST
def revocation(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Make a link worthless."""
    one = get_object_or_404(Invitation, pk=invitation_id)
    actions.revoke_invitation(invitation=one, by=request.user, now=timezone.now())
    messages.success(request, _("The link no longer works."))
    return go("people:invitations")


@for_members
def programmes(request: MemberRequest) -> HttpResponse:
    """The programmes of the organisation; coordinators start new ones."""
    form = None
    if request.membership.is_coordinator:
        form = ProgrammeForm(posted(request))
        if form.is_valid():
            try:
                made = actions.start_programme(by=request.user, now=timezone.now(), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
            else:
                return go("people:programme", made.pk)
    found = paged(request, Programme.objects.order_by("name", "pk"), most=PAGE)
    context = {**found, "programmes": programmes_with_sizes(found["rows"]), "form": form}
    return render(request, "people/programmes.html", context, status=422 if form and form.errors else 200)


@for_members
def programme(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """One programme: its people and, for coordinators, its rules."""
    one = get_object_or_404(Programme, pk=programme_id)
    form = None
    if request.membership.is_coordinator:
        form = ProgrammeForm(posted(request), instance=Programme.objects.get(pk=one.pk))
        if form.is_valid():
            try:
                actions.edit_programme(programme=one, by=request.user, now=timezone.now(), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("Saved."))
                return go("people:programme", one.pk)
    start = _start(request)
    visible = people_in(one)
    if not request.membership.is_coordinator:
        visible = visible & Membership.objects.visible_to(request.user)
    rows = list(visible[start : start + PAGE + 1])
    context: dict[str, Any] = {
        "programme": one,
        "form": form,
        "rows": rows[:PAGE],
        "earlier": max(0, start - PAGE) if start else None,
        "later": start + PAGE if len(rows) > PAGE else None,
        "is_in": request.membership.pk in {row.pk for row in rows} and not one.is_for_all,
        "others": _others(request, one),
        "own": own_part(one, request.membership),
    }
    if one.matches_people:
        mine = own_matches_in(one, request.user)
        has_mentor = any(match.is_mentee for match in mine)
        wishing = wishing_in(one, request.membership, rows[:PAGE], has_mentor=has_mentor)
        context |= {"mine": mine, "has_mentor": has_mentor, "wishing": wishing}
    return render(request, "people/programme.html", context, status=422 if form and form.errors else 200)


def _others(request: MemberRequest, one: Programme) -> list[Membership]:
    """Return the members who could be put into the programme and fit the coordinator's search."""
    words = one_line(request.GET.get("words", ""))[:100]
    if one.is_for_all or not words or not request.membership.is_coordinator:
        return []
    active = members_with(words).filter(state=Membership.State.ACTIVE)
    return list(active.exclude(pk__in=people_in(one).values("pk"))[:20])


@for_coordinators
@require_POST
def enrolment(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """Put a member into a programme."""
    one = get_object_or_404(Programme, pk=programme_id)
    who = get_object_or_404(Membership.objects.here().active(), pk=_uuid(request.POST.get("member", "")))
    actions.enrol(programme=one, membership=who, by=request.user, now=timezone.now())
    return go("people:programme", one.pk)


@for_members
@require_POST
def withdrawal(request: MemberRequest, programme_id: UUID) -> HttpResponse:
    """Take a member, or oneself, out of a programme."""
    one = get_object_or_404(Programme, pk=programme_id)
    who = get_object_or_404(Membership.objects.here(), pk=_uuid(request.POST.get("member", "")))
    actions.withdraw(programme=one, membership=who, by=request.user, now=timezone.now())
    return go("people:programme", one.pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
