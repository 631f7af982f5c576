"""Django's words of translation, under their own name, with one of them quicker.

A page says forty things that are the same each time, and Django looks each up anew, through five of its layers. The
file has the name of Django's so that `{% load i18n %}` finds it everywhere; programs that collect words to translate
read templates as before.
"""

from typing import Any

from django.template import Library
from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    """Say words in the reader's language: `{% translate "Home" %}`."""
    node: Any = i18n.do_translate(parser, token)
    words = node.filter_expression
    if node.asvar or node.message_context or node.noop or words.filters or words.var.literal is None:
        return node  # type: ignore[no-any-return]  # from a part of Django without types
    return SameWords(words)


class SameWords(i18n.TranslateNode):
    """Words that stand in the template, and so are the same in each language, whoever looks."""

    def __init__(self, words: Any) -> None:
        super().__init__(words, noop=False)
        self._said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = str(super().render(context))
        return said
