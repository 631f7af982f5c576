"""Why somebody was proposed, in plain words.

A reason may quote a past question only where others may read it; of a private one it says the words that the two have
in common, which stand in the reader's own question.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentor.asking.models import Answer, Question
from momentor.dispatch.plain import listed

MOST_QUOTES = 2
MOST_WORDS = 3
# The ranking names this many questions at most, so that many may stand for more.
NAMED = 5
# What one answer of half a year ago weighs (a tenth of log(1 + 1/8), see matchwell's weights): less is not "lately".
LATELY = 0.0118


@dataclass(frozen=True, kw_only=True)
class Said:
    """One reason as a page shows it: a sentence, titles that speak for it, and its share of all (0 to 100)."""

    text: str
    quotes: tuple[str, ...] = ()
    share: int = 0


def titles_of(reasons: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return by id the titles of those past questions in the reasons that others may read."""
    ids = {reason["question"] for reason in reasons if reason.get("question")}
    if not ids:
        return {}
    shown = Answer.objects.shown().filter(question=OuterRef("pk"))
    readable = Question.objects.filter(pk__in=[UUID(one) for one in ids]).filter(~Q(source="") | Exists(shown))
    return {str(question.pk): question.title for question in readable.only("id", "organisation_id", "text")}


def said_of(reasons: Sequence[Mapping[str, Any]], titles: Mapping[str, str], *, to_mentor: bool = False) -> list[Said]:
    """Return reasons in words, the weightiest first: about a mentor, or to the mentor themselves."""
    total = sum(reason["weight"] for reason in reasons)
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for reason in sorted(reasons, key=lambda reason: -float(reason["weight"])):
        kinds.setdefault(reason["kind"], []).append(reason)
    heavy_first = sorted(kinds.items(), key=lambda item: -sum(float(reason["weight"]) for reason in item[1]))
    found: list[Said] = []
    for kind, same in heavy_first:
        text, quotes = _sentence(kind, same, titles, to_mentor=to_mentor)
        weight = sum(float(reason["weight"]) for reason in same)
        if text and not (kind == "recent" and weight < LATELY and len(kinds) > 1):
            found.append(Said(text=text, quotes=quotes, share=round(100 * weight / total) if total else 0))
    return found


def _sentence(
    kind: str, reasons: list[Mapping[str, Any]], titles: Mapping[str, str], *, to_mentor: bool
) -> tuple[str, tuple[str, ...]]:
    words = _words(reasons)
    if kind == "answered":
        quotes = tuple(dict.fromkeys(titles[one["question"]] for one in reasons if one["question"] in titles))
        return _answered(len(reasons), words, to_mentor=to_mentor), quotes[:MOST_QUOTES]
    said = SENTENCES.get((kind, to_mentor))
    if said is None:
        return "", ()
    with_words, without = said()
    return (with_words % {"words": listed(words)} if words and with_words else without), ()


def _answered(count: int, words: list[str], *, to_mentor: bool) -> str:
    if count >= NAMED:
        start = (
            _("You answered %(count)s or more questions like it")
            if to_mentor
            else _("Answered %(count)s or more questions like yours")
        )
    elif to_mentor:
        start = ngettext("You answered a question like it", "You answered %(count)s questions like it", count)
    else:
        start = ngettext("Answered a question like yours", "Answered %(count)s questions like yours", count)
    text = start % {"count": count}
    return _("%(text)s, about %(words)s") % {"text": text, "words": listed(words)} if words else text


# Each gives the sentence with words that match, and without. Functions, since the language is the reader's.
SENTENCES: dict[tuple[str, bool], Callable[[], tuple[str, str]]] = {
    ("recent", False): lambda: ("", _("Answered somebody lately")),
    ("recent", True): lambda: ("", _("You answered somebody lately")),
    ("tags", False): lambda: (_("Answers questions on %(words)s"), _("Answers questions on your topics")),
    ("tags", True): lambda: (_("You answer questions on %(words)s"), _("You answer questions on these topics")),
    ("profile", False): lambda: (_("Their profile speaks of %(words)s"), _("Their profile fits your question")),
    ("profile", True): lambda: (_("Your profile speaks of %(words)s"), _("Your profile fits the question")),
    ("sample", False): lambda: (
        _("Wrote about %(words)s in a sample answer"),
        _("A sample answer of theirs fits your question"),
    ),
    ("sample", True): lambda: (
        _("You wrote about %(words)s in a sample answer"),
        _("One of your sample answers fits it"),
    ),
    ("chosen", True): lambda: ("", _("The one who asks chose you")),
    ("pulled", True): lambda: ("", _("You asked for a question, and this one waits")),
}


def _words(reasons: Collection[Mapping[str, Any]]) -> list[str]:
    """Return the words that match, as they stand in the question, the strongest first."""
    seen: dict[str, str] = {}
    for reason in reasons:
        for word in reason.get("words", ()):
            seen.setdefault(word.casefold(), word)
    return list(seen.values())[:MOST_WORDS]
