"""Work out who would mentor whom in a programme that gives mentors, and confirm it where you say so.

A preview that is ready already, for example from the page, is shown, or confirmed, as it is; settings need a new one.
"""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from momentor.dispatch.command.place import add_place, fail, lacking, organisation_named, say, say_json

if TYPE_CHECKING:  # models are there only once the site is entered
    from uuid import UUID

    from momentor.people.models import Programme

WAYS = ("most", "fair", "stable_mentees", "stable_mentors", "spread")
MOST_SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which programme, how to match, and whether it is to take effect."""
    parser.add_argument("name", metavar="NAME", help="the programme, as it is called")
    parser.add_argument("--confirm", action="store_true", help="let it take effect: people are matched, and told")
    parser.add_argument("--anew", action="store_true", help="put aside a preview that is ready, and work out another")
    parser.add_argument("--way", choices=WAYS, help="how to choose between plans (default: most)")
    parser.add_argument("--places", type=int, metavar="NUMBER", help="mentees of each mentor at most (default: 2)")
    parser.add_argument("--hours", type=int, metavar="NUMBER", help="hours between their clocks at most")
    parser.add_argument(
        "--weight", action="append", default=[], metavar="PART=NUMBER", help="how much a part counts, several times"
    )
    parser.add_argument("--count-silent", action="store_true", help="also those who have not said what they want")
    add_place(parser)


def main(arguments: argparse.Namespace) -> int:
    """Print the preview; return 1 with a sentence where there is none to print."""
    from momentor.foundation.refusals import Refusal
    from momentor.foundation.tenancy import acting_in
    from momentor.people.models import Programme

    organisation = organisation_named(arguments.organisation)
    if organisation is None:
        return fail(lacking(arguments.organisation), arguments)
    with acting_in(organisation.pk):
        programme = Programme.objects.filter(name__iexact=arguments.name).first()
    if programme is None:
        return fail(f"There is no programme “{arguments.name}” in {organisation.slug}.", arguments)
    try:
        preview_id = _preview(programme, organisation.pk, arguments)
        found = _seen(preview_id, organisation.pk, confirm=arguments.confirm)
    except (Refusal, _Unclear) as no:
        return fail(str(no), arguments)
    if arguments.json:
        say_json({"organisation": organisation.slug, "programme": programme.name} | found)
    else:
        _show(programme.name, found)
    return 0


class _Unclear(Exception):
    """The arguments do not go together; the text says what to do."""


def _preview(programme: "Programme", organisation_id: "UUID", arguments: argparse.Namespace) -> "UUID":
    """Return the preview that is ready, or one that is worked out now. Raises Refusal, _Unclear."""
    from django.utils import timezone

    from momentor.foundation.tenancy import acting_in
    from momentor.matches.actions import start_preview
    from momentor.matches.models import Preview
    from momentor.matches.working import work_out

    settings, now = _settings(arguments), timezone.now()
    with acting_in(organisation_id):
        ready = Preview.objects.filter(programme=programme, state=Preview.State.READY).first()
        if ready is not None and not arguments.anew:
            if settings:
                raise _Unclear("A preview is ready already. Leave the settings out to use it, or add --anew.")
            return ready.pk
        preview = start_preview(programme=programme, by=None, now=now, is_queued=False, **settings)
    sys.stderr.write("momentor: working it out …\n")
    work_out(preview_id=preview.pk, organisation_id=organisation_id, now=now)
    return preview.pk


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what was said of how to match. Raises _Unclear."""
    given = {"way": arguments.way, "places": arguments.places, "most_hours_apart": arguments.hours}
    settings: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if arguments.count_silent:
        settings["counts_silent"] = True
    if arguments.weight:
        settings["weights"] = dict(map(_weight, arguments.weight))
    return settings


def _weight(text: str) -> tuple[str, float]:
    part, _sign, number = text.partition("=")
    try:
        return part, float(number)
    except ValueError:
        raise _Unclear(f"“{text}” is no weight: write it like words=2.") from None


def _seen(preview_id: "UUID", organisation_id: "UUID", *, confirm: bool) -> dict[str, Any]:
    """Return a preview as plain values, confirmed first where that was asked for. Raises Refusal, _Unclear."""
    from django.utils import timezone

    from momentor.foundation.addresses import address_in
    from momentor.foundation.tenancy import acting_in
    from momentor.matches.actions import confirm_preview
    from momentor.matches.models import Preview
    from momentor.matches.queries import as_values
    from momentor.people.models import Organisation

    with acting_in(organisation_id):
        preview: Preview = Preview.objects.select_related("programme").get(pk=preview_id)
        if preview.state == Preview.State.FAILED:
            raise _Unclear("It could not be worked out: the machine gave up on it, mostly for want of memory.")
        if confirm:
            preview = confirm_preview(preview=preview, by=None, now=timezone.now())
        organisation = Organisation.objects.get(pk=organisation_id)
        return as_values(preview) | {"address": address_in(organisation, "matches:preview", preview.pk)}


def _show(name: str, found: dict[str, Any]) -> None:
    result, inputs = found["result"], found["inputs"]
    say(
        f"{name}: {result['matched']} of {inputs['mentees']} would be matched,"
        f" with {inputs['mentors']} mentors who have {inputs['places']} places."
    )
    for pair in found["pairs"][:MOST_SHOWN]:
        mark = f"  ({pair['left_out']})" if pair["left_out"] else ""
        say(f"  {pair['score']:6.3f}  {pair['mentee_name']} → {pair['mentor_name']}{mark}")
    for one in found["left"][:MOST_SHOWN]:
        say(f"       –  {one['name']}: {one['why']}")
    more = len(found["pairs"]) + len(found["left"]) - len(found["pairs"][:MOST_SHOWN]) - len(found["left"][:MOST_SHOWN])
    if more:
        say(f"  … and {more} more; all of them with --json, or on the page.")
    if found["state"] == "confirmed":
        say(f"Confirmed: {result['made']} matched, {result['left_out']} no longer held.")
    else:
        say(f"Nothing has taken effect. Look at it, or add --confirm: {found['address']}")
