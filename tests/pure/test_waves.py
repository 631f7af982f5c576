"""Whom a wave disturbs."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from momentor.dispatch.waves import MOST, WEAK, Candidate, next_wave

chances = some.floats(0, 1, allow_nan=False)
candidates = some.lists(chances, max_size=12).map(
    lambda found: [Candidate(person_id=UUID(int=place), chance=chance) for place, chance in enumerate(found)]
)


def nobody(wave: list[Candidate]) -> float:
    left = 1.0
    for one in wave:
        left *= 1 - one.chance
    return left


@given(candidates, chances)
def test_a_wave_is_the_beginning_of_the_list_and_no_longer_than_allowed(found: list[Candidate], target: float) -> None:
    wave = next_wave(found, target=target)

    assert wave == found[: len(wave)]
    assert len(wave) <= MOST


@given(candidates, chances)
def test_a_wave_stops_as_soon_as_the_target_is_reached(found: list[Candidate], target: float) -> None:
    wave = next_wave(found, target=target)

    assert nobody(wave[:-1]) > 1 - target or not wave
    assert nobody(wave) <= 1 - target or len(wave) in (MOST, len(found))


def test_the_sure_one_is_enough() -> None:
    sure, other = (Candidate(person_id=UUID(int=number), chance=0.9) for number in (1, 2))

    assert next_wave([sure, other]) == [sure]
    assert next_wave([]) == []


def fits(*scores: float, chance: float = 0.1) -> list[Candidate]:
    return [Candidate(person_id=UUID(int=place), chance=chance, score=score) for place, score in enumerate(scores)]


def scores_of(wave: list[Candidate]) -> list[float]:
    return [one.score for one in wave]


def test_a_wave_is_not_filled_up_with_weak_fits() -> None:
    assert scores_of(next_wave(fits(0.9, 0.5, 0.2, 0.1))) == [0.9, 0.5]


def test_a_weak_fit_does_not_come_first_because_it_is_here() -> None:
    assert scores_of(next_wave(fits(0.2, 0.9, 0.1, 0.6))) == [0.9, 0.6]


def test_weak_fits_are_asked_when_nobody_stronger_is_left() -> None:
    found = fits(0.9, 0.5, 0.2, 0.1)
    asked = next_wave(found)

    rest = [one for one in found if one not in asked]

    assert scores_of(next_wave(rest)) == [0.2, 0.1]


def test_a_third_of_the_best_is_strong_enough() -> None:
    assert scores_of(next_wave(fits(0.9, 0.9 * WEAK, 0.29))) == [0.9, 0.9 * WEAK]


def test_nobody_weak_is_asked_while_somebody_stronger_is_worth_waiting_for() -> None:
    assert next_wave(fits(0.2, 0.1), best=0.9) == []
    assert scores_of(next_wave(fits(0.4, 0.1), best=0.9)) == [0.4]


def test_whom_the_mentee_chose_is_asked_whatever_speaks_for_them() -> None:
    chosen = Candidate(person_id=UUID(int=9), chance=0.1, is_chosen=True)

    assert next_wave([chosen, *fits(0.9, 0.1)]) == [chosen, *fits(0.9)]


def test_where_nothing_speaks_for_anybody_nobody_is_weak() -> None:
    assert len(next_wave(fits(0.0, 0.0, 0.0))) == 3


@given(some.lists(some.tuples(chances, chances, some.booleans()), max_size=12), chances)
def test_nobody_in_a_wave_is_weak_and_whoever_was_passed_over_is(
    rows: list[tuple[float, float, bool]], best: float
) -> None:
    found = [
        Candidate(person_id=UUID(int=place), chance=chance, score=score, is_chosen=is_chosen)
        for place, (chance, score, is_chosen) in enumerate(rows)
    ]
    least = WEAK * max([best, *(one.score for one in found)])

    wave = next_wave(found, best=best)

    assert all(one.is_chosen or one.score >= least for one in wave)
    passed_over = found[: found.index(wave[-1])] if wave else []
    assert all(one in wave or (one.score < least and not one.is_chosen) for one in passed_over)
