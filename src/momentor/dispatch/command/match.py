"""Explain how people came to be chosen for a question, or judge how well matching works on a community's log.

explain: from the match ledger, one list or wave after the other: when, with which version and weights, out of how many,
each person's score by its parts, who was kept off and why, and whether what was kept makes the same list again.
evaluate: on a folder of past questions and answers, as docs/reference/matching.md says; it needs no site. learn: from
an organisation's past who answers, and rank by it if it helps, as the worker does now and then.
"""

import argparse
from typing import Any
from uuid import UUID

from matchwell.evaluate.__main__ import add_arguments as add_evaluation
from matchwell.evaluate.__main__ import run as evaluate
from momentor.dispatch.command import learn
from momentor.dispatch.command.place import add_place, fail, say, say_json

EXAMPLE = "momentor match explain 01a2067f-d886-72c5-acd6-0a96428e5a8d\n  momentor match evaluate FOLDER --json"

MOST = 50
KEPT_OFF = {
    "full": "no time left this week, else at place {would_be}",
    "invited": "{invitations:g} offers in four weeks, else at place {would_be}",
    "away": "could not be asked at that moment",
}
REPLAYED = {
    "same": "same list",
    "different": "another list",
    "too_old": "not possible, it is from before what a list is made from was kept",
    "forgotten": "not possible, somebody on it left and what spoke for them was forgotten",
    "unreadable": "not possible. {why_not}",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and with what."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="explain|learn|evaluate")
    explain = kinds.add_parser("explain", help="why these people were shown or asked")
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
    from momentor.dispatch.explained import as_plain
    from momentor.dispatch.models import LedgerEntry, Offer
    from momentor.people.models import Person

    question = Question.objects.filter(pk=question_id).first()
    if question is None:
        return None
    found = LedgerEntry.objects.filter(question=question).select_related("search").order_by("-made_at", "-pk")
    entries = [as_plain(entry) for entry in reversed(found[:MOST])]
    rows = [row for entry in entries for row in (*entry["people"], *entry["looked_at"])]
    people = Person.objects.filter(pk__in={UUID(row["person"]) for row in rows})
    names = {str(person.pk): str(person) for person in people}
    offers = Offer.objects.filter(question=question).values_list("mentor_id", "state")
    states = {str(mentor_id): state for mentor_id, state in offers}
    for row in rows:
        row["name"] = names.get(row["person"], "")
        row["decided"] = states.get(row["person"])
    return {
        "question": str(question.pk),
        "state": question.state,
        "lists": [entry for entry in entries if entry["kind"] == "list"],
        "waves": [entry for entry in entries if entry["kind"] == "wave"],
    }


def _show(explained: dict[str, Any]) -> None:
    say(f"Question {explained['question']} in {explained['organisation']} is {explained['state']}.")
    if not explained["lists"] and not explained["waves"]:
        say("Nobody has been shown or asked for a reason yet.")
    for number, entry in enumerate(explained["lists"], start=1):
        _show_entry(f"List {number}, shown {entry['made_at']}", entry)
    for number, entry in enumerate(explained["waves"], start=1):
        _show_entry(f"Wave {number}, {entry['made_at']}, {entry['pace']}", entry)


def _show_entry(head: str, entry: dict[str, Any]) -> None:
    inputs = entry["inputs"]
    fitting = f", something spoke for {inputs['fitting']}" if "fitting" in inputs else ""
    say(f"\n{head}, {entry['version']}: {inputs.get('considered', '?')} people considered{fitting}")
    for row in entry["people"]:
        if row["score"] is None:
            say(f"  {'-':>8}  {row['name'] or 'somebody who left'}")
            continue
        why = "" if row["why"] == "rank" else f", as {row['why']}"
        say(f"  {row['score']:8.4f}  {row['name']} ({row['presence']}, chance {row['chance']}, {row['decided']}{why})")
        for signal in row["signals"]:
            share = "" if signal["share"] is None else f"{signal['share']:3} %"
            say(f"  {signal['weight']:8.4f}    {signal['kind']:<10} {share}".rstrip())
        for reason in row["reasons"]:
            words = f": {', '.join(reason['words'])}" if reason["words"] else ""
            evidence = f" [{reason['question']}]" if reason["question"] else ""
            if words or evidence:
                say(f"  {reason['weight']:8.4f}      {reason['kind']}{words}{evidence}")
    for row in entry["looked_at"]:
        if row["off"] in KEPT_OFF:
            said = KEPT_OFF[row["off"]].format(**row)
            say(f"  {row['score']:8.4f}  not {row['name']}: {said}")
    ranker = f"ranker {entry['ranker']}, " if entry["ranker"] else ""
    weights = ", ".join(f"{name} {value}" for name, value in sorted(entry["weights"].items()))
    say(f"  {ranker}weights: {weights}")
    replayed = entry["replayed"]
    say(f"  replayed: {REPLAYED[replayed['outcome']].format(**replayed)}")
    if replayed["outcome"] == "different":
        say(f"    kept:  {' '.join(row['person'] for row in entry['people'])}")
        say(f"    again: {' '.join(replayed['people'])}")
