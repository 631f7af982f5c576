"""Where a question stands on its ladder, how long each step usually takes, and what has happened to it so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentor.asking.models import Answer, Gap, Question
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.plain import time_in_words
from momentor.people.models import Medium, Person
from momentor.scheduling.models import Booking
from momentor.sessions.models import Session

State = Question.State

# "Usually" is said of this many cases or more, of the last months.
FEWEST = 5
LATELY = timedelta(days=180)
SAMPLE = 200

ANSWERED_ALREADY, NOW, SOON, BY_TIME, NOBODY = range(5)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the ladder, as parts/ladder.html shows it."""

    name: str
    text: str
    usual: str
    state: str  # "done", "here" or "ahead"


def ladder_of(question: Question, *, now: datetime) -> list[Step]:
    """Return the steps that a question goes down, those that exist by now, and where it stands."""
    here = _here(question)
    usual = usual_times(now=now)
    texts = {
        ANSWERED_ALREADY: (_("Answered already?"), _("Answers that others let you read, while you write.")),
        NOW: (_("Now"), _("Mentors who can be reached see your question; the first to say yes gets it.")),
        SOON: (_("Soon"), _("A free slot of somebody who fits, today or in the next days.")),
        BY_TIME: (_("By a stated time"), _("An answer in writing. It always says whose move it is.")),
        NOBODY: (
            _("Nobody yet"),
            _("Your coordinator hears what is missing here, and we ask those who join, every day for two weeks."),
        ),
    }
    return [
        Step(name=name, text=text, usual=usual.get(step, ""), state=_state(step, here))
        for step, (name, text) in texts.items()
    ]


def usual_times(*, now: datetime) -> dict[int, str]:
    """Return by step how long it usually took to find somebody there, where there are enough cases to say so."""
    since = now - LATELY
    found = Offer.objects.filter(state__in=(Offer.State.ACCEPTED, Offer.State.RETURNED), decided_at__gt=since)
    samples = {
        NOW: found.filter(search__pace=Search.Pace.LIVE).order_by("-decided_at"),
        BY_TIME: found.filter(search__pace=Search.Pace.WRITTEN).order_by("-decided_at"),
    }
    minutes = {
        step: [
            (decided_at - started_at).total_seconds() / 60
            for decided_at, started_at in rows.values_list("decided_at", "search__started_at")[:SAMPLE]
            if decided_at is not None
        ]
        for step, rows in samples.items()
    }
    booked = Booking.objects.filter(cancelled_at=None, booked_at__gt=since).order_by("-booked_at")
    minutes[SOON] = [
        (starts - booked_at).total_seconds() / 60
        for starts, booked_at in booked.annotate(starts=Lower("during")).values_list("starts", "booked_at")[:SAMPLE]
    ]
    return {
        step: _("usually %(time)s") % {"time": time_in_words(median(taken))}
        for step, taken in minutes.items()
        if len(taken) >= FEWEST
    }


def _here(question: Question) -> int | None:
    """Return the step on which a question stands; None once it is resolved or gone."""
    if question.state in (State.ANSWERED, State.WITHDRAWN):
        return None
    if question.state == State.DRAFT:
        return ANSWERED_ALREADY
    if question.state == State.WAITING:
        steps = Question.Step
        return {steps.SOON: SOON, steps.BY_TIME: BY_TIME, steps.NOBODY: NOBODY}.get(steps(question.step), BY_TIME)
    if question.state == State.SCHEDULED:
        return SOON
    is_claimed = question.state in (State.CLAIMED, State.IN_SESSION)
    return BY_TIME if is_claimed and question.medium == Medium.ASYNC else NOW


def _state(step: int, here: int | None) -> str:
    if here is None or step > here:
        return "ahead"
    return "here" if step == here else "done"


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happened to a question, in a sentence."""

    at: datetime
    text: str


def story_of(question: Question) -> list[Happening]:
    """Return what has happened to a question, the newest first, for its mentee. Five queries.

    It is read from the rows that the events are about: they hold the same facts, found by the question's id.
    """
    happenings = [
        *_of_question(question),
        *_of_searches(question),
        *_of_sessions(question),
        *_of_bookings(question),
    ]
    # Of two at the same moment, the one that came about later stands above.
    in_order = sorted(enumerate(happenings), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return [happening for _place, happening in in_order]


def _of_question(question: Question) -> Iterator[Happening]:
    if question.asked_at is not None:
        written = _("You wrote a draft.") if question.state == State.DRAFT else _("You asked.")
        yield Happening(at=question.asked_at, text=written)
    if question.state == State.WITHDRAWN:
        already = question.reason == "answered_already"
        gone = _("You found an answer that was there already.") if already else _("You withdrew the question.")
        yield Happening(at=question.changed_at, text=gone)
    for gap in Gap.objects.filter(question=question):
        yield Happening(at=gap.noticed_at, text=_("Nobody here could take it. Your coordinator has been told."))
    for answer in Answer.objects.filter(question=question).select_related("mentor"):
        if answer.given_at is not None:
            yield Happening(at=answer.given_at, text=_("%(name)s answered.") % {"name": _name(answer.mentor)})


def _of_searches(question: Question) -> Iterator[Happening]:
    offers = Count("pk", filter=~Q(state=Offer.State.WITHDRAWN))
    asked = dict(Offer.objects.filter(question=question).values("search").annotate(n=offers).values_list("search", "n"))
    for search in Search.objects.filter(question=question, next_wave_at__isnull=False).order_by("started_at"):
        yield Happening(at=search.started_at, text=_started(search))
        if search.ended_at is not None:
            yield Happening(at=search.ended_at, text=_ended(search, asked.get(search.pk, 0)))


def _started(search: Search) -> str:
    if search.pace == Search.Pace.WRITTEN:
        return _("The search for an answer in writing began.")
    if search.chosen:
        count = len(search.chosen)
        text = ngettext(
            "The search began, with the person you chose.",
            "The search began, with the %(count)s people you chose.",
            count,
        )
        return text % {"count": count}
    return _("The search began: whoever is first.")


def _ended(search: Search, asked: int) -> str:
    ends = {
        Search.State.FOUND: _("Somebody said yes."),
        Search.State.STOPPED: _("This round of the search ended."),
    }
    if search.state in ends:
        return ends[Search.State(search.state)]
    if not asked:
        return _("There was nobody to ask in this round.")
    text = ngettext(
        "The one who was asked could not take it.", "None of the %(count)s who were asked could take it.", asked
    )
    return text % {"count": asked}


def _of_sessions(question: Question) -> Iterator[Happening]:
    reasons = Session.EndReason
    for session in Session.objects.filter(question=question).select_related("mentor"):
        names = {"name": _name(session.mentor)}
        yield Happening(at=session.opened_at, text=_("A room opened for you and %(name)s.") % names)
        if session.ended_at is None:
            continue
        ends = {
            reasons.MENTOR_ABSENT: _("%(name)s did not come in time, so we looked for somebody else."),
            reasons.MENTEE_ABSENT: _("You did not come in time, so the question went on in writing."),
            reasons.HANDED_BACK: _("%(name)s handed the question back, so we looked for somebody else."),
            reasons.QUIET: _("The conversation with %(name)s fell silent."),
        }
        said = ends.get(reasons(session.end_reason), _("The conversation with %(name)s ended."))
        yield Happening(at=session.ended_at, text=said % names)


def _of_bookings(question: Question) -> Iterator[Happening]:
    bookings = Booking.objects.filter(question=question).select_related("mentor").order_by(F("booked_at"))
    for booking in bookings:
        # Where names are kept for the room, the booking has none either.
        names = {"name": _("somebody") if question.is_blind else _name(booking.mentor)}
        yield Happening(at=booking.booked_at, text=_("You booked a slot with %(name)s.") % names)
        if booking.cancelled_at is not None:
            by_mentor = booking.cancelled_by_id == booking.mentor_id
            said = _("%(name)s gave the slot back.") % names if by_mentor else _("The slot was given back.")
            yield Happening(at=booking.cancelled_at, text=said)


def _name(person: Person | None) -> str:
    return str(person) if person is not None else _("somebody who left")
