"""Stable plans: no mentee and mentor would both rather have each other than whom they are given.

Deferred acceptance for hospitals and residents. Gale, Shapley: College Admissions and the Stability of Marriage (1962);
Roth, Sotomayor: Two-Sided Matching (1990).
"""

from collections.abc import Mapping
from heapq import heappop, heappush

import numpy as np

from matchwell.columns import Array, Ints
from matchwell.programme.market import whole
from matchwell.programme.programmes import Programme
from matchwell.programme.values import MENTEE_WISH, MENTOR_WISH, Plan, Side
from matchwell.programme.weighing import EVERY_PART_ONCE, plan_at, weigh


def stable(
    programme: Programme, *, weights: Mapping[str, float] = EVERY_PART_ONCE, favouring: Side = "mentees"
) -> Plan:
    """Return the stable plan that is best for every mentee, or the one that is best for every mentor.

    Each person likes those best whom they wished for, in that order, and then the others by score without wishes, ties
    to the lower identifier. Where nobody wishes, both sides go by the same scores: then there is one stable plan, which
    takes the best pair of all, then the best of what is left, and so on. Fewer may be matched than by `assign`; who is
    matched at all is the same in every stable plan (the rural hospitals theorem).

    Raises ValueError for a weight that is below zero, not finite, or of no part.
    """
    pairs = weigh(programme, weights)
    mentee_rank, mentor_rank = _ranks(programme, weights)
    one_mentor = np.ones(pairs.mentees, np.int32)
    if favouring == "mentees":
        held = _accepted(pairs.mentee, pairs.mentor, mentee_rank, mentor_rank, one_mentor, pairs.capacity)
    else:
        held = _accepted(pairs.mentor, pairs.mentee, mentor_rank, mentee_rank, pairs.capacity, one_mentor)
    where = np.full(pairs.mentees, len(pairs.capacity), np.int64)
    where[pairs.mentee[held]] = pairs.mentor[held]
    return plan_at(programme, weights, pairs, where)


def blocking_pairs(
    programme: Programme, plan: Plan, *, weights: Mapping[str, float] = EVERY_PART_ONCE
) -> list[tuple[str, str]]:
    """Return each mentee and mentor who would rather have each other than whom the plan gives them.

    A stable plan has none. They are ordered by mentee, then mentor.
    """
    pairs = weigh(programme, weights)
    mentee_rank, mentor_rank = _ranks(programme, weights)
    given = plan.mentor_of()
    mentor_ids = [one.id for one in programme.mentors]
    is_given = np.array(
        [
            given.get(programme.mentees[mentee].id) == mentor_ids[mentor]
            for mentee, mentor in zip(pairs.mentee.tolist(), pairs.mentor.tolist(), strict=True)
        ],
        np.bool_,
    )
    nobody = len(is_given)
    has = np.full(pairs.mentees, nobody, np.int64)
    has[pairs.mentee[is_given]] = mentee_rank[is_given]
    least = np.full(len(mentor_ids), -1, np.int64)
    np.maximum.at(least, pairs.mentor[is_given], mentor_rank[is_given])
    has_room = np.bincount(pairs.mentor[is_given], minlength=len(mentor_ids)) < pairs.capacity
    least[has_room] = nobody
    blocking = (mentee_rank < has[pairs.mentee]) & (mentor_rank < least[pairs.mentor])
    return [
        (programme.mentees[pairs.mentee[row]].id, mentor_ids[pairs.mentor[row]]) for row in np.flatnonzero(blocking)
    ]


def _ranks(programme: Programme, weights: Mapping[str, float]) -> tuple[Array, Array]:
    """Return where each pair stands for its mentee and for its mentor, int64 [p]; the lower, the dearer."""
    pairs = weigh(programme, {**weights, MENTEE_WISH: 0.0, MENTOR_WISH: 0.0})
    less = -whole(pairs.score)
    mentee_wish = _wish_first(programme.candidates.mentee_wish[pairs.row])
    mentor_wish = _wish_first(programme.candidates.mentor_wish[pairs.row])
    return (
        _place(np.lexsort((pairs.mentor, less, mentee_wish, pairs.mentee))),
        _place(np.lexsort((pairs.mentee, less, mentor_wish, pairs.mentor))),
    )


def _wish_first(place: Ints) -> Ints:
    return np.where(place > 0, place, np.iinfo(np.int32).max)


def _place(order: Array) -> Array:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def _accepted(
    proposer: Ints, receiver: Ints, dearer: Array, kept: Array, proposer_room: Ints, receiver_room: Ints
) -> Array:
    """Let proposers go down their lists until nobody wants to ask again; return the rows held, ascending.

    The result does not depend on who asks first.
    """
    asks: list[list[int]] = [[] for _ in proposer_room]
    for row in np.argsort(dearer)[::-1].tolist():
        asks[proposer[row]].append(row)
    free = proposer_room.tolist()
    holds: list[list[tuple[int, int]]] = [[] for _ in receiver_room]
    room, asked_by, asked, rank = receiver_room.tolist(), proposer.tolist(), receiver.tolist(), kept.tolist()
    waiting = [who for who in range(len(free)) if free[who]]
    while waiting:
        who = waiting.pop()
        while free[who] and asks[who]:
            row = asks[who].pop()
            held = holds[asked[row]]
            heappush(held, (-rank[row], row))
            free[who] -= 1
            if len(held) > room[asked[row]]:
                let_go = asked_by[heappop(held)[1]]
                free[let_go] += 1
                if let_go != who:
                    waiting.append(let_go)
    return np.array(sorted(row for held in holds for _, row in held), np.int64)
