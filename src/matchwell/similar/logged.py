"""Logged questions to fit and judge by: a folder with `questions.parquet` and `answers.parquet`.

`questions.parquet` holds qid, title, body and tags (or topic), `answers.parquet` qid and person.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """A question with its topics and those who answered it."""

    id: str
    title: str
    body: str
    tags: frozenset[str]
    answered_by: frozenset[str]

    @property
    def text(self) -> str:
        """Title and body."""
        return f"{self.title}. {self.body}"


def logged(folder: Path) -> list[Logged]:
    """Return the questions of a folder, in the order of their ids. Raises FileNotFoundError."""
    from pyarrow import parquet  # needed for nothing else, and large

    answered_by = defaultdict(set)
    for answer in parquet.read_table(folder / "answers.parquet", columns=["qid", "person"]).to_pylist():
        answered_by[str(answer["qid"])].add(str(answer["person"]))
    return sorted(
        (
            Logged(
                id=str(row["qid"]),
                title=row["title"] or "",
                body=row.get("body") or "",
                tags=frozenset((row.get("tags") or row.get("topic") or "").split()),
                answered_by=frozenset(answered_by[str(row["qid"])]),
            )
            for row in parquet.read_table(folder / "questions.parquet").to_pylist()
        ),
        key=lambda one: one.id,
    )
