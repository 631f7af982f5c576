"""Explain how people came to be chosen for a question, or judge how well matching works on a community's log.

explain: from the match ledger, one wave after the other: when, with which version and weights, out of how many, and
each person's score by its parts. evaluate: on a folder of past questions and answers, as docs/reference/matching.md
says; it needs no site. learn: from an organisation's past who answers, and rank by it if it helps, as the worker does
every now and then.
"""

import argparse
from typing import Any
from uuid import UUID

from matchwell.evaluate.__main__ import add_arguments as add_evaluation
from matchwell.evaluate.__main__ import run as evaluate
from momentor.dispatch.command import learn
from momentor.dispatch.command.place import add_place, fail, say, say_json

EXAMPLE = "momentor match explain 01a2067f-d886-72c5-acd6-0a96428e5a8d\n  momentor match evaluate FOLDER --json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and with what."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="explain|learn|evaluate")
    explain = kinds.add_parser("explain", help="why these people were asked")
    explain.add_argument("question", type=UUID, metavar="QUESTION_ID", help="as it stands in the question's address")
    add_place(explain)
    learn.add_arguments(kinds.add_parser("learn", help="learn who answers from what was answered"))
    add_evaluation(kinds.add_parser("evaluate", help="judge ways of ranking on logged questions and answers"))


def works_anywhere(arguments: argparse.Namespace) -> bool:
    """Return whether no site is needed."""
    return bool(arguments.what == "evaluate")


def main(arguments: argparse.Namespace) -> int:
    """Do it; return 1 when there is no such question, or the folder cannot be judged."""
    if arguments.what == "evaluate":
        return evaluate(arguments)
    if arguments.what == "learn":
        return learn.main(arguments)
    from momentor.foundation.tenancy import acting_in
    from momentor.people.models import Organisation

    organisations = Organisation.objects.order_by("slug")
    if arguments.organisation:
        organisations = organisations.filter(slug=arguments.organisation)
    for organisation in organisations:
        with acting_in(organisation.pk):
            explained = _explain(arguments.question)
        if explained is not None:
            explained["organisation"] = organisation.slug
            say_json(explained) if arguments.json else _show(explained)
            return 0
    return fail(f"There is no question {arguments.question} here.", arguments)


def _explain(question_id: UUID) -> dict[str, Any] | None:
    from momentor.asking.models import Question
    from momentor.dispatch.models import LedgerEntry, Offer
    from momentor.people.models import Person

    question = Question.objects.filter(pk=question_id).first()
    if question is None:
        return None
    entries = list(LedgerEntry.objects.filter(question=question).select_related("search").order_by("made_at", "pk"))
    people = {UUID(row["person"]) for entry in entries for row in entry.result}
    names = {person.pk: str(person) for person in Person.objects.filter(pk__in=people)}
    states = dict(Offer.objects.filter(question=question).values_list("mentor_id", "state"))
    return {
        "question": str(question.pk),
        "state": question.state,
        "waves": [
            {
                "made_at": entry.made_at.isoformat(),
                "pace": entry.search.pace if entry.search else None,
                "version": entry.version,
                "weights": entry.weights,
                "inputs": entry.inputs,
                "people": [
                    row
                    | {
                        "name": names.get(UUID(row["person"]), ""),
                        "decided": states.get(UUID(row["person"])),
                    }
                    for row in entry.result
                ],
            }
            for entry in entries
        ],
    }


def _show(explained: dict[str, Any]) -> None:
    say(f"Question {explained['question']} in {explained['organisation']} is {explained['state']}.")
    if not explained["waves"]:
        say("Nobody has been asked for a reason yet.")
    for number, wave in enumerate(explained["waves"], start=1):
        considered = wave["inputs"].get("considered", "?")
        say(f"\nWave {number}, {wave['made_at']}, {wave['pace']}, {wave['version']}: {considered} people considered")
        for row in wave["people"]:
            say(f"  {row['score']:8.4f}  {row['name']} ({row['presence']}, chance {row['chance']}, {row['decided']})")
            for reason in row["reasons"]:
                words = f": {', '.join(reason['words'])}" if reason["words"] else ""
                evidence = f" [{reason['question']}]" if reason["question"] else ""
                say(f"  {reason['weight']:8.4f}    {reason['kind']}{words}{evidence}")
