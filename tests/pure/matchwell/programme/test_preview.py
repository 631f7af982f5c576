"""What a coordinator sees before a plan takes effect."""

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given

from matchwell.programme import (
    Fits,
    Load,
    Mentee,
    Mentor,
    Programme,
    Unmatched,
    assign,
    preview,
    spread,
    stable,
)
from tests.pure.matchwell.programme.small import may_meet, programmes, scores, spring


def left_out(mentee: Mentee, *mentors: Mentor, blocks: tuple[tuple[str, str], ...] = ()) -> Unmatched:
    """Return why the mentee stays unmatched beside Amina, who takes Ben's only place. They fit with everybody."""
    names = [one.id for one in mentors]
    programme = Programme(
        mentees=[Mentee(id="amina"), mentee],
        mentors=list(mentors),
        fits=Fits(
            mentee=["amina", *([mentee.id] * len(names))],
            mentor=["ben", *names],
            parts={"topic": [1.0] + [0.5] * len(names)},
        ),
        blocks=blocks,
        most_hours_apart=4.0,
    )
    [unmatched] = preview(programme, factors=()).unmatched
    return unmatched


BEN = Mentor(id="ben", languages=frozenset({"en"}), utc_offset=0.0)
EMIL = Mentor(id="emil", languages=frozenset({"de"}), utc_offset=1.0)


def test_who_is_left_is_told_why() -> None:
    chloe = Mentee(id="chloe", languages=frozenset({"fr"}))

    assert left_out(chloe, BEN, EMIL) == Unmatched(mentee="chloe", why="language", open=0, ruled_out=(("language", 2),))
    assert left_out(replace(chloe, languages=frozenset({"en"})), BEN, EMIL) == Unmatched(
        mentee="chloe", why="places_taken", open=1, ruled_out=(("language", 1),)
    )
    assert left_out(Mentee(id="chloe"), BEN, EMIL, blocks=(("chloe", "ben"), ("emil", "chloe"))).why == "blocked"
    assert left_out(Mentee(id="chloe", utc_offset=9.0), BEN, EMIL).why == "hours"
    assert left_out(Mentee(id="emil"), BEN, EMIL, blocks=(("emil", "ben"),)).ruled_out == (("self", 1), ("blocked", 1))
    assert left_out(Mentee(id="chloe"), BEN, replace(EMIL, capacity=0), blocks=(("chloe", "ben"),)).ruled_out == (
        ("blocked", 1),
        ("no_places", 1),
    )


def test_whom_nobody_was_named_for_is_told_so_unless_a_limit_rules_out_everybody() -> None:
    programme = replace(
        spring(),
        mentees=[*spring().mentees, Mentee(id="eve"), Mentee(id="finn", languages=frozenset({"fi"}))],
    )

    shown = preview(programme, factors=())

    assert shown.unmatched == (
        Unmatched(mentee="eve", why="no_fit", open=0, ruled_out=()),
        Unmatched(mentee="finn", why="language", open=0, ruled_out=()),
    )


def test_without_mentors_nobody_fits() -> None:
    programme = Programme(mentees=[Mentee(id="amina")], mentors=[], fits=Fits(mentee=(), mentor=(), parts={}))

    assert preview(programme).unmatched == (Unmatched(mentee="amina", why="no_fit", open=0, ruled_out=()),)
    assert preview(programme).effects == ()


def test_the_load_of_every_mentor_is_shown() -> None:
    assert preview(spring(), factors=()).loads == (
        Load(mentor="ben", capacity=1, mentees=("chloe",)),
        Load(mentor="emil", capacity=2, mentees=("amina", "dora")),
    )


def test_the_effect_of_a_weight_is_told_in_matches_scores_and_changes() -> None:
    shown = preview(spring(), factors=(0.0, 1.0))

    without_goals, with_goals, without_topic, with_topic = shown.effects
    assert [(one.part, one.factor) for one in shown.effects] == [
        ("goals", 0.0),
        ("goals", 1.0),
        ("topic", 0.0),
        ("topic", 1.0),
    ]
    assert (without_goals.matched, without_goals.changed) == (3, 2)
    assert without_goals.total == pytest.approx(0.9 + 0.6 + 0.2)
    assert without_goals.own_total == pytest.approx(0.9 + 0.5 + 0.2)
    assert (with_goals.total, with_goals.changed) == (shown.plan.total, 0)
    assert (without_topic.changed, without_topic.own_total) == (0, 0.5)
    assert with_topic.own_total == shown.plan.total


def test_a_part_that_speaks_for_nobody_has_no_effect_to_show() -> None:
    fits = spring().fits
    programme = replace(
        spring(), fits=Fits(mentee=fits.mentee, mentor=fits.mentor, parts={**fits.parts, "luck": [0.0] * 6})
    )

    assert {effect.part for effect in preview(programme).effects} == {"goals", "topic"}
    assert {effect.part for effect in preview(programme, weights={"goals": 0.0}).effects} == {"topic"}


@pytest.mark.parametrize("way", [stable, partial(stable, favouring="mentors"), spread, partial(assign, welfare="nash")])
def test_every_way_of_planning_can_be_previewed(way: partial[object]) -> None:
    shown = preview(spring(), way=way)  # type: ignore[arg-type]  # mypy knows only one type for all of them

    assert len(shown.plan.matches) == 3
    assert len(shown.effects) == 6


@given(programme=programmes())
def test_a_preview_holds_together(programme: Programme) -> None:
    shown = preview(programme, weights={"topic": 0.5})
    score = scores(programme, {"topic": 0.5})

    assert shown.plan == assign(programme, weights={"topic": 0.5})
    assert [one.mentee for one in shown.unmatched] == list(shown.plan.unmatched)
    assert Counter(one.mentor for one in shown.plan.matches) == Counter(
        {one.mentor: len(one.mentees) for one in shown.loads}
    )
    for effect in shown.effects:
        assert effect.matched == len(shown.plan.matches), "no weight changes how many are matched"
        assert effect.total <= shown.plan.total + 1e-6
        assert 0 <= effect.changed <= len(programme.mentees)
    mentors = {one.id: one for one in programme.mentors}
    for one in shown.unmatched:
        [mentee] = [other for other in programme.mentees if other.id == one.mentee]
        meeting = [other for other in mentors if may_meet(programme, mentee, mentors[other])]
        if one.why == "places_taken":
            assert one.open == sum(pair[0] == one.mentee for pair in score) > 0
        elif one.why == "no_fit":
            assert meeting or not mentors
        else:
            assert not any(pair[0] == one.mentee for pair in score)
