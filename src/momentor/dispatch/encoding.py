"""The encoder that reads what questions mean: one a process for each set of languages, loaded when first needed.

Where the host of the site names an endpoint, that is it, whatever the languages.
"""

import logging
from functools import cache

from django.conf import settings

from matchwell.encoders import QUESTION_TOKENS, Encoder, best_installed
from momentor.dispatch.endpoint import served_encoder

WORD_BY_WORD = "wordtable"  # tells who says of themselves what is asked, but not what a question is about

logger = logging.getLogger("momentor.dispatch")


def encoder_for(languages: frozenset[str]) -> Encoder | None:
    """Return what reads questions in these languages, None where nothing does: then their words alone count."""
    if not settings.READ_MEANING or not languages:
        return None
    return served_encoder() if settings.ENCODER_URL else _loaded(languages)


@cache
def _loaded(languages: frozenset[str]) -> Encoder | None:
    loaded = best_installed(languages, tokens=QUESTION_TOKENS)
    if loaded.encoder is None or loaded.encoder.name.startswith(WORD_BY_WORD):
        for refused in loaded.refused:
            logger.warning("going by words alone", extra={"encoder": refused.encoder, "why": refused.reason})
        return None
    return loaded.encoder
