"""A Python prompt inside the site.

Row-level security holds here too: with --at you see one organisation, in one transaction that is kept when you leave
with exit() and undone when you leave by an error or Ctrl-C. Without it, only what belongs to no organisation is seen.
"""

from __future__ import annotations

import argparse
import code
import sys
from contextlib import nullcontext
from typing import Any

from momentor.console.trouble import Trouble

EXAMPLE = 'momentor shell --at workshop -c "print(Membership.objects.count())"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", metavar="SLUG", help="the organisation to look into, by its address")
    parser.add_argument("-c", dest="command", metavar="CODE", help="run this and leave")


def main(arguments: argparse.Namespace) -> int:
    from momentor.foundation.tenancy import acting_in
    from momentor.people.models import Organisation

    place: Any = nullcontext()
    if arguments.at:
        organisation = Organisation.objects.filter(slug=arguments.at).first()
        if organisation is None:
            raise Trouble(f"No organisation has the address {arguments.at}.")
        place = acting_in(organisation.pk)
    with place:
        if arguments.command:
            exec(compile(arguments.command, "<command>", "exec"), _names())  # noqa: S102 - the host's own code
        else:
            where = f"inside {arguments.at}" if arguments.at else "outside every organisation"
            code.interact(banner=f"Momentor on Python {sys.version.split()[0]}, {where}.", local=_names(), exitmsg="")
    return 0


def _names() -> dict[str, Any]:
    """Return what the prompt knows from the start: every model, and who we may act as."""
    from django.apps import apps
    from django.utils import timezone

    from momentor.foundation.tenancy import acting_in, signing_in

    models = {model.__name__: model for model in apps.get_models() if model.__module__.startswith("momentor.")}
    return {**models, "acting_in": acting_in, "signing_in": signing_in, "timezone": timezone}
