"""Which languages an encoder was made for."""

from collections.abc import Mapping

from matchwell.words import primary

ENGLISH = frozenset({"en"})
# Sixteen by its makers' count, who take Chinese in its two scripts for two.
UNIVERSAL = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"})

GOOD_FOR: Mapping[str, frozenset[str] | None] = {
    "minilm": ENGLISH,
    "universal": UNIVERSAL,
    "wordtable": ENGLISH,
    "latent": None,
}
"""BCP 47 primary languages by the first part of an encoder's name; None where it learns from the texts it is given."""


def suits(encoder: str, language: str) -> bool:
    """Return whether an encoder, by its name or the first part of it, is good for a language (BCP 47).

    Raises ValueError for an encoder that is not one of this library's.
    """
    kind = encoder.partition("-")[0]
    if kind not in GOOD_FOR:
        raise ValueError(f"Nothing is known of the languages of {encoder!r}. Ask about one of {', '.join(GOOD_FOR)}.")
    languages = GOOD_FOR[kind]
    return languages is None or not primary([language]).isdisjoint(languages)
