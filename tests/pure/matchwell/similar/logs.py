"""A small log of questions and answers, written as the files that `fitting` and `evaluate` read."""

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tests.pure.matchwell.similar.careers import told

_MORE = (
    "I have asked around and read what there was, and still do not know which of all the ways that people speak of "
    "would be good for somebody who begins, has little time, and wants to do it right from the first day on."
)


def written(folder: Path, *, suffix: str = "") -> Path:
    """Write the community as a log: the title asks, the body says it in more words, the tag is the matter."""
    folder.mkdir()
    questions = [
        {"qid": name, "title": text, "body": f"{text} {suffix} {_MORE}", "tags": f"{name[:-1]} career"}
        for name, text in told().items()
    ]
    answers = [{"qid": name, "person": f"answers {name[:-1]}"} for name in told()]
    parquet.write_table(pa.Table.from_pylist(questions), folder / "questions.parquet")
    parquet.write_table(pa.Table.from_pylist(answers), folder / "answers.parquet")
    return folder
