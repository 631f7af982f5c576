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
LATELY = 183.0  # days
# What one answer of that age weighs (a tenth of log(1 + 1/8), see matchwell's weights).
OF_LATELY = 0.0118
# The chance that two questions are about the same matter, from which on one is called like the other: that of any two.
ALIKE = 0.01
# As many answers are worth a word.
SEVERAL = 5
TELL_WHO = ("experience", "met")
# A habit that counts for less than this part of all reasons is not told.
TELLING = 0.05


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


def said_of(
    reasons: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
    *,
    to_mentor: bool = False,
    is_blind: bool = False,
) -> list[Said]:
    """Return reasons in words, the weightiest first: about a mentor, or to the mentor themselves.

    Where it is decided blind, nothing is told by which profiles could be searched for them.
    """
    reasons = [reason for reason in reasons if not (is_blind and reason["kind"] in TELL_WHO)]
    total = sum(max(float(reason["weight"]), 0.0) for reason in reasons)
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for reason in sorted(reasons, key=lambda reason: -abs(float(reason["weight"]))):
        # Where others have more of a kind it weighs against somebody. What they answered is worth telling all the same.
        if float(reason["weight"]) >= 0 or reason.get("question") or reason.get("words"):
            kinds.setdefault(reason["kind"], []).append(reason)
    found: list[Said] = []
    for kind, same in sorted(kinds.items(), key=lambda item: -_weight(item[1])):
        share = max(_weight(same), 0.0) / total if total else 0.0
        if len(kinds) > 1 and not _is_worth_saying(kind, same[0], share):
            continue
        text, quotes = _sentence(kind, same, titles, to_mentor=to_mentor)
        if text:
            found.append(Said(text=text, quotes=quotes, share=round(100 * share)))
    return found


def _weight(reasons: Iterable[Mapping[str, Any]]) -> float:
    return sum(float(reason["weight"]) for reason in reasons)


def _is_worth_saying(kind: str, reason: Mapping[str, Any], share: float) -> bool:
    """Say whether a sentence about it would be true, and tell somebody something."""
    count = int(reason.get("count") or 0)
    match kind:
        case "recent":
            days = reason.get("days")  # offers from before it was told go by their weight
            return float(days) <= LATELY if days is not None else float(reason["weight"]) >= OF_LATELY
        case "experience":
            return count >= SEVERAL
        case "met":
            return count >= 1
        case "rhythm":
            return share >= TELLING
        case _:
            return True


def _sentence(
    kind: str, reasons: list[Mapping[str, Any]], titles: Mapping[str, str], *, to_mentor: bool
) -> tuple[str, tuple[str, ...]]:
    if kind == "answered":
        reasons = [one for one in reasons if float(one.get("nearness", 1.0)) >= ALIKE] or reasons
    words = _words(reasons)
    if kind == "experience":
        return _experienced(int(reasons[0]["count"]), to_mentor=to_mentor), ()
    if kind == "answered":
        quotes = tuple(dict.fromkeys(titles[one["question"]] for one in reasons if one["question"] in titles))
        is_alike = any(float(one.get("nearness", 1.0)) >= ALIKE for one in reasons)
        text = _answered(len(reasons), words, to_mentor=to_mentor) if is_alike else _somewhat(to_mentor=to_mentor)
        return text, quotes[:MOST_QUOTES]
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


def _somewhat(*, to_mentor: bool) -> str:
    if to_mentor:
        return _("You answered questions that have a little in common with it")
    return _("Answered questions that have a little in common with yours")


def _experienced(count: int, *, to_mentor: bool) -> str:
    if to_mentor:
        text = ngettext("You answered %(count)s question here", "You answered %(count)s questions here", count)
    else:
        text = ngettext("Answered %(count)s question here", "Answered %(count)s questions here", count)
    return text % {"count": count}


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
    ("rhythm", False): lambda: ("", _("Often answers at this time")),
    ("rhythm", True): lambda: ("", _("You often answer at this time")),
    ("met", False): lambda: ("", _("Answered you before")),
    ("met", True): lambda: ("", _("You answered this person before")),
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
