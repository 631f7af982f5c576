"""Add an organisation to the site, list those there are, or name somebody who coordinates one.

An organisation begins with one person, who coordinates and moderates it and does the rest on its pages. Naming a
coordinator helps where the last one has gone: they come in if they are not there, and keep what else they are.
"""

from __future__ import annotations

import argparse
import json
import secrets
from typing import TYPE_CHECKING, Any

from momentor.console.trouble import Trouble

if TYPE_CHECKING:  # models are there only once the site is entered
    from momentor.people.models import Organisation, Person

EXAMPLE = 'momentor organisation add "Night Shift" --coordinator dana@example.org'
NAMING = "the name of somebody without an account: makes one, and prints its first password"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    doings = parser.add_subparsers(dest="doing", required=True, metavar="add|list|coordinator")
    add = doings.add_parser("add", help="make one", description="Make an organisation, with who coordinates it.")
    add.add_argument("name", metavar="NAME", help="what it is called")
    add.add_argument("--coordinator", metavar="EMAIL", required=True, help="who coordinates and moderates it")
    add.add_argument("--coordinator-name", metavar="NAME", help=NAMING)
    add.add_argument("--slug", help="its address: /at/SLUG/; made from the name unless said")
    add.add_argument("--entry", choices=["open", "approval", "invited"], default="invited", help="who may join")
    named = doings.add_parser("coordinator", help="name one", description="Let somebody coordinate an organisation.")
    named.add_argument("slug", metavar="SLUG", help="the organisation, by its address")
    named.add_argument("email", metavar="EMAIL", help="who is to coordinate it")
    named.add_argument("--name", dest="coordinator_name", metavar="NAME", help=NAMING)
    listed = doings.add_parser("list", help="show them", description="List organisations and who coordinates each.")
    for each in (add, named, listed):
        each.add_argument("--json", action="store_true", help="print JSON for another program")


def main(arguments: argparse.Namespace) -> int:
    """Do one of the three. Raises Trouble."""
    said = {"add": _add, "coordinator": _name_coordinator, "list": _list}[arguments.doing](arguments)
    print(json.dumps(said, ensure_ascii=False) if arguments.json else _told(arguments.doing, said))
    return 0


def _add(arguments: argparse.Namespace) -> dict[str, Any]:
    from django.db import transaction
    from django.utils import timezone
    from django.utils.text import slugify

    from momentor.foundation.refusals import Refusal
    from momentor.foundation.tenancy import signing_in
    from momentor.people.actions.organisations import found_organisation

    slug = slugify(arguments.name)[:40].strip("-_") if arguments.slug is None else arguments.slug
    if not slug and arguments.slug is None:
        raise Trouble(f"No address can be made from the name “{arguments.name}”. Choose one with --slug.")
    try:
        with transaction.atomic(), signing_in():
            person, password = _person(arguments.coordinator, arguments.coordinator_name, "--coordinator-name")
            organisation = found_organisation(
                name=arguments.name, slug=slug, entry=arguments.entry, by=person, now=timezone.now()
            )
    except Refusal as refusal:
        raise Trouble(str(refusal.message)) from refusal
    return _plain(organisation) | _with(password)


def _name_coordinator(arguments: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from momentor.foundation.tenancy import acting_in
    from momentor.people.actions.joining import Suspended
    from momentor.people.actions.members import name_coordinator
    from momentor.people.models import Organisation

    organisation = Organisation.objects.filter(slug=arguments.slug).first()
    if organisation is None:
        raise Trouble(f"No organisation has the address {arguments.slug}. See: momentor organisation list")
    try:
        with acting_in(organisation.pk, is_signing_in=True):
            person, password = _person(arguments.email, arguments.coordinator_name, "--name")
            name_coordinator(person=person, now=timezone.now())
    except Suspended as refusal:
        raise Trouble(f"{arguments.email} is suspended from {organisation.name}: name somebody else.") from refusal
    return _plain(organisation) | _with(password)


def _list(arguments: argparse.Namespace) -> dict[str, Any]:
    from momentor.people.models import Organisation

    return {"organisations": [_plain(organisation) for organisation in Organisation.objects.order_by("slug")]}


def _person(email: str, name: str | None, option: str) -> tuple[Person, str | None]:
    """Return the account with this address, made with a password where a name is given. Raises Trouble."""
    from django.core.exceptions import ValidationError

    from momentor.people.actions.accounts import open_account
    from momentor.people.models import Person

    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is not None:
        return person, None
    if name is None:
        raise Trouble(f"No account in use has the address {email}. Let them sign up first, or make one: {option} NAME")
    password = secrets.token_urlsafe(12)
    try:
        return open_account(email=email, name=name, password=password), password
    except ValidationError as error:
        raise Trouble(" ".join(error.messages)) from error


def _plain(organisation: Organisation) -> dict[str, Any]:
    from django.conf import settings

    from momentor.foundation.tenancy import acting_in
    from momentor.people.models import Membership

    with acting_in(organisation.pk):
        members = Membership.objects.here().active().select_related("person").order_by("joined_at", "pk")
        coordinators = members.filter(roles__contains=[Membership.Role.COORDINATOR])
        return {
            "slug": organisation.slug,
            "name": organisation.name,
            "entry": organisation.entry,
            "address": f"{settings.SITE_URL}/at/{organisation.slug}/",
            "members": members.count(),
            "coordinators": [member.person.email for member in coordinators],
        }


def _with(password: str | None) -> dict[str, str]:
    return {"password": password} if password else {}


def _told(doing: str, said: dict[str, Any]) -> str:
    if doing == "list":
        return "\n".join(_line(each) for each in said["organisations"]) or "There is no organisation yet."
    lines = [_line(said)]
    if "password" in said:
        lines.append(f"First password, shown only now: {said['password']}  (change it after signing in)")
    return "\n".join(lines)


def _line(organisation: dict[str, Any]) -> str:
    who = ", ".join(organisation["coordinators"]) or "nobody"
    return "{address}  {name}: {members} members, coordinated by {who}".format(who=who, **organisation)
