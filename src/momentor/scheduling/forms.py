"""The shapes of a booking and of a mentor's week."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from momentor.asking.blind import NotOnTheList
from momentor.scheduling.models import WeeklyHours
from momentor.scheduling.slots import Stretch


class SlotForm(forms.Form):
    """Whose slot, and when it begins."""

    mentor = forms.UUIDField(error_messages={"invalid": NotOnTheList.message, "required": NotOnTheList.message})
    starts_at = forms.CharField(max_length=40)

    def clean_starts_at(self) -> datetime:
        try:
            starts_at = datetime.fromisoformat(self.cleaned_data["starts_at"])
        except ValueError as trouble:
            raise forms.ValidationError(_("Choose one of the times in the list.")) from trouble
        if timezone.is_naive(starts_at):
            raise forms.ValidationError(_("Choose one of the times in the list."))
        return starts_at


class StretchForm(forms.Form):
    """One stretch of the week; a row left empty is none."""

    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day"),
        choices=[("", "–"), *((str(number), name) for number, name in WEEKDAYS.items())],
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts = forms.TimeField(
        label=gettext_lazy("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        parts = [given.get("weekday"), given.get("starts"), given.get("ends")]
        # Taking the day away is how a row is removed.
        if given.get("weekday") is not None and None in parts and not self.errors:
            self.add_error(None, _("Say from when until when on this day, or leave the day empty."))
        return given

    @property
    def stretch(self) -> Stretch | None:
        given = self.cleaned_data
        if given.get("weekday") is None or given["starts"] is None or given["ends"] is None:
            return None
        return given["weekday"], given["starts"], given["ends"]


WeekForm = forms.formset_factory(StretchForm, extra=3, max_num=43, absolute_max=43)


def initial_of(hours: list[WeeklyHours]) -> list[dict[str, Any]]:
    """Return a mentor's hours as the form shows them."""
    return [{"weekday": one.weekday, "starts": one.starts, "ends": one.ends} for one in hours]
