"""What speaks for a pair, and why somebody is left, in plain words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from matchwell.programme.values import MENTEE_WISH, MENTOR_WISH
from momentor.dispatch.plain import listed
from momentor.matches.fitting import HOURS, LANGUAGES, SKILLS, WORDS
from momentor.people.tongues import language_name

MOST_WORDS = 4

PARTS = {
    WORDS: gettext_lazy("What the mentor knows"),
    SKILLS: gettext_lazy("Skills that the wish names"),
    LANGUAGES: gettext_lazy("Language"),
    HOURS: gettext_lazy("Time of day"),
    MENTEE_WISH: gettext_lazy("Wishes of mentees"),
    MENTOR_WISH: gettext_lazy("Wishes of mentors"),
}


def said_of(facts: Mapping[str, Any]) -> list[str]:
    """Return what speaks for a pair, a line each, for both of them and for coordinators."""
    return [
        line
        for line in (
            _words(facts.get("words", ())),
            _skills(facts.get("skills", ())),
            _wishes(facts),
            _language(facts.get("language", "")),
            _hours(facts.get("hours_apart")),
        )
        if line
    ]


def _words(words: list[str]) -> str:
    seen = list({word.casefold(): word for word in words}.values())[:MOST_WORDS]
    return _("The mentor knows about %(words)s") % {"words": listed(seen)} if seen else ""


def _skills(skills: list[str]) -> str:
    return _("The mentor is skilled in %(skills)s") % {"skills": listed(skills[:MOST_WORDS])} if skills else ""


def _wishes(facts: Mapping[str, Any]) -> str:
    if facts.get("wished") and facts.get("wished_by"):
        return _("Both wished for each other")
    if facts.get("wished"):
        return _("The mentee wished for this mentor")
    return _("The mentor wished for this mentee") if facts.get("wished_by") else ""


def _language(tag: str) -> str:
    return _("Both talk in %(language)s") % {"language": language_name(tag, get_language() or "en")} if tag else ""


def _hours(apart: float | None) -> str:
    if apart is None:
        return ""
    hours = round(apart)
    if not hours:
        return _("Their clocks show the same hour")
    return ngettext("Their clocks are %(n)s hour apart", "Their clocks are %(n)s hours apart", hours) % {"n": hours}


def why_left(why: str, is_open: int) -> str:
    """Return why there is nobody for a mentee. Who keeps whom away is told to nobody, so it reads like any other no."""
    if why == "places_taken":
        told = ngettext(
            "%(n)s mentor would do, and all of their places go to others",
            "%(n)s mentors would do, and all of their places go to others",
            is_open,
        )
        return told % {"n": is_open}
    if why == "language":
        return _("No mentor with a free place talks in one of their languages")
    if why == "hours":
        return _("The clocks of all mentors with a free place are too many hours apart")
    return _("There is no mentor with a free place for them")
