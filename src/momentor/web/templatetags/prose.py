"""Longer words that an organisation wrote about itself, as it meant them to look."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

register = template.Library()

WRITTEN = ("heading", "list", "emphasis", "link", "autolink", "escape", "entity", "newline")
REACHES = ("http://", "https://", "mailto:")
LOWEST = 6


@register.filter
def prose(text: object) -> SafeString:
    """Show paragraphs, lists, emphasis, headings and links that are written as in Markdown; all else is text."""
    reader = _reader()
    tokens = reader.parse(str(text or ""))
    _lower_headings(tokens)
    shown: str = reader.renderer.render(tokens, reader.options, {})
    return mark_safe(shown)  # noqa: S308 - it knows no other HTML


@lru_cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # only the page that needs it pays for it

    # "zero" reads paragraphs alone, and what is not named here stays as typed: HTML, pictures, tables, code.
    reader = MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(WRITTEN))
    reader.validateLink = lambda url: url.strip().lower().startswith(REACHES)  # type: ignore[method-assign]  # its hook
    reader.core.ruler.push("strangers", lambda state: _mark_links(state.tokens))
    return reader


def _mark_links(tokens: "Sequence[Token]") -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "nofollow noopener")


def _lower_headings(tokens: "Sequence[Token]") -> None:
    """Put what was written below the heading of the page."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, LOWEST)}"
