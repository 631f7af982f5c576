"""Small things that templates say."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.module_loading import import_string

from momentor.foundation.addresses import path_outside

register = template.Library()


@register.simple_tag
def outside(name: str, *args: Any) -> str:
    """Return the address of a page that belongs to no organisation, from wherever it is asked."""
    return path_outside(name, *args)


@register.simple_tag
def demo_accounts() -> list[Any]:
    """Return the accounts that visitors of the demo may use; nothing anywhere else."""
    if not settings.IS_DEMO:
        return []
    # The demo stands above the pages, so it is looked up by its name.
    shown: list[Any] = import_string("momentor.demo.accounts.shown")()
    return shown
