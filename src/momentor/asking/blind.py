"""Names for the mentors of a question: their ids, or, where the programme decides blind, keys that lead to nobody.

A person's id opens their page, so in a blind programme it would be one step from their name. A key is made from the
question and the person under the site's secret: it says nothing about the person, is another one for each question,
and only the site can tell whose it is, by making those of everybody it could be.
"""

from collections.abc import Iterable
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from momentor.asking.models import Question
from momentor.foundation.refusals import Refusal
from momentor.people.models import Membership

SALT = "momentor.asking.blind"


class NotOnTheList(Refusal):
    message = _("This mentor is not among those for this question. Please choose again from the list.")
    status = 404


def key_of(question: Question, person_id: UUID) -> UUID:
    """Return what stands for a mentor before the mentee of this question."""
    return _hidden(question, person_id) if question.is_blind else person_id


def people_behind(question: Question, keys: Iterable[UUID]) -> list[UUID]:
    """Return whom the keys of this question stand for, in the same order. Raises NotOnTheList.

    Where it is decided blind, a person's own id is no key, and neither is one of another question. Whether somebody
    may be asked or booked is not said here: the actions decide that.
    """
    if not question.is_blind:
        return list(keys)
    mentors = Membership.objects.mentors().values_list("person_id", flat=True)
    known = {_hidden(question, person_id): person_id for person_id in mentors}
    try:
        return [known[key] for key in keys]
    except KeyError as unknown:
        raise NotOnTheList from unknown


def _hidden(question: Question, person_id: UUID) -> UUID:
    made = salted_hmac(SALT, f"{question.pk}:{person_id}", algorithm="sha256").digest()
    return UUID(bytes=made[:16], version=5)  # which is how ids made from names are marked
