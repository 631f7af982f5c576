"""A field to choose one of hundreds: languages, time zones."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """Looks like Django's, and is written at once: theirs renders three templates for every option."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        chosen = set(self.format_value(value))
        return format_html("<select{}>{}</select>", flatatt(given), _options(self.choices, chosen))


def _options(choices: Iterable[Any], chosen: set[str]) -> SafeString:
    return mark_safe("".join(_option(value, label, chosen) for value, label in choices))  # noqa: S308 - escaped below


def _option(value: Any, label: Any, chosen: set[str]) -> SafeString:
    if isinstance(label, (list, tuple)):
        return format_html('<optgroup label="{}">{}</optgroup>', value, _options(label, chosen))
    key = "" if value is None else str(value)
    if key in chosen:
        return format_html('<option value="{}" selected>{}</option>', key, label)
    if type(key) is str and type(label) is str:  # what is safe already must not pass for what only reads the same
        return _known_option(key, label)
    return format_html('<option value="{}">{}</option>', key, label)


@lru_cache(maxsize=2048)
def _known_option(key: str, label: str) -> SafeString:
    """Return an option of those that stand on page after page: languages in each language, time zones."""
    return format_html('<option value="{}">{}</option>', key, label)
