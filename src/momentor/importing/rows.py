"""Rows of the import format, read in batches and checked one by one. The format: docs/reference/import-format.md."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from momentor.asking.words import clean, has_letters

BATCH = 1000
LONGEST_TEXT = 5000
LONGEST_ANSWER = 8000
# Earlier than any community on the net: smaller numbers are identifiers, not seconds.
FIRST_SECOND = 600_000_000

REQUIRED = {
    "questions": {"qid", "ts", "title"},
    "answers": {"qid", "person", "ts"},
    "profiles": {"person", "profile"},
}


class NotAFolderToImport(Exception):
    """The folder cannot be imported; the text says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A row that stays out, and why."""

    file: str
    row: int  # the first row of a file is 1
    why: str


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    qid: int
    ts: int | None
    text: str
    topics: tuple[str, ...]
    asker: int | None


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    qid: int
    person: int
    ts: int | None
    text: str


@dataclass(frozen=True, kw_only=True)
class ProfileRow:
    person: int
    text: str


class Folder:
    """A folder of Parquet files in the import format. Raises NotAFolderToImport when it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files = {name: self._open(name) for name in REQUIRED}
        for needed in ("questions", "answers"):
            if self._files[needed] is None:
                raise NotAFolderToImport(
                    f"{path / needed}.parquet is missing. A folder to import holds questions and answers."
                )
        self.times_are_real = self._times_are_real()

    def count(self, name: str) -> int:
        """Return the number of rows of a file; 0 where it is absent."""
        file = self._files[name]
        return int(file.metadata.num_rows) if file else 0

    def people(self) -> set[int]:
        """Return everybody who asked, answered or has a profile."""
        found: set[int] = set()
        for name, column in (("answers", "person"), ("questions", "asker"), ("profiles", "person")):
            file = self._files[name]
            if file is None or column not in file.schema_arrow.names:
                continue
            for batch in self._batches(name, batch_size=65_536, columns=[column]):
                found |= {number for value in batch.column(0).to_pylist() if (number := _number(value)) is not None}
        return {person for person in found if person >= 0}

    def questions(self) -> Iterator[list[QuestionRow | Bad]]:
        """Yield batches of questions, each row good or bad."""
        return self._rows("questions", _question)

    def answers(self) -> Iterator[list[AnswerRow | Bad]]:
        return self._rows("answers", _answer)

    def profiles(self) -> Iterator[list[ProfileRow | Bad]]:
        return self._rows("profiles", _profile)

    def time_of(self, ts: int | None) -> datetime | None:
        """Return a row's time, or None in a folder that orders by identifiers."""
        return datetime.fromtimestamp(ts, UTC) if ts is not None and self.times_are_real else None

    def sequence_of(self, ts: int | None) -> int | None:
        """Return a row's place in the order, in a folder that has no times."""
        return None if self.times_are_real else ts

    def _open(self, name: str) -> pq.ParquetFile | None:
        path = self.path / f"{name}.parquet"
        if not path.exists():
            return None
        try:
            file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as trouble:
            raise NotAFolderToImport(f"{path} cannot be read as Parquet: {trouble}") from trouble
        if lacks := REQUIRED[name] - set(file.schema_arrow.names):
            raise NotAFolderToImport(f"{path} lacks the column {', '.join(sorted(lacks))}.")
        return file

    def _times_are_real(self) -> bool:
        """Judge by the smallest time: seconds since 1970 are large, identifiers begin small."""
        file = self._files["questions"]
        assert file is not None
        try:
            smallest = pc.min(file.read(columns=["ts"]).column(0)).as_py()
        except (pa.ArrowException, OSError) as trouble:
            raise NotAFolderToImport(
                f"The column ts of {self.path / 'questions.parquet'} cannot be read as numbers: {trouble}"
            ) from trouble
        return _number(smallest) is not None and int(smallest) >= FIRST_SECOND

    def _rows(self, name: str, read: Any) -> Iterator[list[Any]]:
        if self._files[name] is None:
            return
        row = 0
        for batch in self._batches(name, batch_size=BATCH):
            rows: list[Any] = []
            for values in _values(batch):
                row += 1
                try:
                    rows.append(read(values))
                except ValueError as why:
                    rows.append(Bad(file=f"{name}.parquet", row=row, why=str(why)))
            yield rows

    def _batches(self, name: str, **options: Any) -> Iterator[pa.RecordBatch]:
        """Yield a file's rows. Raises NotAFolderToImport where the file is damaged in the middle."""
        file = self._files[name]
        assert file is not None
        rows = 0
        try:
            for batch in file.iter_batches(**options):
                yield batch
                rows += batch.num_rows
        except (pa.ArrowException, OSError) as trouble:
            raise NotAFolderToImport(
                f"{self.path / name}.parquet is damaged after row {rows}: {trouble} What was read before stays; mend "
                "the file and import again."
            ) from trouble


def _values(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return a batch as plain values, text that is no UTF-8 as bytes."""
    try:
        return list(batch.to_pylist())
    except UnicodeDecodeError:
        columns = [column.cast(pa.binary()) if pa.types.is_string(column.type) else column for column in batch.columns]
        return list(pa.RecordBatch.from_arrays(columns, names=batch.schema.names).to_pylist())


def _question(values: Mapping[str, Any]) -> QuestionRow:
    title, body = _text(values.get("title"), "title"), _text(values.get("body"), "body")
    text = clean(f"{title}\n\n{body}" if body and not body.startswith(title) else body or title)
    if not has_letters(text):
        raise ValueError("the question has no words")
    tags = _text(values.get("tags"), "tags").split()
    topic = _text(values.get("topic"), "topic").strip()
    asker = _number(values.get("asker"))
    return QuestionRow(
        qid=_required(values.get("qid"), "qid"),
        ts=_time(values.get("ts")),
        text=text[:LONGEST_TEXT],
        topics=tuple(dict.fromkeys(word[:60] for word in ([topic] if topic else []) + tags if word))[:8],
        asker=asker if asker is not None and asker >= 0 else None,
    )


def _answer(values: Mapping[str, Any]) -> AnswerRow:
    return AnswerRow(
        qid=_required(values.get("qid"), "qid"),
        person=_required(values.get("person"), "person"),
        ts=_time(values.get("ts")),
        text=clean(_text(values.get("text"), "text"))[:LONGEST_ANSWER],
    )


def _profile(values: Mapping[str, Any]) -> ProfileRow:
    text = clean(_text(values.get("profile"), "profile"))
    if not has_letters(text):
        raise ValueError("the profile has no words")
    return ProfileRow(person=_required(values.get("person"), "person"), text=text[:4000])


def _text(value: Any, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise ValueError(f"{column} is not UTF-8") from None
    if not isinstance(value, str):
        raise ValueError(f"{column} is {type(value).__name__}, not text")  # one kind of bad row
    return value.encode("utf-8", "ignore").decode()


def _number(value: Any) -> int | None:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or value != value
        or value in (float("inf"), -float("inf"))
    ):
        return None
    return int(value)


def _required(value: Any, column: str) -> int:
    number = _number(value)
    if number is None or number < 0:
        raise ValueError(f"{column} is missing or no whole number")
    return number


def _time(value: Any) -> int | None:
    number = _number(value)
    if value is not None and number is None:
        raise ValueError("ts is no number")
    if number is not None and not 0 <= number < 4_102_444_800:  # the year 2100
        raise ValueError("ts is out of range")
    return number
