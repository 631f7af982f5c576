"""What the question coach notices and proposes."""

import pytest

from matchwell.coach import TIME_BOXES, coach, topics
from tests.pure.matchwell.worlds import ward

GOOD = {
    "en": "I'm a nurse with eight years on nights and want to lead a ward. Which of two courses should I take first?",
    "de": "Ich bin Schweißerin und möchte mich selbstständig machen. Brauche ich dafür den Meisterbrief?",
    "fr": "Je suis infirmière depuis huit ans et je voudrais diriger un service. Quelle formation choisir ?",
    "ja": "看護師として八年間働いています。どの研修を先に受けるべきでしょうか？",
}


@pytest.mark.parametrize("language", GOOD)
def test_a_good_question_is_left_alone(language: str) -> None:
    assert coach(GOOD[language], language).notices == ()
    assert coach(GOOD[language]).notices == ()


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("Help please", "too_short"),
        ("Hilfe bitte", "too_short"),
        ("職", "too_short"),
        ("How do I become a really good programmer?", "too_broad"),
        ("Wie werde ich eigentlich eine gute Lehrerin?", "too_broad"),
        ("My boss praises others for the work that I have done", "no_goal"),
        ("Meine Chefin lobt die anderen für das, was ich gemacht habe", "no_goal"),
        ("Which of the two welding courses is worth the money?", "no_context"),
        ("Welcher der beiden Schweißkurse lohnt sich eher?", "no_context"),
        ("Should I quit my job? Where do I look next? Who pays my rent?", "several_questions"),
        ("Soll ich kündigen? Wo suche ich weiter? Wer zahlt meine Miete?", "several_questions"),
        ("Dois-je partir ? Où chercher ensuite ? Qui paiera mon loyer ?", "several_questions"),
        ("I want to know:\n- which course to take\n- who pays for it\n- how long it lasts", "several_questions"),
    ],
)
def test_the_coach_notices(text: str, notice: str) -> None:
    assert notice in coach(text).notices


def test_a_broad_opening_with_a_real_case_behind_it_is_not_broad() -> None:
    text = (
        "How do I learn to read welding plans? I have worked with MIG for two years, and on the first day of my new "
        "job the foreman handed me ISO drawings that I could not read."
    )

    assert coach(text).notices == ()


def test_a_line_about_oneself_is_context() -> None:
    assert coach("Which of the two welding courses is worth the money?\n\nAbout me: beginner").notices == ()
    assert coach("Welcher der beiden Schweißkurse lohnt sich eher?\n\nÜber mich: Anfänger").notices == ()


def test_too_short_comes_alone() -> None:
    assert coach("How to code?").notices == ("too_short",)
    assert coach("").notices == ("too_short",)


def test_in_other_languages_the_coach_rather_stays_silent() -> None:
    assert coach("Jak mogę lepiej rozmawiać z moim szefem", "pl").notices == ()


@pytest.mark.parametrize(
    ("text", "minutes", "medium"),
    [
        ("Quick question: is a vector invalidated by push_back in C++?", 5, "chat"),
        ("Kurze Frage: gilt der Meisterbrief auch in Österreich?", 5, "chat"),
        (GOOD["en"], 10, "chat"),
        (GOOD["fr"], 10, "chat"),
        ("Could you give feedback on my cover letter for a bakery? I apply next week.", 20, "voice"),
        ("Can we do a mock interview? I am applying at a bank.", 30, "video"),
        ("Können wir ein Probegespräch führen? Ich bewerbe mich bei einer Bank.", 30, "video"),
        ("How do I talk to my boss about burnout without losing the project I have?", 10, "voice"),
        ("No hurry: what would you read first about soil, if you had my clay garden?", 10, "async"),
    ],
)
def test_the_time_box_and_the_medium_follow_from_the_question(text: str, minutes: int, medium: str) -> None:
    advice = coach(text)

    assert (advice.time_box, advice.medium) == (minutes, medium)


def test_several_questions_and_long_stories_get_more_time() -> None:
    one = "I have two offers. Which should I take?"
    three = f"{one} When do I tell my boss? What do I ask for?"

    assert coach(one).time_box < coach(three).time_box < coach(f"{three} {'It is a long story. ' * 60}").time_box
    assert coach(f"Mock interview? {three} {'It is a long story. ' * 600}").time_box in TIME_BOXES


def test_topics_come_from_the_tags_of_similar_questions() -> None:
    index = ward().index()

    assert coach("How do I get through night shifts?", index=index).topics == ("nursing",)
    assert coach("How do I get through night shifts?", index=index, at=1.0).topics == ()
    assert coach("How do I get through night shifts?").topics == ()


def test_where_questions_have_no_tags_the_shared_words_are_topics() -> None:
    index = ward().index()
    index.remove_questions(["q1", "q2", "q3", "q4", "q5", "q6"])
    index.add_questions(
        [type(one)(id=one.id, text=one.text, at=one.at) for one in ward().questions if "Night" in one.text]
    )

    assert topics("Small children and night duty", index) == ("children", "night")  # "small" says nothing by itself
