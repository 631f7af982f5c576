"""Show who could answer a question, and why, as one person would see it. Nothing is kept and nobody is asked.

Without TEXT the question is read from the keyboard, up to an empty line.
"""

import argparse
import sys
from typing import Any

from momentor.dispatch.command.place import add_place, fail, organisation_named, say, say_json

EXAMPLE = "momentor ask --organisation workshop --person amina@demo.invalid 'Should I take the foreman role?'"
MOST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question, and whose it is."""
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the question")
    parser.add_argument("--person", metavar="EMAIL", help="who asks: their languages and blocks count")
    parser.add_argument("--language", metavar="TAG", help="its language, BCP 47 (default: what it is written in)")
    parser.add_argument(
        "--take", type=int, default=3, metavar="N", help=f"how many to show, {MOST} at most (default: 3)"
    )
    add_place(parser)


def main(arguments: argparse.Namespace) -> int:
    """Print a shortlist; return 1 when there is no such organisation or person, or no question."""
    from django.utils import timezone

    from matchwell.language import detect
    from momentor.asking.models import LONGEST_QUESTION, Question
    from momentor.asking.words import clean, has_letters
    from momentor.dispatch.queries import proposed_for
    from momentor.foundation.tenancy import acting_in
    from momentor.people.models import Membership

    organisation = organisation_named(arguments.organisation)
    if organisation is None:
        return fail("Say which organisation: --organisation SLUG.", arguments)
    text = clean(arguments.text or _typed())[:LONGEST_QUESTION]
    if not has_letters(text):
        return fail("Please write your question in words.", arguments)
    with acting_in(organisation.pk):
        mentee = None
        if arguments.person:
            members = Membership.objects.here().active().select_related("person")
            member = members.filter(person__email__iexact=arguments.person).first()
            if member is None:
                return fail(f"{arguments.person} is no member of {organisation.slug}.", arguments)
            mentee = member.person
        language = arguments.language or detect(text) or ""
        question = Question(mentee=mentee, text=text, language=language)
        now = timezone.now()
        found = proposed_for(question, now=now, take=max(1, min(arguments.take, MOST)))
    if arguments.json:
        say_json({"organisation": organisation.slug, "language": language, "shortlist": [_plain(one) for one in found]})
    else:
        _show(found)
    return 0


def _typed() -> str:
    if sys.stdin.isatty():
        sys.stderr.write("What is on your mind? (end with an empty line)\n")
        return "\n".join(iter(input, ""))
    return sys.stdin.read()


def _plain(one: Any) -> dict[str, Any]:
    return {
        "person": str(one.person_id),
        "name": one.name,
        "headline": one.headline,
        "has_joined": one.has_joined,
        "chance": one.chance,
        "usually": one.usually,
        "earliest_slot": one.slot.starts.isoformat() if one.slot else None,
        "reasons": [{"text": said.text, "quotes": said.quotes, "share": said.share} for said in one.reasons],
    }


def _show(found: list[Any]) -> None:
    if not found:
        say("Nobody here stands out for this question.")
    for place, one in enumerate(found, start=1):
        say(f"{place}. {one.name}{f': {one.headline}' if one.headline else ''}")
        for said in one.reasons:
            say(f"   {said.share:3} %  {said.text}")
            for quote in said.quotes:
                say(f"          “{quote}”")
        if not one.has_joined:
            say("          has not joined yet, and is not asked")
        else:
            slot = f", earliest slot {one.slot.starts:%Y-%m-%d %H:%M} UTC" if one.slot else ""
            say(f"          chance of an answer {one.chance}, usually in {one.usually}{slot}")
