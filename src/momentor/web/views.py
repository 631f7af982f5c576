"""The pages that belong to no domain: home, the landing page, what the site says about itself."""

import re
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from momentor.asking.actions import QuestionTooLong
from momentor.asking.models import LONGEST_QUESTION
from momentor.asking.words import clean
from momentor.foundation.addresses import path_in, path_outside
from momentor.foundation.redirects import SeeOther, go_back
from momentor.foundation.refusals import Refusal
from momentor.people.gates import MemberRequest, PageRequest, for_members
from momentor.people.models import Membership, Person
from momentor.web.home import home_of

ASKED = "asked_text"
THEMES = ("light", "dark")
FILLED_IN = re.compile(r"%\(\w+\)[sd]")  # what a sentence says of one case


@require_safe
def start(request: PageRequest) -> HttpResponseBase:
    """Lead to where somebody belongs: home, the one organisation, the list of them, or the landing page."""
    if request.organisation is not None:
        return home(request)
    if not request.user.is_authenticated:
        return render(request, "web/landing.html", {"asked": request.session.get(ASKED, "")})
    places = Membership.objects.active().filter(person=request.user.pk).select_related("organisation")[:2]
    mine = list(places)
    if len(mine) == 1:
        return redirect(path_in(mine[0].organisation, "web:home"))
    return redirect(path_outside("people:organisations"))


@for_members
def home(request: MemberRequest) -> HttpResponse:
    """Show what waits for a person."""
    if request.membership.agreed_to_conduct_at is None:
        return redirect("people:agreement")
    if request.session.get(ASKED):
        # Typed before signing in: the page for asking takes it up.
        return redirect("asking:new")
    return _home(request)


@require_POST
def begin(request: PageRequest) -> HttpResponse:
    """Keep a question typed on the landing page or at home, through signing up where that comes first."""
    text = clean(request.POST.get("text", ""))
    if len(text) > LONGEST_QUESTION:
        # It comes back whole in its box, and is not kept: anybody may send this form.
        return _too_long(request, text)
    if text:
        request.session[ASKED] = text
    if request.organisation is not None and request.membership is not None:
        return SeeOther(path_in(request.organisation, "asking:new"))
    if request.user.is_authenticated:
        return SeeOther("/")
    return SeeOther(path_outside("account_signup"))


def _too_long(request: PageRequest, text: str) -> HttpResponse:
    refusal = QuestionTooLong(most=LONGEST_QUESTION)
    told = {"asked": text, "trouble": refusal.message}
    if request.organisation is not None and request.membership is not None:
        return _home(cast(MemberRequest, request), status=refusal.status, **told)
    return render(request, "web/landing.html", told, status=refusal.status)


def _home(request: MemberRequest, *, status: int = 200, **told: Any) -> HttpResponse:
    page = home_of(request.membership, request.user, now=timezone.now())
    return render(request, "web/home.html", {"home": page, **told}, status=status)


@require_safe
def about(request: PageRequest) -> HttpResponse:
    """Say what this is, and under which licence."""
    return render(request, "web/about.html")


@require_safe
def refusals(request: PageRequest) -> HttpResponse:
    """List every refusal by its code: what problem documents point to."""
    known = sorted(_all_refusals(Refusal), key=lambda kind: kind.__name__)
    rows = [(kind.__name__, kind.status, FILLED_IN.sub("…", str(kind.message))) for kind in known if kind.message]
    return render(request, "web/refusals.html", {"refusals": rows})


def _all_refusals(kind: type[Refusal]) -> set[type[Refusal]]:
    below = kind.__subclasses__()
    return {*below, *(deeper for one in below for deeper in _all_refusals(one))}


@require_safe
def conduct(request: PageRequest) -> HttpResponse:
    """Show the code of conduct of the organisation."""
    return render(request, "web/conduct.html")


@require_safe
def privacy(request: PageRequest) -> HttpResponse:
    """Say what is kept, who sees it, and for how long."""
    return render(request, "web/privacy.html")


@require_safe
def offline(request: PageRequest) -> HttpResponse:
    """Stand in for a page while there is no connection; the service worker keeps it."""
    return render(request, "web/offline.html")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the colours somebody chose with the browser."""
    response = go_back(request, "web:home")
    wanted = request.POST.get("theme", "")
    if wanted in THEMES:
        response.set_cookie("theme", wanted, max_age=365 * 86_400, samesite="Lax", secure=settings.IS_SECURE, path="/")
    else:
        response.delete_cookie("theme", path="/", samesite="Lax")
    return response


@require_POST
def language(request: PageRequest) -> HttpResponse:
    """Keep the language somebody chose: with the browser, and for mails with the person."""
    wanted = request.POST.get("language", "")
    if request.user.is_authenticated and wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        Person.objects.filter(pk=request.user.pk).update(locale=wanted)
    return set_language(request)


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the site to browsers that install it (https://www.w3.org/TR/appmanifest/)."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)
    ]
    maskable = {
        "src": static("img/icon-maskable-512.png"),
        "sizes": "512x512",
        "type": "image/png",
        "purpose": "maskable",
    }
    described = {
        "id": "/",
        "name": "Momentor",
        "short_name": "Momentor",
        "description": _("Ask one specific question. Talk for ten minutes with someone who has been there."),
        "lang": request.LANGUAGE_CODE,
        "dir": "auto",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf5ec",
        "theme_color": "#faf5ec",
        "icons": [*icons, maskable],
    }
    return JsonResponse(described, content_type="application/manifest+json")


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponseBase:
    """Hand out the service worker at the root, so that it may look after every page."""
    built = Path(settings.STATIC_ROOT) / "built" / "sw.js"
    found = str(built) if built.is_file() else finders.find("built/sw.js")
    if not found:
        raise Http404
    return FileResponse(Path(found).open("rb"), content_type="text/javascript; charset=utf-8")
