"""Which language a text is in, where that can be told. It is a clue: nobody is left out by it."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import exp
from unicodedata import name

from matchwell.words import fold, is_dense, written_words

SUREST = 0.9  # of 1; on short questions in 20 languages the first guess was right 59 times in 60
FEWEST_LETTERS = 12
FEWEST_DENSE = 4  # characters, in a script without spaces
MOST_LETTERS = 1000
MAIN_SCRIPT = 0.6  # of the letters; where scripts stand side by side the detector guesses
SAMPLE = 400  # texts that tell which languages a community writes in
RARE = 0.05  # of them; what is rarer may be a mistake
_NO_LANGUAGE = frozenset({"zxx", "und", "la"})  # names and formulas are taken for Latin more often than Latin is


def detect(text: str) -> str | None:
    """Return the BCP 47 tag of the language of a text; None if it is too short, unclear, or py3langid is missing."""
    text = text[:MOST_LETTERS]
    if not _says_enough(text):
        return None
    try:
        import py3langid
    except ImportError:
        return None
    ranked = py3langid.rank(" ".join(written_words(text)))
    best, best_score = ranked[0]
    sureness = 1 / sum(exp(max(float(score) - float(best_score), -700.0)) for _, score in ranked)
    return str(best) if sureness >= SUREST and best not in _NO_LANGUAGE else None


def common(texts: Sequence[str]) -> frozenset[str]:
    """Return the languages of a twentieth of the texts or more (BCP 47), of those that show any; read off a sample."""
    spread = texts[:: max(1, len(texts) // SAMPLE)]
    counted = Counter(language for text in spread if (language := detect(text)) is not None)
    return frozenset(language for language, count in counted.items() if count >= RARE * counted.total())


def _says_enough(text: str) -> bool:
    words = written_words(text)
    dense = sum(len(word) for word in words if is_dense(word))
    letters = sum(character.isalpha() for word in words for character in word)
    if not _has_main_script("".join(words)):
        return False
    return dense >= FEWEST_DENSE or (letters >= FEWEST_LETTERS and len({fold(word) for word in words}) > 1)


def _has_main_script(letters: str) -> bool:
    counted = Counter(script for letter in letters if (script := _script(letter)))
    return bool(counted) and max(counted.values()) >= MAIN_SCRIPT * counted.total()


@lru_cache(maxsize=2**15)
def _script(letter: str) -> str:
    """Return the script of a letter by its Unicode name; empty for what is no letter. Japanese is written in three."""
    script = name(letter, "").partition(" ")[0] if letter.isalpha() else ""
    return "CJK" if script in {"HIRAGANA", "KATAKANA"} else script
