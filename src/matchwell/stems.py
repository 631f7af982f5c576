"""A light stemmer that English and German words go through alike.

The language of a short text is often unknown and communities mix theirs, so one rule set is used for all: a word
has the same stem in whatever text it stands. It cuts only what inflection adds, and never below four letters.
"""

import re

_SHORTEST = 4  # letters that must remain
_VOWELS = frozenset("aeiouy")

# First match wins. Plural and genitive first, then verb forms, then what German adds to nouns and adjectives.
_ENDINGS = (
    (re.compile(r"(?<=...)ies$"), "y"),
    (re.compile(r"(?<=ss)es$"), ""),
    (re.compile(r"(?<=[^sui])s$"), ""),
)
_VERB = re.compile(r"(?<=...)(?:ing|ed)$")
_NOUN = re.compile(r"(?<=....)(?:ungen|ung)$")
_CASE = re.compile(r"(?:ern|em|er|en|e|(?<=[lr])n)$")


def stem(word: str) -> str:
    """Return the stem of a lower-case word without accents. Words with digits or signs stay as they are.

    >>> [stem(w) for w in ("queries", "running", "planned", "makes", "bewerbungen", "lehrern", "c++")]
    ['query', 'run', 'plan', 'make', 'bewerb', 'lehr', 'c++']
    """
    if len(word) < _SHORTEST or not word.isalpha() or not word.isascii():
        return word
    for ending, kept in _ENDINGS:
        shorter, found = ending.subn(kept, word)
        if found:
            word = shorter
            break
    for ending in (_NOUN, _VERB, _CASE):
        shorter = ending.sub("", word)
        if shorter != word and _is_a_stem(shorter, after=ending):
            return _single(shorter) if ending is _VERB else shorter
    return word


def _is_a_stem(shorter: str, *, after: re.Pattern[str]) -> bool:
    shortest = _SHORTEST if after is not _VERB else _SHORTEST - 1
    return len(shorter) >= shortest and not _VOWELS.isdisjoint(shorter)


def _single(word: str) -> str:
    """Undo the doubling in "running"; leave "ll", "ss" and "zz", which belong to the word."""
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "lsz" else word
