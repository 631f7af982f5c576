"""Logged questions and answers of a community, read from a folder.

A folder holds `questions.parquet` (qid, ts, title, body, tags or topic, maybe asker), `answers.parquet` (qid, person,
ts) and maybe `profiles.parquet` (person, ts of joining, profile). `ts` is in seconds, or a post id that grows with
time: then a day is the range of ids divided by 3,000, and times do not tell the hour. Where questions have a `topic`
in the place of tags the log is that of a chat: people count for a year after their last answer, answers for a week.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from math import inf
from pathlib import Path
from typing import Any

from matchwell.index import Index
from matchwell.values import Answer, Limits, PastQuestion, PersonText

SECONDS = 86_400.0
IDS_SPAN = 3000.0  # days
_FIRST_SECOND = 1_000_000_000  # smaller values of `ts` are post ids
CHAT_CANDIDATE_DAYS = 365.0
CHAT_ANSWER_DAYS = 7.0


class UnreadableFolder(ValueError):
    """A folder is not in the format, and the sentence says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """What happened: questions, answers, and what some people say of themselves since the day they joined.

    `day` is how many units of `ts` a day has. A candidate answered in the last `candidate_days` before a question; who
    answers within `answer_days` is right.
    """

    name: str
    questions: Sequence[PastQuestion]
    answers: Sequence[Answer]
    people: Sequence[PersonText] = ()
    joined: Mapping[str, float] = field(default_factory=dict)
    candidate_days: float = inf
    answer_days: float = inf
    day: float = SECONDS
    has_clock: bool = True

    @property
    def limits(self) -> Limits:
        """Return who may be ranked."""
        return Limits(active_days=self.candidate_days)

    def index(self, **settings: Any) -> Index:
        """Return an index of all of it, but for what people say of themselves."""
        index = Index(has_clock=self.has_clock, **settings)
        index.add_people(PersonText(id=person) for person in sorted({answer.person for answer in self.answers}))
        index.add_questions(self.questions)
        index.add_answers(self.answers)
        return index

    def with_vectors(self, vectors: Mapping[str, Any]) -> "Log":
        """Return the same with a vector for each question identifier."""
        return replace(self, questions=[replace(one, vector=vectors[one.id]) for one in self.questions])


def read(folder: Path, *, history: Path | None = None) -> Log:
    """Read a folder, and an earlier part of the same community before it. Raises UnreadableFolder.

    People get identifiers by lot, so that ties to the lower one favour nobody.
    """
    folders = [folder] if history is None else [history, folder]
    questions = _once([row for one in folders for row in _rows(one / "questions.parquet", ("qid", "ts", "title"))])
    answers = [row for one in folders for row in _rows(one / "answers.parquet", ("qid", "person", "ts"))]
    profiles = [
        row
        for one in folders
        if (one / "profiles.parquet").exists()
        for row in _rows(one / "profiles.parquet", ("person", "ts", "profile"))
    ]
    if not questions or not answers:
        raise UnreadableFolder(f"{folder} holds no questions, or no answers. Nothing can be judged without them.")
    times = [row["ts"] for row in (*questions, *answers)]
    in_seconds = min(times) >= _FIRST_SECOND
    day = SECONDS if in_seconds else (max(times) - min(times) + 1) / IDS_SPAN
    is_chat = "topic" in questions[0]
    return Log(
        name=folder.resolve().name,
        questions=[
            PastQuestion(
                id=str(row["qid"]),
                text=f"{row['title'] or ''}. {row.get('body') or ''}",
                at=row["ts"] / day,
                tags=frozenset([row["topic"] or ""] if is_chat else (row.get("tags") or "").split()),
                asker=lot(str(row["asker"])) if row.get("asker", -1) not in (-1, None) else None,
            )
            for row in questions
        ],
        answers=[
            Answer(question=str(row["qid"]), person=lot(str(row["person"])), at=row["ts"] / day) for row in answers
        ],
        people=[PersonText(id=lot(str(row["person"])), text=row["profile"] or "") for row in profiles],
        joined={lot(str(row["person"])): row["ts"] / day for row in profiles},
        candidate_days=CHAT_CANDIDATE_DAYS if is_chat else inf,
        answer_days=CHAT_ANSWER_DAYS if is_chat else inf,
        day=day,
        has_clock=in_seconds,
    )


def lot(text: str) -> str:
    """Return an identifier that says nothing about the order in which things came."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the same question once, the last one."""
    return list({row["qid"]: row for row in rows}.values())


def _rows(path: Path, needed: Sequence[str]) -> list[dict[str, Any]]:
    from pyarrow import ArrowInvalid, parquet

    try:
        table = parquet.read_table(path)
    except (OSError, ArrowInvalid) as fault:
        raise UnreadableFolder(f"{path} cannot be read as Parquet: {fault}") from fault
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise UnreadableFolder(f"{path} lacks {', '.join(missing)}. The format is described in the documentation.")
    return [row for row in table.to_pylist() if all(row[name] is not None for name in needed if name != "title")]
