"""What becomes of the words that people type or paste, before they are kept."""

import re
import unicodedata

_LINES = re.compile(r"\n{4,}")


def clean(text: str) -> str:
    """Return text in one form: composed (NFC), ends of line as \\n, without control characters or blank edges.

    Joiners and direction marks stay: many scripts and emoji need them. Overrides of direction go: they hide words.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(character for character in text if character in "\n\t" or not _is_hidden(character))
    return _LINES.sub("\n\n\n", text).strip()


def _is_hidden(character: str) -> bool:
    if unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}:
        return True
    return character in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff"


def has_letters(text: str) -> bool:
    """Return whether somebody could read this: at least one letter of any script."""
    return any(character.isalpha() for character in text)
