"""Reasons as pages say them."""

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
