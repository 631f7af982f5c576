"""Small programmes: one told by hand, others drawn by hypothesis, and the slow and sure way to judge them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from matchwell.programme import Fits, Mentee, Mentor, Programme
from matchwell.programme.values import Participant

NO_FITS = Fits(mentee=(), mentor=(), parts={})

_LANGUAGES = [frozenset[str](), frozenset({"en"}), frozenset({"de", "en-GB"}), frozenset({"pt-BR"})]
_OFFSETS = [None, None, -8.0, 0.0, 5.5, 11.0]


def spring() -> Programme:
    """Amina and Chloe would both do best with Ben, who takes one. Only Emil speaks German with Dora."""
    return Programme(
        mentees=[
            Mentee(id="amina", languages=frozenset({"en"})),
            Mentee(id="chloe", languages=frozenset({"en", "fr"})),
            Mentee(id="dora", languages=frozenset({"de"})),
        ],
        mentors=[
            Mentor(id="ben", languages=frozenset({"en-GB"})),
            Mentor(id="emil", languages=frozenset({"de", "en"}), capacity=2),
        ],
        fits=Fits(
            mentee=["amina", "amina", "chloe", "chloe", "dora", "dora"],
            mentor=["ben", "emil", "ben", "emil", "ben", "emil"],
            parts={"topic": [0.9, 0.3, 0.8, 0.5, 0.9, 0.2], "goals": [0.0, 0.5, 0.0, 0.1, 0.0, 0.0]},
        ),
    )


@st.composite
def programmes(draw: st.DrawFn, *, least: float = -0.25, most_wishes: int = 2, most_people: int = 4) -> Programme:
    """Draw a programme of a few people, with many ties, and with every sort of limit."""
    mentees = [f"m{number}" for number in range(draw(st.integers(0, most_people)))]
    mentors = [f"r{number}" for number in range(draw(st.integers(0, most_people)))]
    fitting = (
        draw(st.lists(st.sampled_from(list(product(mentees, mentors))), unique=True)) if mentees and mentors else []
    )
    points = st.sampled_from([least, 0.0, 0.1, 0.2, 0.3, 1.0])
    size = len(fitting)
    return Programme(
        mentees=[
            Mentee(
                id=name,
                languages=draw(st.sampled_from(_LANGUAGES)),
                utc_offset=draw(st.sampled_from(_OFFSETS)),
                wishes=draw(_wishes(mentors, most_wishes)),
                group=draw(st.sampled_from([None, "a", "b"])),
            )
            for name in mentees
        ],
        mentors=[
            Mentor(
                id=name,
                languages=draw(st.sampled_from(_LANGUAGES)),
                utc_offset=draw(st.sampled_from(_OFFSETS)),
                wishes=draw(_wishes(mentees, most_wishes)),
                capacity=draw(st.integers(0, 3)),
            )
            for name in mentors
        ],
        fits=Fits(
            mentee=[mentee for mentee, _ in fitting],
            mentor=[mentor for _, mentor in fitting],
            parts={name: draw(st.lists(points, min_size=size, max_size=size)) for name in ("topic", "goals")},
        ),
        blocks=draw(
            st.lists(st.tuples(st.sampled_from([*mentees, "x"]), st.sampled_from([*mentors, "y"])), max_size=2)
        ),
        most_hours_apart=draw(st.sampled_from([None, 3.0])),
    )


def _wishes(people: list[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(people), unique=True, max_size=most).map(tuple) if people else st.just(())


def shuffled(draw: st.DrawFn | st.DataObject, programme: Programme) -> Programme:
    """Return the same programme told in another order."""
    drawn = draw.draw if isinstance(draw, st.DataObject) else draw
    rows = drawn(st.permutations(range(len(programme.fits.mentee))))
    parts = drawn(st.permutations(list(programme.fits.parts)))
    return replace(
        programme,
        mentees=drawn(st.permutations(programme.mentees)),
        mentors=drawn(st.permutations(programme.mentors)),
        fits=Fits(
            mentee=[programme.fits.mentee[row] for row in rows],
            mentor=[programme.fits.mentor[row] for row in rows],
            parts={name: programme.fits.part(name)[list(rows)] for name in parts},
        ),
        blocks=drawn(st.permutations(sorted(programme.blocks))),
    )


def may_meet(programme: Programme, mentee: Mentee, mentor: Mentor) -> bool:
    """Return whether no limit keeps two people apart, each limit in words of its own."""
    spoken = [{language.split("-")[0] for language in one.languages} for one in (mentee, mentor)]
    blocks = {frozenset(pair) for pair in programme.blocks}
    hours = 0.0
    if mentee.utc_offset is not None and mentor.utc_offset is not None:
        hours = abs(mentee.utc_offset - mentor.utc_offset)
        hours = min(hours, 24 - hours)
    return (
        mentor.capacity > 0
        and mentee.id != mentor.id
        and frozenset((mentee.id, mentor.id)) not in blocks
        and (not spoken[0] or not spoken[1] or bool(spoken[0] & spoken[1]))
        and (programme.most_hours_apart is None or hours <= programme.most_hours_apart)
    )


def scores(programme: Programme, weights: Mapping[str, float] | None = None) -> dict[tuple[str, str], float]:
    """Return the score of every pair that may be matched."""
    weights = weights or {}
    parts: dict[tuple[str, str], dict[str, float]] = {}
    for row, pair in enumerate(zip(programme.fits.mentee, programme.fits.mentor, strict=True)):
        parts[pair] = {name: float(programme.fits.part(name)[row]) for name in programme.fits.parts}
    for mentee in programme.mentees:
        for place, name in enumerate(mentee.wishes, start=1):
            parts.setdefault((mentee.id, name), {})["mentee_wish"] = 1 / place
    for mentor in programme.mentors:
        for place, name in enumerate(mentor.wishes, start=1):
            parts.setdefault((name, mentor.id), {})["mentor_wish"] = 1 / place
    return {
        (mentee.id, mentor.id): sum(weights.get(name, 1.0) * one for name, one in parts[mentee.id, mentor.id].items())
        for mentee in programme.mentees
        for mentor in programme.mentors
        if (mentee.id, mentor.id) in parts and may_meet(programme, mentee, mentor)
    }


def every_plan(programme: Programme) -> Iterator[dict[str, str]]:
    """Yield every plan that keeps limits and capacities: the mentor of each matched mentee."""
    allowed = scores(programme)
    options = [[None, *(mentor for who, mentor in allowed if who == one.id)] for one in programme.mentees]
    for mentors in product(*options):
        taken = [mentor for mentor in mentors if mentor]
        if all(taken.count(one.id) <= one.capacity for one in programme.mentors):
            yield {one.id: mentor for one, mentor in zip(programme.mentees, mentors, strict=True) if mentor is not None}


def orders(programme: Programme) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return whom everybody may be matched with, the dearest first: wishes, then scores, then identifiers."""
    score = scores(programme, {"mentee_wish": 0.0, "mentor_wish": 0.0})

    def order(one: Participant, others: dict[str, float]) -> list[str]:
        wish = {name: place for place, name in enumerate(one.wishes)}
        return sorted(others, key=lambda name: (wish.get(name, len(wish)), -round(others[name], 9), name))

    return (
        {
            one.id: order(one, {b: points for (a, b), points in score.items() if a == one.id})
            for one in programme.mentees
        },
        {
            one.id: order(one, {a: points for (a, b), points in score.items() if b == one.id})
            for one in programme.mentors
        },
    )


def who_would_rather(programme: Programme, mentor_of: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the mentees and mentors who would rather have each other."""
    mentees, mentors = orders(programme)
    found = []
    for mentee, likes in mentees.items():
        for mentor in likes[: likes.index(mentor_of[mentee]) if mentee in mentor_of else None]:
            held = [other for other, given in mentor_of.items() if given == mentor]
            [places] = [one.capacity for one in programme.mentors if one.id == mentor]
            dearer = mentors[mentor].index
            if len(held) < places or any(dearer(mentee) < dearer(other) for other in held):
                found.append((mentee, mentor))
    return sorted(found)
