"""Judge rankings on logged questions and answers, by time: `python -m matchwell.evaluate FOLDER [EVERY]`.

A folder holds `questions.parquet` (qid, ts, title, body, tags or topic, maybe asker), `answers.parquet` (qid, person,
ts) and maybe `profiles.parquet` (person, ts of joining, profile). A question is ranked from what came before it;
relevant is who then answered. `ts` is in seconds, or a post id that grows with time: then a day is the range of ids
divided by 3,000. EVERY 3 takes each third question.

Labels say who did answer, not who could have: compare methods, and do not read the numbers as quality.
"""

import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from math import inf, log2
from pathlib import Path
from typing import Any

from matchwell.index import Index
from matchwell.values import Answer, Ask, Limits, PastQuestion, PersonText
from matchwell.weights import Weights

METHODS: Mapping[str, Weights] = {
    "answered lately": Weights(answered=0, recent=1, tags=0, newcomer_places=()),
    "votes, ageing": Weights(recent=0, tags=0, newcomer_places=()),
    "without tags": Weights(tags=0),
    "without places": Weights(newcomer_places=()),
    "product": Weights(),
}
MEASURES = ("MRR", "nDCG@10", "R@10", "R@50", "S@10")
_SECONDS = 86_400.0
_FIRST_SECOND = 1_000_000_000  # smaller values of `ts` are post ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """What happened: questions with their askers, answers, and, where known, people and the day they joined.

    A candidate joined before the question or, where joining is not known, answered in the last `candidate_days` before
    it. Who answered within `answer_days` is relevant.
    """

    questions: Sequence[PastQuestion]
    answers: Sequence[Answer]
    askers: Mapping[str, str]
    people: Sequence[PersonText] = ()
    joined: Mapping[str, float] = field(default_factory=dict)
    candidate_days: float = inf
    answer_days: float = inf


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A question to rank for, who may be ranked, and who then answered."""

    ask: Ask
    candidates: frozenset[str]
    relevant: frozenset[str]


def cases(log: Log, questions: Iterable[PastQuestion]) -> list[Case]:
    """Return those of the questions that someone answered who had answered before."""
    answers = sorted(log.answers, key=lambda answer: answer.at)
    times = [answer.at for answer in answers]
    answered_by = defaultdict(list)
    for answer in answers:
        answered_by[answer.question].append(answer)
    found = []
    for question in questions:
        asker = log.askers.get(question.id)
        window = slice(bisect_left(times, question.at - log.candidate_days), bisect_left(times, question.at))
        there = [person for person, at in log.joined.items() if at < question.at]
        candidates = frozenset(there if log.joined else (answer.person for answer in answers[window])) - {asker}
        until = question.at + log.answer_days
        relevant = candidates & {answer.person for answer in answered_by[question.id] if answer.at <= until}
        if relevant:
            ask = Ask(text=question.text, at=question.at, tags=question.tags, asker=asker)
            found.append(Case(ask=ask, candidates=candidates, relevant=relevant))
    return found


def measure(order: Sequence[str], relevant: frozenset[str]) -> tuple[float, ...]:
    """Return the MEASURES of one ranking of all candidates."""
    places = [place for place, person in enumerate(order, start=1) if person in relevant]
    gained = sum(1 / log2(place + 1) for place in places if place <= 10)
    best = sum(1 / log2(place + 1) for place in range(1, min(10, len(relevant)) + 1))
    first_ten = sum(place <= 10 for place in places)
    first_fifty = sum(place <= 50 for place in places)
    return (
        1 / places[0],
        gained / best,
        first_ten / len(relevant),
        first_fifty / len(relevant),
        float(first_ten > 0),
    )


def evaluate(index: Index, wanted: Sequence[Case]) -> tuple[float, ...]:
    """Return the mean MEASURES of an index over some cases. Who is not ranked follows in a fixed order by chance."""
    rows = []
    for case in wanted:
        order = index.order(case.ask, limits=Limits(only=case.candidates), take=len(case.candidates))
        rest = sorted(case.candidates.difference(order), key=_lot)
        rows.append(measure([*order, *rest], case.relevant))
    return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))


def read(folder: Path) -> Log:
    """Read a folder. People get identifiers by lot, so that ties to the lower one favour nobody."""
    questions, answers = _rows(folder / "questions.parquet"), _rows(folder / "answers.parquet")
    profiles = _rows(folder / "profiles.parquet") if (folder / "profiles.parquet").exists() else []
    times = [row["ts"] for row in (*questions, *answers)]
    in_seconds = min(times) >= _FIRST_SECOND
    day = _SECONDS if in_seconds else (max(times) - min(times) + 1) / 3000
    is_chat = "topic" in questions[0]
    return Log(
        questions=[
            PastQuestion(
                id=str(row["qid"]),
                text=f"{row['title']}. {row['body'] or ''}",
                at=row["ts"] / day,
                tags=frozenset([row["topic"]] if is_chat else row["tags"].split()),
            )
            for row in questions
        ],
        answers=[
            Answer(question=str(row["qid"]), person=_lot(str(row["person"])), at=row["ts"] / day) for row in answers
        ],
        askers={str(row["qid"]): _lot(str(row["asker"])) for row in questions if row.get("asker", -1) != -1},
        people=[PersonText(id=_lot(str(row["person"])), text=row["profile"]) for row in profiles],
        joined={_lot(str(row["person"])): row["ts"] / day for row in profiles},
        candidate_days=365.0 if is_chat else inf,
        answer_days=7.0 if is_chat else inf,
    )


def window(log: Log) -> list[PastQuestion]:
    """Return the questions to judge by: all where people are known, else the last half-year or three tenths."""
    ordered = sorted(log.questions, key=lambda question: (question.at, question.id))
    if log.joined:
        return ordered
    if log.candidate_days < inf:
        start = ordered[-1].at - 181
        return [question for question in ordered if question.at >= start]
    return ordered[int(len(ordered) * 0.7) :]


def main(folder: str, every: str = "1") -> None:
    """Print one line a method."""
    log = read(Path(folder))
    asked = window(log)[:: int(every)]
    wanted = cases(log, asked)
    index = Index()
    index.add_people(PersonText(id=person) for person in {answer.person for answer in log.answers})
    index.add_people(log.people)
    index.add_questions(log.questions)
    index.add_answers(log.answers)
    _say(f"{Path(folder).name}: {len(wanted)} questions, {len(asked) - len(wanted)} left out as nobody could be right")
    _say(f"{'':16}  {'  '.join(f'{name:>7}' for name in MEASURES)}")
    for method, weights in METHODS.items():
        index.weights = weights
        _say(f"{method:16}  {'  '.join(f'{value:7.3f}' for value in evaluate(index, wanted))}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _rows(path: Path) -> list[dict[str, Any]]:
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


def _lot(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
