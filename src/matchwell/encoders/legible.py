"""Texts to vectors, as far as they can be had: words are enough to go on where there is none."""

import logging
from collections.abc import Sequence

from matchwell.columns import Numbers
from matchwell.encoders.encoder import Encoder, EncoderError
from matchwell.encoders.languages import GOOD_FOR, suits
from matchwell.language import detect

logger = logging.getLogger("matchwell")


def encoded(
    encoder: Encoder | None, texts: Sequence[str], languages: Sequence[str | None] | None = None
) -> list[Numbers | None]:
    """Return a vector for each text; None without an encoder, if it breaks, and where it was not made for the language.

    `languages` are those of the texts (BCP 47); where there is none it is detected.
    """
    found: list[Numbers | None] = [None] * len(texts)
    if encoder is None:
        return found
    told = [None] * len(texts) if languages is None else languages
    places = [
        place for place, (text, one) in enumerate(zip(texts, told, strict=True)) if is_legible(text, one, encoder)
    ]
    if not places:
        return found
    try:
        vectors = encoder.encode([texts[place] for place in places])
    except EncoderError as fault:
        logger.warning("going on without vectors: %s", fault)
        return found
    for place, vector in zip(places, vectors, strict=True):
        found[place] = vector
    return found


def is_legible(text: str, language: str | None, encoder: Encoder) -> bool:
    """Return whether an encoder may read a text: it does, unless it is known not to be made for the text's language."""
    kind = encoder.name.partition("-")[0]
    if GOOD_FOR.get(kind) is None:
        return True
    language = language or detect(text)
    return language is None or suits(kind, language)
