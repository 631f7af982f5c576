"""Words of crisis bring help to the front; ordinary hardship and shop talk do not."""

import pytest

from momentor.trust.crisis import PHRASES, words

CRISIS = [
    ("en", "I want to kill myself."),
    ("en", "Since the layoff I just don’t want to live anymore"),
    ("en", "Sometimes I wish I was dead."),
    ("en", "I keep thinking about suicide at work"),
    ("en", "I'm suicidal and my boss does not care"),
    ("en", "They would be better off without me"),
    ("en", "I started cutting myself again after the exam"),
    ("en", "I am ready to end it all"),
    ("en", "I can't go on like this anymore"),
    ("en", "I WANT\nTO DIE"),
    ("de", "Ich will nicht mehr leben."),
    ("de", "Ich denke daran, mich umzubringen"),
    ("de", "Ich bringe mich um, wenn das so weitergeht"),
    ("de", "Ich möchte einfach nur noch sterben"),
    ("de", "Ich habe Suizidgedanken"),
    ("de", "Am Abend ritze mich wieder"),
    ("de", "Ich will meinem Leben ein Ende setzen"),
    ("de", "I want to die, ehrlich"),
    ("de-AT", "Ich sehe keinen Sinn mehr im Leben"),
    ("fr", "J'ai envie de mourir"),
    ("es", "No quiero vivir"),
    ("it", "Voglio farla finita"),
    ("pt-BR", "Eu quero morrer"),
    ("pl", "Nie chcę już żyć"),
    ("tr", "Ölmek istiyorum"),
    ("ar", "أريد أن أموت"),
    ("ru", "Я не хочу жить"),
]
ORDINARY = [
    ("en", "This deadline is killing me"),
    ("en", "How do I kill a process that hangs?"),
    ("en", "I could have died of shame in that interview"),
    ("en", "I don't want to live in Berlin any more"),
    ("en", "I do not want to live with my parents"),
    ("en", "We lead a suicide prevention training"),
    ("en", "Our self-harm policy needs a rewrite"),
    ("en", "I am dying to hear how you did it"),
    ("en", "My plant died, and I want to die-cut the labels"),
    ("en", "I cut myself short in meetings"),
    ("en", "I am a nurse on a psychiatric ward and a patient died by accident"),
    ("en", "The project is dead, how do I bury it?"),
    ("de", "Die Arbeit bringt mich um den Schlaf"),
    ("de", "Ich will nicht mehr in München leben"),
    ("de", "Ich möchte nicht mehr so leben wie ein Pendler"),
    ("de", "Wie beende ich einen Prozess?"),
    ("de", "Ich halte Vorträge über Suizid bei Jugendlichen"),
    ("de", "Das Projekt ist gestorben"),
    ("es", "No quiero vivir en Madrid"),
    ("ru", "Не хочу жить в Москве"),
    ("en", "I want to diet, and I plan to die-cast the rest"),
    ("en", ""),
]


@pytest.mark.parametrize(("language", "text"), CRISIS)
def test_who_may_be_in_danger_is_noticed(language: str, text: str) -> None:
    assert words(text, language)


@pytest.mark.parametrize(("language", "text"), ORDINARY)
def test_hard_days_and_shop_talk_raise_no_alarm(language: str, text: str) -> None:
    assert not words(text, language)


def test_an_unknown_language_is_read_as_english() -> None:
    assert words("I want to die", "xx")
    assert not words("ok", "xx")


def test_reading_a_long_text_takes_no_time_to_speak_of() -> None:
    text = "I want to " * 20_000

    assert not any(words(text, language) for language in PHRASES)
