"""Small template words for how things look: an icon, a person's initials, their colour."""

from functools import lru_cache
from zlib import crc32

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TONES = 8


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one picture of the sprite; it is decoration, so words must stand beside it."""
    return _drawn(staticfiles_storage.url("img/icons.svg"), name)


@lru_cache(maxsize=256)
def _drawn(sprite: str, name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag
def drawing(name: str) -> SafeString:
    """Draw one of the larger pictures for an empty page."""
    return format_html(
        '<svg class="drawing" aria-hidden="true" viewBox="0 0 160 120"><use href="{}#{}"></use></svg>',
        static("img/drawings.svg"),
        name,
    )


@register.filter
def initials(name: object) -> str:
    """Give the first letters of the first and the last word of a name."""
    words = str(name or "").split()
    if not words:
        return "?"
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


@register.filter
def tone(key: object) -> int:
    """Give the same number from 1 to 8 for the same key, always."""
    return crc32(str(key).encode()) % TONES + 1
