"""Who hears of what. Each may run late and twice: `once` keeps it from telling twice."""

from uuid import UUID

from momentor.asking.events import GapNoticed, QuestionWithdrawn, ShowingAgreed
from momentor.asking.models import Answer, Question
from momentor.dispatch.events import ChoiceLapsed, OfferAccepted, OfferLapsed, OfferMade, OfferPassed, SearchEmpty
from momentor.dispatch.models import Offer, Search
from momentor.foundation import jobs
from momentor.foundation.models import EventRecord
from momentor.learning.events import MentorThanked, NudgeDue, OutcomeTold
from momentor.learning.models import Nudge, Outcome, Thanks
from momentor.matches.events import MatchEnded, PreviewConfirmed, PreviewReady
from momentor.matches.models import Match, Preview
from momentor.notices.actions import settle, tell
from momentor.notices.farewells import DECLINED, REMOVED, SUSPENDED
from momentor.notices.jobs import mail_farewell, tell_some_matched
from momentor.people.events import (
    PersonAskedToJoin,
    PersonDeclined,
    PersonEnrolled,
    PersonJoined,
    PersonLeft,
    WishSaid,
)
from momentor.people.models import Block, Enrolment, Membership
from momentor.scheduling.events import BookingCancelled, BookingDue, SlotBooked
from momentor.scheduling.models import Booking
from momentor.sessions.events import MovePassed, SessionEnded, SessionReturned
from momentor.sessions.models import Session
from momentor.sessions.queries import turn_began
from momentor.trust.events import ReportClosed, ReportMade
from momentor.trust.models import Report

OFFERS = ("offer", "offer_written")
SHOWING = ("asked_to_show", "answer_to_show")
LONGER_THAN_ONE_WAITS = 60  # seconds
MATCHES_AT_ONCE = 50
Reason = Session.EndReason


def tell_mentor_of_offer(event: OfferMade) -> None:
    """Tell a mentor that a question waits for them."""
    offer = Offer.objects.filter(pk=event.offer_id).select_related("search", "question").first()
    if offer is None or not offer.is_waiting:
        return
    written = offer.search.pace == Search.Pace.WRITTEN
    # An offer that was made again, with more time, is told again.
    tell(
        person_id=offer.mentor_id,
        kind="offer_written" if written else "offer",
        once=str(offer.pk),
        now=event.at,
        offer=offer.pk,
        question=offer.question_id,
        minutes=offer.question.time_box,
    )


def tell_mentee_of_claim(event: OfferAccepted) -> None:
    """Tell a mentee who took the question, and the other mentors' bells that it is gone."""
    session = Session.objects.select_related("question").filter(pk=event.session_id).first()
    if session is None:
        return
    settle(kinds=OFFERS, question=session.question_id, now=event.at)
    if not session.is_over:
        tell(
            person_id=session.mentee_id,
            kind="claimed_written" if session.is_written else "claimed",
            once=str(session.pk),
            now=event.at,
            who=session.mentor_id,
            session=session.pk,
            question=session.question_id,
        )


def forget_offer(event: OfferPassed | OfferLapsed) -> None:
    """Let the bell stop ringing for an offer that its mentor passed on, or let lapse."""
    offer = Offer.objects.filter(pk=event.offer_id).first()
    if offer is not None and not offer.is_waiting:
        settle(kinds=OFFERS, offer=offer.pk, now=event.at)


def forget_question(event: QuestionWithdrawn) -> None:
    """Let the bells stop ringing for a question that was withdrawn."""
    settle(kinds=OFFERS, question=event.question_id, now=event.at)


def tell_both_of_return(event: SessionReturned) -> None:
    """Tell the one who waited, and the one who did not come, that a question went back to the search."""
    session = Session.objects.select_related("question").get(pk=event.session_id)
    to_mentee = {"mentor_absent": "mentor_absent", "mentee_absent": "your_absence"}.get(event.reason, "returned")
    tell(
        person_id=session.mentee_id,
        kind=to_mentee,
        once=str(session.pk),
        now=event.at,
        who=session.mentor_id,
        session=session.pk,
        question=session.question_id,
    )
    to_mentor = {"mentor_absent": "you_were_absent", "mentee_absent": "mentee_absent"}.get(event.reason)
    if to_mentor:
        tell(
            person_id=session.mentor_id,
            kind=to_mentor,
            once=str(session.pk),
            now=event.at,
            who=session.mentee_id,
            session=session.pk,
        )
    _stop_calling(session, event)


def stop_calling(event: SessionEnded) -> None:
    """Let the bells stop ringing for a conversation that is over."""
    _stop_calling(Session.objects.get(pk=event.session_id), event)


def _stop_calling(session: Session, event: SessionEnded | SessionReturned) -> None:
    settle(kinds=("claimed", "claimed_written", "your_move", "booking_due"), session=session.pk, now=event.at)


def tell_mentee_of_empty_search(event: SearchEmpty) -> None:
    """Tell a mentee that nobody was free, while the question still waits; the last step says so itself."""
    search = Search.objects.select_related("question").get(pk=event.search_id)
    question = search.question
    waits = question.state in (Question.State.WAITING, Question.State.OPEN)
    if waits and question.step != Question.Step.NOBODY:
        tell(
            person_id=question.mentee_id,
            kind="search_empty",
            once=str(search.pk),
            now=event.at,
            question=question.pk,
        )


def tell_mentee_of_lapsed_choice(event: ChoiceLapsed) -> None:
    """Tell a mentee who chose no next step that the question goes on without one."""
    question = Question.objects.get(pk=event.question_id)
    tell(
        person_id=question.mentee_id,
        kind="choice_lapsed",
        once=f"{question.pk}:{event.at:%Y-%m-%d}",
        now=event.at,
        question=question.pk,
    )


def tell_of_gap(event: GapNoticed) -> None:
    """Tell the mentee what happens next, and the coordinators what is missing here."""
    question = Question.objects.get(pk=event.question_id)
    tell(person_id=question.mentee_id, kind="nobody_yet", once=str(question.pk), now=event.at, question=question.pk)
    for person_id in _with_role(Membership.Role.COORDINATOR):
        tell(person_id=person_id, kind="gap", once=str(question.pk), now=event.at)


def tell_whose_move(event: MovePassed) -> None:
    """Tell the one whose move it is, once a turn, however many messages the other wrote."""
    session = Session.objects.unended().filter(pk=event.session_id).first()
    if session is None or session.next_move_by_id != event.person_id:
        return  # answered meanwhile
    began = turn_began(session)
    if began is None:
        return
    other = session.mentor_id if event.person_id == session.mentee_id else session.mentee_id
    settle(kinds=("your_move",), person_id=other, session=session.pk, now=event.at)
    tell(
        person_id=event.person_id,
        kind="your_move",
        once=f"{session.pk}:{began}",
        now=event.at,
        who=other,
        session=session.pk,
    )


def tell_mentor_of_booking(event: SlotBooked) -> None:
    """Tell a mentor that a slot of theirs was booked."""
    found = Booking.objects.standing().select_related("question__programme", "mentor", "mentee")
    booking = found.filter(pk=event.booking_id).first()
    if booking is not None:
        mentee = booking.other_than(booking.mentor)
        tell(
            person_id=booking.mentor_id,
            kind="booking",
            once=str(booking.pk),
            now=event.at,
            who=mentee.pk if mentee else None,
            booking=booking.pk,
            starts=booking.during.lower.isoformat(),
        )


def tell_both_of_open_room(event: BookingDue) -> None:
    """Tell both that their booked time begins."""
    booking = Booking.objects.get(pk=event.booking_id)
    for person_id, other_id in ((booking.mentee_id, booking.mentor_id), (booking.mentor_id, booking.mentee_id)):
        tell(
            person_id=person_id,
            kind="booking_due",
            once=str(booking.pk),
            now=event.at,
            who=other_id,
            session=event.session_id,
        )


def tell_other_of_cancellation(event: BookingCancelled) -> None:
    """Tell the one who did not cancel."""
    found = Booking.objects.select_related("question__programme", "mentor", "mentee")
    booking = found.get(pk=event.booking_id)
    other = booking.mentor if event.by_id == booking.mentee_id else booking.mentee
    by = booking.other_than(other)
    tell(
        person_id=other.pk,
        kind="cancelled",
        once=str(booking.pk),
        now=event.at,
        who=by.pk if by else None,
        booking=booking.pk,
    )


def tell_mentee_of_nudge(event: NudgeDue) -> None:
    """Ask a mentee what became of a plan."""
    nudge = Nudge.objects.select_related("takeaway__session").get(pk=event.nudge_id)
    if not nudge.reply and nudge.takeaway.finished_at is None:
        tell(
            person_id=nudge.takeaway.session.mentee_id,
            kind="nudge",
            once=str(nudge.pk),
            now=event.at,
            nudge=nudge.pk,
        )


def tell_mentor_of_outcome(event: OutcomeTold) -> None:
    """Tell a mentor what came of a plan; the mentee's bell need not ask any more."""
    session = Outcome.objects.select_related("takeaway__session").get(pk=event.outcome_id).takeaway.session
    for nudge_id in Nudge.objects.filter(takeaway__session=session).values_list("pk", flat=True):
        settle(kinds=("nudge",), nudge=nudge_id, now=event.at)
    if _are_apart(session):
        return
    tell(
        person_id=session.mentor_id,
        kind="outcome",
        once=str(session.pk),
        now=event.at,
        who=session.mentee_id,
        session=session.pk,
    )


def tell_mentor_of_thanks(event: MentorThanked) -> None:
    """Tell a mentor of a thank-you."""
    session = Thanks.objects.select_related("session").get(pk=event.thanks_id).session
    if _are_apart(session):
        return
    tell(
        person_id=session.mentor_id,
        kind="thanks",
        once=str(session.pk),
        now=event.at,
        who=session.mentee_id,
        session=session.pk,
    )


def tell_other_of_wish_to_show(event: ShowingAgreed) -> None:
    """Tell a mentor that the mentee would like others to read an answer, or a mentee that there are words for them."""
    answer = Answer.objects.select_related("question").get(pk=event.answer_id)
    settle(kinds=SHOWING, answer=answer.pk, now=event.at)
    is_by_mentor = event.by_id == answer.mentor_id
    mentee_id, mentor_id = answer.question.mentee_id, answer.mentor_id
    wish, reply = answer.mentee_agreed_at, answer.mentor_agreed_at
    if is_by_mentor:
        wish, reply = reply, wish
    if wish is None or reply is not None or _were_parted(mentee_id, mentor_id):
        return
    tell(
        person_id=mentee_id if is_by_mentor else mentor_id,
        kind="answer_to_show" if is_by_mentor else "asked_to_show",
        once=f"{answer.pk}:{event.at:%Y-%m-%d}",  # who agrees and takes it back all day long asks once
        now=event.at,
        who=event.by_id,
        answer=answer.pk,
    )


def _are_apart(session: Session) -> bool:
    return _were_parted(session.mentee_id, session.mentor_id)


def _were_parted(*pair: UUID | None) -> bool:
    """Return whether one of the two blocked the other since they talked: nothing passes between them any more."""
    return Block.objects.filter(by__in=pair, about__in=pair).exists()


def ask_about_a_mentor(event: PersonEnrolled) -> None:
    """Ask somebody who was put into a programme that gives mentors whether they would like one."""
    unsaid = Enrolment.objects.filter(
        programme=event.programme_id,
        programme__matches_people=True,
        membership__person=event.person_id,
        membership__answers_questions=False,
        wants_mentor=None,
    )
    if unsaid.exists():
        tell(
            person_id=event.person_id,
            kind="say_wish",
            once=str(event.programme_id),
            now=event.at,
            programme=event.programme_id,
        )


def stop_asking(event: WishSaid) -> None:
    """Let the bell stop ringing for a question that somebody has answered."""
    settle(kinds=("say_wish",), person_id=event.person_id, programme=event.programme_id, now=event.at)


def tell_coordinator_of_preview(event: PreviewReady) -> None:
    """Tell a coordinator that a preview is worked out, where it took longer than one waits on a page."""
    preview = Preview.objects.filter(pk=event.preview_id, state=Preview.State.READY).first()
    if preview is not None and event.seconds > LONGER_THAN_ONE_WAITS:
        tell(person_id=preview.by_id, kind="preview_ready", once=str(preview.pk), now=event.at, preview=preview.pk)


def tell_everybody_matched(event: PreviewConfirmed) -> None:
    """Tell everybody who was matched, some at a time: what others wait for goes in between."""
    ids = list(Match.objects.filter(preview=event.preview_id).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), MATCHES_AT_ONCE):
        some = [str(match_id) for match_id in ids[start : start + MATCHES_AT_ONCE]]
        jobs.enqueue(tell_some_matched, priority=jobs.BEHIND, match_ids=some)


def tell_other_of_end(event: MatchEnded) -> None:
    """Tell those of the two who did not end their match that it is over; never who ended it, nor why."""
    match = Match.objects.get(pk=event.match_id)
    settle(kinds=("your_mentor", "your_mentee"), match=match.pk, now=event.at)
    if _were_parted(match.mentee_id, match.mentor_id):
        return
    for person_id, other_id in ((match.mentee_id, match.mentor_id), (match.mentor_id, match.mentee_id)):
        if person_id != event.by_id:
            tell(person_id=person_id, kind="match_ended", once=str(match.pk), now=event.at, who=other_id)


def tell_coordinators_who_asks(event: PersonAskedToJoin) -> None:
    """Tell the coordinators that somebody waits at the door."""
    if Membership.objects.here().filter(pk=event.membership_id, state=Membership.State.ASKED).exists():
        for person_id in _with_role(Membership.Role.COORDINATOR):
            tell(
                person_id=person_id,
                kind="asked_to_join",
                once=f"{event.membership_id}:{event.at:%Y-%m-%d}",
                now=event.at,
                who=event.person_id,
            )


def tell_person_let_in(event: PersonJoined) -> None:
    """Tell somebody who had to wait that the door is open. Who walked in knows."""
    asked = EventRecord.objects.filter(
        name="PersonAskedToJoin", facts__membership_id=str(event.membership_id), at__lte=event.at
    )
    if asked.exists():
        settle(kinds=("asked_to_join",), who=event.person_id, now=event.at)
        tell(
            person_id=event.person_id,
            kind="joined",
            once=f"{event.membership_id}:{event.at:%Y-%m-%d}",
            now=event.at,
        )


def tell_moderators_of_report(event: ReportMade) -> None:
    """Call the moderators; not the one whom it is about, nor the one who made it."""
    report = Report.objects.get(pk=event.report_id)
    for person_id in _with_role(Membership.Role.MODERATOR):
        if person_id not in (report.about_id, report.by_id):
            tell(person_id=person_id, kind="report_made", once=str(report.pk), now=event.at, report=report.pk)


def tell_reporter_of_decision(event: ReportClosed) -> None:
    """Tell who called a moderator that one has looked."""
    report = Report.objects.get(pk=event.report_id)
    settle(kinds=("report_made",), report=report.pk, now=event.at)
    tell(person_id=report.by_id, kind="report_closed", once=str(report.pk), now=event.at)


def tell_person_of_warning(event: ReportClosed) -> None:
    """Tell somebody that a moderator has a word for them, which stands on a page; never who reported."""
    if event.decision == Report.Decision.WARNED:
        report = Report.objects.get(pk=event.report_id)
        tell(person_id=report.about_id, kind="warned", once=str(report.pk), now=event.at, report=report.pk)


def write_to_declined(event: PersonDeclined) -> None:
    """Write to somebody who was not let in."""
    _mail_farewell(event, DECLINED)


def write_to_removed(event: PersonLeft) -> None:
    """Write to somebody who did not leave of their own accord."""
    if event.why in (REMOVED, SUSPENDED):
        _mail_farewell(event, event.why)


def _mail_farewell(event: PersonDeclined | PersonLeft, why: str) -> None:
    # The same for every try, so that a mail sent twice can be told.
    reference = f"{why}.{event.person_id}.{event.at:%Y%m%d%H%M%S}"
    jobs.enqueue(mail_farewell, person_id=event.person_id, why=why, reference=reference)


def _with_role(role: str) -> list[UUID]:
    members = Membership.objects.here().active().filter(roles__contains=[role])
    return list(members.order_by("pk").values_list("person_id", flat=True))
