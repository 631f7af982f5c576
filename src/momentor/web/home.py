"""What the home page shows: everything that waits for a person, in few questions to the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from momentor.asking.models import Question
from momentor.dispatch.models import Offer
from momentor.foundation.prepared import prepared
from momentor.learning.models import Feedback, Takeaway
from momentor.learning.queries import open_plans
from momentor.matches.queries import Mine, asked_to_say, matches_at_home
from momentor.people.models import Membership, Person, Programme
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import bookings_ahead
from momentor.sessions.models import Session
from momentor.sessions.queries import conversations

MOST = 6
FRESH = timedelta(days=3)
LOOK_AT_PLANS = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Home:
    """One person's home page, most urgent first."""

    membership: Membership
    now: datetime
    offers: list[Offer]
    rooms: list[Session]  # a conversation goes on, or is about to, with a clock
    my_move: list[Session]
    their_move: list[Session]
    to_close: list[Session]  # just over, without a takeaway or a word on how it was
    questions: list[Question]
    bookings: list[Booking]
    plans: list[Takeaway]
    matches: list[Mine]
    unsaid: Programme | None  # a programme that gives mentors, and waits for a word on it

    @property
    def due_plans(self) -> list[Takeaway]:
        return [plan for plan in self.plans if plan.due_at <= self.now]  # type: ignore[attr-defined]  # annotated

    @property
    def later_plans(self) -> list[Takeaway]:
        return [plan for plan in self.plans if plan.due_at > self.now]  # type: ignore[attr-defined]  # annotated

    @property
    def waits(self) -> bool:
        """Return whether anything waits for this person."""
        return bool(self.offers or self.rooms or self.my_move or self.due_plans or self.to_close)

    @property
    def is_new(self) -> bool:
        """Return whether there is nothing here yet at all."""
        return not (
            self.waits
            or self.their_move
            or self.questions
            or self.bookings
            or self.plans
            or self.matches
            or self.unsaid
        )

    @property
    def is_available(self) -> bool:
        return self.membership.is_available(self.now)


def home_of(membership: Membership, person: Person, *, now: datetime) -> Home:
    """Return a person's home page in seven queries."""
    sessions = _conversations(person, now)
    running = [one for one in sessions if not one.is_over]
    return Home(
        membership=membership,
        now=now,
        offers=_offers(person=person, now=now) if membership.answers_questions else [],
        rooms=[one for one in running if not one.is_written],
        my_move=[one for one in running if one.is_written and one.next_move_by_id == person.pk],
        their_move=[one for one in running if one.is_written and one.next_move_by_id != person.pk],
        to_close=[one for one in sessions if one.is_over][:3],
        questions=_questions(person=person),
        bookings=_bookings(person, now),
        plans=_plans(person=person),
        matches=matches_at_home(person),
        unsaid=None if membership.answers_questions else asked_to_say(membership),
    )


def _conversations(person: Person, now: datetime) -> list[Session]:
    """Return the open conversations, and those just over about which nothing was kept or said yet."""
    sessions = _unfinished(person=person, since=now - FRESH)
    for session in sessions:
        session.other = session.other_than(person)  # type: ignore[attr-defined]  # for the template
    return sessions


@prepared
def _unfinished(person: Person, since: datetime) -> QuerySet[Session]:
    spoke = Feedback.objects.filter(session=OuterRef("pk"), by=person)
    kept = Takeaway.objects.filter(session=OuterRef("pk"))
    fresh = Q(state=Session.State.ENDED, ended_at__gt=since)
    unfinished = fresh & (~Exists(spoke) | (Q(mentee=person) & ~Exists(kept)))
    shown = conversations(person).filter(Q(state__in=Session.LIVE) | unfinished)
    return shown.annotate(is_kept=Exists(kept))[: 3 * MOST]


def _bookings(person: Person, now: datetime) -> list[Booking]:
    bookings = bookings_ahead(person, now=now)
    for booking in bookings:
        booking.other = booking.other_than(person)  # type: ignore[attr-defined]  # for the template
    return bookings


@prepared
def _offers(person: Person, now: datetime) -> QuerySet[Offer]:
    waiting = Offer.objects.waiting().visible_to(person).filter(lapses_at__gt=now)
    return waiting.select_related("question", "search").order_by("lapses_at", "id")[:MOST]


@prepared
def _questions(person: Person) -> QuerySet[Question]:
    """Return the questions that still look for somebody, and drafts; those booked or in a conversation stand there."""
    open_ones = Question.objects.filter(
        mentee=person,
        state__in=(
            Question.State.DRAFT,
            Question.State.OPEN,
            Question.State.SEARCHING,
            Question.State.WAITING,
        ),
    )
    return open_ones.order_by("-changed_at", "-id")[:MOST]


@prepared
def _plans(person: Person) -> QuerySet[Takeaway]:
    return open_plans(person)[:MOST]
