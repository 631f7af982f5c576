"""The page of notices, what one wants to be told, and the link that ends mails."""

from uuid import UUID

from django.contrib import messages as banners
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from momentor.foundation.redirects import SeeOther, go
from momentor.integrations.webpush.keys import public_key
from momentor.integrations.webpush.models import PushSubscription
from momentor.notices import queries
from momentor.notices.actions import choose_channel, mark_read
from momentor.notices.kinds import CHANNELS, KINDS, MAIL
from momentor.notices.models import Notice, Preference
from momentor.notices.unsubscribing import meant_by
from momentor.people.gates import MemberRequest, for_members


@require_safe
@for_members
def notices(request: MemberRequest) -> HttpResponse:
    """Show what a person was told, the newest first."""
    start = _number(request.GET.get("after"))
    rows = list(Notice.objects.visible_to(request.user).order_by("-made_at", "-id")[start : start + queries.PAGE + 1])
    page = {
        "notices": queries.told(rows[: queries.PAGE]),
        "earlier": f"?after={max(0, start - queries.PAGE)}" if start else "",
        "later": f"?after={start + queries.PAGE}" if len(rows) > queries.PAGE else "",
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "notices/parts/told.html", page)
    return render(request, "notices/notices.html", page)


@require_GET
@for_members
def notice(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Go where a notice leads, and mark it read."""
    found = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    mark_read(by=request.user, notice=found, now=timezone.now())
    if found.kind not in KINDS:
        return go("notices:notices")
    return SeeOther(queries.path_to(KINDS[found.kind], found.facts))


@require_POST
@for_members
def reading(request: MemberRequest) -> HttpResponse:
    """Mark all notices as read."""
    mark_read(by=request.user, now=timezone.now())
    return go("notices:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def preferences(request: MemberRequest) -> HttpResponse:
    """Choose how to be told of what."""
    if request.method == "POST":
        for kind in queries.kinds_for(request.membership):
            for channel in kind.by:
                choose_channel(
                    by=request.user,
                    kind=kind.name,
                    channel=channel,
                    is_wanted=f"{kind.name}:{channel}" in request.POST.getlist("wanted"),
                )
        banners.success(request, _("Saved."))
        return go("notices:preferences")
    page = {
        "wishes": queries.wishes_of(request.membership),
        "channels": CHANNELS.items(),
        "public_key": public_key(),
        "devices": PushSubscription.objects.filter(person=request.user).order_by("-made_at"),
    }
    return render(request, "notices/preferences.html", page)


@csrf_exempt  # a mail program posts here, without cookies; the signed link says who and what
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End mails of one kind. Opening the link only asks, since programs that look at mails open links."""
    person, kind = meant_by(token)
    if request.method == "POST":
        again = request.POST.get("again") == "yes"
        choose_channel(by=person, kind=kind.name, channel=MAIL, is_wanted=again)
    wish = Preference.objects.filter(person=person, kind=kind.name, channel=MAIL).first()
    page = {"kind": kind, "is_ended": wish is not None and not wish.is_wanted, "token": token}
    response = render(request, "notices/unsubscribe.html", page)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0
