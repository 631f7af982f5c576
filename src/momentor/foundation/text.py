"""What becomes of the words that people type or paste, before they are kept."""

import re
import unicodedata

_MANY_LINES = re.compile(r"\n{4,}")


def clean(text: str) -> str:
    """Return text in one form: composed (NFC), ends of line as \\n, without control characters or blank edges.

    Joiners and direction marks stay: many scripts and emoji need them. Overrides of direction go: they hide words.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(character for character in text if character in "\n\t" or not _is_hidden(character))
    return _MANY_LINES.sub("\n\n\n", text).strip()


def one_line(text: str) -> str:
    """Return text as `clean` does, on one line, with single spaces: for names, headlines and skills."""
    return " ".join(clean(text).split())


def _is_hidden(character: str) -> bool:
    if unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}:
        return True
    return character in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff"
