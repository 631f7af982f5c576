"""Accepting and passing on a notification, without opening a page.

The service worker has no form to take a token from. It shows a signed text that is good for one decision on one offer
by one person, and it must come with that person's own cookie: either alone does nothing.
"""

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from momentor.dispatch.models import Offer
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import current_organisation_id
from momentor.people.models import Person

SALT = "momentor.webpush.answer"
LONGEST = 7 * 86_400


class NotYourOffer(Refusal):
    message = _("This notification is not for you, or it is too old. Open the site to see what waits.")
    status = 404


def token_for(offer: Offer, decision: str) -> str:
    """Return what lets the mentor of an offer make one decision on it."""
    named = [str(current_organisation_id()), str(offer.pk), str(offer.mentor_id), decision]
    return signing.dumps(named, salt=SALT, compress=False)


def offer_for(token: str, *, decision: str, by: Person) -> Offer:
    """Return the offer that a notification is about. Raises NotYourOffer."""
    try:
        organisation_id, text, mentor_id, meant = signing.loads(token, salt=SALT, max_age=LONGEST)
        offer_id = UUID(text)
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as wrong:
        raise NotYourOffer from wrong
    if (organisation_id, mentor_id, meant) != (str(current_organisation_id()), str(by.pk), decision):
        raise NotYourOffer
    offer = Offer.objects.visible_to(by).filter(pk=offer_id).select_related("question", "search").first()
    if offer is None:
        raise NotYourOffer
    return offer
