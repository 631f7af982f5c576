"""What a mentee chooses on the way to somebody, and a mentor at the desk."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

HURRIES = {
    3: _("in 3 hours"),
    12: _("in 12 hours"),
    24: _("in a day"),
    72: _("in 3 days"),
    168: _("in a week"),
    336: _("in two weeks"),
}
USUAL_HURRY = 72
FREE_MINUTES = (5, 10, 20)


class WritingForm(forms.Form):
    """By when an answer in writing is wished for."""

    within = forms.TypedChoiceField(
        label=_("Answer in writing"),
        choices=[(str(hours), words) for hours, words in HURRIES.items()],
        coerce=int,
        required=False,
        empty_value=None,
        initial=str(USUAL_HURRY),
    )

    def answer_by(self, now: datetime) -> datetime | None:
        """Return the stated time; None where none was chosen."""
        hours = self.cleaned_data.get("within")
        return now + timedelta(hours=hours) if hours else None


class ChoiceForm(WritingForm):
    """Whom to ask, and how: live whom one chose, live whoever is first, or in writing."""

    HOWS = ("chosen", "first", "writing")

    how = forms.ChoiceField(choices=[(how, how) for how in HOWS])
    mentor = forms.TypedMultipleChoiceField(required=False)

    def __init__(self, *args: Any, mentors: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["mentor"]
        chosen.choices = [(str(person_id), str(person_id)) for person_id in mentors]
        chosen.error_messages["invalid_choice"] = _(
            "One of those you chose cannot be asked any more. Please choose again from the list."
        )


class FreeMinutesForm(forms.Form):
    """How long a mentor has right now."""

    minutes = forms.TypedChoiceField(choices=[(str(n), str(n)) for n in FREE_MINUTES], coerce=int)


class PassForm(forms.Form):
    """Why a mentor passes, if they like to say it."""

    reason = forms.CharField(required=False, max_length=60)
