"""Whom a wave disturbs."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from momentor.dispatch.waves import MOST, Candidate, next_wave

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
