"""What cannot be meant is refused with a sentence, before anything is planned."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from math import inf, nan

import numpy as np
import pytest

from matchwell.programme import Fits, Mentee, Mentor, Programme, assign
from tests.pure.matchwell.programme.small import NO_FITS, spring

AMINA, BEN = Mentee(id="amina"), Mentor(id="ben")


def fits(mentee: str, mentor: str, points: float = 1.0, part: str = "topic") -> Fits:
    return Fits(mentee=[mentee], mentor=[mentor], parts={part: [points]})


def programme(mentee: Mentee = AMINA, mentor: Mentor = BEN, fit: Fits = NO_FITS) -> Programme:
    return Programme(mentees=[mentee], mentors=[mentor], fits=fit)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "negative capacity": (lambda: Mentor(id="ben", capacity=-1), "capacity of 'ben' must be 0 mentees or more, not -1"),
    "offset of nowhere": (lambda: Mentee(id="amina", utc_offset=15), "UTC offset of 'amina' must be hours"),
    "offset that is none": (lambda: Mentor(id="ben", utc_offset=nan), "UTC offset of 'ben' must be hours"),
    "a wish told twice": (lambda: Mentee(id="amina", wishes=("ben", "ben")), "'amina' wishes for somebody twice"),
    "nan in a part": (lambda: fits("amina", "ben", nan), "part 'topic' must hold one finite number a pair"),
    "infinity in a part": (lambda: fits("amina", "ben", -inf), "part 'topic' must hold one finite number a pair"),
    "a matrix for a part": (
        lambda: Fits(mentee=["amina"], mentor=["ben"], parts={"topic": [[1.0]]}),
        "part 'topic' must hold one finite number a pair",
    ),
    "columns of unequal length": (
        lambda: Fits(mentee=["amina"], mentor=["ben", "emil"], parts={}),
        "columns of the fits must be equally long",
    ),
    "a part too short": (
        lambda: Fits(mentee=["amina"], mentor=["ben"], parts={"topic": []}),
        "columns of the fits must be equally long",
    ),
    "a part named like a wish": (lambda: fits("amina", "ben", part="mentee_wish"), "made from wishes"),
    "unknown mentee": (lambda: programme(fit=fits("chloe", "ben")), "A fit names 'chloe', who is not there"),
    "unknown mentor": (lambda: programme(fit=fits("amina", "emil")), "A fit names 'emil', who is not there"),
    "sides swapped": (lambda: programme(fit=fits("ben", "amina")), "A fit names 'ben', who is not there on that side"),
    "a mentee's wish for a stranger": (
        lambda: programme(mentee=Mentee(id="amina", wishes=("emil",))),
        "A wish of a mentee names 'emil'",
    ),
    "a mentor's wish for a stranger": (
        lambda: programme(mentor=Mentor(id="ben", wishes=("dora",))),
        "A wish of a mentor names 'dora'",
    ),
    "the same mentee twice": (
        lambda: Programme(mentees=[AMINA, AMINA], mentors=[], fits=NO_FITS),
        "'amina' is there twice among the mentees",
    ),
    "the same mentor twice": (
        lambda: Programme(mentees=[], mentors=[BEN, Mentor(id="ben", capacity=2)], fits=NO_FITS),
        "'ben' is there twice among the mentors",
    ),
    "the same fit twice": (
        lambda: programme(fit=Fits(mentee=["amina"] * 2, mentor=["ben"] * 2, parts={"topic": [1, 2]})),
        "fit of 'amina' and 'ben' is there twice",
    ),
    "fewer than no hours": (
        lambda: Programme(mentees=[], mentors=[], fits=NO_FITS, most_hours_apart=-1.0),
        "Clocks can be 0 hours apart or more",
    ),
    "hours that are none": (
        lambda: Programme(mentees=[], mentors=[], fits=NO_FITS, most_hours_apart=nan),
        "Clocks can be 0 hours apart or more",
    ),
    "weight of no part": (
        lambda: assign(spring(), weights={"charm": 1}),
        "no part 'charm' to weigh; there are goals, ",
    ),
    "weight below zero": (lambda: assign(spring(), weights={"topic": -1}), "weight of 'topic' must be a number from 0"),
    "scores beyond all numbers": (
        lambda: assign(programme(fit=fits("amina", "ben", 1e308)), weights={"topic": 10.0}),
        "scores are too large",
    ),
    "weight that is none": (lambda: assign(spring(), weights={"topic": nan}), "weight of 'topic' must be a number"),
}


@pytest.mark.parametrize(("told", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_with_a_sentence(told: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        told()


def test_wishes_can_be_weighed_where_nobody_wishes() -> None:
    assert assign(spring(), weights={"mentee_wish": 3.0}) == assign(spring())


def test_what_is_handed_in_stays_as_it_is_and_what_is_kept_cannot_change() -> None:
    points = np.array([0.5])
    names = ["amina"]
    told = Fits(mentee=names, mentor=["ben"], parts={"topic": points})
    names[0], points[0] = "chloe", nan

    assert [match.score for match in assign(programme(fit=told)).matches] == [0.5]
    with pytest.raises(ValueError, match="read-only"):
        told.part("topic")[0] = 1.0
    with pytest.raises(FrozenInstanceError):
        programme().mentees = ()  # type: ignore[misc]  # it is frozen, and that is the point


@pytest.mark.parametrize("scale", [1e-280, 1e-9, 1.0, 1e9, 1e290])
def test_scores_of_any_size_are_planned_alike(scale: float) -> None:
    fit = spring().fits
    scaled = Fits(
        mentee=fit.mentee,
        mentor=fit.mentor,
        parts={name: fit.part(name) * scale for name in fit.parts},
    )

    assert assign(replace(spring(), fits=scaled)).mentor_of() == assign(spring()).mentor_of()


def test_fits_may_come_as_arrays() -> None:
    told = Fits(
        mentee=np.array(["amina", "amina"]),  # type: ignore[arg-type]  # a sequence in all but name
        mentor=np.array(["ben", "emil"], dtype=object),  # type: ignore[arg-type]
        parts={"topic": np.array([1, 2], np.int8)},
    )

    plan = assign(Programme(mentees=[AMINA], mentors=[BEN, Mentor(id="emil")], fits=told))

    assert plan.mentor_of() == {"amina": "emil"}
    assert type(plan.matches[0].mentor) is str
