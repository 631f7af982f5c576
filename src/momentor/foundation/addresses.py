"""Links that lead into an organisation from anywhere: a mail, a job, a page outside of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix


class HasSlug(Protocol):
    """An organisation, as far as an address needs one."""

    slug: str


def path_in(organisation: HasSlug, name: str, *args: Any) -> str:
    """Return the path of a page of this organisation: /at/<slug>/..."""
    with _prefix(f"/at/{organisation.slug}/"):
        return reverse(name, args=args)


def path_outside(name: str, *args: Any) -> str:
    """Return the path of a page that belongs to no organisation."""
    with _prefix("/"):
        return reverse(name, args=args)


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
