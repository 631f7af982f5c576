"""Fields written without templates are the same, letter by letter, as Django's templates write them."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, override

from momentor.foundation.widgets import WRITTEN, Renderer

BAD = '<b title="\'">&amp; &'
FLAT: list[Any] = [(5, 1500), ("", gettext_lazy("Language")), ("<", BAD), ("bold", format_html("<b>{}</b>", "<"))]
GROUPED = [*FLAT, (BAD, [("x", "Ix"), (None, "nothing")])]
ATTRS = [{}, {"id": "id_it", "class": "wide", "required": True, "disabled": False, "data-n": 1500, "title": BAD}]
INPUTS: list[tuple[type[forms.Widget], list[Any]]] = [
    (forms.TextInput, [None, "", "words", BAD, 1500, 1.5]),
    (forms.NumberInput, [None, 1500, 1.5]),
    (forms.EmailInput, [None, "amina@example.org"]),
    (forms.URLInput, [None, "https://example.org/?a=1&b=2"]),
    (forms.PasswordInput, ["secret"]),
    (forms.HiddenInput, [None, "kept"]),
    (forms.DateInput, [None, date(2026, 3, 1)]),
    (forms.DateTimeInput, [None, datetime(2026, 3, 1, 10, 30)]),  # noqa: DTZ001 - what a form shows
    (forms.TimeInput, [None, time(10, 30)]),
    (forms.CheckboxInput, [None, True, False, "yes"]),
    (forms.FileInput, [None]),
    (forms.Textarea, [None, "", "two\nlines", BAD]),
]
CHOOSERS = [forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple]


def written_both_ways(widget: forms.Widget, value: Any, attrs: dict[str, Any]) -> tuple[str, str]:
    return (
        widget.render("field", value, attrs, renderer=Renderer()),
        widget.render("field", value, attrs, renderer=TemplatesSetting()),
    )


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in INPUTS for value in values])
def test_a_box_is_the_one_of_django(kind: type[forms.Widget], value: Any, attrs: dict[str, Any], language: str) -> None:
    with override(language):
        ours, theirs = written_both_ways(kind(), value, attrs)

    assert ours == theirs


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("choices", [FLAT, GROUPED, []])
@pytest.mark.parametrize("kind", CHOOSERS)
def test_a_choice_is_the_one_of_django(
    kind: type[forms.Select], choices: list[Any], attrs: dict[str, Any], language: str
) -> None:
    with override(language):
        for chosen in (None, "", "5", ["5", "<"]):
            ours, theirs = written_both_ways(kind(choices=choices), chosen, attrs)

            assert ours == theirs


def test_every_widget_of_the_list_is_one_that_django_has() -> None:
    for name in WRITTEN:
        assert TemplatesSetting().get_template(name)


def test_a_whole_form_is_the_one_of_django_in_our_frame() -> None:
    class Asked(forms.Form):
        text = forms.CharField(help_text=BAD, widget=forms.Textarea)
        minutes = forms.TypedChoiceField(choices=[(5, 5), (1500, 1500)], widget=forms.RadioSelect)
        secret = forms.BooleanField(required=False)

    ours = Asked({"minutes": "7"}, renderer=Renderer()).as_div()
    theirs = Asked({"minutes": "7"}, renderer=TemplatesSetting()).as_div()

    assert ours == theirs
