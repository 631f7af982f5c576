"""Programmes told as the literature tells them: everybody's list of whom they accept, the dearest first."""

from collections.abc import Mapping, Sequence
from itertools import permutations

from hypothesis import strategies as st

from matchwell.programme import Mentee, Mentor, Plan, Programme
from tests.pure.matchwell.programme.small import NO_FITS

Lists = Mapping[str, Sequence[str]]


def told(mentees: Lists, mentors: Lists, places: Mapping[str, int] | None = None) -> Programme:
    """Return a programme of lists. Who is not on the other's list is refused, which a programme calls a block."""
    places = places or {}
    one_sided = [(mentee, mentor) for mentee in mentees for mentor in mentees[mentee] if mentee not in mentors[mentor]]
    one_sided += [(mentee, mentor) for mentor in mentors for mentee in mentors[mentor] if mentor not in mentees[mentee]]
    return Programme(
        mentees=[Mentee(id=name, wishes=tuple(wishes)) for name, wishes in mentees.items()],
        mentors=[
            Mentor(id=name, wishes=tuple(wishes), capacity=places.get(name, 1)) for name, wishes in mentors.items()
        ],
        fits=NO_FITS,
        blocks=one_sided,
    )


def given_to(plan: Plan) -> dict[str, set[str]]:
    """Return the mentees of each mentor who has any."""
    mentees: dict[str, set[str]] = {}
    for mentee, mentor in plan.mentor_of().items():
        mentees.setdefault(mentor, set()).add(mentee)
    return mentees


@st.composite
def markets(
    draw: st.DrawFn, *, complete: bool = False, most: int = 5
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
    """Draw lists that accept each other, and places."""
    mentees = [f"m{number}" for number in range(draw(st.integers(1, most)))]
    mentors = [f"r{number}" for number in range(draw(st.integers(1, most)))]
    refused = set() if complete else draw(st.sets(st.tuples(st.sampled_from(mentees), st.sampled_from(mentors))))
    wishes = {
        name: [other for other in draw(st.permutations(mentors)) if (name, other) not in refused] for name in mentees
    }
    returned = {
        name: [other for other in draw(st.permutations(mentees)) if (other, name) not in refused] for name in mentors
    }
    return wishes, returned, {name: draw(st.integers(1, 3)) for name in mentors}


def other_lists(wishes: Sequence[str]) -> list[tuple[str, ...]]:
    """Return every list that could be told in the place of a true one."""
    return [told for length in range(1, len(wishes) + 1) for told in permutations(wishes, length)]
