"""What becomes of the words that people type, and what counts as words at all."""

from momentor.foundation.text import clean

__all__ = ["clean", "has_letters"]


def has_letters(text: str) -> bool:
    """Return whether somebody could read this: at least one letter of any script."""
    return any(character.isalpha() for character in text)
