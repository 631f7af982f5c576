"""The long select says the same as Django's, and escapes what it is given."""

import re

import pytest
from django import forms
from django.utils.html import format_html

from momentor.foundation.long_select import LongSelect

CHOICES = [("", "–"), ("de", "German"), ("en", "English <&>"), ("Europe", [("Europe/Berlin", "Berlin"), (3, "three")])]


class Asked(forms.Form):
    """One field, as Django writes it and as we do."""

    theirs = forms.ChoiceField(choices=CHOICES, widget=forms.Select(attrs={"class": "wide"}), required=False)
    ours = forms.ChoiceField(choices=CHOICES, widget=LongSelect(attrs={"class": "wide"}), required=False)


@pytest.mark.parametrize("chosen", ["", "de", "Europe/Berlin", 3, None, "nowhere"])
def test_it_says_the_same_as_the_one_of_django(chosen: object) -> None:
    form = Asked(initial={"theirs": chosen, "ours": chosen})

    theirs = str(form["theirs"]).replace("theirs", "ours")

    assert _parts(str(form["ours"])) == _parts(theirs)


def test_a_label_that_was_safe_once_is_escaped_where_it_is_not() -> None:
    safe = str(LongSelect(choices=[("x", format_html("<b>{}</b>", "x"))]).render("ours", None))
    plain = str(LongSelect(choices=[("x", "<b>x</b>")]).render("ours", None))

    assert "<b>x</b>" in safe
    assert "&lt;b&gt;x" in plain


def _parts(html: str) -> list[tuple[str, frozenset[str]]]:
    """Return tags and words in their order; the order within a tag means nothing."""
    found = re.findall(r"<[^>]+>|[^<>\s][^<>]*", html)
    return [
        (part.split()[0].strip("<>"), frozenset(part.strip("<>").split()[1:]))
        if part.startswith("<")
        else (part.strip(), frozenset())
        for part in found
    ]
