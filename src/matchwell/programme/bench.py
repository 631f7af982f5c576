"""How long each way of planning takes and how good its plan is, beside others: `python -m matchwell.programme.bench`.

Programmes are drawn by a seed: mentees and mentors with interests in twelve fields, five places a mentor, as many
places as mentees, and the fifty most fitting mentors of every mentee. Scores run from 0 to about 2.
"""

import json
import resource
import sys
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter, process_time
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from matchwell.columns import Array
from matchwell.programme.assigning import assign
from matchwell.programme.previewing import preview
from matchwell.programme.programmes import Programme
from matchwell.programme.sinkhorn import spread
from matchwell.programme.stability import blocking_pairs, stable
from matchwell.programme.values import Fits, Mentee, Mentor, Plan
from matchwell.programme.weighing import EVERY_PART_ONCE, Pairs, plan_at, weigh

SIZES = (1_000, 10_000)
FIELDS = 12
PLACES = 5
CANDIDATES = 50
MOST_DENSE = 2**30  # bytes of a matrix of all mentees and places
REFUSED = -1e6  # the score of a pair that cannot be, in such a matrix

WAYS: dict[str, Callable[[Programme], Plan]] = {
    "assign": assign,
    "assign_nash": partial(assign, welfare="nash"),
    "stable_mentees": stable,
    "stable_mentors": partial(stable, favouring="mentors"),
    "spread": spread,
}


def measure(sizes: Sequence[int] = SIZES, seed: int = 0) -> dict[str, Any]:
    """Return for each number of mentees what each way took and reached, ready for JSON.

    `{"seed": …, "sizes": [{"mentees": …, "mentors": …, "pairs": …, "draw_s": …, "preview_s": …, "plans_in_preview": …,
    "peak_mb": …, "ways": {name: {"wall_s": …, "cpu_s": …, "matched": …, "total": …, "ratio": …, "blocking_pairs": …,
    "least": …}}}]}`. `ratio` is the total over that of `assign`, `least` the fifth percentile of the scores. `greedy`
    takes the best pair left again and again; `dense` is the assignment of mentees to single places in a full matrix,
    null where that would be larger than a gibibyte. `peak_mb` is the most that the process has held before those two.
    """
    return {"seed": seed, "sizes": [_measured(mentees, seed) for mentees in sizes]}


def drawn(mentees: int, seed: int) -> Programme:
    """Return a programme drawn by a seed."""
    chance = np.random.default_rng([seed, mentees])
    mentors = max(mentees // PLACES, 1)
    wanted, offered = chance.dirichlet(np.full(FIELDS, 0.3), mentees), chance.dirichlet(np.full(FIELDS, 0.3), mentors)
    topic = np.sqrt(wanted) @ np.sqrt(offered).T
    nearest = np.argsort(-topic, axis=1, kind="stable")[:, :CANDIDATES]
    who = np.repeat(np.arange(mentees), nearest.shape[1])
    whom = nearest.ravel()
    return Programme(
        mentees=[Mentee(id=f"mentee{place:06}") for place in range(mentees)],
        mentors=[Mentor(id=f"mentor{place:06}", capacity=PLACES) for place in range(mentors)],
        fits=Fits(
            mentee=[f"mentee{place:06}" for place in who.tolist()],
            mentor=[f"mentor{place:06}" for place in whom.tolist()],
            parts={
                "topic": topic[who, whom],
                "experience": chance.beta(2, 2, mentors)[whom] / 2,
                "goals": chance.integers(0, 6, len(who)) / 10,
            },
        ),
    )


def _measured(mentees: int, seed: int) -> dict[str, Any]:
    programme, drawing = _timed(lambda: drawn(mentees, seed))
    ways: dict[str, Any] = {name: _judged(programme, way) for name, way in WAYS.items()}
    shown, previewing = _timed(lambda: preview(programme))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    is_small = 8 * mentees * int(programme.limits.capacity.sum()) <= MOST_DENSE
    ways |= {"greedy": _judged(programme, _greedy), "dense": _judged(programme, _dense) if is_small else None}
    for way in filter(None, ways.values()):
        way["ratio"] = way["total"] / ways["assign"]["total"]
    return {
        "mentees": mentees,
        "mentors": len(programme.mentors),
        "pairs": len(programme.fits.mentee),
        "draw_s": drawing["wall_s"],
        "preview_s": previewing["wall_s"],
        "plans_in_preview": 1 + len(shown.effects),
        "peak_mb": peak,
        "ways": ways,
    }


def _judged(programme: Programme, way: Callable[[Programme], Plan]) -> dict[str, float]:
    plan, took = _timed(lambda: way(programme))
    scores = [match.score for match in plan.matches]
    return {
        **took,
        "matched": len(scores),
        "total": plan.total,
        "blocking_pairs": len(blocking_pairs(programme, plan)),
        "least": float(np.percentile(scores, 5)),
    }


def _timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    wall, cpu = perf_counter(), process_time()
    made = work()
    return made, {"wall_s": perf_counter() - wall, "cpu_s": process_time() - cpu}


def _greedy(programme: Programme) -> Plan:
    pairs = weigh(programme)
    room = pairs.capacity.tolist()
    where = np.full(pairs.mentees, len(room), np.int64)
    for row in np.argsort(-pairs.score, kind="stable").tolist():
        mentee, mentor = pairs.mentee[row], pairs.mentor[row]
        if room[mentor] and where[mentee] == len(room):
            where[mentee] = mentor
            room[mentor] -= 1
    return plan_at(programme, EVERY_PART_ONCE, pairs, where)


def _dense(programme: Programme) -> Plan:
    pairs = weigh(programme)
    owner = np.repeat(np.arange(len(pairs.capacity)), pairs.capacity)
    where = np.full(pairs.mentees, len(pairs.capacity), np.int64)
    mentee, place = linear_sum_assignment(_matrix(pairs, owner), maximize=True)
    where[mentee] = owner[place]
    return plan_at(programme, EVERY_PART_ONCE, pairs, where)


def _matrix(pairs: Pairs, owner: Array) -> Array:
    """Return the score of every mentee at every single place, float64 [mentees, places]."""
    first = np.cumsum(pairs.capacity) - pairs.capacity
    matrix = np.full((pairs.mentees, len(owner)), REFUSED)
    columns = pairs.capacity[pairs.mentor]
    step = np.arange(columns.sum()) - np.repeat(np.cumsum(columns) - columns, columns)
    matrix[np.repeat(pairs.mentee, columns), np.repeat(first[pairs.mentor], columns) + step] = np.repeat(
        pairs.score, columns
    )
    return matrix


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure([int(size) for size in sys.argv[1:]] or SIZES), indent=1) + "\n")
