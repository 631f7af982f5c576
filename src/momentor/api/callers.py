"""Who calls: a token, or the session of a browser with the proof that our own page sends it."""

from datetime import datetime

from django.http import HttpRequest
from ninja.utils import check_csrf

from momentor.api.refusals import NotFromHere, NothingHere, NotSignedIn
from momentor.api.tokens import find_token, note_use
from momentor.people.api import ApiRequest
from momentor.people.models import Membership, Person

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def recognise(request: HttpRequest, *, now: datetime) -> ApiRequest:
    """Return the request with who asks, a member of the organisation in the address.

    Without membership the answer is the one for an organisation that does not exist. A token that opens nothing here
    gets the same as none at all. Raises NotSignedIn, NothingHere, NotFromHere.
    """
    secret = _bearer(request)
    organisation = getattr(request, "organisation", None)
    if secret is not None:
        token = find_token(secret, now=now) if organisation is not None else None
        if token is None or not _may_act(token.person):
            raise NotSignedIn
        membership = Membership.objects.here().active().filter(person=token.person).first()
        if membership is None:
            raise NotSignedIn
        note_use(token, now=now)
        return _known(request, token.person, membership, now=now, is_by_token=True)
    if not request.user.is_authenticated:
        raise NotSignedIn
    membership = getattr(request, "membership", None)
    if organisation is None or membership is None or not _may_act(request.user):
        raise NothingHere
    if request.method not in SAFE and check_csrf(request) is not None:
        raise NotFromHere
    return _known(request, request.user, membership, now=now, is_by_token=False)


def _bearer(request: HttpRequest) -> str | None:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


def _may_act(person: Person) -> bool:
    return person.is_active and person.is_claimed


def _known(request: HttpRequest, by: Person, membership: Membership, *, now: datetime, is_by_token: bool) -> ApiRequest:
    request.by = by  # type: ignore[attr-defined]  # an ApiRequest from here on
    request.membership = membership  # type: ignore[attr-defined]
    request.now = now  # type: ignore[attr-defined]
    request.is_by_token = is_by_token  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]
