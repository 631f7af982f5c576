"""Random markets, solved by another library as well: `matching`, by Henry Wilde. Skipped, and said so, without it."""

import warnings

import pytest
from hypothesis import given

from matchwell.programme import stable
from tests.pure.matchwell.programme.lists import given_to, markets, told

try:
    from matching.games import HospitalResident, StableMarriage, StudentAllocation
except ImportError:
    warnings.warn("Stable plans were not compared with another library: install `matching` for that.", stacklevel=1)
    pytest.skip("matching is not installed", allow_module_level=True)

Market = tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]


def without_the_unwanted(market: Market) -> Market:
    """Leave out who is on no list, as that library takes nobody without one."""
    mentees, mentors, places = market
    return (
        {name: wishes for name, wishes in mentees.items() if wishes},
        {name: wishes for name, wishes in mentors.items() if wishes},
        places,
    )


@given(market=markets())
def test_hospitals_and_residents_agree_from_both_sides(market: Market) -> None:
    mentees, mentors, places = without_the_unwanted(market)
    programme = told(mentees, mentors, places)

    for side, optimal in (("mentees", "resident"), ("mentors", "hospital")):
        if not mentees:
            continue
        game = HospitalResident.create_from_dictionaries(mentees, mentors, {name: places[name] for name in mentors})
        solved = game.solve(optimal=optimal)
        theirs = {hospital.name: {one.name for one in held} for hospital, held in solved.items() if held}
        assert given_to(stable(programme, favouring=side)) == theirs  # type: ignore[arg-type]  # the two sides


@given(market=markets(complete=True))
def test_marriages_agree_from_both_sides(market: Market) -> None:
    mentees, mentors, _ = market
    least = min(len(mentees), len(mentors))
    mentees = {name: [one for one in mentees[name] if one < f"r{least}"] for name in sorted(mentees)[:least]}
    mentors = {name: [one for one in mentors[name] if one < f"m{least}"] for name in sorted(mentors)[:least]}
    programme = told(mentees, mentors)

    for side, optimal in (("mentees", "suitor"), ("mentors", "reviewer")):
        solved = StableMarriage.create_from_dictionaries(mentees, mentors).solve(optimal=optimal)
        theirs = {suitor.name: reviewer.name for suitor, reviewer in solved.items()}
        assert stable(programme, favouring=side).mentor_of() == theirs  # type: ignore[arg-type]  # the two sides


@given(market=markets())
def test_students_and_projects_agree_where_every_supervisor_has_one_project(market: Market) -> None:
    mentees, mentors, places = without_the_unwanted(market)
    if not mentees:
        return
    supervisors = {f"s{name}": wishes for name, wishes in mentors.items()}
    game = StudentAllocation.create_from_dictionaries(
        mentees,
        supervisors,
        {name: f"s{name}" for name in mentors},
        {name: places[name] for name in mentors},
        {f"s{name}": places[name] for name in mentors},
    )

    theirs = {project.name: {one.name for one in held} for project, held in game.solve().items() if held}

    assert given_to(stable(told(mentees, mentors, places))) == theirs
