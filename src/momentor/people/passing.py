"""Why a mentor may pass: reasons that every programme begins with, and a coordinator's own words.

The first are kept in English, whatever language they were read and left in, and shown in the reader's. What a
coordinator wrote stays as it is.
"""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

USUAL = (
    gettext_noop("Not my field"),
    gettext_noop("No time right now"),
    gettext_noop("I know this person"),
    gettext_noop("Not comfortable with it"),
)


def in_words(kept: Iterable[str]) -> list[str]:
    """Return reasons as their reader sees them."""
    return [gettext(reason) if reason in USUAL else reason for reason in kept]


def as_kept(words: str) -> str:
    """Return a reason as it is kept: the usual ones in English, from whatever language they were shown in."""
    return _kept_by_words().get(words, words)


@cache
def _kept_by_words() -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {gettext(reason): reason for reason in USUAL}
    return found
