"""The match ledger: how a list came about is kept, and the same list is made of it again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from matchwell.ledger import UnreadableRecord
from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.dispatch import candidates, ledger
from momentor.dispatch.actions import pass_offer, show_list, start_search
from momentor.dispatch.ledger import digest_of, replay
from momentor.dispatch.lists import FURTHEST, ListRecord, WaveRecord, kept_from
from momentor.dispatch.models import LedgerEntry, Offer, Search
from momentor.foundation.jobs import run_waiting
from momentor.people.actions import delete_account, leave_organisation, save_sample_answer
from momentor.people.models import Membership, Organisation, Person
from tests.actions.test_shortlists import ALIKE, ASKED, has_answered, mentor
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("acting")


@pytest.fixture
def ward(organisation: Organisation) -> list[Person]:
    """Five nurses who have answered much alike, the first the most."""
    nurses = [mentor(organisation, f"Nurse{number}", "Nurse on a surgical ward") for number in range(5)]
    for number, nurse in enumerate(nurses):
        has_answered(nurse, 8 - number, ALIKE)
    return nurses


@pytest.fixture
def question(amina: Person) -> Question:
    return draft_question(by=amina, text=ASKED, language="en", now=NOW)


def stored(entry_id: UUID) -> LedgerEntry:
    return LedgerEntry.objects.get(pk=entry_id)


def record_of(entry: LedgerEntry) -> dict[str, Any]:
    assert isinstance(entry.record, dict)
    return entry.record


def listed(entry: LedgerEntry) -> list[str]:
    return [row["person"] for row in entry.result]


def invite(person: Person, times: int, amina: Person) -> None:
    for number in range(times):
        asked = Question.objects.create(mentee=amina, text=ALIKE)
        then = NOW - timedelta(days=number % 20 + 1)
        search = Search.objects.create(question=asked, started_at=then, state=Search.State.STOPPED)
        Offer.objects.create(
            search=search, question=asked, mentor=person, wave=1, state="passed", made_at=then, lapses_at=then
        )


def plain(organisation: Organisation, ward: list[Person], amina: Person) -> None:
    """Change nothing."""


def with_a_newcomer_and_a_neighbour(organisation: Organisation, ward: list[Person], amina: Person) -> None:
    nora = mentor(organisation, "Nora", "Nurse at night, new to the ward")
    save_sample_answer(by=nora, question=ALIKE, answer="The three who worry me, first.", now=NOW)
    has_answered(mentor(organisation, "Roza", "Logistics on a container terminal"), 3, ALIKE)


def with_full_weeks(organisation: Organisation, ward: list[Person], amina: Person) -> None:
    Membership.objects.here().filter(person__in=ward[:3]).update(capacity_per_week=0)


def with_many_invitations(organisation: Organisation, ward: list[Person], amina: Person) -> None:
    invite(ward[0], 30, amina)


def with_some_who_have_not_joined(organisation: Organisation, ward: list[Person], amina: Person) -> None:
    Person.objects.filter(pk__in=[one.pk for one in ward[1:4]]).update(is_claimed=False)


SITUATIONS = [
    plain,
    with_a_newcomer_and_a_neighbour,
    with_full_weeks,
    with_many_invitations,
    with_some_who_have_not_joined,
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
@pytest.mark.parametrize("take", [1, 3, 6])
def test_a_shortlist_is_made_again_as_it_was_shown(
    organisation: Organisation,
    ward: list[Person],
    amina: Person,
    question: Question,
    situation: Callable[[Organisation, list[Person], Person], None],
    take: int,
) -> None:
    situation(organisation, ward, amina)

    shown = show_list(question=question, now=NOW, take=take)
    entry = stored(shown.entry_id)

    assert replay(entry).outcome == "same"
    assert listed(entry) == [str(one.person_id) for one in shown.proposed]
    assert shown.proposed
    assert entry.version == candidates.VERSION
    assert len(json.dumps(entry.record)) < 8_000


def test_whom_the_mentee_came_for_stands_first_again(
    organisation: Organisation, ward: list[Person], question: Question
) -> None:
    nobody_fits = mentor(organisation, "Bea", "Tax, and only tax")

    for first in (nobody_fits, ward[4]):
        entry = stored(show_list(question=question, now=NOW, first=first.pk).entry_id)

        assert listed(entry)[0] == str(first.pk)
        assert replay(entry).is_same


def test_what_changes_later_changes_nothing_about_the_list_of_then(
    organisation: Organisation, ward: list[Person], amina: Person, question: Question
) -> None:
    entry = stored(show_list(question=question, now=NOW).entry_id)

    invite(ward[0], 30, amina)
    has_answered(ward[4], 9, ALIKE)
    later = stored(show_list(question=question, now=NOW + timedelta(minutes=10)).entry_id)

    assert replay(stored(entry.pk)).is_same
    assert replay(later).is_same
    assert listed(later) != listed(entry), "the list is another one by then, and so is the entry"


def test_a_list_that_is_shown_again_is_the_same_entry(ward: list[Person], question: Question) -> None:
    first = show_list(question=question, now=NOW).entry_id
    again = show_list(question=question, now=NOW + timedelta(minutes=5)).entry_id

    assert first == again
    assert LedgerEntry.objects.get().made_at == NOW + timedelta(minutes=5)
    assert replay(LedgerEntry.objects.get()).is_same


def test_keeping_a_list_takes_one_statement_however_many_entries_there_are(
    ward: list[Person], question: Question, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    show_list(question=question, now=NOW)
    with CaptureQueriesContext(connection) as alone:
        candidates.shortlist(question, now=NOW)
    for number in range(20):
        LedgerEntry.objects.create(
            question=question, version="votes-1", weights={}, inputs={}, result=[], made_at=NOW - timedelta(days=number)
        )

    made = candidates.make_shortlist(question, now=NOW)
    with django_assert_num_queries(len(alone)):
        candidates.make_shortlist(question, now=NOW)
    with django_assert_num_queries(1):
        ledger.write_list(question=question, made=made, now=NOW)


def test_the_entry_holds_no_words_of_the_question_but_tells_whether_they_are_the_same(
    ward: list[Person], question: Question
) -> None:
    entry = stored(show_list(question=question, now=NOW).entry_id)

    everything = json.dumps([entry.inputs, entry.record])
    assert entry.inputs["text"] == digest_of(ASKED)
    assert not [word for word in ("night", "shift", "hand over") if word in everything]
    assert set(entry.people) == {one.pk for one in ward}


# Searches


def test_every_wave_of_a_search_is_made_again(ward: list[Person], amina: Person, question: Question) -> None:
    start_search(question=question, by=amina, now=NOW)
    Membership.objects.here().filter(person=ward[4]).update(available_until=NOW + timedelta(hours=1))
    for _ in range(4):
        for offer in Offer.objects.waiting():
            pass_offer(offer=offer, by=offer.mentor, now=NOW)

    entries = list(LedgerEntry.objects.order_by("made_at", "pk"))
    assert len(entries) > 1
    assert [replay(entry).outcome for entry in entries] == ["same"] * len(entries)
    assert {person for entry in entries for person in listed(entry)} == {str(one.pk) for one in ward}
    assert all(entry.search_id for entry in entries)


def test_a_wave_of_the_chosen_is_made_again_in_the_order_of_asking(
    organisation: Organisation, ward: list[Person], amina: Person, question: Question
) -> None:
    nobody_fits = mentor(organisation, "Bea", "Tax, and only tax")

    start_search(question=question, by=amina, chosen=[nobody_fits.pk, ward[3].pk], now=NOW)

    entry = LedgerEntry.objects.get()
    assert listed(entry) == [str(ward[3].pk), str(nobody_fits.pk)]
    assert replay(entry).is_same
    assert entry.result[1]["reasons"][0]["kind"] == "chosen"


def test_a_search_that_finds_nobody_says_so_in_the_ledger_too(amina: Person, question: Question) -> None:
    search = start_search(question=question, by=amina, now=NOW)

    searches = set(Search.objects.values_list("pk", flat=True))
    entries = list(LedgerEntry.objects.all())
    assert search.pk in searches
    assert {entry.search_id for entry in entries} == searches
    assert all(entry.result == [] and replay(entry).is_same for entry in entries)


def test_a_wave_far_down_a_long_ranking_stays_small_and_is_made_again(
    organisation: Organisation, amina: Person, question: Question
) -> None:
    crowd = [mentor(organisation, f"Crowd{number:03}", "Handing over night shifts") for number in range(130)]
    for person in crowd[-3:]:  # of those who fit alike the last, by id, are the only ones whom one may disturb
        Membership.objects.here().filter(person=person).update(available_until=NOW + timedelta(hours=1))
    rest = [person.pk for person in crowd[:-3]]
    Membership.objects.here().filter(person__in=rest).update(quiet_from="00:00", quiet_until="23:59")

    start_search(question=question, by=amina, now=NOW)

    entry = LedgerEntry.objects.get()
    kept = kept_from(record_of(entry))
    assert isinstance(kept, WaveRecord)
    assert min(one.place or 0 for one in kept.askable) > FURTHEST >= kept.ranking.take
    assert set(listed(entry)) <= {str(person.pk) for person in crowd[-3:]}
    assert entry.result
    assert replay(entry).is_same
    assert len(json.dumps(entry.record)) < 30_000


# What cannot be made again


def test_an_entry_from_before_says_that_it_is_too_old(question: Question) -> None:
    entry = LedgerEntry.objects.create(
        question=question, version="votes-1", weights={}, inputs={}, result=[], made_at=NOW
    )

    assert replay(entry).outcome == "too_old"


def test_an_entry_that_was_changed_is_found_out(ward: list[Person], question: Question) -> None:
    entry = stored(show_list(question=question, now=NOW).entry_id)

    entry.result[0], entry.result[1] = entry.result[1], entry.result[0]
    swapped = replay(entry)
    entry.refresh_from_db()
    record_of(entry)["fitting"]["candidates"][0]["score"] *= 1.5
    dearer = replay(entry)
    del record_of(entry)["fitting"]["weights"]
    broken = replay(entry)

    assert swapped.outcome == dearer.outcome == "different"
    assert swapped.people[0] == str(ward[0].pk)
    assert (broken.outcome, broken.why_not) == ("unreadable", "This record is not whole: 'weights'.")
    with pytest.raises(UnreadableRecord, match="not whole"):
        kept_from({})


def test_a_record_reads_back_as_it_was(ward: list[Person], question: Question) -> None:
    made = candidates.make_shortlist(question, now=NOW, first=ward[4].pk)
    entry = ledger.write_list(question=question, made=made, now=NOW)

    assert kept_from(record_of(stored(entry.pk))) == made.record()
    assert isinstance(made.record(), ListRecord)
    assert made.record() != replace(made.record(), take=9)


# Whoever leaves


@pytest.mark.parametrize("leaving", [leave_organisation, delete_account], ids=lambda leaving: leaving.__name__)
def test_what_spoke_for_somebody_goes_when_they_leave(
    ward: list[Person], amina: Person, question: Question, leaving: Callable[..., None]
) -> None:
    show_list(question=question, now=NOW)
    start_search(question=question, by=amina, now=NOW)
    LedgerEntry.objects.create(
        question=question,
        version="votes-1",
        weights={},
        inputs={},
        result=[{"person": str(ward[0].pk), "score": 2.5, "why": "rank", "chance": 0.5, "reasons": [{"weight": 2.5}]}],
        made_at=NOW,
    )

    leaving(by=ward[0], now=NOW)
    run_waiting(until=NOW)

    for entry in LedgerEntry.objects.all():
        assert str(ward[0].pk) not in json.dumps(entry.record)
        assert ward[0].pk not in entry.people
        rows = [row for row in entry.result if row["person"] == str(ward[0].pk)]
        assert all(row["score"] is None and row["reasons"] == [] for row in rows)
    outcomes = {replay(entry).outcome for entry in LedgerEntry.objects.all()}
    assert outcomes >= {"forgotten", "too_old"}


def test_entries_that_do_not_name_who_left_stay_as_they_are(
    organisation: Organisation, ward: list[Person], question: Question
) -> None:
    leaver = mentor(organisation, "Bea", "Tax, and only tax")
    entry = stored(show_list(question=question, now=NOW).entry_id)

    leave_organisation(by=leaver, now=NOW)
    run_waiting(until=NOW)

    assert replay(stored(entry.pk)).is_same
