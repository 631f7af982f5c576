"""Odd input gives a plain answer or a plain refusal, and never harms what is there."""

import logging
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell import Answer, Ask, Index, PastQuestion, PersonText
from matchwell.coach import coach
from matchwell.encoders import Vectors
from tests.pure.matchwell.worlds import NOW, ward

ODD_TEXTS = {
    "empty": "",
    "blank": " \n\t ",
    "100 kB": "night shift " * 8_500,
    "one long word": "a" * 100_000,
    "emoji only": "👩‍🚀🚀🚀🏳️‍🌈",
    "control characters": "\x00night\x07 \x1bshift\x9f",
    "lone surrogate": "night \ud800 shift",
    "mixed scripts": "night नाइट 夜勤 ночь ليل กลางคืน νύχτα",
    "signs only": "?!#++--__..",
    "right to left marks": "\u202enight\u202c \u200fshift",
    "injected HTML": "<script>alert('night')</script><img src=x onerror=\"steal()\"> <b>shift</b> &lt;i&gt;",
    "stop words only": "how do I do it and who is the one",
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_any_text_may_be_asked_stored_and_coached(text: str) -> None:
    index = ward().index()
    index.add_people([PersonText(id="odd", text=text, skills=(text,), samples=(text,))])
    index.add_questions([PastQuestion(id="odd", text=text, at=990, tags=frozenset({text}))])
    index.add_answers([Answer(question="odd", person="odd", at=991)])

    ranked = index.rank(Ask(text=text, at=NOW, tags=frozenset({text}), languages=frozenset({"en"})))

    assert all(math.isfinite(one.score) and one.score > 0 for one in ranked)
    assert all(0 < one.similarity <= 1 for one in index.alike(text))
    assert coach(text, index=index).time_box > 0


@given(text=st.text(), other=st.text())
def test_no_text_breaks_anything(text: str, other: str) -> None:
    index = Index()
    index.add_people([PersonText(id="p", text=other)])
    index.add_questions([PastQuestion(id="q", text=other, at=1)])
    index.add_answers([Answer(question="q", person="p", at=2)])

    for one in index.rank(Ask(text=text, at=3)):
        for reason in one.reasons:
            assert all(word in text for word in reason.words)


def test_no_markup_of_a_question_comes_back_as_a_reason() -> None:
    index = ward().index()
    index.add_questions([PastQuestion(id="odd", text=ODD_TEXTS["injected HTML"], at=990)])
    index.add_answers([Answer(question="odd", person="ben", at=991)])

    ranked = index.rank(Ask(text=ODD_TEXTS["injected HTML"], at=NOW))

    words = [word for one in ranked for reason in one.reasons for word in reason.words]
    assert "script" in words
    assert not any(set(word) & set("<>&\"'=/()") for word in words)


def test_people_without_a_word_about_themselves_are_found_by_their_answers_alone() -> None:
    index = ward().index()
    index.add_people([PersonText(id="silent"), PersonText(id="mute", text="", skills=("",), samples=("", " "))])
    index.add_answers([Answer(question="q1", person="silent", at=960)])

    ranked = index.rank(Ask(text="night shifts", at=NOW), take=10)

    assert "silent" in {one.person for one in ranked}
    assert "mute" not in {one.person for one in ranked}, "nothing speaks for them"
    [silent] = [one for one in ranked if one.person == "silent"]
    assert {reason.kind for reason in silent.reasons}.isdisjoint({"profile", "sample"})


def test_what_is_dated_in_the_future_says_nothing_until_then() -> None:
    index = ward().index()
    index.add_questions([PastQuestion(id="later", text="How do I survive night shifts?", at=NOW + 10)])
    index.add_answers([Answer(question=question, person="emil", at=NOW + 11) for question in ("later", "q1")])

    now, then = (index.rank(Ask(text="night shifts", at=at)) for at in (NOW, NOW + 20))

    assert now == ward().index().rank(Ask(text="night shifts", at=NOW))
    assert "later" in [reason.question for one in then if one.person == "emil" for reason in one.reasons]


def test_an_encoder_that_gives_nan_is_gone_on_without(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        name = "broken"
        dim = 2

        def encode(self, texts: Sequence[str]) -> Vectors:
            return np.full((len(texts), 2), np.nan, np.float32)

    index = Index(encoder=Broken(), profile_encoder=Broken())
    told = ward()
    with caplog.at_level(logging.WARNING, logger="matchwell"):
        index.add_people(told.people)
        index.add_questions(told.questions)
        index.add_answers(told.answers)

    assert index.rank(Ask(text="night", at=NOW)) == told.index().rank(Ask(text="night", at=NOW))
    assert "The encoder broken is broken: it gave numbers that are not finite." in caplog.text


def test_an_ask_with_a_vector_of_nan_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="vector of an ask has numbers that are not finite"):
        Ask(text="night", at=NOW, vector=np.array([1, math.nan]))
    with pytest.raises(ValueError, match="vector of an ask has numbers that are not finite"):
        Ask(text="night", at=NOW, profile_vector=np.array([math.inf, 1]))


def test_an_empty_index_ranks_nobody() -> None:
    assert Index().rank(Ask(text="anything", at=NOW)) == []
    assert Index().alike("anything") == []


def test_the_same_identifier_twice_keeps_the_last_value() -> None:
    index = Index()
    index.add_people([PersonText(id="p", text="nurse"), PersonText(id="p", text="welder")])
    index.add_questions([PastQuestion(id="q", text="nurse", at=1), PastQuestion(id="q", text="welder", at=1)])

    assert index.rank(Ask(text="nurse", at=NOW)) == []
    assert [one.person for one in index.rank(Ask(text="welder", at=NOW))] == ["p"]
    assert [one.question for one in index.alike("welder")] == ["q"]


def test_the_same_answer_told_twice_counts_once() -> None:
    index, twice = ward().index(), ward().index()

    twice.add_answers(ward().answers)
    twice.add_answers([Answer(question="q1", person="ben", at=999)])

    assert twice.rank(Ask(text="night", at=NOW)) == index.rank(Ask(text="night", at=NOW))


@pytest.mark.parametrize("at", [math.nan, math.inf, -math.inf])
def test_a_time_that_is_none_is_refused_with_a_sentence(at: float) -> None:
    with pytest.raises(ValueError, match="finite number of days"):
        Ask(text="night", at=at)
    with pytest.raises(ValueError, match="question 'q'"):
        PastQuestion(id="q", text="night", at=at)
    with pytest.raises(ValueError, match="answer of 'p' to 'q'"):
        Answer(question="q", person="p", at=at)


def test_times_before_the_zero_and_far_away_are_times_as_well() -> None:
    index = Index()
    index.add_people([PersonText(id="p")])
    index.add_questions([PastQuestion(id="q", text="night", at=-1e9)])
    index.add_answers([Answer(question="q", person="p", at=-1e9)])

    [long_after] = index.rank(Ask(text="night", at=1e9))
    assert 0 < long_after.score < 0.5, "of what was said two thousand million days ago a little is left"
    assert index.rank(Ask(text="night", at=-1e9)) == [], "not before itself"
    assert [one.person for one in index.rank(Ask(text="night", at=-1e9 + 1))] == ["p"]


def test_taking_nobody_returns_nobody() -> None:
    assert ward().index().rank(Ask(text="night", at=NOW), take=0) == []
    assert ward().index().alike("night", take=0) == []


def test_removing_what_is_not_there_does_nothing() -> None:
    index = ward().index()

    index.remove_people(["stranger"])
    index.remove_questions(["unknown"])
    index.remove_answers([("unknown", "ben"), ("q1", "stranger"), ("q1", "emil")])

    assert index.rank(Ask(text="night", at=NOW)) == ward().index().rank(Ask(text="night", at=NOW))


def test_a_batch_that_breaks_halfway_changes_nothing() -> None:
    index = ward().index()

    with pytest.raises(ValueError, match="finite"):
        index.add_questions(PastQuestion(id=f"new {at}", text="night", at=at) for at in (1.0, math.nan))

    assert index.rank(Ask(text="night", at=NOW)) == ward().index().rank(Ask(text="night", at=NOW))
