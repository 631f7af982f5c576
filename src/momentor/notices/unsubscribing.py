"""The link in every mail that ends mails of its kind with one click (RFC 8058), without signing in."""

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import current_organisation_id
from momentor.notices.kinds import KINDS, Kind
from momentor.people.models import Person

SALT = "momentor.notices.unsubscribe"


class LinkUnknown(Refusal):
    message = _("This link does not work: it may have been cut off. Sign in to choose what we send you.")
    status = 404


def token_for(person: Person, kind: str) -> str:
    """Return what a mail carries: good for one kind of notice of one person here, for as long as mails are kept."""
    return signing.dumps([str(current_organisation_id()), str(person.pk), kind], salt=SALT, compress=False)


def meant_by(token: str) -> tuple[Person, Kind]:
    """Return whose mails of which kind a link is about. Raises LinkUnknown."""
    try:
        organisation_id, text, kind = signing.loads(token, salt=SALT)
        person_id = UUID(text)
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as wrong:
        raise LinkUnknown from wrong
    person = Person.objects.filter(pk=person_id).first()
    if organisation_id != str(current_organisation_id()) or person is None or kind not in KINDS:
        raise LinkUnknown
    return person, KINDS[kind]
