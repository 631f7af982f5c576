"""Questions that a new mentor answers as a sample: close to what they know, so that the answer is evidence."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from momentor.people.fields import mentions_in
from momentor.people.models import Membership
from momentor.people.queries import Profile

SHOWN = 3
# What people in a field of work are asked, by the name of the field.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "health": (
        _("I am exhausted after two years of shift work, but I love the patients. What could I change first?"),
        _("How did you know that it was time to specialise, and how did you choose in what?"),
    ),
    "trades": (
        _("I was offered to lead the crew. How do I find out whether I would miss the work with my hands?"),
        _("Is the next certificate worth the money and the evenings at my age?"),
    ),
    "law": (
        _("I want out of the large firm, but not out of law. What would you look at first?"),
        _("How do I say no to a partner without closing a door?"),
    ),
    "software": (
        _("I am the only one here who knows the old system. How do I get out of that corner?"),
        _("I freeze in technical interviews although I do the work every day. What helped you?"),
    ),
    "teaching": (
        _("My second year in class is harder than my first. Is that normal, and what did you change?"),
        _("How did you move from teaching to another job without starting at zero?"),
    ),
    "arts": (
        _("How do I set a price for my work when friends ask for it?"),
        _("I play well alone and badly at auditions. What did you practise?"),
    ),
    "farming": (
        _("My parents' farm could be mine in two years. What should I ask them, and myself, before I say yes?"),
        _("How did you get through the first bad harvest?"),
    ),
    "research": (
        _("My doctorate goes nowhere in its third year. Stop, or change the question?"),
        _("How does one explain a research career to a firm that has never hired a scientist?"),
    ),
    "leading": (
        _("I now lead the people I used to sit next to. What should I not do in the first month?"),
        _("One person in my team stopped trying. How do I begin that talk?"),
    ),
    "sales": (_("How do I raise my prices for people who know the old ones?"),),
    "own business": (
        _("I live on two customers. How did you find the third and the fourth?"),
        _("How do I raise my prices for people who know the old ones?"),
    ),
}

FOR_EVERYBODY = (
    _("What did you believe about your work when you began that turned out to be wrong?"),
    _("How did you decide the last time you changed job, place or field?"),
    _("Somebody young wants to do what you do. What should they try first, within a week?"),
    _("What is the smallest thing you changed that made your working day better?"),
)

# Adds questions that the organisation's own people asked and agreed to show; project/wiring.py fills it in.
Source = Callable[[Membership, list[str]], list[str]]
SOURCES: list[Source] = []


def questions_for(profile: Profile) -> list[str]:
    """Return three questions that this person has not answered yet, the closest to what they know first."""
    import_string(settings.WIRING)
    known = [skill.name for skill in profile.skills] + [profile.membership.headline]
    asked_here = [question for source in SOURCES for question in source(profile.membership, known)]
    answered = {sample.question for sample in profile.samples}
    plausible = [question for question in [*asked_here, *general_questions(known)] if question not in answered]
    return list(dict.fromkeys(plausible))[:SHOWN]


def general_questions(known: list[str]) -> list[str]:
    """Return questions of the fields that these skills and headlines name, best first, then of no field."""
    mentions = mentions_in(known)
    fitting = sorted((field for field in QUESTIONS if field in mentions), key=lambda field: -mentions[field])
    return [gettext(question) for field in fitting for question in QUESTIONS[field]] + [
        gettext(question) for question in FOR_EVERYBODY
    ]
