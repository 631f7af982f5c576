"""Who is ranked for a question, and the reasons given, in a community small enough to check by eye."""

import pytest

from matchwell import Answer, Ask, Index, Limits, PastQuestion, PersonText, Ranked, Weights
from tests.pure.matchwell.worlds import EVERYONE, NO_PLACES, NOW, ward


def names(ranked: list[Ranked]) -> list[str]:
    return [one.person for one in ranked]


def test_the_person_who_answered_such_questions_comes_first() -> None:
    index = ward().index()

    assert names(index.rank(Ask(text="Tired after night shifts", at=NOW)))[0] == "ben"
    assert names(index.rank(Ask(text="Learning pipe welding", at=NOW)))[0] == "emil"


def test_reasons_name_the_questions_and_the_words_as_they_were_asked() -> None:
    [ben, *_] = ward().index().rank(Ask(text="Tired after Night SHIFTS", at=NOW, tags=frozenset({"Nursing"})))

    answered = [reason for reason in ben.reasons if reason.kind == "answered"]
    assert {reason.question for reason in answered} == {"q1", "q2", "q3"}
    assert set(answered[0].words) == {"Night", "SHIFTS"}
    assert [reason.words for reason in ben.reasons if reason.kind == "tags"] == [("Nursing",)]
    assert "recent" in {reason.kind for reason in ben.reasons}


def test_a_fresh_answer_counts_more_than_an_old_one() -> None:
    index = ward().index()
    index.add_people([PersonText(id="olga")])
    index.add_questions([PastQuestion(id="q0", text="How do I survive night shifts?", at=1)])
    index.add_answers([Answer(question="q0", person="olga", at=2), Answer(question="q1", person="emil", at=NOW - 1)])

    order = names(index.rank(Ask(text="How do I survive night shifts?", at=NOW), take=EVERYONE))

    assert order.index("emil") < order.index("olga")


def test_profile_and_samples_speak_for_a_newcomer() -> None:
    ranked = ward().index().rank(Ask(text="wound care at night", at=NOW))
    nora = next(one for one in ranked if one.person == "nora")

    assert nora.is_newcomer
    assert {reason.kind: set(reason.words) for reason in nora.reasons} == {
        "profile": {"wound", "care", "night"},
        "sample": {"night"},
    }


def test_the_profile_of_somebody_with_history_is_not_counted() -> None:
    ranked = ward().index().rank(Ask(text="twenty years a nurse", at=NOW))

    assert [reason.kind for one in ranked if one.person == "ben" for reason in one.reasons] == ["recent"]


def test_the_third_answer_ends_being_a_newcomer() -> None:
    index = ward().index()
    ask = Ask(text="night", at=NOW)
    for question, still in (("q1", True), ("q2", True), ("q3", False)):
        index.add_answers([Answer(question=question, person="nora", at=980)])

        nora = next(one for one in index.rank(ask) if one.person == "nora")
        assert nora.is_newcomer is still


def test_a_reserved_place_goes_to_the_best_newcomer_who_stands_further_down() -> None:
    world = ward()
    ask = Ask(text="night welding shifts electrode", at=NOW)
    without = names(world.index(NO_PLACES).rank(ask))

    with_first = names(world.index(Weights(newcomer_places=(1,))).rank(ask))

    assert without[-1] == "nora"
    assert with_first == ["nora", *without[:-1]]


def test_a_newcomer_gets_no_reserved_place_for_another_trade() -> None:
    index = ward().index(Weights(newcomer_places=(1,)))

    assert names(index.rank(Ask(text="pipe electrode", at=NOW)))[0] == "emil"


def test_a_reserved_place_needs_words_of_ones_own_and_not_just_a_first_answer() -> None:
    world = ward()
    world.people.append(PersonText(id="omar"))
    world.answers.append(Answer(question="q1", person="omar", at=970))
    ask = Ask(text="pipe welding and night shifts at sea", at=NOW)

    order = names(world.index(Weights(newcomer_places=(1,))).rank(ask))

    assert order[0] == "nora"
    assert "omar" in order


def test_a_newcomer_in_the_list_already_takes_up_the_reserved_place() -> None:
    world = ward()
    world.people.append(PersonText(id="omar", text="welding"))
    ask = Ask(text="wound care at night, nurse, rota, welding", at=NOW)
    without = names(world.index(NO_PLACES).rank(ask, take=2))

    assert "nora" in without or "omar" in without
    assert names(world.index(Weights(newcomer_places=(2,))).rank(ask, take=2)) == without


def test_people_share_a_language_with_the_ask_or_are_not_ranked() -> None:
    index = ward().index()

    german = names(index.rank(Ask(text="night welding", at=NOW, languages=frozenset({"de-AT"})), take=EVERYONE))
    english = names(index.rank(Ask(text="night welding", at=NOW, languages=frozenset({"en"})), take=EVERYONE))

    assert set(german) == {"emil", "nora"}, "Nora has not said which languages she speaks"
    assert set(english) == {"ben", "emil", "nora"}


def test_nobody_is_ranked_for_their_own_question_or_against_a_limit() -> None:
    index = ward().index()
    ask = Ask(text="night welding", at=NOW, asker="ben")

    assert set(names(index.rank(ask))) == {"emil", "nora"}
    assert names(index.rank(ask, limits=Limits(never=frozenset({"nora", "stranger"})))) == ["emil"]
    assert names(index.rank(ask, limits=Limits(only=frozenset({"nora", "stranger"})))) == ["nora"]


def test_those_invited_often_lately_stand_back() -> None:
    index = ward().index()
    index.add_people([PersonText(id="zoe")])
    index.add_answers(Answer(question=question, person="zoe", at=960) for question in ("q1", "q2", "q3"))
    ask = Ask(text="night shifts", at=NOW)

    assert names(index.rank(ask))[:2] == ["ben", "zoe"], "ties go to the lower id"
    assert names(index.rank(ask, limits=Limits(load={"ben": 5.0, "stranger": 3.0})))[:2] == ["zoe", "ben"]


def test_only_people_who_were_added_are_ranked() -> None:
    index = ward().index()
    index.add_answers([Answer(question="q1", person="ghost", at=970)])
    before = names(index.rank(Ask(text="night shifts", at=NOW)))

    index.add_people([PersonText(id="ghost")])

    assert "ghost" not in before
    assert "ghost" in names(index.rank(Ask(text="night shifts", at=NOW)))


def test_a_changed_question_speaks_with_its_new_text() -> None:
    index = ward().index()
    index.add_questions([PastQuestion(id="q1", text="Which knot for a bow line?", at=900)])

    [ben, *_] = index.rank(Ask(text="bow line knot", at=NOW))

    assert ben.person == "ben"
    assert ben.reasons[0].question == "q1"
    assert index.alike("How do I survive night shifts?")[0].question != "q1"


def test_alike_finds_the_same_words_with_similarity_one() -> None:
    index = ward().index()

    [same, *others] = index.alike("how do I survive NIGHT shifts")

    assert (same.question, same.similarity, same.tags) == ("q1", 1.0, frozenset({"nursing"}))
    assert all(0 < one.similarity < 1 for one in others)
    assert index.alike("a sonnet about the sea") == []


def test_alike_keeps_to_what_may_be_seen_and_to_the_past() -> None:
    index = ward().index()

    assert [one.question for one in index.alike("night shifts", only=frozenset({"q3", "unknown"}))] == ["q3"]
    assert [one.question for one in index.alike("night shifts", at=905)] == ["q1"]


def test_order_gives_the_same_people_as_rank() -> None:
    index = ward().index()
    ask = Ask(text="night welding", at=NOW)

    assert index.order(ask) == names(index.rank(ask))


def test_weights_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="half-lives"):
        Weights(half_life=0)
    with pytest.raises(ValueError, match="negative"):
        Weights(tags=-1)


def test_of_a_tag_that_very_many_questions_have_the_newest_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchwell.signals.UNDER_A_TAG", 2)
    index = Index(weights=NO_PLACES)
    index.add_people([PersonText(id="ben"), PersonText(id="emil")])
    index.add_questions(
        [
            *(PastQuestion(id=f"old{row}", text="", at=row, tags=frozenset({"nursing"})) for row in range(4)),
            *(PastQuestion(id=f"new{row}", text="", at=900 + row, tags=frozenset({"nursing"})) for row in range(2)),
            PastQuestion(id="rare", text="", at=1, tags=frozenset({"nursing", "wards"})),
        ]
    )
    index.add_answers(Answer(question=f"old{row}", person="emil", at=10) for row in range(4))
    index.add_answers(Answer(question=f"new{row}", person="ben", at=910) for row in range(2))

    tagged = {
        one.person: [reason.kind for reason in one.reasons]
        for one in index.rank(Ask(text="", at=NOW, tags=frozenset({"nursing"})))
    }
    assert "tags" in tagged["ben"]
    assert "tags" not in tagged["emil"]
    index.add_answers([Answer(question="rare", person="emil", at=12)])
    asked = Ask(text="", at=NOW, tags=frozenset({"nursing", "wards"}))
    assert "tags" in [reason.kind for one in index.rank(asked) if one.person == "emil" for reason in one.reasons]
