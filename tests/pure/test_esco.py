"""Labels are read out of texts that run them together, and left alone where that is not plain."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from momentor.people.esco import all_labels, exact_labels, found_labels, label_in, stem, verbs_in

TEXTS = [
    "operate chainsaw operating chainsaw handle chainsaw Operate a mechanical chain saw powered by electricity.",
    "operate lathe run lathe operate lathes Run a machine that turns.",
    "edit negatives alter negatives process negatives Process various kinds of photographic negatives.",
    "edit moving images edit videos Edit video footage over the course of the post-production process.",
    "manage crop rotation manage rotation of crops Plan what grows where.",
    "manage staff supervise staff Lead people.",
    "run errands running errands Go and fetch.",
]
VERBS = verbs_in([text.split() for text in TEXTS])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (TEXTS[0], "operate chainsaw"),
        (TEXTS[2], "edit negatives"),
        ("run a farm running a farm Keep it going.", "run a farm"),
        ("test dental instruments dental instruments testing Test them.", "test dental instruments"),
        ("identify process identify", ""),
        ("Java Java", ""),
        ("thermodynamics The branch of physics that deals with heat.", ""),
        ("", ""),
    ],
)
def test_a_label_ends_where_the_same_is_said_again(text: str, label: str) -> None:
    assert label_in(text.split(), VERBS) == label


def test_endings_do_not_hide_that_words_are_alike() -> None:
    assert stem("operating") == stem("operates") == stem("operate")
    assert stem("is") == "is"


def test_exact_labels_come_before_found_ones(tmp_path: Path) -> None:
    exact, found = tmp_path / "esco.json.gz", tmp_path / "skills.csv"
    with gzip.open(exact, "wt", encoding="utf-8") as file:
        json.dump([{"uri": "u1", "label": "use a chainsaw"}], file)
    with found.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "description"], ["u1", TEXTS[0]], ["u2", TEXTS[2]]])

    labels = all_labels([exact_labels(exact), found_labels(found)])

    assert labels == {"u1": "use a chainsaw", "u2": "edit negatives"}
