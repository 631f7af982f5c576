"""Which texts ask the same thing, in nearly the same words or, in other words, with nearly the same meaning.

That two questions belong together is not enough here: most of what is near is about the same matter, and asks
something else. So a pair must pass every rule below. They were set so that of 6,500 pairs of nearest neighbours in
three communities two pass, while texts that were cut, shuffled, quoted, greeted around or shouted nearly all do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from matchwell.asked import AskedTerms
from matchwell.columns import Array, Bools, Floats
from matchwell.similar.cells import neighbours
from matchwell.similar.comparing import Compared, pair_by_pair, words_of_pairs
from matchwell.similar.grouping import where_all
from matchwell.similar.reading import Read
from matchwell.stems import stem
from matchwell.stopwords import COLOURLESS_WORDS
from matchwell.words import QUESTION_LETTERS, fold, written_words

SAME_WORDS = 0.7  # cosine
COVERED = 0.85  # of what the one that says less says, weighed by how telling it is, stands in the other
NOT_ANOTHER_MEANING = 0.8  # cosine, where both have a vector
SAME_MEANING = 0.93  # cosine: enough in other words, if some of what is said stands in both
SOME_COVERED = 0.3
SAME_IN_TWO_LANGUAGES = 0.75  # cosine
LIKELY = 0.5  # nearness: whatever else speaks for it
FEWEST_TERMS = 2  # that both have
SHORT = 6  # terms in common: with fewer, nearly all that the other one says must stand in this one as well
MOST_HOLDING = 1_000  # texts: a term in more of them brings no two together
_ROWS_AT_ONCE = 2_000
_DIGIT = re.compile(r"\d")
_COLOURLESS = frozenset(stem(word) for word in COLOURLESS_WORDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Duplicates:
    """Texts that ask the same, by id, of which each is like each; the lowest id first.

    `nearness` is that of the two least alike. `words` stand in all of them, as the first has them, the most telling
    first; none where they are in two languages.
    """

    ids: tuple[str, ...]
    nearness: float
    words: tuple[str, ...]


def duplicates(read: Read) -> list[Duplicates]:
    """Return groups of texts that ask the same, in the order of their first ids.

    Precision first: texts with different numbers in them ("Excel 2016", "Excel 2019") are two questions, and so are
    those of which each says something telling that the other does not. Among up to 4,096 texts with vectors each is
    compared with each; among more, with those in the same corner, which finds nearly all.
    """
    same, rest = _identical(read)
    left, right = _candidates(read, rest)
    compared = pair_by_pair(read, left, right)
    kept = _ask_the_same(read, left, right, compared)
    left, right, near = left[kept], right[kept], compared.nearness[kept]
    near_of = dict(zip(zip(left.tolist(), right.tolist(), strict=True), near.tolist(), strict=True))
    place_in_rest = {row: place for place, row in enumerate(rest.tolist())}
    heads = where_all(
        len(rest),
        np.array([place_in_rest[row] for row in left.tolist()], np.int64),
        np.array([place_in_rest[row] for row in right.tolist()], np.int64),
        near,
    )
    joined = [rest[members].tolist() for members in heads]
    alone = same.keys() - {row for rows in joined for row in rows}
    found = []
    for rows in [*joined, *([row] for row in sorted(alone))]:
        least = min((near_of[one, other] for one in rows for other in rows if one < other), default=1.0)
        found.append(_told(read, sorted([*rows, *(twin for row in rows for twin in same.get(row, ()))]), least))
    return sorted(found, key=lambda one: one.ids)


def _identical(read: Read) -> tuple[dict[int, list[int]], Array]:
    """Return who has the same words and the same numbers as an earlier row, by that row; and all the other rows."""
    first_of: dict[tuple[object, ...], int] = {}
    same: dict[int, list[int]] = {}
    rest = []
    for row, text in enumerate(read.texts.texts):
        held = slice(*read.weights.indptr[row : row + 2])
        if held.start == held.stop:
            key: tuple[object, ...] = (" ".join(text.split()),)
        else:
            key = (read.weights.indices[held].tobytes(), read.weights.data[held].tobytes(), _numbers(text))
        first = first_of.setdefault(key, row)
        if first == row or not text.strip():
            rest.append(row)
        else:
            same.setdefault(first, []).append(row)
    return same, np.array(rest, np.int64)


def _candidates(read: Read, rows: Array) -> tuple[Array, Array]:
    """Return pairs that may pass, each once, the lower place on the left."""
    found = [*_by_words(read, rows)]
    if read.cohort is not None:
        found += neighbours(read, rows, least=SAME_IN_TWO_LANGUAGES if read.language_numbers else SAME_MEANING)
    keys = np.unique(np.concatenate([left * len(read) + right for left, right in found] or [np.empty(0, np.int64)]))
    return keys // max(len(read), 1), keys % max(len(read), 1)


def _by_words(read: Read, rows: Array) -> Iterator[tuple[Array, Array]]:
    """Yield all pairs whose words have a cosine of `SAME_WORDS`, but for those with only common words in common.

    Two texts that near share one of the rarest terms of each, as many as it takes until the rest could not reach it
    (prefix filtering: Bayardo, Ma and Srikant, "Scaling Up All Pairs Similarity Search", 2007).
    """
    prefixes = _prefixes(read, rows)
    holding = np.bincount(prefixes.indices, minlength=prefixes.shape[1])
    keep = holding[prefixes.indices] <= MOST_HOLDING
    row_of = np.repeat(np.arange(len(rows)), np.diff(prefixes.indptr))[keep]
    by_row = csr_array(
        (np.ones(len(row_of), np.float32), (row_of, prefixes.indices[keep])), shape=(len(rows), prefixes.shape[1])
    )
    by_term = csr_array(by_row.T)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        shared = (by_row[first : first + _ROWS_AT_ONCE] @ by_term).tocoo()
        left, right = shared.row + first, shared.col
        once = left < right
        one, other = rows[left[once]], rows[right[once]]
        near = words_of_pairs(read, one, other) >= SAME_WORDS
        yield one[near], other[near]


def _prefixes(read: Read, rows: Array) -> csr_array:
    """Return the rarest terms of each row, those that hold all but `SAME_WORDS` of its length."""
    weights = read.weights[rows]
    rank = np.empty(len(read.terms), np.int64)
    rank[np.lexsort((np.arange(len(read.terms)), -read.worth))] = np.arange(len(read.terms))
    row_of = np.repeat(np.arange(len(rows)), np.diff(weights.indptr))
    order = np.lexsort((rank[weights.indices], row_of))
    squares = weights.data[order].astype(np.float64) ** 2
    running = np.cumsum(squares)
    starts = np.concatenate([[0.0], running])[weights.indptr[:-1]]
    before = running - squares - starts[row_of]
    kept = 1 - before >= SAME_WORDS**2 - 1e-6
    ones = np.ones(int(kept.sum()), np.float32)
    return csr_array((ones, (row_of[kept], weights.indices[order][kept])), shape=weights.shape)


def _ask_the_same(read: Read, left: Array, right: Array, compared: Compared) -> Bools:
    """Return which pairs pass every rule, bool [p]."""
    meanings = compared.meanings
    known = ~np.isnan(meanings)
    hopeful = (compared.words >= SAME_WORDS) | (known & (np.nan_to_num(meanings) >= SAME_MEANING))
    hopeful |= compared.in_two_languages & known & (np.nan_to_num(meanings) >= SAME_IN_TWO_LANGUAGES)
    passes = np.zeros(len(left), np.bool_)
    at = np.flatnonzero(hopeful)
    covered, covers, shared = _covered(read, left[at], right[at])
    words, meaning, is_known = compared.words[at], np.nan_to_num(meanings[at]), known[at]
    by_words = (words >= SAME_WORDS) & (covered >= COVERED) & (shared >= FEWEST_TERMS)
    by_words &= (shared >= SHORT) | (covers >= COVERED)
    by_words &= ~is_known | (meaning >= NOT_ANOTHER_MEANING)
    by_meaning = is_known & (meaning >= SAME_MEANING) & (covered >= SOME_COVERED)
    across = is_known & compared.in_two_languages[at] & (meaning >= SAME_IN_TWO_LANGUAGES)
    agree = np.array([_agree(read, one, other) for one, other in zip(left[at], right[at], strict=True)], np.bool_)
    passes[at] = (by_words | by_meaning | across) & agree & (compared.nearness[at] >= LIKELY)
    return passes


def _covered(read: Read, left: Array, right: Array) -> tuple[Floats, Floats, Array]:
    """Return what share of the one that says less stands in the other, and the reverse, float64 [p]; and common terms.

    Words that say nothing by themselves, as in greetings, count for nothing.
    """
    telling = np.where([term in _COLOURLESS for term in read.terms], 0.0, read.worth)
    one, other = csr_array(read.weights[left]), csr_array(read.weights[right])
    for side in (one, other):
        side.data = np.ones(len(side.data))
    both = csr_array(one.multiply(other))
    said = np.stack([one @ telling, other @ telling])
    shared = both @ telling
    less, more = said.min(axis=0), said.max(axis=0)
    covered, covers = (np.divide(shared, of, out=np.zeros(len(left)), where=of > 0) for of in (less, more))
    return covered, covers, np.diff(both.indptr)


def _agree(read: Read, one: int, other: int) -> bool:
    """Return whether the numbers in one text are among those in the other."""
    ours, theirs = _numbers(read.texts.texts[one]), _numbers(read.texts.texts[other])
    return ours <= theirs or theirs <= ours


def _numbers(text: str) -> frozenset[str]:
    read = text[:QUESTION_LETTERS]
    if not _DIGIT.search(read):
        return frozenset()
    return frozenset(fold(word) for word in written_words(read) if _DIGIT.search(word))


def _told(read: Read, rows: list[int], least: float) -> Duplicates:
    common = set(_terms(read, rows[0])).intersection(*(_terms(read, row) for row in rows[1:]))
    asked = AskedTerms.read(read.texts.texts[rows[0]], read.number_of)
    gains = {
        place: float(read.worth[number]) for place, number in enumerate(asked.numbers.tolist()) if number in common
    }
    return Duplicates(ids=tuple(read.texts.ids[row] for row in rows), nearness=least, words=asked.words(gains))


def _terms(read: Read, row: int) -> list[int]:
    held: list[int] = read.weights.indices[slice(*read.weights.indptr[row : row + 2])].tolist()
    return held
