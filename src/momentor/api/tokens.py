"""Tokens: how they are made, shown once, recognised by their hash, and taken back."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import models, transaction

from momentor.api.events import TokenMade, TokenRevoked
from momentor.api.models import ApiToken
from momentor.api.refusals import NoMoreTokens, NoNameGiven
from momentor.foundation.events import announce
from momentor.foundation.text import one_line
from momentor.people.models import Membership, Person

PREFIX = "mom_"
MOST = 20
DAYS = (7, 30, 90, 365)
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(*, by: Person, name: str, days: int | None, now: datetime) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which is kept nowhere. Raises NoMoreTokens, NoNameGiven."""
    Membership.objects.here().select_for_update().get(person=by)
    if tokens_of(by, now=now).count() >= MOST:
        raise NoMoreTokens(most=MOST)
    name = one_line(name)[:80]
    if not name:
        raise NoNameGiven
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=by,
        name=name,
        token_hash=hash_of(secret),
        made_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    announce(TokenMade(token_id=token.pk, person_id=by.pk, at=now))
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Person, now: datetime) -> None:
    """Let a token open nothing any more, from now on. Twice does no harm."""
    if ApiToken.objects.filter(pk=token.pk, person=by, revoked_at=None).update(revoked_at=now):
        announce(TokenRevoked(token_id=token.pk, person_id=by.pk, at=now))


def tokens_of(person: Person, *, now: datetime) -> "models.QuerySet[ApiToken]":
    """Return this person's tokens that still open something here, the newest first."""
    return _alive(now).filter(person=person).order_by("-made_at", "-id")


def find_token(secret: str, *, now: datetime) -> ApiToken | None:
    """Return the token of the current organisation with this secret, with its person, if it still opens something."""
    return _alive(now).select_related("person").filter(token_hash=hash_of(secret)).first()


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Note that a token was used, once a minute at most, and without waiting for another request that does the same."""
    if token.used_at is None or token.used_at < now - NOTED_EVERY:
        free = ApiToken.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=token.pk).first()
        if free is not None:
            ApiToken.objects.filter(pk=token.pk).update(used_at=now)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret. 256 bits of chance need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _alive(now: datetime) -> "models.QuerySet[ApiToken]":
    unended = models.Q(expires_at=None) | models.Q(expires_at__gt=now)
    return ApiToken.objects.filter(unended, revoked_at=None)
