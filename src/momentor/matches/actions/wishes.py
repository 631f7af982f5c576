"""Naming somebody whom one would like to be matched with."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from momentor.foundation.refusals import Refusal
from momentor.matches.models import MOST_WISHES, Wish
from momentor.people.actions.programmes import NotInProgramme, NotMatchedHere
from momentor.people.models import Membership, Person, Programme
from momentor.people.queries import people_in, takes_part
from momentor.people.standing import locked_member


class TooManyWishes(Refusal):
    message = _("You can name %(most)s people. Take one back first.")
    status = 422


class CannotWishFor(Refusal):
    message = _("This person cannot be wished for here: they are not in the programme, or do not mentor.")
    status = 422


@transaction.atomic
def wish_for(*, programme: Programme, about: Person, side: str, by: Person, now: datetime) -> Wish:
    """Name somebody one would like as mentor (`as_mentee`), or as mentee (`as_mentor`). Twice does no harm.

    Raises NotAMember, NotInProgramme, NotMatchedHere, CannotWishFor, TooManyWishes.
    """
    me = locked_member(by)
    if not programme.matches_people:
        raise NotMatchedHere
    if not takes_part(programme, me):
        raise NotInProgramme
    side = Wish.Side(side)
    them = (people_in(programme) & Membership.objects.visible_to(by)).filter(person=about).first()
    mentor = them if side == Wish.Side.AS_MENTEE else me
    if them is None or them.pk == me.pk or not mentor or not mentor.answers_questions:
        raise CannotWishFor
    mine = Wish.objects.filter(programme=programme, by=by, side=side)
    found = mine.filter(about=about).first()
    if found is not None:
        return found
    if mine.count() >= MOST_WISHES:
        raise TooManyWishes(most=MOST_WISHES)
    return Wish.objects.create(programme=programme, by=by, about=about, side=side, wished_at=now)


@transaction.atomic
def take_wish_back(*, wish: Wish, by: Person) -> None:
    """Forget whom one named. Twice does no harm."""
    Wish.objects.filter(pk=wish.pk, by=by).delete()


def forget_wishes_of(*, person_id: UUID, programme_id: UUID | None = None) -> None:
    """Forget whom somebody named who is gone, and who named them."""
    theirs = Wish.objects.filter(Q(by=person_id) | Q(about=person_id))
    (theirs.filter(programme=programme_id) if programme_id else theirs).delete()
