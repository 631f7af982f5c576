"""The question coach: notices what makes a question hard to answer, and proposes how to talk about it.

It says codes, not sentences, and changes nothing in the text. English and German are looked at word by word, other
languages by length and structure only, and then it rather stays silent.
"""

import re
from dataclasses import dataclass
from typing import Literal

from matchwell.coach_words import BY_LANGUAGE, Phrases
from matchwell.index import Index
from matchwell.language import detect
from matchwell.words import fold, is_dense, primary, written_words

Notice = Literal["too_short", "too_broad", "no_goal", "no_context", "several_questions"]
Medium = Literal["chat", "voice", "video", "async"]

TIME_BOXES = (5, 10, 15, 20, 30, 45, 60)  # minutes
MOST_LETTERS = 5000
MOST_TOPICS = 3
_ENOUGH_WORDS = 5
_SPECIFIC_WORDS = 20  # a broad opening with this much behind it is specific enough
_TELLING_WORDS = 25  # so long a text has some context, whatever its words
_LONG_WORDS = 120
_VERY_LONG_WORDS = 250
_ALIKE_ENOUGH = 0.15
_QUESTION_END = re.compile(r"\?+(?=\s|$)|[？؟]+")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+\S", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """What to sharpen, the weightiest first, and what to propose."""

    notices: tuple[Notice, ...]
    time_box: int
    medium: Medium
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """A text as the rules look at it."""

    folded: str
    words: int
    questions: int
    phrases: Phrases | None


def coach(text: str, language: str | None = None, *, index: Index | None = None, at: float | None = None) -> Advice:
    """Return advice on a question in the making.

    `language` is a BCP 47 tag, found out where missing. Topics come from similar questions in `index`, if there is one;
    with `at`, in days, only from those asked before.
    """
    seen = _look(text[:MOST_LETTERS], language)
    minutes = _time_box(seen)
    return Advice(
        notices=_notices(seen),
        time_box=minutes,
        medium=_medium(seen, minutes),
        topics=topics(text, index, at=at) if index else (),
    )


def topics(text: str, index: Index, *, at: float | None = None) -> tuple[str, ...]:
    """Return the tags of similar past questions, the nearest first; where these have none, the words shared."""
    near = [one for one in index.alike(text, at=at, take=10) if one.similarity >= _ALIKE_ENOUGH]
    by_tag: dict[str, float] = {}
    by_word: dict[str, float] = {}
    for one in near:
        for tag in one.tags:
            by_tag[tag] = by_tag.get(tag, 0.0) + one.similarity
        for place, word in enumerate(one.words):
            by_word[word] = by_word.get(word, 0.0) + one.similarity / (place + 1)
    weighed = by_tag or by_word
    return tuple(sorted(weighed, key=lambda topic: (-weighed[topic], topic))[:MOST_TOPICS])


def _look(text: str, language: str | None) -> _Seen:
    language = language or detect(text) or ""
    return _Seen(
        folded=fold(text),
        words=sum(len(word) // 2 or 1 if is_dense(word) else 1 for word in written_words(text)),
        questions=max(len(_QUESTION_END.findall(text)), len(_LIST_ITEM.findall(text))),
        phrases=BY_LANGUAGE.get(min(primary([language]))),
    )


def _notices(seen: _Seen) -> tuple[Notice, ...]:
    if seen.words < _ENOUGH_WORDS:
        return ("too_short",)
    found: list[Notice] = []
    if _is_broad(seen):
        found.append("too_broad")
    if not seen.questions and seen.phrases and not seen.phrases.goal.search(seen.folded):
        found.append("no_goal")
    if seen.words < _TELLING_WORDS and seen.phrases and not seen.phrases.context.search(seen.folded):
        found.append("no_context")
    if _asks_several(seen):
        found.append("several_questions")
    return tuple(found)


def _is_broad(seen: _Seen) -> bool:
    return bool(seen.words < _SPECIFIC_WORDS and seen.phrases and seen.phrases.broad.search(seen.folded))


def _asks_several(seen: _Seen) -> bool:
    another = seen.phrases and seen.phrases.another.search(seen.folded)
    return seen.questions >= 3 or bool(seen.questions >= 2 and another)


def _time_box(seen: _Seen) -> int:
    """Start from what kind of talk it is, and allow a step more for several questions and for a long story."""
    step = TIME_BOXES.index(_usual_minutes(seen)) + _asks_several(seen)
    step += (seen.words > _LONG_WORDS) + (seen.words > _VERY_LONG_WORDS)
    return TIME_BOXES[min(step, len(TIME_BOXES) - 1)]


def _usual_minutes(seen: _Seen) -> int:
    if not seen.phrases:
        return 10
    for kind, minutes in ((seen.phrases.practise, 30), (seen.phrases.review, 20), (seen.phrases.quick, 5)):
        if kind.search(seen.folded):
            return minutes
    return 15 if _is_broad(seen) else 10


def _medium(seen: _Seen, minutes: int) -> Medium:
    if seen.phrases:
        wishes: tuple[tuple[re.Pattern[str], Medium], ...] = (
            (seen.phrases.written, "async"),
            (seen.phrases.see, "video"),
            (seen.phrases.speak, "voice"),
        )
        for wish, medium in wishes:
            if wish.search(seen.folded):
                return medium
    return "chat" if minutes <= 10 else "voice"
