"""What has happened before a story begins, made by the product's own actions."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.asking.models import Answer, Question
from momentor.dispatch.actions import accept_offer, show_list, start_search
from momentor.dispatch.models import LedgerEntry, Offer
from momentor.foundation.ids import new_id
from momentor.foundation.pushing import push, room_stream
from momentor.foundation.tenancy import acting_in
from momentor.learning.actions import thank_mentor, write_takeaway
from momentor.learning.models import Nudge
from momentor.matches.actions import confirm_preview, start_preview
from momentor.matches.models import Match, Preview
from momentor.matches.working import work_out
from momentor.people.actions import become_available, start_programme
from momentor.people.models import Medium, Organisation, Person, Programme
from momentor.scheduling.actions import book_slot, set_weekly_hours
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.scheduling.slots import MIDNIGHT
from momentor.sessions.actions import attend, end_session
from momentor.sessions.models import Session
from momentor.sessions.posting import post_message
from momentor.trust.actions import report
from momentor.trust.models import Report
from tests.cast import membership_of
from tests.programmes import a_programme, wants

FOREMAN = (
    "I have welded for six years and was offered the foreman role of my crew of eight. I fear to lose the craft. "
    "My goal is to decide until Friday: how did you decide, and what would you ask the firm first?"
)
CERTIFICATE = "Which welding certificate should I take first after six years of practice, and who pays for it usually?"
TEACHING = "How do I teach welding to people over thirty who have not been to school for years?"


_hours = count(1)


def is_there(person: Person, organisation: Organisation, *, minutes: int = 120) -> None:
    """Let a mentor be available now."""
    with acting_in(organisation.pk, person_id=person.pk):
        become_available(by=person, minutes=minutes, now=timezone.now())


def always_bookable(person: Person, organisation: Organisation) -> None:
    """Let a mentor have hours on every day, around the clock."""
    with acting_in(organisation.pk, person_id=person.pk):
        set_weekly_hours(by=person, stretches=[(day, time(0), MIDNIGHT) for day in range(7)])


def a_draft(organisation: Organisation, mentee: Person, text: str = FOREMAN, **choices: Any) -> Question:
    with acting_in(organisation.pk, person_id=mentee.pk):
        given = {"language": "en", "topics": ["welding", "leading a crew"], "medium": Medium.CHAT, **choices}
        return draft_question(by=mentee, text=text, now=timezone.now(), **given)


def a_search(
    organisation: Organisation, mentee: Person, *chosen: Person, text: str = FOREMAN, **choices: Any
) -> Question:
    """Ask these mentors, or whoever is first where none is named."""
    question = a_draft(organisation, mentee, text, **choices)
    with acting_in(organisation.pk, person_id=mentee.pk):
        start_search(question=question, by=mentee, chosen=[one.pk for one in chosen], now=timezone.now())
    return question


def a_room(
    organisation: Organisation, mentee: Person, mentor: Person, *said: str, text: str = FOREMAN, **choices: Any
) -> Session:
    """Open a running session of the two, in which these words were said in turn, the mentee first."""
    question = a_search(organisation, mentee, mentor, text=text, **choices)
    now = timezone.now()
    with acting_in(organisation.pk, person_id=mentor.pk):
        offer = Offer.objects.get(question=question, mentor=mentor)
        session = accept_offer(offer=offer, by=mentor, now=now)
        for person in (mentee, mentor):
            attend(session_id=session.pk, person_id=person.pk, now=now)
    for number, body in enumerate(said):
        say(organisation, session, mentor if number % 2 else mentee, body)
    return session


def minutes_left(organisation: Organisation, session_id: UUID, left: timedelta) -> None:
    """Let the time of a session pass until this much is left, and tell its pages, as an extension does."""
    with acting_in(organisation.pk):
        session = Session.objects.get(pk=session_id)
        session.ends_at = timezone.now() + left
        session.save(update_fields=["ends_at"])
        clock = {"t": "clock", "ends_at": session.ends_at.isoformat(), "minutes": session.time_box}
        push(to=room_stream(session.pk), message=clock)


def say(organisation: Organisation, session: Session, person: Person, body: str) -> None:
    with acting_in(organisation.pk, person_id=person.pk):
        post_message(session=session, by=person, body=body, client_id=str(new_id()), now=timezone.now())


def an_ended_session(organisation: Organisation, mentee: Person, mentor: Person, text: str = CERTIFICATE) -> Session:
    """Let two have talked, with a takeaway whose plan is due, and thanks."""
    session = a_room(
        organisation, mentee, mentor, "Which one first?", "The one your firm pays for.", text=text, time_box=15
    )
    now = timezone.now()
    with acting_in(organisation.pk, person_id=mentee.pk):
        end_session(session=session, by=mentee, now=now)
        write_takeaway(
            session=session,
            by=mentee,
            insight="The firm pays when the certificate names its own process.",
            first_step="Ask for the training plan",
            plan_if="the foreman is in on Monday",
            plan_then="ask for the training plan",
            check_on=date.today() + timedelta(days=3),  # noqa: DTZ011 - a day in the mentee's calendar
            now=now,
        )
        thank_mentor(session=session, by=mentee, words="Thank you, that was quick.", now=now)
        Nudge.objects.filter(takeaway__session=session).update(due_at=now - timedelta(minutes=5))
    return session


@dataclass(frozen=True, kw_only=True)
class Life:
    """What lies about in a full organisation."""

    draft: UUID
    searching: UUID
    waiting: UUID
    offer: UUID
    room: UUID
    talking: UUID
    written: UUID
    ended: UUID
    answer: UUID | None
    nudge: UUID
    booking: UUID
    report: UUID
    programme: UUID
    match: UUID
    preview: UUID
    own_list: UUID
    wave: UUID


def a_full_life(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> Life:
    """Give Amina, Ben and Emil something on every page, and Dana a report to decide."""
    now = timezone.now()
    always_bookable(emil, organisation)
    ended = an_ended_session(organisation, amina, ben)
    room = a_room(
        organisation,
        amina,
        ben,
        "Hello Ben, thank you for coming.",
        "Hello! What is the first thing that comes to mind when you think of the crew?",
        "That I no longer weld.\n```\nMonday: plans\nTuesday: plans\n```",
        "I kept one day a week at the bench: https://example.org/bench",
    )
    written = a_room(organisation, amina, emil, "No hurry at all.", text=TEACHING, medium=Medium.ASYNC)
    booked = a_draft(organisation, amina, "Should I keep my own tools when I become a foreman of a crew?")
    with acting_in(organisation.pk, person_id=amina.pk):
        # Nobody can be in two places: each story books another hour of Emil's.
        slot = slots_of(membership_of(emil, organisation), minutes=10, now=now)[6 * next(_hours)]
        booking: Booking = book_slot(question=booked, by=amina, mentor=emil, starts_at=slot[0], now=now)
        made: Report = report(
            kind="session", subject_id=room.pk, reason=Report.Reason.values[0], words="Too loud.", by=amina, now=now
        )
        nudge = Nudge.objects.get(takeaway__session=ended)
        answer = Answer.objects.filter(question=ended.question).first()
        end_session(session=Session.objects.select_related("question").get(pk=room.pk), by=ben, now=now)
    # Three questions may be open at once; the room above has ended by now.
    searching = a_search(organisation, dana, emil, text="How do I plan my first week as a coordinator of welders?")
    waiting = a_search(organisation, dana, text="How do I write a job advert for an older welder?", medium=Medium.ASYNC)
    talking = a_room(organisation, dana, ben, "Do you have a list for the first day?", "One line: listen.")
    draft = a_draft(organisation, amina)
    with acting_in(organisation.pk, person_id=dana.pk):
        start_programme(by=dana, name="First crews", goal="From the bench to the crew.", now=now)
    match, preview = a_programme_that_gives_mentors(organisation, amina, ben, emil, dana)
    with acting_in(organisation.pk, person_id=emil.pk):
        offer = Offer.objects.get(question=searching, mentor=emil)
    own_list, wave = how_lists_came_about(organisation, draft, room)
    return Life(
        draft=draft.pk,
        searching=searching.pk,
        waiting=waiting.pk,
        offer=offer.pk,
        room=room.pk,
        talking=talking.pk,
        written=written.pk,
        ended=ended.pk,
        answer=answer.pk if answer else None,
        nudge=nudge.pk,
        booking=booking.pk,
        report=made.pk,
        programme=match.programme_id,
        match=match.pk,
        preview=preview.pk,
        own_list=own_list.pk,
        wave=wave.pk,
    )


def how_lists_came_about(organisation: Organisation, draft: Question, room: Session) -> tuple[LedgerEntry, LedgerEntry]:
    """Show a draft's list, and return how it came about; and how the wave did that led to this conversation."""
    with acting_in(organisation.pk):
        shown = show_list(question=draft, now=timezone.now())
        waves = LedgerEntry.objects.filter(question=room.question_id, search__isnull=False)
        return LedgerEntry.objects.get(pk=shown.entry_id), waves.latest("made_at")


def a_programme_that_gives_mentors(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person
) -> tuple[Match, Preview]:
    """Match Amina with Ben in a programme, and let a preview for Dana wait in it."""
    programme = a_programme(organisation, dana, amina, ben, emil, dana, name="First year as a foreman")
    wants(organisation, programme, amina)
    preview = a_worked_out_preview(organisation, programme, dana)
    with acting_in(organisation.pk, person_id=dana.pk):
        confirm_preview(preview=preview, by=dana, now=timezone.now())
    wants(organisation, programme, dana, "I coordinate welders, and would like to learn how to teach the trade.")
    with acting_in(organisation.pk):
        match = Match.objects.get(programme=programme, mentee=amina)
    return match, a_worked_out_preview(organisation, programme, dana)


def a_worked_out_preview(organisation: Organisation, programme: Programme, dana: Person) -> Preview:
    """Have a preview worked out here, and not by the worker of the site."""
    now = timezone.now()
    with acting_in(organisation.pk, person_id=dana.pk):
        preview = start_preview(programme=programme, by=dana, now=now, is_queued=False)
    work_out(preview_id=preview.pk, organisation_id=organisation.pk, now=now)
    return preview
