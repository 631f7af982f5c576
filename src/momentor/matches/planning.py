"""A market as bytes, and the plan for it as plain values: what a preview keeps, and what a process of its own works on.

Pure, and without Django. The same bytes give the same plan, so a preview that is kept can be worked out again.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from matchwell.columns import Array
from matchwell.programme import Fits, Mentee, Mentor, Plan, Preview, Programme, assign, preview, spread, stable
from matchwell.programme.previewing import FACTORS, Way

VERSION = "programme-1"
WAYS: dict[str, Way] = {
    "most": assign,
    "fair": partial(assign, welfare="nash"),
    "stable_mentees": partial(stable, favouring="mentees"),
    "stable_mentors": partial(stable, favouring="mentors"),
    "spread": spread,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A programme to be planned: in which way, by which weights, and by what each weight is multiplied to see what it
    does."""

    programme: Programme
    way: str
    weights: Mapping[str, float]
    factors: Sequence[float] = FACTORS

    @property
    def plans(self) -> int:
        """About how many plans will be made: the one that counts, and one for each factor of each weight."""
        counting = sum(bool(self.weights.get(part, 1.0)) for part in self.programme.parts)
        return 1 + counting * len(self.factors)


def packed(task: Task) -> bytes:
    """Return a task as bytes: arrays, and JSON for the people."""
    programme = task.programme
    head = {
        "version": VERSION,
        "way": task.way,
        "weights": dict(task.weights),
        "factors": list(task.factors),
        "mentees": [_plain(one) for one in programme.mentees],
        "mentors": [_plain(one) | {"capacity": one.capacity} for one in programme.mentors],
        "apart": sorted(map(list, programme.blocks)),
        "most_hours_apart": programme.most_hours_apart,
    }
    fits = programme.fits
    out = io.BytesIO()
    np.savez_compressed(
        out,
        allow_pickle=False,
        head=np.frombuffer(json.dumps(head).encode(), np.uint8),
        mentee=_places(fits.mentee, [one.id for one in programme.mentees]),
        mentor=_places(fits.mentor, [one.id for one in programme.mentors]),
        **{f"part_{name}": fits.part(name) for name in fits.parts},
    )
    return out.getvalue()


def unpacked(content: bytes) -> Task:
    """Return the task that was packed into these bytes."""
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        head = json.loads(kept["head"].tobytes())
        mentee, mentor = kept["mentee"].tolist(), kept["mentor"].tolist()
        parts = {name.removeprefix("part_"): kept[name] for name in kept.files if name.startswith("part_")}
    mentees = [Mentee(**_read(one)) for one in head["mentees"]]
    mentors = [Mentor(**_read(one)) for one in head["mentors"]]
    fits = Fits(mentee=[mentees[at].id for at in mentee], mentor=[mentors[at].id for at in mentor], parts=parts)
    programme = Programme(
        mentees=mentees,
        mentors=mentors,
        fits=fits,
        blocks=[(one, other) for one, other in head["apart"]],
        most_hours_apart=head["most_hours_apart"],
    )
    return Task(programme=programme, way=head["way"], weights=head["weights"], factors=head["factors"])


def solve(task: Task, on_plan: Callable[[int], None]) -> dict[str, Any]:
    """Return the plan and what each weight does, as values that JSON knows; `on_plan` hears how many are made.

    `{"matches": [[mentee, mentor, score, {part: points}]], "unmatched": [[mentee, why, open, {limit: pairs}]],
    "effects": [{"part", "factor", "matched", "total", "changed"}], "total"}`, mentees in the order of their ids.
    """
    made = 0

    def counted(programme: Programme, *, weights: Mapping[str, float]) -> Plan:
        nonlocal made
        plan = WAYS[task.way](programme, weights=weights)
        made += 1
        on_plan(made)
        return plan

    return _as_values(preview(task.programme, weights=task.weights, way=counted, factors=task.factors))


def _as_values(shown: Preview) -> dict[str, Any]:
    return {
        "matches": [[one.mentee, one.mentor, one.score, dict(one.parts)] for one in shown.plan.matches],
        "unmatched": [[one.mentee, one.why, one.open, dict(one.ruled_out)] for one in shown.unmatched],
        "effects": [
            {
                "part": one.part,
                "factor": one.factor,
                "matched": one.matched,
                "total": one.total,
                "changed": one.changed,
            }
            for one in shown.effects
        ],
        "total": shown.plan.total,
    }


def _plain(one: Mentee | Mentor) -> dict[str, Any]:
    return {
        "id": one.id,
        "languages": sorted(one.languages),
        "utc_offset": one.utc_offset,
        "wishes": list(one.wishes),
    }


def _read(kept: dict[str, Any]) -> dict[str, Any]:
    return {**kept, "languages": frozenset(kept["languages"]), "wishes": tuple(kept["wishes"])}


def _places(names: Sequence[str], ordered: Sequence[str]) -> Array:
    place = {name: at for at, name in enumerate(ordered)}
    return np.array([place[name] for name in names], np.int32)
