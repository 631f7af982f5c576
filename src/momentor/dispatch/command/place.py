"""What both commands need: an organisation, and a way to print."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # models are there only once the site is entered
    from momentor.people.models import Organisation


def add_place(parser: argparse.ArgumentParser) -> None:
    """Let a command be told its organisation, and how to print."""
    parser.add_argument("--organisation", metavar="SLUG", help="where (default: the only one)")
    parser.add_argument("--json", action="store_true", help="print JSON for another program")


def organisation_named(slug: str | None) -> "Organisation | None":
    """Return the organisation with this address; without one, the only one there is."""
    from momentor.people.models import Organisation

    found = list((Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all())[:2])
    return found[0] if len(found) == 1 else None


def lacking(slug: str | None) -> str:
    """Return the sentence for when there is no such organisation, or more than one."""
    return f"No organisation has the address {slug}." if slug else "Say which organisation: --organisation SLUG."


def say(text: str) -> None:
    """Write a line for the person at the keyboard."""
    sys.stdout.write(f"{text}\n")


def say_json(value: Any) -> None:
    """Write one JSON document for another program."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def fail(trouble: str, arguments: argparse.Namespace) -> int:
    """Say what is wrong, and return the exit code for it."""
    if arguments.json:
        say_json({"error": trouble})
    sys.stderr.write(f"momentor: {trouble}\n")
    return 1
