"""A list and its record: what is kept makes the same list again, and nothing more is kept than that takes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from math import inf

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchwell import Answer, Ask, Index, Limits, PastQuestion, PersonText, Ranked, Weights
from matchwell.ledger import Candidate, Listed, Record, UnreadableRecord, replay, stand
from matchwell.shortlist import shortlist, who_matters
from tests.pure.matchwell.test_ranker import ranker
from tests.pure.matchwell.test_shortlist import One, people_lists, scored, wanted
from tests.pure.matchwell.worlds import EVERYONE, NO_PLACES, NOW, World, asks, person_ids, ward, worlds

lenient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
loads = st.dictionaries(person_ids, st.sampled_from([0.0, 1.0, 7.0, 0.3]), max_size=6)
rooms = st.dictionaries(person_ids, st.sampled_from([-1.0, 0.0, 1.0, 3.5]), max_size=6)


def through_json(record: Record) -> Record:
    return Record.from_json(json.loads(json.dumps(record.as_json(), allow_nan=False)))


def said(ones: Sequence[Ranked | Listed]) -> list[tuple[str, str, float]]:
    return [(one.person, one.why, one.score) for one in ones]


def told(
    people: Sequence[One], among: Sequence[int], weights: Weights, take: int
) -> list[tuple[str, str, float, float]]:
    those = [people[row] for row in among]
    places = shortlist(scored(those), weights, take)
    return [(those[one.person].id, one.why, one.score, one.held_back) for one in places]


@lenient
@given(world=worlds, ask=asks, weights=wanted, load=loads, room=rooms, take=st.integers(0, 8), learned=st.booleans())
def test_a_record_makes_the_same_list_again(
    world: World, ask: Ask, weights: Weights, load: dict[str, float], room: dict[str, float], take: int, learned: bool
) -> None:
    index = world.index()
    index.ranker = ranker() if learned else None
    weights = replace(weights, enough_judged=1)
    limits = Limits(load=load, room=room)

    found = index.considered(ask, limits=limits, weights=weights, take=take)
    kept = through_json(found.record())

    assert kept == found.record()
    assert found.ranked == index.rank(ask, limits=limits, weights=weights, take=take)
    assert said(replay(kept)) == said(found.ranked)
    assert [one.held_back for one in replay(kept)] == [one.held_back for one in stand(kept) if one.place], (
        "the same person stands at the same place"
    )
    assert kept.ranker == (ranker().version if kept.is_log else None)
    assert learned or not kept.is_log


@lenient
@given(world=worlds, ask=asks, load=loads, learned=st.booleans())
def test_the_parts_of_a_replayed_score_add_up_to_it(
    world: World, ask: Ask, load: dict[str, float], learned: bool
) -> None:
    index = world.index(Weights(enough_judged=1))
    index.ranker = ranker() if learned else None

    record = index.considered(ask, limits=Limits(load=load), take=EVERYONE).record()

    assert all(sum(one.parts.values()) == pytest.approx(one.score) for one in replay(record))
    assert all(sum(one.parts.values()) == pytest.approx(one.score) for one in record.candidates)
    for one, ranked in zip(replay(record), index.rank(ask, limits=Limits(load=load), take=EVERYONE), strict=True):
        for kind, part in one.parts.items():
            assert part == pytest.approx(sum(reason.weight for reason in ranked.reasons if reason.kind == kind))


@given(people=people_lists, weights=wanted, take=st.integers(0, 14), data=st.data())
def test_leaving_out_who_does_not_matter_changes_nothing(
    people: list[One], weights: Weights, take: int, data: st.DataObject
) -> None:
    matter = who_matters(scored(people), weights, take)
    others = data.draw(st.lists(st.sampled_from(range(len(people))), unique=True)) if people else []

    assert told(people, matter, weights, take) == told(people, range(len(people)), weights, take)
    assert told(people, sorted({*matter, *others}), weights, take) == told(people, matter, weights, take)
    assert len(matter) <= max(take, weights.neighbours_within) + len(set(weights.newcomer_places)) + 1


@lenient
@given(world=worlds, ask=asks, load=loads, room=rooms, take=st.integers(1, 6), shorter=st.integers(0, 6))
def test_a_record_of_fewer_places_makes_the_beginning_of_the_list(
    world: World, ask: Ask, load: dict[str, float], room: dict[str, float], take: int, shorter: int
) -> None:
    found = world.index().considered(ask, limits=Limits(load=load, room=room), take=take)

    assert said(replay(found.record(shorter))) == said(found.ranked)[:shorter]


@lenient
@given(world=worlds, ask=asks, load=loads, room=rooms, take=st.integers(1, 4))
def test_who_is_kept_off_by_invitations_or_a_full_week_is_told_apart(
    world: World, ask: Ask, load: dict[str, float], room: dict[str, float], take: int
) -> None:
    index = world.index()
    listed = index.order(ask, limits=Limits(load=load, room=room), take=take)
    unfilled = index.order(ask, limits=Limits(load=load), take=take)
    uninvited = index.order(ask, limits=Limits(room=room), take=take)

    standing = {
        one.candidate.person: one
        for one in stand(index.considered(ask, limits=Limits(load=load, room=room), take=take).record())
    }

    assert [name for name, one in standing.items() if one.place] == listed
    for name in {*unfilled, *uninvited} - {*listed}:
        one = standing[name]
        if room.get(name, inf) <= 0 and name in unfilled:
            assert (one.off, one.would_be) == ("full", unfilled.index(name) + 1)
        elif room.get(name, inf) > 0 and load.get(name, 0) > 0 and name in uninvited:
            assert (one.off, one.would_be) == ("invited", uninvited.index(name) + 1)
        else:
            assert one.off == "weaker"


def test_a_record_of_a_large_community_stays_small() -> None:
    people = 2_000
    index = Index()
    index.add_people(
        PersonText(id=f"person {n:04}", text="Nurse at night", background=frozenset({"health"})) for n in range(people)
    )
    index.add_questions(PastQuestion(id=f"q{n}", text=f"Night shift {n}", at=900 + n / 9) for n in range(100))
    index.add_answers(Answer(question=f"q{n % 100}", person=f"person {n:04}", at=950.0) for n in range(people // 2))
    limits = Limits(load={f"person {n:04}": float(n) for n in range(0, people, 3)})

    kept = index.considered(Ask(text="Night shift", at=NOW), limits=limits, take=5).record()

    assert kept.considered == people
    assert len(kept.candidates) < 20
    assert len(json.dumps(kept.as_json())) < 6_000


def test_the_words_of_nobody_stand_in_a_record() -> None:
    kept = json.dumps(ward().index().considered(Ask(text="Tired after night shifts", at=NOW)).record().as_json())

    assert "ben" in kept
    assert not {word for word in ("night", "shift", "tired", "q1") if word in kept.casefold()}


def test_what_is_no_record_is_refused_with_a_sentence() -> None:
    record = Record(
        take=1,
        weights=NO_PLACES,
        candidates=(Candidate(person="ben", score=1.0, parts={"answered": 1.0}),),
        considered=1,
    )
    whole = record.as_json()
    [candidate] = whole["candidates"]

    for broken, why in [
        (whole | {"format": 2}, "format 2, and this version reads 1"),
        ({name: value for name, value in whole.items() if name != "weights"}, "not whole"),
        (whole | {"weights": whole["weights"] | {"luck": 1.0}}, "not whole"),
        (whole | {"candidates": [candidate | {"score": "nan"}]}, "a number that is none"),
        (whole | {"candidates": [candidate | {"score": None}]}, "not whole"),
        (whole | {"candidates": [candidate | {"parts": {"charm": 1.0}}]}, "signals that this version does not know"),
        (whole | {"candidates": "ben"}, "not whole"),
    ]:
        with pytest.raises(UnreadableRecord, match=why):
            Record.from_json(broken)
    assert Record.from_json(whole) == record
    assert replay(replace(record, candidates=())) == []
