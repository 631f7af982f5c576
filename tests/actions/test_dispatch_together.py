"""Several people at the same instant, and processes that die: with real threads, connections and commits."""

import threading
import time as clock
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from matchwell import Index
from momentor.asking.actions import ask_question, draft_question, locked, mark_answered
from momentor.asking.models import Question
from momentor.dispatch import candidates
from momentor.dispatch.actions import OfferGone, accept_offer, pass_offer, pull_question, start_search
from momentor.dispatch.models import Offer, Search
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Membership, Organisation, Person
from momentor.scheduling.actions import SlotTaken, book_slot, set_weekly_hours
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.sessions.models import Session
from tests.cast import client_of, make_member, make_mentor, make_organisation, make_person, page

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"


@pytest.fixture
def mentors(organisation: Organisation) -> list[Person]:
    """Eight mentors for whom something speaks."""
    people = [make_person(f"Mentor {number}", f"mentor{number}@example.org") for number in range(8)]
    for person in people:
        make_mentor(organisation, person, headline="Led a crew of pipe welders")
    return people


@pytest.fixture
def question(organisation: Organisation, amina: Person, mentors: list[Person]) -> Question:
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=timezone.now())
        start_search(question=question, by=amina, chosen=[one.pk for one in mentors], now=timezone.now())
        search = Search.objects.get()
        for mentor in mentors:
            Offer.objects.get_or_create(
                question=question,
                mentor=mentor,
                defaults={
                    "search": search,
                    "wave": 1,
                    "made_at": timezone.now(),
                    "lapses_at": timezone.now() + timedelta(minutes=5),
                },
            )
        return question


def at_once(organisation: Organisation, work: Iterable[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same instant, each in a thread and transaction of its own; return results and refusals."""
    calls = list(work)
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(timeout=60)
        try:
            with acting_in(organisation.pk):
                return call()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_eight_mentors_who_accept_at_once_exactly_one_gets_the_question(
    organisation: Organisation, question: Question, mentors: list[Person]
) -> None:
    with acting_in(organisation.pk):
        offers = {offer.mentor_id: offer for offer in Offer.objects.select_related("question")}

    results = at_once(
        organisation,
        [partial(accept_offer, offer=offers[mentor.pk], by=mentor, now=timezone.now()) for mentor in mentors],
    )

    sessions = [result for result in results if isinstance(result, Session)]
    assert len(sessions) == 1
    assert sum(isinstance(result, OfferGone) for result in results) == 7
    with acting_in(organisation.pk):
        assert Session.objects.count() == 1
        assert Offer.objects.filter(state=Offer.State.ACCEPTED).count() == 1
        assert Offer.objects.filter(state=Offer.State.WITHDRAWN).count() == 7
        assert Question.objects.get(pk=question.pk).claimed_by_id == sessions[0].mentor_id


def test_accepting_from_eight_open_pages_of_one_mentor_opens_one_room(
    organisation: Organisation, question: Question, mentors: list[Person]
) -> None:
    with acting_in(organisation.pk):
        offer = Offer.objects.select_related("question").get(mentor=mentors[0])

    results = at_once(
        organisation, [lambda: accept_offer(offer=offer, by=mentors[0], now=timezone.now()) for _page in range(8)]
    )

    assert len({result.pk for result in results}) == 1
    with acting_in(organisation.pk):
        assert Session.objects.count() == 1


def test_a_mentor_who_accepts_two_questions_at_once_is_in_one_conversation(
    organisation: Organisation, question: Question, mentors: list[Person], dana: Person
) -> None:
    with acting_in(organisation.pk):
        other = draft_question(by=dana, text=ASKED, language="en", now=timezone.now())
        start_search(question=other, by=dana, chosen=[mentors[0].pk], now=timezone.now())
        offers = list(Offer.objects.filter(mentor=mentors[0]).select_related("question"))

    results = at_once(
        organisation,
        [partial(accept_offer, offer=offer, by=mentors[0], now=timezone.now()) for offer in offers],
    )

    assert len(offers) == 2
    assert sum(isinstance(result, Session) for result in results) == 1


def test_when_all_pass_at_once_the_search_goes_on_once(
    organisation: Organisation, question: Question, mentors: list[Person]
) -> None:
    with acting_in(organisation.pk):
        offers = {offer.mentor_id: offer for offer in Offer.objects.select_related("question")}

    at_once(
        organisation,
        [partial(pass_offer, offer=offers[mentor.pk], by=mentor, now=timezone.now()) for mentor in mentors],
    )

    with acting_in(organisation.pk):
        assert Question.objects.get().state == Question.State.WAITING
        assert Search.objects.filter(state=Search.State.RUNNING).count() <= 1
        assert Offer.objects.filter(state=Offer.State.PASSED).count() == 8


def test_eight_mentors_with_ten_minutes_pull_without_waiting_for_each_other(
    organisation: Organisation, mentors: list[Person]
) -> None:
    with acting_in(organisation.pk):
        for number in range(4):
            mentee = make_person(f"Mentee {number}", f"mentee{number}@example.org")
            make_member(organisation, mentee)
            Question.objects.create(
                mentee=mentee, text=ASKED, language="en", state=Question.State.WAITING, asked_at=timezone.now()
            )

    results = at_once(
        organisation,
        [partial(pull_question, by=mentor, minutes=10, now=timezone.now()) for mentor in mentors],
    )

    assert all(isinstance(result, Offer | Refusal) for result in results)
    with acting_in(organisation.pk):
        held = list(Offer.objects.values_list("question_id", "mentor_id"))
    assert len(held) == len(set(held))
    assert sum(isinstance(result, Offer) for result in results) >= 4


def test_of_thirty_two_who_book_the_same_slot_one_has_it(organisation: Organisation, ben: Person) -> None:
    with acting_in(organisation.pk):
        everyday = [(day, time(8), time(18)) for day in range(7)]
        set_weekly_hours(by=ben, stretches=everyday)
        Membership.objects.filter(person=ben).update(capacity_per_week=50)
        slot = slots_of(Membership.objects.select_related("person").get(person=ben), minutes=10, now=timezone.now())[3]
    asked: list[tuple[Person, Question]] = []
    for number in range(32):
        mentee = make_person(f"Mentee {number}", f"mentee{number}@example.org")
        make_member(organisation, mentee)
        with acting_in(organisation.pk):
            asked.append((mentee, draft_question(by=mentee, text=ASKED, language="en", now=timezone.now())))

    results = at_once(
        organisation,
        [
            partial(book_slot, question=question, by=mentee, mentor=ben, starts_at=slot.starts, now=timezone.now())
            for mentee, question in asked
        ],
    )

    assert sum(isinstance(result, Booking) for result in results) == 1
    assert sum(isinstance(result, SlotTaken) for result in results) == 31
    with acting_in(organisation.pk):
        assert Booking.objects.count() == 1
        assert Question.objects.filter(state=Question.State.SCHEDULED).count() == 1


def test_one_mentee_cannot_book_two_mentors_for_the_same_minutes(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    with acting_in(organisation.pk):
        for mentor in (ben, emil):
            set_weekly_hours(by=mentor, stretches=[(day, time(8), time(18)) for day in range(7)])
        member = Membership.objects.select_related("person").get(person=ben)
        slot = slots_of(member, minutes=10, now=timezone.now())[3]
        asked = [draft_question(by=amina, text=ASKED, language="en", now=timezone.now()) for _mentor in (ben, emil)]

    results = at_once(
        organisation,
        [
            partial(book_slot, question=question, by=amina, mentor=mentor, starts_at=slot.starts, now=timezone.now())
            for mentor, question in zip((ben, emil), asked, strict=True)
        ],
    )

    assert sum(isinstance(result, Booking) for result in results) == 1
    assert sum(isinstance(result, SlotTaken) for result in results) == 1


def die_before_commit(organisation: Organisation, work: Callable[[], Any]) -> None:
    """Do something in a process whose connection is cut when all is written and nothing committed."""
    backend: list[int] = []
    trouble: list[Exception] = []
    done, cut = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with acting_in(organisation.pk):
                work()
                with connection.cursor() as cursor:
                    cursor.execute("select pg_backend_pid()")
                    backend.append(cursor.fetchone()[0])
                done.set()
                cut.wait(timeout=60)
        except OperationalError as error:
            trouble.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(timeout=60)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [backend[0]])
    cut.set()
    thread.join(timeout=60)
    assert trouble


def test_a_process_that_dies_between_the_claim_and_the_room_leaves_neither(
    organisation: Organisation, question: Question, mentors: list[Person]
) -> None:
    with acting_in(organisation.pk):
        first, second = (
            Offer.objects.select_related("question").get(mentor=mentor) for mentor in (mentors[0], mentors[1])
        )

    die_before_commit(organisation, lambda: accept_offer(offer=first, by=mentors[0], now=timezone.now()))

    with acting_in(organisation.pk):
        first.refresh_from_db()
        assert first.state == Offer.State.WAITING
        assert not Session.objects.exists()
        assert Question.objects.get().state == Question.State.SEARCHING
    with acting_in(organisation.pk):
        session = accept_offer(offer=second, by=mentors[1], now=timezone.now())
        assert session.mentor == mentors[1]


# The index of a community


@pytest.fixture
def answered(organisation: Organisation, amina: Person, ben: Person, mentors: list[Person]) -> Question:
    """A question of Amina's that Ben answered."""
    with acting_in(organisation.pk):
        question = draft_question(by=amina, text=ASKED, language="en", now=timezone.now())
        question = locked(ask_question(question=question, by=amina, now=timezone.now()))
        mark_answered(question=question, by=ben, now=timezone.now())
        return question


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let every reading of answers take a moment, and note how many it read."""
    read: list[int] = []
    add_answers = Index.add_answers

    def slow(index: Index, answers: Iterable[Any]) -> None:
        given = list(answers)
        read.append(len(given))
        clock.sleep(0.3)
        add_answers(index, given)

    monkeypatch.setattr(Index, "add_answers", slow)
    return read


def background_is_done(organisation: Organisation) -> None:
    for thread in threading.enumerate():
        if thread.name == f"index {organisation.pk}":
            thread.join(timeout=60)


def test_two_who_ask_at_once_after_a_start_wait_for_one_reading_of_the_community(
    organisation: Organisation, answered: Question, slowly: list[int]
) -> None:
    found = at_once(organisation, [partial(candidates.alike, ASKED, now=timezone.now()) for _person in range(2)])

    assert slowly == [1]
    assert [[one.question for one in near] for near in found] == [[str(answered.pk)]] * 2


def test_the_community_is_read_while_somebody_writes_a_question_and_once_however_many_do(
    organisation: Organisation, answered: Question, amina: Person, emil: Person, slowly: list[int]
) -> None:
    for person in (amina, emil):
        client_of(person).get(page("asking:new", organisation=organisation))
    with acting_in(organisation.pk):
        near = candidates.alike(ASKED, now=timezone.now())
    background_is_done(organisation)

    assert slowly == [1]
    assert [one.question for one in near] == [str(answered.pk)]


def test_a_reading_that_failed_is_begun_anew(
    organisation: Organisation, answered: Question, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(index: Index, answers: Iterable[Any]) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(Index, "add_answers", fail)
        client_of(amina).get(page("asking:new", organisation=organisation))
        background_is_done(organisation)
        with pytest.raises(OperationalError), acting_in(organisation.pk):
            candidates.alike(ASKED, now=timezone.now())

    with acting_in(organisation.pk):
        assert [one.question for one in candidates.alike(ASKED, now=timezone.now())] == [str(answered.pk)]


def test_a_process_keeps_the_indexes_of_the_communities_that_asked_last(organisation: Organisation) -> None:
    others = [make_organisation(f"Guild {number}", f"guild{number}") for number in range(candidates.KEPT)]
    for each in (organisation, *others):
        with acting_in(each.pk):
            candidates.fresh_index(now=timezone.now())

    assert list(candidates._kept) == [each.pk for each in others]
