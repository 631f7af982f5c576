"""Skill names out of the files of two packages that carry the ESCO taxonomy of the European Commission. Pure.

One package has exact labels for about 900 skills. The other has all 13,900, but runs each skill's label, its other
labels and its description together into one text. A skill's label is found there by the fact that the next label says
the same again: "operate chainsaw operating chainsaw handle chainsaw". Where that is not plain, the skill is left out:
about four in ten stay. Some of these end a word early or late (one in twenty by eye; one in eight of the computing
skills, whose exact labels we have and prefer), which people see before they choose one.
"""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

LONGEST_LABEL = 6  # words
ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ments", "ment", "ies", "es", "ed", "e", "s", "y")
GLUE = frozenset(
    "a about against an and as at between by for from in into of on or other out that the their through to under up"  # noqa: SIM905 - a line
    " with &".split()
)


def exact_labels(file: Path) -> Iterator[tuple[str, str]]:
    """Return the address and label of each skill in the file of the first package."""
    with gzip.open(file, "rt", encoding="utf-8") as text:
        for row in json.load(text):
            yield row["uri"], row["label"]


def found_labels(file: Path) -> Iterator[tuple[str, str]]:
    """Return the address and label of each skill in the file of the second package whose label is plain."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = [(uri, words.split()) for uri, words in csv.reader(text) if uri != "id"]
    verbs = verbs_in([words for _uri, words in rows])
    for uri, words in rows:
        if label := label_in(words, verbs):
            yield uri, label


def verbs_in(texts: list[list[str]]) -> frozenset[str]:
    """Return the words that skills often begin with, which in ESCO are verbs, by their stems."""
    first = Counter(words[0].lower() for words in texts)
    often = Counter(word.lower() for words in texts for word in words)
    return frozenset(stem(word) for word, times in first.items() if times > 1 and times > 0.03 * often[word])


def stem(word: str) -> str:
    """Return a word without its ending, roughly."""
    word = word.lower().strip(",.'’()")
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def label_in(words: list[str], verbs: frozenset[str]) -> str:
    """Return the label that this text begins with, or "" where it is not plain."""
    end = _end_of_label(words)
    label = words[:end]
    if not 2 <= end <= LONGEST_LABEL or label[-1].lower() in GLUE:
        return ""
    if any(_looks_foreign(word, verbs) for word in label[1:]) or (label[0][0].isupper() and not label[0].isupper()):
        return ""
    return " ".join(label)


def _looks_foreign(word: str, verbs: frozenset[str]) -> bool:
    """Return whether a word inside a label would rather begin the next label or the description."""
    return (word[0].isupper() and not word.isupper()) or word[-1] in ".," or "(" in word or stem(word) in verbs


def _end_of_label(words: list[str]) -> int:
    """Return where the same is said again in other words; 0 where it never is, or not clearly."""
    first: dict[str, int] = {}
    for again, word in enumerate(words[:16]):
        if word.lower() in GLUE:
            continue
        if (at := first.setdefault(stem(word), again)) != again:
            return _boundary([stem(each) for each in words[:24]], at, again)
    return 0


def _boundary(stems: list[str], at: int, again: int) -> int:
    """Return where the second label begins, given a word at one place and again at another."""
    rest = stems[at:again]
    if at == 0:  # the same verb: what follows must be much alike
        alike = set(stems[1:again]) & set(stems[again + 1 : again + 1 + again])
        return again if len(alike) >= max(1, (again - 1) // 2) else 0
    if stems[again : again + len(rest)] == rest:  # said again without its verb
        return again
    begins = again - at
    if begins > at and stems[again : again + begins - at] == stems[at:begins]:  # another verb, then the same
        return begins
    return 0


def all_labels(sources: Iterable[Iterable[tuple[str, str]]]) -> dict[str, str]:
    """Return one label an address, from the first source that has one."""
    labels: dict[str, str] = {}
    for source in sources:
        for uri, label in source:
            labels.setdefault(uri, label)
    return labels
