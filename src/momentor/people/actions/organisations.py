"""What coordinators and hosts do with an organisation as a whole."""

import re
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in, current_organisation_id
from momentor.people.events import OrganisationEdited, OrganisationFounded, PersonJoined
from momentor.people.models import Membership, Organisation, Person
from momentor.people.standing import coordinator

# As it stands in /at/<address>/.
ADDRESS = re.compile(r"[a-z0-9][-a-z0-9_]{0,39}")


class AddressTaken(Refusal):
    message = _("Another organisation on this site already has the address “%(slug)s”. Choose another one.")


class WrongAddress(Refusal):
    message = _("“%(slug)s” is no address for an organisation. Use small letters, digits and hyphens, 40 at most.")
    status = 422


class WrongOrganisation(Refusal):
    message = "%(what)s"
    status = 422


class OrganisationFields(TypedDict, total=False):
    """What coordinators may change."""

    name: str
    description: str
    entry: str
    mail_domains: list[str]
    code_of_conduct: str
    minimum_age: int
    retention_days: int
    local_help: list[dict[str, str]]


def found_organisation(*, name: str, slug: str, by: Person, now: datetime, **fields: Any) -> Organisation:
    """Make an organisation whose first coordinator and moderator is this person.

    Raises AddressTaken, WrongAddress, WrongOrganisation.
    """
    organisation = Organisation(name=name, slug=slug, created_at=now, **fields)
    check_organisation(organisation)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise AddressTaken(slug=slug) from error
    with acting_in(organisation.pk, person_id=by.pk):
        membership = Membership.objects.create(
            person=by, roles=[Membership.Role.COORDINATOR, Membership.Role.MODERATOR], joined_at=now
        )
        announce(OrganisationFounded(founder_id=by.pk, at=now))
        announce(PersonJoined(person_id=by.pk, membership_id=membership.pk, at=now))
    return organisation


@transaction.atomic
def edit_organisation(
    *, by: Person, now: datetime, agree_again: bool = False, **changes: Unpack[OrganisationFields]
) -> Organisation:
    """Change what the current organisation is and how it is entered.

    With `agree_again` everybody has to agree to the code of conduct anew before they ask or answer.
    Raises OnlyForCoordinators, WrongOrganisation.
    """
    coordinator(by)
    organisation = Organisation.objects.select_for_update().get(pk=current_organisation_id())
    for name, value in changes.items():
        setattr(organisation, name, value)
    check_organisation(organisation)
    organisation.save(update_fields=[*changes])
    if agree_again:
        Membership.objects.here().exclude(person=by).update(agreed_to_conduct_at=None)
    announce(OrganisationEdited(by_id=by.pk, at=now))
    return organisation


def check_organisation(organisation: Organisation) -> None:
    """Raise WrongAddress or WrongOrganisation where something cannot stay as it is."""
    if not ADDRESS.fullmatch(organisation.slug):
        raise WrongAddress(slug=organisation.slug)
    organisation.mail_domains = sorted({domain.strip().lower().lstrip("@") for domain in organisation.mail_domains})
    try:
        organisation.clean_fields()
    except ValidationError as error:
        raise WrongOrganisation(what=" ".join(error.messages)) from error
