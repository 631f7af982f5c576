"""Explain how people came to be chosen for a question, judge matching on a log, or match a whole programme.

explain: from the match ledger, one list or wave after the other: when, with which version and weights, out of how many,
each person's score by its parts, who was kept off and why, and whether what was kept makes the same list again.
evaluate: on a folder of past questions and answers, as docs/reference/matching.md says; it needs no site. learn: from
an organisation's past who answers, and rank by it if it helps, as the worker does now and then. programme: who would
mentor whom, and, where you confirm it, who does; a preview that is ready already, for example from the page, is
shown, or confirmed, as it is.
"""

from __future__ import annotations

import argparse

from momentor.dispatch.command import match as questions
from momentor.matches import command as programmes

EXAMPLE = f'{questions.EXAMPLE}\n  momentor match programme "First year" --json'
PROGRAMME = "programme"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and with what."""
    questions.add_arguments(parser)
    [kinds] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    programmes.add_arguments(kinds.add_parser(PROGRAMME, help="who would mentor whom in a whole programme"))
    kinds.metavar = "|".join(kinds.choices)


def works_anywhere(arguments: argparse.Namespace) -> bool:
    """Return whether no site is needed."""
    return questions.works_anywhere(arguments)


def main(arguments: argparse.Namespace) -> int:
    """Do one of them."""
    return programmes.main(arguments) if arguments.what == PROGRAMME else questions.main(arguments)
