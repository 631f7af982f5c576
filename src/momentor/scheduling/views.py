"""Booking a slot, giving it back, and a mentor's weekly hours."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from momentor.asking.blind import NotOnTheList, people_behind
from momentor.asking.models import Question
from momentor.asking.zones import in_own_zone
from momentor.dispatch.queries import asked_about, proposed_for
from momentor.foundation.redirects import go
from momentor.foundation.refusals import Refusal
from momentor.people.gates import MemberRequest, for_members
from momentor.people.models import Block, Membership
from momentor.scheduling.actions import book_slot, cancel_booking, set_weekly_hours
from momentor.scheduling.forms import SlotForm, WeekForm, initial_of
from momentor.scheduling.limits import is_understood, mentors_within
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import Offered, all_bookings_ahead, hours_of, offered_by

PAGE = 20


@for_members
@in_own_zone
def slots(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The free times of one mentor, or of those who fit best; booking one of them."""
    mine = Question.objects.filter(mentee=request.user).select_related("programme", "mentee")
    question = get_object_or_404(mine, pk=pk)
    if question.state != Question.State.DRAFT and not question.may_be_claimed:
        return go("asking:question", pk)
    form, status = SlotForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                booking = _book(request, question, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
                status = refusal.status
            else:
                messages.success(request, _("Booked. A room opens a minute before the time."))
                return go("scheduling:booking", booking.pk)
    context = {"question": question, "offered": _offered(request, question), "form": form}
    return render(request, "scheduling/slots.html", context, status=status)


def _book(request: MemberRequest, question: Question, *, mentor: UUID, starts_at: Any) -> Booking:
    person = _mentor(request, question, mentor).person
    return book_slot(question=question, by=request.user, mentor=person, starts_at=starts_at, now=timezone.now())


def _mentor(request: MemberRequest, question: Question, key: UUID) -> Membership:
    (person_id,) = people_behind(question, [key])
    apart = Block.objects.apart_from(request.user)
    seen = Membership.objects.mentors().filter(person__is_claimed=True).exclude(person=request.user)
    return get_object_or_404(seen.exclude(person_id__in=list(apart)).select_related("person"), person_id=person_id)


def _offered(request: MemberRequest, question: Question) -> list[Offered]:
    now, wanted = timezone.now(), request.POST.get("mentor") or request.GET.get("mentor")
    try:
        members = [_mentor(request, question, UUID(wanted))] if wanted else _fitting(question, now)
    except (ValueError, NotOnTheList) as unknown:
        if request.method != "POST":
            raise Http404 from unknown
        members = _fitting(question, now)  # the form says why it is not the one that was sent
    within = set(mentors_within(question).filter(pk__in=[one.pk for one in members]).values_list("pk", flat=True))
    return offered_by(
        [one for one in members if one.pk in within and is_understood(question, one.person.languages)],
        question=question,
        zone=request.user.time_zone,
        most=120 if wanted else 6,
        now=now,
    )


def _fitting(question: Question, now: datetime) -> list[Membership]:
    proposed = [one.person_id for one in proposed_for(question, now=now, take=5) if one.has_joined]
    fitting = [*asked_about(question), *proposed]
    by_id = {
        member.person_id: member
        for member in Membership.objects.mentors().filter(person_id__in=fitting).select_related("person")
    }
    return [by_id[person_id] for person_id in fitting if person_id in by_id]


@for_members
@in_own_zone
@require_safe
def bookings(request: MemberRequest) -> HttpResponse:
    """Everything that one has booked and still before one, page by page."""
    found = Paginator(all_bookings_ahead(request.user, now=timezone.now()), PAGE).get_page(request.GET.get("page"))
    for one in found:
        one.other = one.other_than(request.user)  # type: ignore[attr-defined]  # for the template
    earlier = f"?page={found.previous_page_number()}" if found.has_previous() else ""
    later = f"?page={found.next_page_number()}" if found.has_next() else ""
    context = {"found": found, "rows": list(found), "earlier": earlier, "later": later}
    return render(request, "scheduling/bookings.html", context)


@for_members
@in_own_zone
@require_safe
def booking(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A booked slot, for the two whose it is."""
    found = _own(request, pk)
    is_mentee = found.mentee_id == request.user.pk
    context = {
        "booking": found,
        "question": found.question,
        "is_mentee": is_mentee,
        "other": found.other_than(request.user),
        "is_over": found.during.upper <= timezone.now(),
    }
    return render(request, "scheduling/booking.html", context)


@for_members
@require_POST
def cancellation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Give a booked slot back."""
    found = _own(request, pk)
    try:
        cancel_booking(booking=found, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return go("scheduling:booking", pk)
    messages.success(request, _("The slot is given back, and the other is told."))
    return go("asking:question", found.question_id) if found.mentee_id == request.user.pk else go("dispatch:desk")


@for_members
def hours(request: MemberRequest) -> HttpResponse:
    """A mentor's weekly hours, in the mentor's own time zone."""
    form = WeekForm(request.POST or None, initial=initial_of(hours_of(request.membership)))
    trouble, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_weekly_hours(by=request.user, stretches=[one.stretch for one in form.forms if one.stretch])
            except Refusal as refusal:
                trouble = str(refusal.message)
            else:
                messages.success(request, _("Saved. What is booked already stays booked."))
                return go("scheduling:hours")
    context = {"form": form, "trouble": trouble, "answers": request.membership.answers_questions}
    return render(request, "scheduling/hours.html", context, status=status)


def _own(request: MemberRequest, pk: UUID) -> Booking:
    mine = Booking.objects.visible_to(request.user)
    return get_object_or_404(mine.select_related("question__programme", "mentor", "mentee"), pk=pk)
