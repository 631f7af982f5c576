"""Small things that templates say."""

from typing import Any

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.module_loading import import_string

from momentor.foundation.addresses import path_outside, path_to

register = template.Library()


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Do as Django's `url`, which looks every address up anew."""
    node = parse_url(parser, token)
    return node if node.kwargs else KnownAddress(node.view_name, node.args, {}, node.asvar)


class KnownAddress(URLNode):
    """An address without named parts."""

    def render(self, context: Context) -> str:
        found = ""
        try:
            found = path_to(self.view_name.resolve(context), *(arg.resolve(context) for arg in self.args))
        except NoReverseMatch:
            if self.asvar is None:
                raise
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


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
