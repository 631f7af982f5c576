"""Links that lead into an organisation from anywhere: a mail, a job, a page outside of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse, set_script_prefix

STAND_INS = tuple(UUID(int=2**127 + number) for number in range(3))


class HasSlug(Protocol):
    """An organisation, as far as an address needs one."""

    slug: str


def path_to(name: str, *args: Any) -> str:
    """Return the path of a page from where we stand, as `reverse` does. Raises NoReverseMatch.

    A page links to dozens of others, and looking each up costs more than all else in a link, so what stands around
    the ids is looked up once.
    """
    if len(args) > len(STAND_INS) or not all(type(arg) is UUID for arg in args):
        return reverse(name, args=args)
    around = _around(name, len(args), get_urlconf() or settings.ROOT_URLCONF)
    return quote(get_script_prefix()) + (around.format(*args) if args else around)


@lru_cache(maxsize=512)
def _around(name: str, ids: int, urlconf: str) -> str:
    """Return a page's path without what leads to it, and with {} where its ids go."""
    with _prefix("/"):
        path = reverse(name, urlconf=urlconf, args=STAND_INS[:ids])
    for number, stand_in in enumerate(STAND_INS[:ids]):
        path = path.replace(str(stand_in), f"{{{number}}}")  # an address never holds braces of its own
    return path[1:]


def path_in(organisation: HasSlug, name: str, *args: Any) -> str:
    """Return the path of a page of this organisation: /at/<slug>/..."""
    with _prefix(f"/at/{organisation.slug}/"):
        return path_to(name, *args)


def path_outside(name: str, *args: Any) -> str:
    """Return the path of a page that belongs to no organisation."""
    with _prefix("/"):
        return path_to(name, *args)


def address_in(organisation: HasSlug, name: str, *args: Any) -> str:
    """Return the whole address of a page of this organisation, for a mail or another program."""
    return f"{settings.SITE_URL}{path_in(organisation, name, *args)}"


@contextmanager
def _prefix(wanted: str) -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix(wanted)
    try:
        yield
    finally:
        set_script_prefix(before)
