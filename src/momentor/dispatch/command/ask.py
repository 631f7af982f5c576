"""Show who could answer a question, and why, as one person would see it; with --send, ask it as that person.

Without --send nothing is kept and nobody is asked. With it, mentors are offered the question at once, as after
"whoever is first" on the page, and its number and state are printed. Without TEXT the question is read from the
keyboard, up to an empty line.
"""

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from momentor.dispatch.command.place import add_place, fail, lacking, organisation_named, say, say_json

if TYPE_CHECKING:  # models are there only once the site is entered
    from momentor.people.models import Organisation, Person

EXAMPLE = "momentor ask --organisation workshop --person amina@demo.invalid 'Should I take the foreman role?'"
MOST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a question, and whose it is."""
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the question")
    parser.add_argument("--person", metavar="EMAIL", help="who asks: their languages and blocks count")
    parser.add_argument("--language", metavar="TAG", help="its language, BCP 47 (default: what it is written in)")
    parser.add_argument("--send", action="store_true", help="ask it, in the name of --person")
    parser.add_argument(
        "--take", type=int, default=3, metavar="N", help=f"how many to show, {MOST} at most (default: 3)"
    )
    add_place(parser)


def main(arguments: argparse.Namespace) -> int:
    """Print a shortlist, or ask; return 1 when there is no such organisation or person, or no question."""
    from django.utils import timezone

    from matchwell.language import detect
    from momentor.asking.actions import QuestionEmpty, QuestionTooLong
    from momentor.asking.models import LONGEST_QUESTION, Question
    from momentor.asking.words import clean, has_letters
    from momentor.dispatch.queries import proposed_for
    from momentor.foundation.tenancy import acting_in
    from momentor.people.models import Membership

    organisation = organisation_named(arguments.organisation)
    if organisation is None:
        return fail(lacking(arguments.organisation), arguments)
    if arguments.send and not arguments.person:
        return fail("Say who asks: --send needs --person EMAIL.", arguments)
    text = clean(arguments.text or _typed())
    if not has_letters(text):
        return fail(str(QuestionEmpty.message), arguments)
    if len(text) > LONGEST_QUESTION:
        return fail(str(QuestionTooLong(most=LONGEST_QUESTION).message), arguments)
    with acting_in(organisation.pk):
        mentee = None
        if arguments.person:
            members = Membership.objects.here().active().select_related("person")
            member = members.filter(person__email__iexact=arguments.person).first()
            if member is None:
                return fail(f"{arguments.person} is no member of {organisation.slug}.", arguments)
            mentee = member.person
        language = arguments.language or detect(text) or ""
        now = timezone.now()
        if arguments.send and mentee is not None:
            return _send(arguments, organisation=organisation, by=mentee, text=text, language=language, now=now)
        question = Question(mentee=mentee, text=text, language=language)
        found = proposed_for(question, now=now, take=max(1, min(arguments.take, MOST)))
    if arguments.json:
        say_json({"organisation": organisation.slug, "language": language, "shortlist": [_plain(one) for one in found]})
    else:
        _show(found)
    return 0


def _send(
    arguments: argparse.Namespace,
    *,
    organisation: "Organisation",
    by: "Person",
    text: str,
    language: str,
    now: datetime,
) -> int:
    from django.db import transaction

    from momentor.asking.actions import draft_question
    from momentor.dispatch.actions import start_search
    from momentor.dispatch.models import Offer
    from momentor.foundation.addresses import address_in
    from momentor.foundation.refusals import Refusal

    try:
        with transaction.atomic():
            question = draft_question(by=by, text=text, language=language, now=now)
            start_search(question=question, by=by, now=now)
    except Refusal as refusal:
        return fail(str(refusal.message), arguments)
    question.refresh_from_db()
    asked = Offer.objects.filter(question=question).count()
    address = address_in(organisation, "asking:question", question.pk)
    if arguments.json:
        say_json(
            {
                "organisation": organisation.slug,
                "question": str(question.pk),
                "state": question.state,
                "offers": asked,
                "address": address,
            }
        )
    else:
        say(f"Question {question.pk} is {question.state}; {asked} mentors have been asked so far.\n{address}")
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
