"""What the coach says, in the languages we speak."""

from typing import get_args

from django.utils import translation

from matchwell import Alike
from matchwell.coach import Advice, Notice, coach
from momentor.asking.coaching import NOTICES, hints_of, open_medium, starter_of, with_starter
from momentor.asking.forms import topics_of
from momentor.dispatch.queries import topics_near
from momentor.people.models import OPEN_MEDIUMS


def test_every_notice_has_a_sentence_and_a_beginning() -> None:
    assert set(NOTICES) == set(get_args(Notice))

    advice = Advice(notices=tuple(get_args(Notice)), time_box=10, medium="chat", topics=())
    for hint in hints_of(advice, language="en"):
        assert hint.text.endswith(("?", "."))
        assert hint.starter.endswith(": ")


def test_a_beginning_stands_in_the_language_of_the_question() -> None:
    with translation.override("en"):
        german, unknown = starter_of("no_goal", language="de-AT"), starter_of("no_goal", language="xh")

    with translation.override("de"):
        assert german == starter_of("no_goal", language="de")
    assert unknown == "A good answer would help me decide: "
    assert starter_of("nonsense", language="en") == ""


def test_ones_own_words_are_kept_to_the_letter() -> None:
    own = "Any tips?  \n\n"

    assert with_starter(own, "About me: ") == "Any tips?\n\nAbout me: "
    assert with_starter("", "About me: ") == "About me: "


def test_a_question_that_was_sharpened_gets_one_notice_less() -> None:
    own = "Any tips on leading a crew of welders?"
    before = coach(own, "en").notices
    sharpened = with_starter(own, starter_of("too_broad", language="en")) + (
        "whether to say yes by Friday, since I was offered to lead the crew I have worked in for six years, and two of"
        " the eight are older than I am."
    )

    assert "too_broad" in before
    assert len(coach(sharpened, "en").notices) < len(before)


def test_only_mediums_with_a_room_are_proposed() -> None:
    assert {open_medium(medium) for medium in ("chat", "voice", "video", "async")} <= set(OPEN_MEDIUMS)


def test_topics_are_read_as_people_write_them() -> None:
    assert topics_of(" Welding, welding ;crew,, \n pipes ") == ["welding", "crew", "pipes"]


def test_one_near_question_alone_proposes_no_topic() -> None:
    near = [
        Alike(question="1", similarity=0.9, words=("offered",), tags=frozenset({"law"})),
        Alike(question="2", similarity=0.3, words=("weld", "gate"), tags=frozenset({"welding", "gates"})),
        Alike(question="3", similarity=0.2, words=("pipes", "argon"), tags=frozenset({"welding", "health"})),
        Alike(question="4", similarity=0.05, words=("day",), tags=frozenset({"law", "health"})),
    ]

    assert topics_near(near) == ("welding",)


def test_one_word_in_common_proposes_no_topic_unless_it_names_it() -> None:
    near = [
        Alike(question="1", similarity=0.4, words=("families",), tags=frozenset({"farming", "talking with families"})),
        Alike(question="2", similarity=0.3, words=("family",), tags=frozenset({"farming", "talking with families"})),
    ]

    assert topics_near(near) == ("talking with families",)
