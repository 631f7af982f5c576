"""Links in a mail by which a mentee answers a nudge without signing in."""

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import current_organisation_id
from momentor.learning.models import Nudge

SALT = "momentor.learning.nudge"
LASTS_DAYS = 60


class LinkNotValid(Refusal):
    message = _("This link does not work: it may have been cut off. Open the mail again, or sign in to see your plans.")
    status = 404


class LinkExpired(Refusal):
    message = _("This link is older than two months. Sign in to see your plans.")
    status = 410


def token_of(nudge: Nudge) -> str:
    """Return what a mail carries: good for this nudge alone, and for two months."""
    return signing.dumps([str(current_organisation_id()), str(nudge.pk)], salt=SALT, compress=False)


def nudge_of(token: str) -> Nudge:
    """Return the nudge that a link is for. Raises LinkNotValid, LinkExpired."""
    try:
        organisation_id, text = signing.loads(token, salt=SALT, max_age=LASTS_DAYS * 86_400)
        nudge_id = UUID(text)
    except signing.SignatureExpired as expired:
        raise LinkExpired from expired
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as wrong:
        raise LinkNotValid from wrong
    if organisation_id != str(current_organisation_id()):
        raise LinkNotValid
    found = (
        Nudge.objects.filter(pk=nudge_id)
        .select_related("takeaway__session__mentee", "takeaway__session__mentor", "takeaway__session__question")
        .first()
    )
    if found is None or found.takeaway.session.mentee is None:
        raise LinkNotValid
    return found
