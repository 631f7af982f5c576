"""A short name for a group of texts, from the words that its texts have and others have not.

Class-based TF-IDF (Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022): all
texts of a group count as one, and a term counts for it by how many of its texts hold it, times how rare it is in all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from matchwell.columns import Array, Floats
from matchwell.similar.reading import Read
from matchwell.stopwords import COLOURLESS_WORDS
from matchwell.words import QUESTION_LETTERS, Token, fold, tokens

LOOKED_AT = 60  # texts of a group that say how its words are written
CANDIDATES = 24  # terms of a group that may come into its name
PIECES = 2
LONGEST_OF_THREE = 32  # letters up to which a third piece is added
TOGETHER = 0.5  # of the texts that hold the rarer of two words, and
MOSTLY = 0.3  # of those that hold the more telling one: then the two are one name
SEPARATOR = ", "
COMMON = 0.25  # of the texts of a group hold each further piece of its short name
_SMALL_ENOUGH = 0.25  # of all times a word is written: then it is a word that is written small


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """What a group could be called: `pieces`, the most telling first; the first `common` are in many of its texts."""

    pieces: tuple[str, ...]
    common: int

    @property
    def short(self) -> int:
        """How many pieces make a short name."""
        first = self.pieces[: min(self.common, PIECES + 1)]
        return len(first) if len(SEPARATOR.join(first)) <= LONGEST_OF_THREE else min(PIECES, len(first))


def labels(
    read: Read, groups: Sequence[Array], *, fewest_writers: int = 1, keep: Sequence[str] | None = None
) -> list[str]:
    """Return a name for each group of texts, given by their places: a few of its own words, as they are written there.

    No two names are the same; "" where no word may be shown. A word may be shown that so many different writers have
    written (every text counts as another writer's where writers are not known). `keep` are names [g] that the groups
    had before, "" for none: one is kept as long as its words are among the telling ones.
    """
    named = [_naming(read, group, scores, fewest_writers) for group, scores in _scored(read, groups)]
    taken: set[str] = set()
    chosen = []
    for place, naming in enumerate(named):
        label = _distinct(naming, taken, keep[place] if keep else "")
        taken.add(fold(label))
        chosen.append(label)
    return chosen


def _scored(read: Read, groups: Sequence[Array]) -> Iterator[tuple[Array, Floats]]:
    """Yield each group with what each term counts for it, float64 [m]."""
    rows = np.concatenate([np.asarray(group, np.int64) for group in groups] or [np.empty(0, np.int64)])
    group_of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    members = csr_array((np.ones(len(rows), np.float32), (group_of, rows)), shape=(len(groups), len(read)))
    held = read.weights.copy()
    held.data = np.ones(len(held.data), np.float32)
    holding = csr_array(members @ held)
    everywhere = np.bincount(held.indices, minlength=held.shape[1])
    mean_size = len(held.data) / max(len(groups), 1)
    rare = np.log1p(mean_size / np.maximum(everywhere, 1))
    for place, group in enumerate(groups):
        mine = slice(*holding.indptr[place : place + 2])
        scores = np.zeros(held.shape[1])
        scores[holding.indices[mine]] = holding.data[mine] / max(len(group), 1) * rare[holding.indices[mine]]
        yield group, scores


def _naming(read: Read, group: Array, scores: Floats, fewest_writers: int) -> Naming:
    ranked = sorted(np.flatnonzero(scores).tolist(), key=lambda number: (-scores[number], number))
    speaking = [read.terms[number] for number in ranked[: 4 * CANDIDATES] if _says_something(read.terms[number])]
    written = _Written(read, group, frozenset(speaking))
    shown = [term for term in speaking if written.may_show({term}, fewest_writers)][:CANDIDATES]
    colourful = [term for term in shown if fold(written.form((term,))) not in COLOURLESS_WORDS]
    pieces = tuple(_pieces(colourful or shown, written, fewest_writers))
    common = next((place for place, piece in enumerate(pieces) if not piece.is_common), len(pieces))
    return Naming(pieces=tuple(piece.text for piece in pieces), common=max(1, common))


def _says_something(term: str) -> bool:
    return any(character.isalpha() for character in term)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_common: bool


def _pieces(ranked: Sequence[str], written: "_Written", fewest_writers: int) -> Iterator[_Piece]:
    """Yield names of one term, or of two where these two mostly stand together."""
    used: set[str] = set()
    so_far: list[str] = []
    for term in ranked:
        if term in used:
            continue
        pair = written.pair_of(term, used, fewest_writers)
        names = pair or (term,)
        piece = written.form(names)
        used.update(names)
        if not any(fold(piece) in fold(other) or fold(other) in fold(piece) for other in so_far):
            so_far.append(piece)
            yield _Piece(piece, written.are_common(names))


def _distinct(naming: Naming, taken: set[str], before: str) -> str:
    if before and fold(before) not in taken and _still_tells(before, naming):
        return before
    for size in range(naming.short, len(naming.pieces) + 1):
        label = SEPARATOR.join(naming.pieces[:size])
        if fold(label) not in taken:
            return label
    label = SEPARATOR.join(naming.pieces[: naming.short])
    number = 2
    while label and fold(f"{label} ({number})") in taken:
        number += 1
    return f"{label} ({number})" if label else ""


def _still_tells(before: str, naming: Naming) -> bool:
    told = {fold(word) for piece in naming.pieces for word in piece.split()}
    return {fold(word) for piece in before.split(SEPARATOR) for word in piece.split()} <= told


class _Written:
    """How some terms of a group are written, in some of its texts, and what stands beside them."""

    def __init__(self, read: Read, group: Array, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._forms: dict[tuple[str, ...], Counter[str]] = {}
        self._holders: dict[tuple[str, ...], set[int]] = {}
        self._partners: dict[str, set[tuple[str, str]]] = {}
        self._writer_of: list[object] = []
        step = max(1, len(group) // LOOKED_AT)
        for holder, row in enumerate(group[::step][:LOOKED_AT].tolist()):
            writer = read.texts.writers[row] if read.texts.writers else None
            self._writer_of.append(holder if writer is None else writer)
            self._note(read.texts.texts[row][:QUESTION_LETTERS], holder)
        self._texts = len(self._writer_of)

    def _note(self, text: str, holder: int) -> None:
        found = tokens(text)
        for token in found:
            if token.term in self._wanted:
                self._add((token.term,), text[token.start : token.end], holder)
            else:
                self._holders.setdefault((token.term,), set()).add(holder)
        for left, right in pairwise(found):
            if not self._wanted.isdisjoint((left.term, right.term)) and _stand_together(text, left, right):
                self._add((left.term, right.term), text[left.start : right.end], holder)
                self._partners.setdefault(left.term, set()).add((left.term, right.term))
                self._partners.setdefault(right.term, set()).add((left.term, right.term))

    def _add(self, names: tuple[str, ...], form: str, holder: int) -> None:
        self._forms.setdefault(names, Counter())[form] += 1
        self._holders.setdefault(names, set()).add(holder)

    def form(self, names: tuple[str, ...]) -> str:
        """Return how these terms are written mostly; small, unless they hardly ever are."""
        forms = self._forms[names]
        folded: Counter[str] = Counter()
        for form, times in forms.items():
            folded[fold(" ".join(form.split()))] += times
        usual = min(folded, key=lambda form: (-folded[form], form))
        same = {form: times for form, times in forms.items() if fold(" ".join(form.split())) == usual}
        small = [form for form in same if form == form.lower()]
        if sum(same[form] for form in small) >= _SMALL_ENOUGH * sum(same.values()):
            same = {form: same[form] for form in small}
        return " ".join(min(same, key=lambda form: (-same[form], form)).split())

    def may_show(self, names: Iterable[str], fewest_writers: int) -> bool:
        """Return whether enough people wrote this, and more than one text holds it where there are several."""
        holders = self._holders.get(tuple(names), set())
        writers = {self._writer_of[holder] for holder in holders}
        return len(holders) >= min(2, self._texts) and len(writers) >= fewest_writers

    def are_common(self, names: tuple[str, ...]) -> bool:
        """Return whether many of the texts hold this."""
        return len(self._holders[names]) >= COMMON * self._texts

    def pair_of(self, term: str, used: set[str], fewest_writers: int) -> tuple[str, str] | None:
        """Return the two terms with which this one mostly stands, if it does; those that most texts hold."""
        able = [
            pair
            for pair in self._partners.get(term, ())
            if pair[0] != pair[1] and used.isdisjoint(pair) and self.may_show(pair, fewest_writers)
            if self._belong(pair, term)
        ]
        return min(able, key=lambda pair: (-len(self._holders[pair]), pair), default=None)

    def _belong(self, pair: tuple[str, str], leading: str) -> bool:
        both, rarer = len(self._holders[pair]), min(len(self._holders[(term,)]) for term in pair)
        often = both >= TOGETHER * rarer and both >= MOSTLY * len(self._holders[(leading,)])
        return often and all(_says_something(term) for term in pair)


def _stand_together(text: str, left: Token, right: Token) -> bool:
    """Return whether two terms are neighbours: a space or a hyphen between, or, without spaces, one half the other."""
    if right.start < left.end:
        return left.start < right.start < left.end < right.end
    between = text[left.end : right.start]
    return bool(between) and not between.strip(" \t\u00a0-") and len(between) <= 2
