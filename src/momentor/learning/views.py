"""Pages for what stays of a conversation."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages as banners
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from momentor.foundation.paging import paged
from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.learning import queries
from momentor.learning.actions import (
    TakeawayChanged,
    give_feedback,
    reply_to_nudge,
    tell_outcome,
    thank_mentor,
    write_takeaway,
)
from momentor.learning.fairness import PERIODS, USUAL, Period, fairness_for
from momentor.learning.fairness_tables import busiest, mentee_tables, mentor_tables, unevenness
from momentor.learning.figures import FEW, figures_for, words_for
from momentor.learning.forms import (
    FeedbackForm,
    MentorFeedbackForm,
    OutcomeForm,
    ReplyForm,
    TakeawayForm,
    ThanksForm,
)
from momentor.learning.links import nudge_of
from momentor.learning.models import Feedback, Nudge, Outcome, Takeaway
from momentor.people.gates import MemberRequest, for_coordinators, for_members
from momentor.people.models import Person
from momentor.people.queries import groupings
from momentor.sessions.models import Session


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def takeaway(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write on the card of a session."""
    session = _session(request, pk)
    card = Takeaway.objects.filter(session=session).first()
    form = TakeawayForm(request.POST or None, today=_today(session.mentee), takeaway=card)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            write_takeaway(session=session, by=request.user, now=timezone.now(), **form.cleaned_data)
        except TakeawayChanged as refusal:
            theirs = card
            form = TakeawayForm(_over(request, card), today=_today(session.mentee), takeaway=card)
            form.add_error(None, str(refusal.message))
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            banners.success(request, _("Kept."))
            return go("sessions:session", pk)
    page = {"session": session, "other": session.other_than(request.user), "form": form, "theirs": theirs}
    return render(request, "learning/takeaway.html", page, status=422 if form.errors else 200)


def _over(request: HttpRequest, card: Takeaway | None) -> object:
    """Return what was written, as written over the card that is there now: sending it again is meant."""
    given = request.POST.copy()
    given["written_over"] = card.version if card else ""
    return given


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def feedback(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Tell the product, in private, how it went."""
    session = _session(request, pk)
    given = Feedback.objects.filter(session=session, by=request.user).first()
    form = feedback_form(session, request.user, given, request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_feedback(session=session, by=request.user, now=timezone.now(), **form.cleaned_data)
        banners.success(request, _("Thank you. Coordinators see it in sums, the other one never does."))
        return go("sessions:session", pk)
    page = {"session": session, "other": session.other_than(request.user), "form": form}
    return render(request, "learning/feedback.html", page, status=422 if form.errors else 200)


def feedback_form(
    session: Session, person: Person, given: Feedback | None, data: object = None
) -> FeedbackForm | MentorFeedbackForm:
    """Return the questions for this side of the session."""
    kind = FeedbackForm if person.pk == session.mentee_id else MentorFeedbackForm
    initial = {}
    if given is not None:
        words = {True: "yes", False: "no", None: ""}
        initial = {
            "moved": given.moved,
            "likely": given.likely,
            "right_person": words[given.right_person],
            "fitted_time": words[given.fitted_time],
            "words": given.words,
        }
    return kind(data, initial=initial)  # type: ignore[arg-type]  # the data of a request, or none


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def thanks(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say thank you to the mentor."""
    session = _session(request, pk)
    form = ThanksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            thank_mentor(session=session, by=request.user, words=form.cleaned_data["words"], now=timezone.now())
        except Refusal as refusal:
            form.add_error("words", str(refusal.message))
        else:
            banners.success(request, _("Your thanks are on their way."))
            return go("sessions:session", pk)
    page = {"session": session, "other": session.mentor, "form": form}
    return render(request, "learning/thanks.html", page, status=422 if form.errors else 200)


@require_safe
@for_members
def plans(request: MemberRequest) -> HttpResponse:
    """Show a person's open plans, and what came of earlier ones."""
    page = {
        "open": paged(request, queries.open_plans(request.user), most=queries.PAGE, name="open"),
        "finished": paged(request, queries.finished_plans(request.user), most=queries.PAGE, name="finished"),
        "now": timezone.now(),
    }
    return render(request, "learning/plans.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def nudge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say with one tap what became of a plan."""
    mine = Nudge.objects.filter(takeaway__session__mentee=request.user)
    found = get_object_or_404(mine.select_related("takeaway__session__mentor", "takeaway__session__question"), pk=pk)
    if request.method == "POST":
        form = ReplyForm(request.POST)
        if not form.is_valid():
            raise Http404
        _reply(request, found, by=request.user, reply=form.cleaned_data["reply"])
        return go("learning:nudge", pk)
    return render(request, "learning/nudge.html", _nudge_page(request, found))


@require_POST
@for_members
def outcome(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add a word to the mentor to what came of a plan."""
    mine = Outcome.objects.filter(takeaway__session__mentee=request.user).select_related("takeaway")
    told = get_object_or_404(mine, takeaway=pk)
    _add_words(request, told, by=request.user)
    return go("learning:plans")


@require_http_methods(["GET", "HEAD", "POST"])
def reply_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a nudge by the link in its mail, without signing in.

    Opening the link does nothing, since programs that look at mails open links: the button on the page does.
    """
    found = nudge_of(token)
    session = found.takeaway.session
    assert session.mentee is not None
    if request.method == "POST":
        if request.POST.get("what") == "words":
            told = Outcome.objects.filter(takeaway=found.takeaway).select_related("takeaway").first()
            if told is not None:
                _add_words(request, told, by=session.mentee)
        elif (form := ReplyForm(request.POST)).is_valid():
            _reply(request, found, by=session.mentee, reply=form.cleaned_data["reply"])
        return go("learning:reply_by_mail", token)
    page = _nudge_page(request, found) | {"token": token}
    response = render(request, "learning/nudge.html", page)
    response["Cache-Control"] = "private, no-store"
    # Not "no-referrer": browsers would then send the form from nowhere, and be refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _reply(request: HttpRequest, nudge: Nudge, *, by: Person, reply: str) -> None:
    try:
        reply_to_nudge(nudge=nudge, by=by, reply=reply, now=timezone.now())
    except Refusal as refusal:
        banners.info(request, str(refusal.message))


def _add_words(request: HttpRequest, told: Outcome, *, by: Person) -> None:
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        banners.error(request, str(next(iter(form.errors.values()))[0]))
        return
    tell_outcome(takeaway=told.takeaway, by=by, was_applied=told.was_applied, now=timezone.now(), **form.cleaned_data)
    banners.success(request, _("Your mentor will see it. Thank you."))


def _nudge_page(request: HttpRequest, nudge: Nudge) -> dict[str, object]:
    plan = nudge.takeaway
    told = Outcome.objects.filter(takeaway=plan).first() if plan.finished_at else None
    following = Nudge.objects.filter(takeaway=plan, number__gt=nudge.number).order_by("-number").first()
    words = {True: "yes", False: "no", None: ""}
    asked = request.GET.get("reply", "")
    return {
        "nudge": nudge,
        "plan": plan,
        "outcome": told,
        "form": OutcomeForm(initial={"helped": words[told.helped], "words": told.words}) if told else None,
        "following": following,
        "asked": asked if asked in Nudge.Reply.values else "",
        "replies": Nudge.Reply.choices,
    }


@require_safe
@for_members
def outcomes(request: MemberRequest) -> HttpResponse:
    """Show a mentor what came of the conversations."""
    start = _number(request.GET.get("after"))
    rows = queries.echoes(request.user, start=start, take=queries.PAGE + 1)
    page = {
        "echoes": rows[: queries.PAGE],
        "sums": queries.sums_of(request.user),
        "earlier": f"?after={max(0, start - queries.PAGE)}" if start else "",
        "later": f"?after={start + queries.PAGE}" if len(rows) > queries.PAGE else "",
    }
    return render(request, "learning/outcomes.html", page)


@require_safe
@for_coordinators
def how_it_went(request: MemberRequest) -> HttpResponse:
    """Show coordinators what private feedback says all together, in a form that leads back to nobody."""
    now = timezone.now()
    found = Paginator(words_for(request.user, now=now), queries.PAGE).get_page(request.GET.get("page"))
    page = {
        "figures": figures_for(request.user, now=now),
        "found": found,
        "few": FEW,
        "earlier": f"?page={found.previous_page_number()}" if found.has_previous() else "",
        "later": f"?page={found.next_page_number()}" if found.has_next() else "",
    }
    return render(request, "learning/how_it_went.html", page)


@require_safe
@for_coordinators
def fairness(request: MemberRequest) -> HttpResponse:
    """Show coordinators who is invited and who is helped, by the groups that people count themselves to."""
    asked, now = groupings(), timezone.now()
    by = request.GET.get("by", "")
    grouping = next(
        (one for one in asked if str(one.pk) == by), None if "by" in request.GET else next(iter(asked), None)
    )
    weeks = _number(request.GET.get("weeks"))
    period = Period.of(weeks if weeks in PERIODS else USUAL, now=now)
    found = fairness_for(request.user, period, grouping_id=grouping.pk if grouping else None)
    page = {
        "found": found,
        "period": period,
        "periods": PERIODS,
        "last_day": period.until - timedelta(days=1),
        "asked": asked,
        "grouping": grouping,
        "mentors": mentor_tables(found.mentors) if found.has_invitations else [],
        "mentees": mentee_tables(found.mentees),
        "unevenness": unevenness(found.mentors),
        "busiest": busiest(found.mentors),
        "few": FEW,
    }
    return render(request, "learning/fairness.html", page)


def _session(request: MemberRequest, pk: UUID) -> Session:
    mine = Session.objects.visible_to(request.user).select_related("question", "mentee", "mentor")
    return get_object_or_404(mine, pk=pk)


def _today(mentee: Person | None) -> date:
    return timezone.now().astimezone(ZoneInfo(mentee.time_zone if mentee else "UTC")).date()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0
