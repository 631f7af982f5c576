"""What the question coach says, in plain words: a sentence for each notice, and a beginning to write on from."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matchwell.coach import Advice
from momentor.people.models import OPEN_MEDIUMS, Medium


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing to sharpen, and the beginning of a sentence that would do it."""

    text: Promise
    starter: Promise


NOTICES = {
    "too_short": Notice(
        text=_("Say a little more: what happened, and what do you want to know?"),
        starter=_("What I want to know is: "),
    ),
    "too_broad": Notice(
        text=_("This could fill a book. Which part of it matters to you now?"),
        starter=_("What matters to me first is: "),
    ),
    "no_goal": Notice(
        text=_("What would a good answer help you decide, or do?"),
        starter=_("A good answer would help me decide: "),
    ),
    "no_context": Notice(
        text=_("Nobody can see yet where you stand. One sentence about you is enough."),
        starter=_("About me: "),
    ),
    "several_questions": Notice(
        text=_("These are several questions. Which one should the time go to first?"),
        starter=_("The most important one for me: "),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A notice as the page offers it."""

    code: str
    text: str
    starter: str


def hints_of(advice: Advice, *, language: str) -> list[Hint]:
    """Return the coach's notices in the page's language, with beginnings in the language of the question."""
    return [
        Hint(
            code=code,
            text=str(NOTICES[code].text),
            starter=starter_of(code, language=language),
        )
        for code in advice.notices
    ]


def starter_of(code: str, *, language: str) -> str:
    """Return the beginning of a sentence, in the question's language where we speak it; "" for an unknown notice."""
    if code not in NOTICES:
        return ""
    spoken = language.split("-", maxsplit=1)[0]
    if spoken not in dict(settings.LANGUAGES):
        return str(NOTICES[code].starter)
    with translation.override(spoken):
        return str(NOTICES[code].starter)


def with_starter(text: str, starter: str) -> str:
    """Return the person's own words with a beginning on a line of its own below them."""
    own = text.rstrip()
    return f"{own}\n\n{starter}" if own else starter


def open_medium(medium: str) -> Medium:
    """Return a medium that has a room today: the proposed one, else chat."""
    return Medium(medium) if medium in OPEN_MEDIUMS else Medium.CHAT
