"""Learn who answers from what was answered, and say what came of it."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from momentor.dispatch.command.place import fail, say, say_json

if TYPE_CHECKING:
    from momentor.dispatch.models import LearnedRanking

NICE = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to learn."""
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--organisation", metavar="SLUG", help="where, as in its address")
    place.add_argument("--id", type=UUID, metavar="ID", help="where, by its identifier")
    parser.add_argument("--json", action="store_true", help="for programs")


def main(arguments: argparse.Namespace) -> int:
    """Learn; return 1 where there is no such organisation. Too little to learn from is no fault."""
    from django.utils import timezone

    from momentor.dispatch.learned import learn_here
    from momentor.people.models import Organisation

    by = {"pk": arguments.id} if arguments.id else {"slug": arguments.organisation}
    organisation = Organisation.objects.filter(**by).first()
    if organisation is None:
        return fail("There is no such organisation here.", arguments)
    progress = _give_way() if arguments.id else None if arguments.json else _show_progress
    kept = learn_here(organisation.pk, now=timezone.now(), progress=progress)
    if arguments.json:
        say_json(_as_json(kept))
    else:
        _show(kept)
    return 0


def _give_way() -> Callable[[int, int], None]:
    """Leave the machine to others, and return a way of progress that ends where the worker that began it is gone."""
    os.nice(NICE)
    parent = os.getppid()

    def go_on(_done: int, _out_of: int) -> None:
        if os.getppid() != parent:
            sys.exit(1)

    return go_on


def _show_progress(done: int, out_of: int) -> None:
    if done % 100 == 0:
        sys.stderr.write(f"\r{done} of {out_of} questions")
        sys.stderr.flush()


def _as_json(kept: "LearnedRanking | None") -> dict[str, Any]:
    if kept is None:
        return {"chosen": None}
    return {
        "chosen": kept.chosen,
        "version": kept.version,
        "questions": kept.questions,
        "tested": kept.tested,
        "held_back": kept.held_back,
    }


def _show(kept: "LearnedRanking | None") -> None:
    if kept is None:
        say("\nToo few questions were answered by people who had answered before to learn from. Plain weights rank.")
        return
    say(f"\nLearned from {kept.questions} answered questions. The newest {kept.tested} were held back to compare:")
    for name, value in sorted(kept.held_back.items(), key=lambda item: -item[1]):
        say(f"  {value:.3f}  {kept.Chosen(name).label if name in kept.Chosen.values else name}")
    say(f"In use from now on: {kept.get_chosen_display()}.")
