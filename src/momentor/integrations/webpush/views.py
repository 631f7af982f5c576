"""What browsers and their service workers ask of web push."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from momentor.dispatch.actions import accept_offer, pass_offer
from momentor.foundation.redirects import go_back
from momentor.foundation.refusals import Refusal
from momentor.integrations.webpush import actions
from momentor.integrations.webpush.answering import NotYourOffer, offer_for
from momentor.integrations.webpush.models import PushSubscription
from momentor.people.gates import MemberRequest, for_members

LONGEST_REQUEST = 5000


@require_POST
@for_members
def subscription(request: MemberRequest) -> HttpResponse:
    """Let this browser be told: the JSON is what PushSubscription.toJSON() gives."""
    given = _json(request)
    keys = given.get("keys") if isinstance(given.get("keys"), dict) else {}
    assert isinstance(keys, dict)
    try:
        actions.subscribe(
            by=request.user,
            endpoint=str(given.get("endpoint", "")),
            p256dh=str(keys.get("p256dh", "")),
            auth=str(keys.get("auth", "")),
            label=request.headers.get("User-Agent", "")[:80],
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _no(refusal)
    return JsonResponse({}, status=201)


@require_POST
@for_members
def removal(request: MemberRequest) -> HttpResponse:
    """Stop telling a browser: this one by its address, or one of the list by its id."""
    if request.content_type == "application/json":
        actions.unsubscribe(by=request.user, endpoint=str(_json(request).get("endpoint", "")))
        return JsonResponse({})
    wanted = _uuid(request.POST.get("id", ""))
    device = PushSubscription.objects.filter(person=request.user, pk=wanted).first() if wanted else None
    if device is not None:
        actions.unsubscribe(by=request.user, endpoint=device.endpoint)
    return go_back(request, "web:home")


@csrf_exempt  # the signed token stands for the form; the cookie must be its person's
@require_POST
def acceptance(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an offer from its notification."""
    return _decide(request, token, "acceptance")


@csrf_exempt
@require_POST
def passing(request: HttpRequest, token: str) -> HttpResponse:
    """Pass on an offer from its notification."""
    return _decide(request, token, "passing")


def _decide(request: HttpRequest, token: str, decision: str) -> HttpResponse:
    person = request.user
    if not person.is_authenticated or request.membership is None:  # type: ignore[attr-defined]  # set by AtOrganisation
        return _no(NotYourOffer())
    try:
        offer = offer_for(token, decision=decision, by=person)
        if decision == "passing":
            pass_offer(offer=offer, by=person, now=timezone.now())
            return JsonResponse({"title": _("Passed on. Thank you for looking.")})
        session = accept_offer(offer=offer, by=person, now=timezone.now())
    except Refusal as refusal:
        return _no(refusal)
    return JsonResponse({"title": _("It is yours."), "url": reverse("sessions:session", args=[session.pk])})


def _no(refusal: Refusal) -> JsonResponse:
    body = {"title": str(refusal.message), "status": refusal.status, "code": refusal.code}
    return JsonResponse(body, status=refusal.status, content_type="application/problem+json")


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body) if len(request.body) <= LONGEST_REQUEST else {}
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
