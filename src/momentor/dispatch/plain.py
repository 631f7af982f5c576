"""Chances and times in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOUR = 60.0
DAY = 24 * HOUR


def chance_in_words(of_yes: float) -> str:
    """Return a chance as people count: 8 in 10."""
    tens = round(of_yes * 10)
    if tens < 1:
        return _("less than 1 in 10")
    return _("%(tens)s in 10") % {"tens": min(tens, 9)}


def time_in_words(minutes: float) -> str:
    """Return a length of time as people say it: 4 minutes, 2 hours, 3 days."""
    if minutes < 1:
        return _("less than a minute")
    if minutes < 90:
        count = round(minutes) if minutes < 10 else round(minutes / 5) * 5
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if minutes < 2 * DAY:
        count = round(minutes / HOUR)
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = round(minutes / DAY)
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def listed(words: list[str]) -> str:
    """Return words as a list in a sentence: pipes, TIG and steel."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
