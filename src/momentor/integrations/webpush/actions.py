"""Letting a browser be told, and stopping that."""

import base64
import binascii
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.outgoing import NotPublic, check_address
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import one_line
from momentor.integrations.webpush.models import PushSubscription
from momentor.people.models import Person

MOST_DEVICES = 10
LONGEST_ENDPOINT = 500


class WrongSubscription(Refusal):
    message = _("This browser gave us an address that we cannot send to. Switch notifications off and on again.")
    status = 422


@transaction.atomic
def subscribe(*, by: Person, endpoint: str, p256dh: str, auth: str, label: str, now: datetime) -> PushSubscription:
    """Let this browser be told. Twice does no harm; the browser of somebody else who used it before changes hands.

    The oldest goes when a person has more than ten. Raises WrongSubscription.
    """
    try:
        if len(endpoint) > LONGEST_ENDPOINT:
            raise WrongSubscription
        check_address(endpoint)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
        if len(_decoded(auth)) != 16:
            raise WrongSubscription
    except (NotPublic, ValueError, binascii.Error) as wrong:
        raise WrongSubscription from wrong
    subscription, _is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"person": by, "p256dh": p256dh, "auth": auth, "label": one_line(label)[:80], "made_at": now},
    )
    newest = PushSubscription.objects.filter(person=by).order_by("-made_at", "-id").values_list("pk", flat=True)
    PushSubscription.objects.filter(person=by).exclude(pk__in=list(newest[:MOST_DEVICES])).delete()
    return subscription


@transaction.atomic
def unsubscribe(*, by: Person, endpoint: str) -> bool:
    """Stop telling this browser; return whether it was told before."""
    gone, _kinds = PushSubscription.objects.filter(person=by, endpoint=endpoint).delete()
    return bool(gone)


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
