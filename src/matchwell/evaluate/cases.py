"""The questions to judge by: who may be ranked for each, and who then answered."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from matchwell.evaluate.logs import Log
from matchwell.values import Ask, PastQuestion

LAST = 0.3  # of the questions, where no other window is asked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A question to rank for, who may be ranked, and who then answered."""

    ask: Ask
    candidates: frozenset[str]
    right: frozenset[str]


def window(log: Log, begin: float | None = None, end: float | None = None) -> list[PastQuestion]:
    """Return the questions asked from one time to before another, in days; by default the last three tenths."""
    ordered = sorted(log.questions, key=lambda question: (question.at, question.id))
    if begin is None and end is None:
        return ordered[int(len(ordered) * (1 - LAST)) :]
    first = bisect_left(ordered, float("-inf") if begin is None else begin, key=lambda question: question.at)
    last = bisect_left(ordered, float("inf") if end is None else end, key=lambda question: question.at)
    return ordered[first:last]


def cases(log: Log, questions: Iterable[PastQuestion], *, by_profile: bool = False) -> list[Case]:
    """Return those of the questions that a candidate answered.

    Candidates had answered before; or, `by_profile`, said something of themselves and had joined. Who asks is none.
    """
    answers = sorted(log.answers, key=lambda answer: answer.at)
    times = [answer.at for answer in answers]
    answered_by = defaultdict(list)
    for answer in answers:
        answered_by[answer.question].append(answer)
    found = []
    for question in questions:
        if by_profile:
            there = frozenset(person for person, at in log.joined.items() if at < question.at)
        else:
            span = slice(bisect_left(times, question.at - log.candidate_days), bisect_left(times, question.at))
            there = frozenset(answer.person for answer in answers[span])
        candidates = there - {question.asker}
        until = question.at + log.answer_days
        right = candidates & {answer.person for answer in answered_by[question.id] if answer.at <= until}
        if right:
            ask = Ask(
                text=question.text, at=question.at, tags=question.tags, asker=question.asker, vector=question.vector
            )
            found.append(Case(ask=ask, candidates=candidates, right=right))
    return found
