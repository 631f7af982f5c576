"""Reasons as pages say them."""

from typing import Any

import pytest

from momentor.dispatch.reasons import said_of

FIT = {"kind": "answered", "weight": 0.2, "question": None, "words": ["welding"]}


@pytest.mark.parametrize(("weight", "texts"), [(0.05, 2), (0.002, 1)])
def test_what_was_long_ago_is_not_called_lately(weight: float, texts: int) -> None:
    lately = {"kind": "recent", "weight": weight, "question": None, "words": []}

    said = [one.text for one in said_of([FIT, lately], {})]

    assert ("Answered somebody lately" in said) == (texts == 2)
    assert said[0] == "Answered a question like yours, about welding"


def test_where_nothing_else_speaks_for_somebody_a_reason_is_left() -> None:
    lately = {"kind": "recent", "weight": 0.002, "question": None, "words": []}

    assert [one.text for one in said_of([lately], {})] == ["Answered somebody lately"]


def reason(kind: str, weight: float, **told: Any) -> dict[str, Any]:
    return {"kind": kind, "weight": weight, "question": None, "words": [], **told}


def texts(*reasons: dict[str, Any], **how: Any) -> list[str]:
    return [one.text for one in said_of([FIT, *reasons], {}, **how)][1:]


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (reason("recent", 0.1, days=20.0), "Answered somebody lately"),
        (reason("recent", 0.1, days=200.0), None),
        (reason("experience", 0.1, count=57), "Answered 57 questions here"),
        (reason("experience", 0.1, count=2), None),
        (reason("met", 0.1, count=1), "Answered you before"),
        (reason("met", 0.1, count=0), None),
        (reason("rhythm", 0.1), "Often answers at this time"),
        (reason("rhythm", 0.001), None),
        (reason("experience", -0.1, count=57), None),
        (reason("load", -0.1), None),
    ],
)
def test_only_what_is_true_and_tells_something_is_said(told: dict[str, Any], text: str | None) -> None:
    assert texts(told) == ([text] if text else [])


def test_what_weighs_against_somebody_takes_no_share_from_what_speaks_for_them() -> None:
    said = said_of([FIT, reason("recent", -5.0, days=300.0), reason("tags", 0.2, words=["pipes"])], {})

    assert [one.share for one in said] == [50, 50]


def test_answers_are_told_even_where_others_have_more_of_them() -> None:
    said = said_of([reason("answered", -0.4, question="q", words=["welding"], nearness=0.3), reason("rhythm", 1.0)], {})

    assert [(one.text, one.share) for one in said] == [
        ("Often answers at this time", 100),
        ("Answered a question like yours, about welding", 0),
    ]


def test_a_question_that_is_hardly_alike_is_not_called_alike() -> None:
    near = reason("answered", 0.2, question="a", words=["night"], nearness=0.3)
    far = reason("answered", 0.3, question="b", words=["how"], nearness=0.004)

    both = said_of([near, far], {"a": "Night shifts", "b": "How to weld"})
    only_far = said_of([far], {"b": "How to weld"})

    assert [(one.text, one.quotes) for one in both] == [
        ("Answered a question like yours, about night", ("Night shifts",))
    ]
    assert [(one.text, one.quotes) for one in only_far] == [
        ("Answered questions that have a little in common with yours", ("How to weld",))
    ]


def test_where_it_is_decided_blind_nothing_is_said_by_which_profiles_could_be_searched() -> None:
    habits = (reason("experience", 0.1, count=57), reason("met", 0.1, count=1), reason("rhythm", 0.1))

    assert texts(*habits, is_blind=True) == ["Often answers at this time"]
