"""Groups that people may count themselves to: a coordinator asks, everybody chooses or not, and nobody else is told."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import current_organisation_id
from momentor.foundation.text import one_line
from momentor.people.events import GroupingEnded, GroupingStarted
from momentor.people.models import GroupChoice, Grouping, Organisation, Person
from momentor.people.standing import coordinator, locked_member

MOST_GROUPINGS = 3
FEWEST_GROUPS, MOST_GROUPS = 2, 8


class TooManyGroupings(Refusal):
    message = gettext_lazy("People are asked %(most)s things at most. Take one away first.")


class GroupingNameTaken(Refusal):
    message = gettext_lazy("You ask this already. Take it away first, or ask something else.")


class WrongGrouping(Refusal):
    message = "%(what)s"
    status = 422


class NoSuchGroup(Refusal):
    message = gettext_lazy("What you chose cannot be chosen any more. Look at the groups again.")


@transaction.atomic
def start_grouping(*, name: str, groups: Iterable[str], by: Person, now: datetime) -> Grouping:
    """Ask people which of these groups they count themselves to.

    It cannot be changed later, only taken away with all that was chosen: nobody's answer may come to mean something
    else. Raises OnlyForCoordinators, WrongGrouping, GroupingNameTaken, TooManyGroupings.
    """
    coordinator(by)
    grouping = Grouping(name=one_line(name), groups=_distinct(groups), made_at=now)
    if not FEWEST_GROUPS <= len(grouping.groups) <= MOST_GROUPS:
        raise WrongGrouping(what=_("Name two to eight groups, one a line."))
    try:
        grouping.clean_fields()
    except ValidationError as error:
        raise WrongGrouping(what=" ".join(error.messages)) from error
    # One at a time, so that two coordinators do not pass the limit together.
    Organisation.objects.select_for_update(no_key=True).get(pk=current_organisation_id())
    if Grouping.objects.count() >= MOST_GROUPINGS:
        raise TooManyGroupings(most=MOST_GROUPINGS)
    try:
        with transaction.atomic():
            grouping.save(force_insert=True)
    except IntegrityError as error:
        raise GroupingNameTaken from error
    announce(GroupingStarted(grouping_id=grouping.pk, by_id=by.pk, at=now))
    return grouping


def _distinct(groups: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for group in groups:
        if group := one_line(group):
            kept.setdefault(group.casefold(), group)
    return list(kept.values())


@transaction.atomic
def end_grouping(*, grouping: Grouping, by: Person, now: datetime) -> None:
    """Ask for it no more, and forget what everybody chose. Raises OnlyForCoordinators."""
    coordinator(by)
    # Locked first, so that nobody chooses between the two deletions.
    found = Grouping.objects.select_for_update().filter(pk=grouping.pk).first()
    if found is not None:
        GroupChoice.objects.filter(grouping=found).delete()
        found.delete()
        announce(GroupingEnded(grouping_id=grouping.pk, by_id=by.pk, at=now))


@transaction.atomic
def choose_group(*, grouping: Grouping, group: str, by: Person, now: datetime) -> None:
    """Count oneself to a group, or with "" to none. Nobody is told, and no fact is announced.

    Raises NotAMember, NoSuchGroup.
    """
    membership = locked_member(by)
    mine = GroupChoice.objects.filter(membership=membership, grouping=grouping)
    if not group:
        mine.delete()
        return
    asked = Grouping.objects.select_for_update(no_key=True).filter(pk=grouping.pk).first()
    if asked is None or group not in asked.groups:
        raise NoSuchGroup
    if not mine.filter(group=group).exists():
        mine.delete()
        GroupChoice.objects.create(membership=membership, grouping=asked, group=group, chosen_at=now)
