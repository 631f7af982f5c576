"""Who gets to see a page: what a view may count on, said in one line above it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from momentor.foundation.addresses import path_in, path_outside
from momentor.people.models import Membership, Organisation, Person
from momentor.people.standing import OnlyForCoordinators, OnlyForModerators


class PageRequest(HttpRequest):
    """A request as our middleware hands it on: who looks, and from where."""

    user: Person | AnonymousUser
    organisation: Organisation | None
    membership: Membership | None
    htmx: HtmxDetails


class PersonRequest(PageRequest):
    """A request of a signed-in person, inside an organisation or outside of them."""

    user: Person


class MemberRequest(PersonRequest):
    """A request of a signed-in, active member inside the organisation."""

    organisation: Organisation
    membership: Membership


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent by POST, even if it is empty; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


View = Callable[..., HttpResponseBase]


def for_people(view: View) -> View:
    """Let signed-in people in, and others sign in first."""

    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **names: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **names)

    return guarded


def for_members(view: View) -> View:
    """Let active members of the organisation in; show others the way to it."""

    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **names: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.organisation is None:
            return redirect(path_outside("people:organisations"))
        if request.membership is None:
            return redirect(path_in(request.organisation, "people:door"))
        return view(request, *args, **names)

    return guarded


def for_coordinators(view: View) -> View:
    """Let coordinators of the organisation in; refuse other members."""

    @for_members
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **names: Any) -> HttpResponseBase:
        if not request.membership.is_coordinator:
            raise OnlyForCoordinators
        return view(request, *args, **names)

    return guarded


def for_moderators(view: View) -> View:
    """Let moderators of the organisation in; refuse other members."""

    @for_members
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **names: Any) -> HttpResponseBase:
        if not request.membership.is_moderator:
            raise OnlyForModerators
        return view(request, *args, **names)

    return guarded
