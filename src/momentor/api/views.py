"""The API's description, as JSON and as a page, and the page where people make and take back tokens."""

from functools import cache
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from momentor.api.kept import description
from momentor.api.models import ApiToken
from momentor.api.reference import chapters, codes, rules
from momentor.api.tokens import DAYS, make_token, revoke_token, tokens_of
from momentor.foundation.refusals import Refusal
from momentor.people.gates import MemberRequest, for_members


@cache
def written() -> bytes:
    """Return the OpenAPI document as it is served, and kept in docs/reference/openapi.json."""
    return description().encode()


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(written(), content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    organisation = getattr(request, "organisation", None)
    slug = organisation.slug if organisation else "workshop"
    shown = {"chapters": chapters(slug), "rules": rules(), "codes": codes(), "slug": slug}
    return render(request, "api/docs.html", shown)


class TokenForm(forms.Form):
    """What a token is for, and how long it lasts."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("For example: my calendar script, at home.")
    )
    days = forms.TypedChoiceField(
        label=_("How long may it be used?"),
        coerce=int,
        initial=90,
        choices=[(7, _("A week")), (30, _("A month")), (90, _("Three months")), (365, _("A year"))],
    )


@require_http_methods(["GET", "POST"])
@for_members
def tokens(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    form = TokenForm(request.POST or None)
    secret = None
    if form.is_valid():
        try:
            _token, secret = make_token(by=request.user, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            form = TokenForm()
    shown = {
        "form": form,
        "secret": secret,
        "tokens": tokens_of(request.user, now=now),
        "organisation": request.organisation,
    }
    # The one answer to a POST that is a page: the secret is kept nowhere, so no other page could show it.
    response = render(request, "api/tokens.html", shown)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@for_members
def revoke(request: MemberRequest, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=token_id, person=request.user)
    revoke_token(token=token, by=request.user, now=timezone.now())
    response = redirect("api:tokens")
    response.status_code = 303
    return response


assert DAYS == (7, 30, 90, 365), "TokenForm offers the same"
