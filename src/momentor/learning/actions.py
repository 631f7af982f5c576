"""Keeping what a conversation gave, and asking on its day what came of it."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.asking.models import Answer
from momentor.asking.words import clean
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.pushing import push, room_stream
from momentor.foundation.refusals import Refusal
from momentor.learning.events import FeedbackGiven, MentorThanked, NudgeDue, OutcomeTold, PlanMade, TakeawayWritten
from momentor.learning.models import Feedback, Nudge, Outcome, Takeaway, Thanks
from momentor.learning.spacing import NUDGES, gap
from momentor.people.models import Block, Person
from momentor.sessions.models import Session

ASKS_AT = time(9)


class TakeawayEmpty(Refusal):
    message = _("Write at least one of the three: what you learned, a first step, or a plan.")
    status = 422


class DayHasPassed(Refusal):
    message = _("Choose a day from tomorrow on, within a year.")
    status = 422


class NotYourSession(Refusal):
    message = _("Only the two people of a session can write on its takeaway.")
    status = 403


class CardIsClosed(Refusal):
    message = _("This card can no longer be changed.")


class TakeawayChanged(Refusal):
    message = _("The other one has written on this card meanwhile. Both versions are below: put them together.")


class PlanIsClosed(Refusal):
    message = _("You have already told what came of this plan. Thank you.")


@transaction.atomic
def write_takeaway(
    *,
    session: Session,
    by: Person,
    now: datetime,
    insight: str = "",
    first_step: str = "",
    plan_if: str = "",
    plan_then: str = "",
    check_on: date | None = None,
    written_over: str | None = None,
) -> Takeaway:
    """Keep the card of a session; each of the two may write on it, the last word stays.

    A plan with a date is nudged on that date, in the mentee's own morning. `written_over` is the version of the card
    that the writer had before them, where that is known.
    Raises NotYourSession, CardIsClosed, TakeawayEmpty, TakeawayChanged, DayHasPassed.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not session.has(by):
        raise NotYourSession
    # The card is the mentee's: what a mentor wrote after a block would come back in plans and reminders.
    if by.pk == session.mentor_id and session.mentee is not None and Block.objects.between(by, session.mentee):
        raise CardIsClosed
    words = {
        "insight": clean(insight)[:500],
        "first_step": clean(first_step)[:300],
        "plan_if": clean(plan_if)[:200],
        "plan_then": clean(plan_then)[:200],
    }
    if not any(words.values()):
        raise TakeawayEmpty
    before = Takeaway.objects.filter(session=session).first()
    if (
        written_over is not None
        and before is not None
        and before.version != written_over
        and before.written_by_id != by.pk
    ):
        raise TakeawayChanged
    is_other_day = before is None or before.check_on != check_on
    if check_on is not None and is_other_day:
        today = now.astimezone(_zone(session.mentee)).date()
        if not today < check_on <= today + timedelta(days=366):
            raise DayHasPassed
    takeaway, _is_new = Takeaway.objects.update_or_create(
        session=session, defaults={**words, "check_on": check_on, "written_by": by, "written_at": now}
    )
    announce(TakeawayWritten(takeaway_id=takeaway.pk, by_id=by.pk, at=now))
    _plan_nudge(takeaway, session, is_other_day=is_other_day, now=now)
    push(to=room_stream(session.pk), message={"t": "takeaway", "by": str(by.pk)})
    return takeaway


@transaction.atomic
def give_feedback(*, session: Session, by: Person, now: datetime, **answers: object) -> Feedback:
    """Tell the product, in private, how it went; a second time replaces the first. Raises NotYourSession."""
    if not session.has(by):
        raise NotYourSession
    feedback, _is_new = Feedback.objects.update_or_create(session=session, by=by, defaults={**answers, "given_at": now})
    if by.pk == session.mentee_id and session.mentor_id and feedback.moved is not None:
        Answer.objects.filter(question=session.question, mentor=session.mentor).update(
            helped=feedback.moved >= Feedback.Moved.FURTHER
        )
    announce(FeedbackGiven(session_id=session.pk, by_id=by.pk, at=now))
    return feedback


@transaction.atomic
def thank_mentor(*, session: Session, by: Person, words: str, now: datetime) -> Thanks:
    """Say thank you, once. Raises NotYourSession for anybody but the mentee, TakeawayEmpty without words."""
    if by.pk != session.mentee_id:
        raise NotYourSession
    words = clean(words)[:1000]
    if not words:
        raise TakeawayEmpty
    thanks, is_new = Thanks.objects.get_or_create(session=session, defaults={"words": words, "given_at": now})
    if is_new:
        announce(MentorThanked(thanks_id=thanks.pk, at=now))
    return thanks


@transaction.atomic
def reply_to_nudge(
    *, nudge: Nudge, by: Person, reply: str, now: datetime, words: str = "", helped: bool | None = None
) -> Nudge:
    """Say what became of a plan: done and did-not-fit end it and reach the mentor, not-yet is asked again later.

    Raises NotYourSession, PlanIsClosed.
    """
    takeaway = (
        Takeaway.objects.select_for_update(of=("self",)).select_related("session__mentee").get(pk=nudge.takeaway_id)
    )
    if by.pk != takeaway.session.mentee_id:
        raise NotYourSession
    if takeaway.finished_at is not None:
        raise PlanIsClosed
    nudge = Nudge.objects.select_for_update().get(pk=nudge.pk)
    nudge.reply = Nudge.Reply(reply)
    nudge.replied_at = now
    nudge.save(update_fields=["reply", "replied_at"])
    if nudge.reply == Nudge.Reply.NOT_YET:
        _nudge_again(nudge, takeaway, now=now)
    else:
        done = nudge.reply == Nudge.Reply.DONE
        tell_outcome(takeaway=takeaway, by=by, was_applied=done, helped=helped, words=words, now=now)
    return nudge


@transaction.atomic
def tell_outcome(
    *, takeaway: Takeaway, by: Person, was_applied: bool, now: datetime, helped: bool | None = None, words: str = ""
) -> Outcome:
    """Tell what came of a plan; the mentor hears of it. Telling again changes the words and whether it helped.

    Raises NotYourSession.
    """
    takeaway = Takeaway.objects.select_for_update(of=("self",)).select_related("session").get(pk=takeaway.pk)
    if by.pk != takeaway.session.mentee_id:
        raise NotYourSession
    outcome, is_new = Outcome.objects.update_or_create(
        takeaway=takeaway,
        defaults={"was_applied": was_applied, "helped": helped, "words": clean(words)[:1000], "told_at": now},
    )
    takeaway.finished_at = takeaway.finished_at or now
    takeaway.save(update_fields=["finished_at"])
    if helped is not None and takeaway.session.mentor_id:
        Answer.objects.filter(question_id=takeaway.session.question_id, mentor_id=takeaway.session.mentor_id).update(
            helped=helped
        )
    if is_new:
        announce(OutcomeTold(outcome_id=outcome.pk, at=now))
    return outcome


@jobs.job
def send_nudge(*, nudge_id: UUID) -> None:
    """Remind of a plan on its day, unless it was moved, replied to or finished meanwhile."""
    now = timezone.now()
    nudge = Nudge.objects.select_for_update(of=("self",)).select_related("takeaway").filter(pk=nudge_id).first()
    if nudge is None or nudge.sent_at or nudge.reply or nudge.takeaway.finished_at or nudge.due_at > now:
        return
    nudge.sent_at = now
    nudge.save(update_fields=["sent_at"])
    announce(NudgeDue(nudge_id=nudge.pk, at=now))


def _plan_nudge(takeaway: Takeaway, session: Session, *, is_other_day: bool, now: datetime) -> None:
    """Keep the next reminder in step with the date on the card."""
    if takeaway.finished_at is not None:
        return
    if not takeaway.has_plan:
        Nudge.objects.filter(takeaway=takeaway, sent_at=None, reply="").delete()
        return
    assert takeaway.check_on is not None
    due_at = datetime.combine(takeaway.check_on, ASKS_AT, tzinfo=_zone(session.mentee))
    latest = Nudge.objects.filter(takeaway=takeaway).order_by("-number").first()
    if latest is None:
        nudge = Nudge.objects.create(takeaway=takeaway, number=1, due_at=due_at)
        announce(PlanMade(takeaway_id=takeaway.pk, at=now))
    elif not is_other_day:
        return
    elif latest.sent_at is None and not latest.reply:
        nudge = latest
        nudge.due_at = due_at
        nudge.save(update_fields=["due_at"])
    else:
        nudge = Nudge.objects.create(takeaway=takeaway, number=latest.number + 1, due_at=due_at)
    jobs.enqueue(send_nudge, at=due_at, nudge_id=nudge.pk)


def _nudge_again(nudge: Nudge, takeaway: Takeaway, *, now: datetime) -> None:
    if nudge.number >= NUDGES:
        return
    horizon = nudge.due_at - takeaway.written_at
    due_at = now + gap(max(horizon, timedelta(days=1)), nudge.number)
    local = due_at.astimezone(_zone(takeaway.session.mentee))
    due_at = local.replace(hour=ASKS_AT.hour, minute=0, second=0, microsecond=0)
    following, is_new = Nudge.objects.get_or_create(
        takeaway=takeaway, number=nudge.number + 1, defaults={"due_at": due_at}
    )
    if is_new:
        jobs.enqueue(send_nudge, at=following.due_at, nudge_id=following.pk)


def _zone(person: Person | None) -> ZoneInfo:
    return ZoneInfo(person.time_zone if person else "UTC")
