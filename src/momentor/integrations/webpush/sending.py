"""Sending to a person's browsers: encrypted for each (RFC 8291), signed with the site's key (RFC 8292)."""

import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from py_vapid import Vapid02

from momentor.asking.models import Question
from momentor.dispatch.models import Offer
from momentor.foundation import outgoing
from momentor.foundation.addresses import path_in
from momentor.foundation.outgoing import NotPublic, TryAgainLater
from momentor.integrations.webpush.answering import token_for
from momentor.integrations.webpush.keys import private_key
from momentor.integrations.webpush.models import PushSubscription
from momentor.people.models import Organisation, Person

A_DAY = timedelta(days=1)
LONGEST_BODY = 160
GONE = (404, 410)
logger = logging.getLogger("momentor.webpush")


@dataclass(frozen=True, kw_only=True)
class Push:
    """What a notification says, and what can be done on it."""

    title: str
    place: str
    url: str
    tag: str  # a newer one with the same tag takes its place
    is_urgent: bool = False
    offer: Offer | None = None


def push_to(person: Person, push: Push, *, organisation: Organisation, now: datetime) -> bool:
    """Send to every browser of a person; return whether any was reached.

    A browser that is gone is forgotten. Raises TryAgainLater when none was reached but one may be later.
    """
    key = private_key()
    if not key:
        return False
    body = json.dumps(_payload(person, push, organisation), ensure_ascii=False).encode()
    reached, busy = False, False
    for subscription in PushSubscription.objects.filter(person=person).order_by("id"):
        try:
            answer = _send(subscription, body, push=push, key=key, now=now)
        except TryAgainLater:
            busy = True
            continue
        except NotPublic:
            subscription.delete()
            continue
        if answer.status in GONE:
            subscription.delete()
        elif 200 <= answer.status < 300:
            reached = True
            PushSubscription.objects.filter(pk=subscription.pk).update(last_used_at=now)
        elif answer.status == 429 or answer.status >= 500:
            busy = True
        else:
            logger.warning("a push service refused", extra={"status": answer.status})
    if busy and not reached:
        raise TryAgainLater("no push service took it")
    return reached


def _payload(person: Person, push: Push, organisation: Organisation) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "title": push.title,
        "body": push.place,
        "url": push.url,
        "tag": push.tag,
        "lang": get_language(),
        "stay": push.is_urgent,
    }
    if push.offer is not None:
        payload["body"] = _brief(push.offer, push.place)
        payload["until"] = int(push.offer.lapses_at.timestamp() * 1000)
        payload["actions"] = [
            {"action": decision, "title": words, "url": path_in(organisation, name, token_for(push.offer, decision))}
            for decision, words, name in (
                ("acceptance", _("Accept"), "webpush:acceptance"),
                ("passing", _("Pass"), "webpush:passing"),
            )
        ]
    return payload


def _brief(offer: Offer, place: str) -> str:
    """Return what a mentor decides on. Who asked anonymously may be known by the words: then only the topics."""
    question: Question = offer.question
    if question.is_anonymous:
        return ", ".join(question.topics[:3]) or place
    return question.title[:LONGEST_BODY]


def _send(subscription: PushSubscription, body: bytes, *, push: Push, key: str, now: datetime) -> outgoing.Answer:
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    from pywebpush import WebPusher  # it brings two HTTP clients along, and only a worker pushes

    encoded = WebPusher({"endpoint": subscription.endpoint, "keys": keys}).encode(body, content_encoding="aes128gcm")
    lasts = max(timedelta(0), push.offer.lapses_at - now) if push.offer else A_DAY
    return outgoing.post(
        subscription.endpoint,
        body=encoded["body"],
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(int(min(lasts, A_DAY).total_seconds())),
            "Urgency": "high" if push.is_urgent else "normal",
            "Topic": _topic(push.tag),
            **_signed(subscription.endpoint, key),
        },
    )


def _signed(endpoint: str, key: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + 3600,
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    headers: dict[str, str] = Vapid02.from_string(key).sign(claims)
    return headers


def _topic(tag: str) -> str:
    """Return a tag as push services take it: 32 letters at most (RFC 8030 section 5.4)."""
    topic: str = sha256(tag.encode()).hexdigest()[:32]
    return topic
