"""Searches, waves and offers, by actions alone."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.db import connection

from momentor.asking.actions import NoSuchTime, agree_to_show, draft_question, mark_answered, withdraw_question
from momentor.asking.models import Answer, Gap, Question
from momentor.dispatch import candidates
from momentor.dispatch.actions import (
    ANSWER_WITHIN,
    AlreadyInSession,
    NobodyChosen,
    NotAmongThem,
    NothingWaiting,
    NotSearching,
    OfferGone,
    accept_offer,
    leave_soon,
    look_again,
    pass_offer,
    pull_question,
    start_search,
    stop_search,
    turn_into_writing,
    widen_search,
)
from momentor.dispatch.listeners import look_for_another
from momentor.dispatch.models import LedgerEntry, Offer, Search
from momentor.dispatch.queries import proposed_for, search_progress
from momentor.dispatch.reach import reach_of
from momentor.foundation.jobs import run_waiting
from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import pause
from momentor.people.models import Medium, Membership, Organisation, Person
from momentor.people.retention import forget_old
from momentor.scheduling.actions import book_slot, set_weekly_hours
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.sessions.actions import attend, hand_back, return_if_absent
from momentor.sessions.events import SessionReturned
from momentor.sessions.models import Session
from momentor.trust.actions import block
from tests.cast import NOW, make_member, make_mentor, make_person

pytestmark = pytest.mark.usefixtures("acting")

ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"
MakeMentor = Callable[..., Person]


@pytest.fixture
def question(amina: Person) -> Question:
    return draft_question(by=amina, text=ASKED, language="en", now=NOW)


@pytest.fixture
def welder(organisation: Organisation) -> MakeMentor:
    """Make one more mentor whose profile speaks for the question."""

    def make(name: str, **fields: object) -> Person:
        person = make_person(name, f"{name.split(maxsplit=1)[0].lower()}@example.org", languages=["en"])
        make_mentor(organisation, person, headline="Led a crew of pipe welders", skills=["leading a crew"], **fields)
        return person

    return make


@pytest.fixture
def morning(ben: Person) -> datetime:
    """The first of Ben's free slots."""
    set_weekly_hours(by=ben, stretches=[(3, time(9), time(12))])
    return slots_of(Membership.objects.get(person=ben), minutes=10, now=NOW)[0].starts


def set_member(person: Person, **fields: object) -> None:
    Membership.objects.here().filter(person=person).update(**fields)


def offered_to(question: Question) -> set[str]:
    return {offer.mentor.name.split()[0] for offer in Offer.objects.filter(question=question).select_related("mentor")}


def state_of(question: Question) -> str:
    question.refresh_from_db()
    return question.state


# Whom a wave asks


def test_a_wave_disturbs_no_more_people_than_it_needs(
    question: Question, amina: Person, ben: Person, welder: MakeMentor
) -> None:
    for name in ("Femi Ade", "Gita Rao", "Hana Sato", "Ivo Kral"):
        set_member(welder(name), available_until=NOW + timedelta(hours=1))

    start_search(question=question, by=amina, now=NOW)

    assert Offer.objects.filter(question=question).count() == 2  # 1 - (1 - 0.6)^2 is more than 0.8


def test_those_who_are_here_are_asked_before_those_who_are_not(
    question: Question, amina: Person, welder: MakeMentor
) -> None:
    welder("Femi Ade"), welder("Gita Rao")
    for name in ("Hana Sato", "Ivo Kral"):
        set_member(welder(name), available_until=NOW + timedelta(hours=1))

    start_search(question=question, by=amina, now=NOW)

    assert offered_to(question) == {"Hana", "Ivo"}


def test_a_weak_fit_is_asked_once_nobody_stronger_is_left(
    question: Question, amina: Person, welder: MakeMentor, organisation: Organisation
) -> None:
    welder("Femi Ade")
    gita = make_person("Gita Rao", "gita@example.org", languages=["en"])
    story = "I sail, cook and mend nets on a small ship, and sing in a choir on land. Our crew is a family, mostly."
    make_mentor(organisation, gita, headline="Ship's cook", story=story)
    set_member(gita, available_until=NOW + timedelta(hours=1))
    start_search(question=question, by=amina, now=NOW)
    first = offered_to(question)

    pass_offer(offer=Offer.objects.get(mentor__name="Femi Ade"), by=Person.objects.get(name="Femi Ade"), now=NOW)

    assert first == {"Femi"}
    assert offered_to(question) == {"Femi", "Gita"}


def test_the_next_wave_asks_others(question: Question, amina: Person, welder: MakeMentor) -> None:
    for number in range(7):
        welder(f"Mentor{number} Okoye")
    start_search(question=question, by=amina, now=NOW)
    first = offered_to(question)

    run_waiting(until=NOW + timedelta(seconds=46))

    assert len(first) == 4
    assert len(offered_to(question)) == 7


def test_a_week_that_is_full_is_left_alone(question: Question, amina: Person, ben: Person, emil: Person) -> None:
    set_member(ben, capacity_per_week=0)

    start_search(question=question, by=amina, now=NOW)

    assert "Ben" not in offered_to(question)


def test_a_slot_that_is_booked_counts_towards_the_week(
    question: Question, amina: Person, ben: Person, dana: Person
) -> None:
    set_member(ben, capacity_per_week=1)
    set_weekly_hours(by=ben, stretches=[(3, time(9), time(12))])
    other = draft_question(by=dana, text="Which certificate is worth it?", now=NOW)
    slot = slots_of(Membership.objects.get(person=ben), minutes=10, now=NOW)[0]

    book_slot(question=other, by=dana, mentor=ben, starts_at=slot.starts, now=NOW)

    assert not reach_of([ben.pk], now=NOW)[ben.pk].has_room


def test_quiet_hours_keep_live_questions_away_but_not_those_in_writing(
    question: Question, amina: Person, ben: Person
) -> None:
    set_member(ben, quiet_from=time(10), quiet_until=time(12))  # it is eleven in Berlin

    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    offer = Offer.objects.get(question=question, mentor=ben)
    assert offer.search.pace == Search.Pace.WRITTEN
    assert state_of(question) == Question.State.WAITING


def test_who_says_they_are_here_is_asked_in_their_quiet_hours(question: Question, amina: Person, ben: Person) -> None:
    set_member(ben, quiet_from=time(10), quiet_until=time(12), available_until=NOW + timedelta(hours=1))

    search = start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    assert Offer.objects.get(mentor=ben).search == search
    assert state_of(question) == Question.State.SEARCHING


def test_a_pause_keeps_everything_away(question: Question, amina: Person, ben: Person, emil: Person) -> None:
    pause(by=ben, now=NOW)

    start_search(question=question, by=amina, now=NOW)

    assert "Ben" not in offered_to(question)
    with pytest.raises(NothingWaiting):
        pull_question(by=ben, minutes=20, now=NOW)


def test_nobody_is_disturbed_in_a_conversation(
    question: Question, amina: Person, ben: Person, dana: Person, emil: Person
) -> None:
    other = draft_question(by=dana, text="Is the certificate for welding leaders worth it?", language="en", now=NOW)
    start_search(question=other, by=dana, chosen=[ben.pk], now=NOW)
    accept_offer(offer=Offer.objects.get(question=other), by=ben, now=NOW)

    start_search(question=question, by=amina, now=NOW)

    assert "Ben" not in offered_to(question)
    with pytest.raises(AlreadyInSession):
        pull_question(by=ben, minutes=20, now=NOW)


def test_one_conversation_at_a_time(question: Question, amina: Person, ben: Person, dana: Person) -> None:
    other = draft_question(by=dana, text="Is the certificate worth it?", language="en", now=NOW)
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    start_search(question=other, by=dana, chosen=[ben.pk], now=NOW)
    accept_offer(offer=Offer.objects.get(question=other), by=ben, now=NOW)

    with pytest.raises(AlreadyInSession):
        accept_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW)

    assert state_of(question) == Question.State.SEARCHING


def test_a_blocked_person_is_never_asked(question: Question, amina: Person, ben: Person, emil: Person) -> None:
    block(about=amina, by=ben, now=NOW)

    start_search(question=question, by=amina, now=NOW)

    assert "Ben" not in offered_to(question)


def test_blocking_takes_an_offer_back_without_telling(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    block(about=amina, by=ben, now=NOW)
    refused = pytest.raises(OfferGone)
    with refused:  # at once, before the listener has run
        accept_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW)
    run_waiting(until=NOW)

    assert Offer.objects.get(question=question).state == Offer.State.WITHDRAWN


def test_a_shared_language_is_needed(amina: Person, ben: Person, emil: Person) -> None:
    question = draft_question(
        by=amina, text="Wie führe ich eine Gruppe von Schweißern? crew", language="de-AT", now=NOW
    )

    start_search(question=question, by=amina, now=NOW)

    assert "Emil" not in offered_to(question)


def test_somebody_in_two_organisations_can_accept(
    question: Question, amina: Person, ben: Person, organisation: Organisation, other_organisation: Organisation
) -> None:
    make_mentor(other_organisation, ben)
    with acting_in(organisation.pk, person_id=ben.pk):  # as a page does, which sees Ben's places elsewhere, too
        start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

        session = accept_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW)

    assert session.mentor_id == ben.pk


# Choosing


def test_choosing_nobody_where_only_the_chosen_may_be_asked_is_refused(amina: Person, ben: Person) -> None:
    question = draft_question(by=amina, text=ASKED, audience=Question.Audience.CHOSEN, now=NOW)

    with pytest.raises(NobodyChosen):
        start_search(question=question, by=amina, now=NOW)


def test_somebody_who_cannot_be_asked_cannot_be_chosen(
    question: Question, amina: Person, ben: Person, chloe: Person
) -> None:
    for outside in (chloe, amina):
        with pytest.raises(NotAmongThem):
            start_search(question=question, by=amina, chosen=[ben.pk, outside.pk], now=NOW)


def test_people_who_have_not_joined_yet_are_proposed_and_never_asked(
    question: Question, amina: Person, welder: MakeMentor
) -> None:
    imported = welder("Femi Ade")
    Person.objects.filter(pk=imported.pk).update(is_claimed=False)

    proposed = proposed_for(question, now=NOW)
    with pytest.raises(NotAmongThem):
        start_search(question=question, by=amina, chosen=[imported.pk], now=NOW)
    start_search(question=question, by=amina, now=NOW)

    assert [one.may_be_asked for one in proposed] == [False]
    assert not Offer.objects.exists()


def test_the_chosen_alone_are_asked_and_the_mentee_decides_what_comes_next(
    amina: Person, ben: Person, emil: Person, welder: MakeMentor
) -> None:
    question = draft_question(by=amina, text=ASKED, language="en", audience=Question.Audience.CHOSEN, now=NOW)
    welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=NOW)

    for offer in Offer.objects.filter(question=question):
        pass_offer(offer=offer, by=offer.mentor, now=NOW)

    assert offered_to(question) == {"Ben", "Emil"}
    assert state_of(question) == Question.State.WAITING
    assert question.step == Question.Step.SOON


def test_a_choice_that_was_not_made_goes_on_in_writing_with_the_same_people(
    amina: Person, ben: Person, emil: Person, welder: MakeMentor
) -> None:
    question = draft_question(by=amina, text=ASKED, language="en", audience=Question.Audience.CHOSEN, now=NOW)
    welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=NOW)
    offer = Offer.objects.get(mentor=emil)
    run_waiting(until=NOW + timedelta(minutes=4))  # both let it lapse

    Question.objects.filter(pk=question.pk).update(changed_at=NOW)
    leave_soon(question_id=question.pk)

    offer.refresh_from_db()
    question.refresh_from_db()
    assert offered_to(question) == {"Ben", "Emil"}
    assert offer.search.pace == Search.Pace.WRITTEN
    assert question.medium == Medium.ASYNC


def test_the_choice_is_kept_when_a_mentor_hands_it_back(
    amina: Person, ben: Person, emil: Person, welder: MakeMentor
) -> None:
    question = draft_question(by=amina, text=ASKED, language="en", audience=Question.Audience.CHOSEN, now=NOW)
    welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    session = accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)

    hand_back(session=session, by=ben, now=NOW)
    run_waiting(until=NOW)

    assert offered_to(question) == {"Ben"}
    assert state_of(question) == Question.State.WAITING
    assert question.step == Question.Step.SOON


def test_a_return_that_is_told_twice_does_not_take_the_question_from_the_next_mentor(
    question: Question, amina: Person, ben: Person, welder: MakeMentor
) -> None:
    femi = welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    first = accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)
    hand_back(session=first, by=ben, now=NOW)
    run_waiting(until=NOW)
    second = accept_offer(offer=Offer.objects.get(mentor=femi), by=femi, now=NOW)

    look_for_another(SessionReturned(session_id=first.pk, reason=first.end_reason, at=NOW))

    question.refresh_from_db()
    second.refresh_from_db()
    assert (question.state, question.claimed_by) == (Question.State.CLAIMED, femi)
    assert not second.is_over
    assert not Search.objects.filter(question=question, state=Search.State.RUNNING).exists()


@pytest.mark.parametrize("in_writing", [False, True])
def test_others_are_not_asked_behind_the_back_of_who_chose(
    question: Question, amina: Person, ben: Person, emil: Person, in_writing: bool
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], in_writing=in_writing, now=NOW)

    pass_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW)

    assert offered_to(question) == {"Ben"}
    assert (state_of(question), question.step) == (Question.State.WAITING, Question.Step.SOON)
    assert question.reason == "chosen_did_not_answer"


def test_a_chosen_mentor_who_was_away_is_asked_in_writing_before_anybody_else(
    question: Question, amina: Person, ben: Person, emil: Person
) -> None:
    set_member(ben, quiet_from=time(0), quiet_until=time(23, 59))
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    written = Search.objects.get(question=question, pace=Search.Pace.WRITTEN)
    assert list(written.chosen) == [ben.pk]
    assert offered_to(question) == {"Ben"}


def test_widening_asks_others_than_the_chosen(
    question: Question, amina: Person, ben: Person, welder: MakeMentor
) -> None:
    welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    before = offered_to(question)

    widen_search(question=question, by=amina, now=NOW)

    assert before == {"Ben"}
    assert offered_to(question) == {"Ben", "Femi"}


def test_only_the_mentee_widens_stops_and_turns(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    for step in (widen_search, stop_search, turn_into_writing):
        with pytest.raises(NotSearching):
            step(question=question, by=ben, now=NOW)


# Deciding


def test_accepting_twice_gives_the_same_room(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    offer = Offer.objects.get(question=question)

    first = accept_offer(offer=offer, by=ben, now=NOW)
    second = accept_offer(offer=offer, by=ben, now=NOW)

    assert first == second
    assert Session.objects.count() == 1


def test_starting_twice_gives_the_search_that_runs(
    question: Question, amina: Person, ben: Person, emil: Person
) -> None:
    first = start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    second = start_search(question=question, by=amina, chosen=[emil.pk], now=NOW)

    assert first == second
    assert offered_to(question) == {"Ben"}


def test_passing_twice_changes_nothing(question: Question, amina: Person, ben: Person, emil: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=NOW)
    offer = Offer.objects.get(mentor=ben)

    pass_offer(offer=offer, by=ben, reason="Not my field", now=NOW)
    pass_offer(offer=offer, by=ben, reason="Other", now=NOW)

    offer.refresh_from_db()
    assert offer.pass_reason == "Not my field"
    with pytest.raises(OfferGone):
        accept_offer(offer=offer, by=ben, now=NOW)


def test_an_offer_that_lapsed_cannot_be_accepted(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    with pytest.raises(OfferGone):
        accept_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW + timedelta(minutes=3))


def test_an_offer_is_its_mentors_alone(question: Question, amina: Person, ben: Person, emil: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    offer = Offer.objects.get(question=question)

    for action in (accept_offer, pass_offer):
        with pytest.raises(Offer.DoesNotExist):
            action(offer=offer, by=emil, now=NOW)


def test_a_withdrawn_question_cannot_be_accepted_before_the_news_has_come(
    question: Question, amina: Person, ben: Person
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    withdraw_question(question=question, by=amina, now=NOW)

    with pytest.raises(OfferGone):
        accept_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW)
    run_waiting(until=NOW)

    assert Offer.objects.get(question=question).state == Offer.State.WITHDRAWN
    assert not Search.objects.filter(state=Search.State.RUNNING).exists()


def test_a_mentor_who_leaves_has_nothing_to_decide_and_others_are_asked(
    question: Question, amina: Person, ben: Person, welder: MakeMentor
) -> None:
    from momentor.people.actions import leave_organisation

    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    leave_organisation(by=ben, now=NOW)
    with pytest.raises(OfferGone):
        accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)
    run_waiting(until=NOW)

    assert Offer.objects.get(mentor=ben).state == Offer.State.WITHDRAWN


# Coming back


def test_a_question_handed_back_goes_to_others_and_not_to_the_same(
    question: Question, amina: Person, ben: Person, welder: MakeMentor
) -> None:
    welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    session = accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)

    hand_back(session=session, by=ben, now=NOW)
    run_waiting(until=NOW)

    assert Offer.objects.get(mentor=ben).state == Offer.State.RETURNED
    assert Offer.objects.filter(question=question, mentor=ben).count() == 1
    assert Offer.objects.get(mentor__name="Femi Ade").state == Offer.State.WAITING
    assert state_of(question) == Question.State.SEARCHING


def test_when_the_mentee_does_not_come_nobody_waits_and_it_goes_on_in_writing(
    question: Question, amina: Person, ben: Person, welder: MakeMentor
) -> None:
    welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    session = accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)
    attend(session_id=session.pk, person_id=ben.pk, now=NOW)

    run_waiting(until=NOW + timedelta(minutes=2))

    assert state_of(question) == Question.State.WAITING
    assert question.step == Question.Step.BY_TIME
    assert question.medium == Medium.ASYNC
    assert Offer.objects.get(mentor__name="Femi Ade").search.pace == Search.Pace.WRITTEN


def test_a_mentor_who_missed_a_booked_slot_is_not_offered_the_question(
    question: Question, amina: Person, ben: Person
) -> None:
    set_weekly_hours(by=ben, stretches=[(3, time(9), time(12))])
    slot = slots_of(Membership.objects.get(person=ben), minutes=10, now=NOW)[0]
    book_slot(question=question, by=amina, mentor=ben, starts_at=slot.starts, now=NOW)

    run_waiting(until=slot.starts)  # the room opens
    session = Session.objects.get()
    attend(session_id=session.pk, person_id=amina.pk, now=slot.starts)
    return_if_absent(session_id=session.pk)
    run_waiting(until=slot.starts)

    assert not Offer.objects.filter(mentor=ben).exists()
    session.refresh_from_db()
    assert session.end_reason == Session.EndReason.MENTOR_ABSENT


# In writing, and nobody


def test_a_question_put_in_writing_opens_a_thread_and_not_a_clock(
    question: Question, amina: Person, ben: Person
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], in_writing=True, now=NOW)

    session = accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)

    assert session.is_written
    assert session.next_move_by_id == ben.pk


def test_the_time_that_the_mentee_stated_is_the_promise(amina: Person, ben: Person) -> None:
    friday = NOW + timedelta(days=6)
    question = draft_question(by=amina, text=ASKED, language="en", answer_by=friday, now=NOW)

    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    turn_into_writing(question=question, by=amina, now=NOW)

    question.refresh_from_db()
    assert question.answer_by == friday


def test_without_a_stated_time_three_days_are_promised(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, in_writing=True, now=NOW)

    question.refresh_from_db()
    assert question.answer_by == NOW + ANSWER_WITHIN


@pytest.mark.parametrize("away", [timedelta(minutes=-1), timedelta(minutes=30), timedelta(days=31)])
def test_no_promise_is_made_that_makes_no_sense(
    question: Question, amina: Person, ben: Person, away: timedelta
) -> None:
    with pytest.raises(NoSuchTime):
        start_search(question=question, by=amina, in_writing=True, answer_by=NOW + away, now=NOW)


def test_turning_into_writing_twice_changes_the_time_and_starts_one_search(
    question: Question, amina: Person, ben: Person
) -> None:
    start_search(question=question, by=amina, in_writing=True, now=NOW)

    turn_into_writing(question=question, by=amina, answer_by=NOW + timedelta(days=5), now=NOW)

    question.refresh_from_db()
    assert question.answer_by == NOW + timedelta(days=5)
    assert Search.objects.filter(question=question).count() == 1


def test_those_who_were_away_may_still_answer_in_writing(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    turn_into_writing(question=question, by=amina, now=NOW + timedelta(minutes=1))

    offer = Offer.objects.get(mentor=ben)
    assert offer.search.pace == Search.Pace.WRITTEN
    assert offer.is_open(NOW + timedelta(hours=20))
    assert Offer.objects.filter(mentor=ben).count() == 1


def test_a_question_that_nobody_can_take_is_a_gap_and_not_the_end(question: Question, amina: Person) -> None:
    start_search(question=question, by=amina, now=NOW)

    assert state_of(question) == Question.State.WAITING
    assert question.step == Question.Step.NOBODY
    assert Gap.objects.get().question_id == question.pk


def test_newcomers_are_asked_what_nobody_could_take(question: Question, amina: Person, welder: MakeMentor) -> None:
    start_search(question=question, by=amina, now=NOW)
    welder("Femi Ade")

    look_again(question_id=question.pk)

    assert offered_to(question) == {"Femi"}
    assert state_of(question) == Question.State.WAITING
    assert question.step == Question.Step.NOBODY
    assert Gap.objects.count() == 1


def test_when_the_stated_time_has_come_the_gap_is_noted_and_the_search_goes_on(
    question: Question, amina: Person, ben: Person
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], in_writing=True, now=NOW)
    Offer.objects.update(lapses_at=NOW + timedelta(days=4000))

    run_waiting(until=NOW + ANSWER_WITHIN)

    assert state_of(question) == Question.State.WAITING
    assert question.step == Question.Step.NOBODY
    assert Gap.objects.exists()
    assert Offer.objects.get(mentor=ben).state == Offer.State.WAITING


def test_stopping_leaves_the_question_open_and_takes_offers_back(
    question: Question, amina: Person, ben: Person
) -> None:
    for in_writing in (False, True):
        other = draft_question(by=amina, text=ASKED, language="en", now=NOW)
        start_search(question=other, by=amina, chosen=[ben.pk], in_writing=in_writing, now=NOW)

        stop_search(question=other, by=amina, now=NOW)

        assert state_of(other) == Question.State.OPEN
        assert Offer.objects.get(question=other).state == Offer.State.WITHDRAWN
        with pytest.raises(NotSearching):
            stop_search(question=other, by=amina, now=NOW)


@pytest.mark.parametrize("in_writing", [False, True])
def test_a_stopped_search_goes_on_in_writing_after_a_day_without_a_next_step(
    question: Question, amina: Person, ben: Person, welder: MakeMentor, in_writing: bool
) -> None:
    femi = welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk], in_writing=in_writing, now=NOW)

    stop_search(question=question, by=amina, now=NOW)
    run_waiting(until=NOW + timedelta(hours=23))
    before = state_of(question)
    run_waiting(until=NOW + timedelta(hours=25))

    assert before == Question.State.OPEN
    assert (state_of(question), question.step) == (Question.State.WAITING, Question.Step.BY_TIME)
    assert question.answer_by is not None
    assert Offer.objects.get(mentor=femi).search.pace == Search.Pace.WRITTEN
    assert EventRecord.objects.filter(name="ChoiceLapsed").count() == 1


def test_who_chooses_a_next_step_in_time_keeps_it(
    question: Question, amina: Person, ben: Person, welder: MakeMentor
) -> None:
    femi = welder("Femi Ade")
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    stop_search(question=question, by=amina, now=NOW)

    search = start_search(question=question, by=amina, chosen=[femi.pk], now=NOW + timedelta(hours=20))
    leave_soon(question_id=question.pk)

    assert state_of(question) == Question.State.SEARCHING
    search.refresh_from_db()
    assert search.is_running


def test_booking_a_slot_ends_the_search(question: Question, amina: Person, ben: Person, emil: Person) -> None:
    set_weekly_hours(by=emil, stretches=[(3, time(9), time(12))])
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    slot = slots_of(Membership.objects.get(person=emil), minutes=10, now=NOW)[0]

    book_slot(question=question, by=amina, mentor=emil, starts_at=slot.starts, now=NOW)
    with pytest.raises(OfferGone):
        accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)
    run_waiting(until=NOW)

    assert Offer.objects.get(mentor=ben).state == Offer.State.WITHDRAWN
    assert not Search.objects.filter(state=Search.State.RUNNING).exists()


# What is kept


def test_offers_searches_bookings_and_the_ledger_go_with_what_the_organisation_keeps(
    question: Question, amina: Person, ben: Person, emil: Person, morning: datetime
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=NOW)
    pass_offer(offer=Offer.objects.get(mentor=emil), by=emil, now=NOW)
    book_slot(question=question, by=amina, mentor=ben, starts_at=morning, now=NOW)
    run_waiting(until=NOW)
    Booking.objects.update(during=(NOW, NOW + timedelta(minutes=10)))
    mark_answered(question=question, by=ben, now=NOW)
    answer = Answer.objects.get()
    agree_to_show(answer_id=answer.pk, by=ben, text="Lead one shift first.", now=NOW)
    agree_to_show(answer_id=answer.pk, by=amina, text=None, now=NOW)

    forget_old(now=NOW + timedelta(days=729))
    kept = Offer.objects.count(), LedgerEntry.objects.count(), Search.objects.count(), Booking.objects.count()
    forget_old(now=NOW + timedelta(days=731))

    assert kept == (2, 1, 1, 1)
    for gone in (Offer, LedgerEntry, Search, Booking):
        assert not gone.objects.exists(), gone
    assert list(Question.objects.all()) == [question]


def test_a_question_that_still_looks_for_somebody_keeps_who_is_not_asked_again(
    question: Question, amina: Person, ben: Person
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    pass_offer(offer=Offer.objects.get(), by=ben, now=NOW)

    forget_old(now=NOW + timedelta(days=731))

    assert state_of(question) == Question.State.WAITING
    assert Offer.objects.get().mentor == ben
    assert not LedgerEntry.objects.exists()


# I have ten minutes


def test_a_mentor_with_ten_minutes_gets_the_question_that_fits_best(
    organisation: Organisation, amina: Person, dana: Person, ben: Person
) -> None:
    set_member(ben, capacity_per_week=0)  # so that no search asks Ben by itself
    for mentee, text in ((dana, "How do I keep bees through a wet winter?"), (amina, ASKED)):
        question = draft_question(by=mentee, text=text, language="en", now=NOW)
        start_search(question=question, by=mentee, now=NOW)

    offer = pull_question(by=ben, minutes=10, now=NOW)

    assert offer.question.text == ASKED
    assert offer.lapses_at == NOW + timedelta(minutes=2)
    assert offer.reasons[0]["kind"] == "pulled"


def test_what_is_held_for_a_mentor_is_given_again(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    offer = pull_question(by=ben, minutes=10, now=NOW)

    assert offer == Offer.objects.get(mentor=ben)
    with pytest.raises(NothingWaiting):
        pull_question(by=ben, minutes=5, now=NOW)  # the question needs ten


def test_a_mentor_pulls_no_question_that_was_for_others_alone(amina: Person, ben: Person, emil: Person) -> None:
    question = draft_question(by=amina, text=ASKED, language="en", audience=Question.Audience.CHOSEN, now=NOW)
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)

    with pytest.raises(NothingWaiting):
        pull_question(by=emil, minutes=20, now=NOW)


def test_a_mentor_pulls_nothing_of_somebody_they_are_kept_apart_from_or_share_no_language_with(
    question: Question, amina: Person, emil: Person, welder: MakeMentor
) -> None:
    femi = welder("Femi Ade", capacity_per_week=0)
    start_search(question=question, by=amina, chosen=[emil.pk], now=NOW)
    Person.objects.filter(pk=femi.pk).update(languages=["fr"])
    with pytest.raises(NothingWaiting):
        pull_question(by=femi, minutes=20, now=NOW)

    Person.objects.filter(pk=femi.pk).update(languages=["en"])
    block(about=femi, by=amina, now=NOW)
    with pytest.raises(NothingWaiting):
        pull_question(by=femi, minutes=20, now=NOW)


def test_a_member_who_does_not_answer_pulls_nothing(question: Question, amina: Person, dana: Person) -> None:
    start_search(question=question, by=amina, now=NOW)

    with pytest.raises(NothingWaiting):
        pull_question(by=dana, minutes=20, now=NOW)


def test_pulling_asks_the_database_the_same_for_fifty_questions(organisation: Organisation, emil: Person) -> None:
    def queries_with(questions: int) -> int:
        for number in range(questions):
            mentee = make_person(f"Mentee {number}", f"{Person.objects.count()}@example.org")
            make_member(organisation, mentee)
            Question.objects.create(mentee=mentee, text=ASKED, state=Question.State.WAITING, asked_at=NOW)
        Offer.objects.all().delete()
        connection.force_debug_cursor = True
        try:
            before = len(connection.queries_log)
            pull_question(by=emil, minutes=10, now=NOW)
            return len(connection.queries_log) - before
        finally:
            connection.force_debug_cursor = False

    queries_with(1)
    with_few = queries_with(1)

    assert queries_with(40) <= with_few


# What is kept, and what is learned


def test_the_ledger_says_why_each_was_asked(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, now=NOW)

    entry = LedgerEntry.objects.get()
    assert entry.result[0]["person"] == str(ben.pk)
    assert entry.result[0]["reasons"]
    assert sum(reason["weight"] for reason in entry.result[0]["reasons"]) == pytest.approx(
        entry.result[0]["score"], abs=1e-4
    )
    assert entry.weights


def test_an_answer_counts_for_the_next_question_and_is_read_once(
    question: Question, amina: Person, ben: Person, emil: Person
) -> None:
    start_search(question=question, by=amina, chosen=[emil.pk], now=NOW)
    before = proposed_for(question, now=NOW)
    session = accept_offer(offer=Offer.objects.get(mentor=emil), by=emil, now=NOW)
    from momentor.asking.actions import locked, mark_answered

    mark_answered(question=locked(question), by=emil, now=NOW)
    next_one = draft_question(
        by=amina, text="Would I be good at leading a crew of pipe welders?", language="en", now=NOW
    )

    after = proposed_for(next_one, now=NOW)
    kept = candidates.fresh_index(now=NOW)
    known = dict(kept.known)
    candidates.fresh_index(now=NOW)

    assert session.mentor == emil
    assert emil.pk not in {one.person_id for one in before}
    [found] = [one for one in after if one.person_id == emil.pk]
    assert "Answered a question like yours" in found.reasons[0].text
    assert kept.known == known


def test_progress_says_how_many_have_it_in_front_of_them(
    question: Question, amina: Person, ben: Person, emil: Person
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=NOW)
    pass_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=NOW)

    progress = search_progress(question, now=NOW + timedelta(seconds=25))

    assert (progress.asked, progress.waiting, progress.passed) == (2, 1, 1)
    assert progress.seconds_to_next == 20
    assert progress.may_widen
