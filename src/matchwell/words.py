"""Text to terms: the one way in which questions, people and asks are read.

Words are folded (width, case, accents) and stemmed; identifiers count whole and in their parts (`getUserName`,
`read_csv`); "c++" and "c#" keep their signs; scripts written without spaces become pairs of characters.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from matchwell.stems import stem
from matchwell.stopwords import STOP_WORDS

QUESTION_LETTERS = 800  # of a question; 500 to 800 were best when measured
PERSON_LETTERS = 4000  # of a profile, or of one sample
LONGEST_WORD = 40  # characters; what is longer is rarely a word, and is cut
_TELLING_LETTERS = frozenset("cr")  # the only single letters that name something people ask about

# Thai, Lao, Burmese, Khmer, kana, Han: no spaces between words.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
# Signs that stand inside words but that \w does not know: combining accents, Hebrew, Arabic and Indic marks.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
_WORD = re.compile(rf"(?<!\w)[A-Za-z]\#(?!\w)|[^\W{_DENSE}]+(?:[{_MARKS}]+[^\W{_DENSE}]*)*(?:\+\+)?|[{_DENSE}]+")
_DENSE_START = re.compile(rf"[{_DENSE}]")
_JOINT = re.compile(r"_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]")


@dataclass(frozen=True, slots=True)
class Token:
    """A term and where it stands: `text[start:end]` is how it was written."""

    term: str
    start: int
    end: int


def terms(text: str) -> list[str]:
    """Return the terms of a text in order, repetitions included."""
    return list(chain.from_iterable(map(_names_of, _WORD.findall(text))))


def tokens(text: str) -> list[Token]:
    """Return the terms of a text in order, each with its place."""
    return [
        Token(term, match.start() + start, match.start() + end)
        for match in _WORD.finditer(text)
        for term, start, end in _terms_of(match.group())
    ]


@lru_cache(maxsize=2**17)
def _names_of(word: str) -> tuple[str, ...]:
    return tuple(term for term, _, _ in _terms_of(word))


@lru_cache(maxsize=2**15)
def _terms_of(word: str) -> tuple[tuple[str, int, int], ...]:
    """Return the terms of one written word, with their place in it."""
    if is_dense(word):
        return _pairs(word)
    parts = [part for part in _JOINT.split(word[:LONGEST_WORD]) if part]
    found = [term for part in parts if (term := _term(fold(part)))]
    if len(parts) > 1:
        found.insert(0, fold("".join(parts)))
    return tuple((term, 0, len(word)) for term in found)


def _pairs(run: str) -> tuple[tuple[str, int, int], ...]:
    if len(run) == 1:
        return ((fold(run), 0, 1),)
    return tuple((fold(run[at : at + 2]), at, at + 2) for at in range(len(run) - 1))


def _term(folded: str) -> str | None:
    if folded in STOP_WORDS or (len(folded) == 1 and folded not in _TELLING_LETTERS):
        return None
    return stem(folded)


def fold(word: str) -> str:
    """Return a word without regard to width, case and accents: "Ｃafé" is "cafe", "Straße" is "strasse"."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    if folded.isascii():
        return folded
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
    return unicodedata.normalize("NFC", bare)


def written_words(text: str) -> list[str]:
    """Return the words of a text as written; a run of a script without spaces counts as one."""
    return _WORD.findall(text)


def is_dense(word: str) -> bool:
    """Return whether a word is a run of a script without spaces."""
    return bool(_DENSE_START.match(word))


def primary(languages: Iterable[str]) -> frozenset[str]:
    """Return the primary parts of language tags: `pt` for `pt-BR`."""
    return frozenset(language.replace("_", "-").split("-")[0].lower() for language in languages)


def question_terms(text: str) -> list[str]:
    """Return the terms of a question or an ask, of its first letters only."""
    return terms(text[:QUESTION_LETTERS])


def person_terms(text: str) -> list[str]:
    """Return the terms of a profile or of one sample."""
    return terms(text[:PERSON_LETTERS])
