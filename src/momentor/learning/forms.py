"""The shapes of what stays of a conversation."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from momentor.learning.models import Feedback, Nudge, Takeaway

YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]
LIKELY = [(10, "10 %"), (30, "30 %"), (50, "50 %"), (70, "70 %"), (90, "90 %")]
OTHER_DAY = "other"


class TakeawayForm(forms.Form):
    """The card. All of it may stay empty but one line."""

    insight = forms.CharField(
        label=_("What did you learn?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    first_step = forms.CharField(
        label=_("What is the first step?"),
        max_length=300,
        required=False,
        help_text=_("Small enough to begin this week."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    plan_if = forms.CharField(
        label=_("If …"),
        max_length=200,
        required=False,
        help_text=_("A moment you will notice: “when I open my mail on Monday”."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    plan_then = forms.CharField(
        label=_("then I will …"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    when = forms.ChoiceField(
        label=_("Ask me how it went"), required=False, widget=forms.RadioSelect(attrs={"class": "segments"})
    )
    check_on = forms.DateField(label=_("Another day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    written_over = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, takeaway: Takeaway | None = None, **options: Any) -> None:
        days = suggested_days(today)
        if takeaway is not None:
            options["initial"] = {
                "insight": takeaway.insight,
                "first_step": takeaway.first_step,
                "plan_if": takeaway.plan_if,
                "plan_then": takeaway.plan_then,
                "check_on": takeaway.check_on,
                "when": _day_chosen(takeaway.check_on, days),
                "written_over": takeaway.version,
                **options.get("initial", {}),
            }
        else:
            # A plan is worth little without a day to look at it: a week is proposed, another is one tap away.
            a_week, _words = days[1]
            options["initial"] = {"when": a_week.isoformat(), **options.get("initial", {})}
        super().__init__(*args, **options)
        self.fields["when"].choices = [  # type: ignore[attr-defined]  # a choice field
            *((day.isoformat(), name) for day, name in days),
            (OTHER_DAY, pgettext_lazy("a day", "another day")),
            ("", pgettext_lazy("a day", "not at all")),
        ]
        self.fields["check_on"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + timedelta(days=366)).isoformat(),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        when = given.pop("when", "")
        if when == OTHER_DAY:
            if not given.get("check_on") and "check_on" not in self.errors:
                self.add_error("check_on", gettext("Choose the day."))
        else:
            self.errors.pop("check_on", None)
            given["check_on"] = date.fromisoformat(when) if when else None
        return given


def suggested_days(today: date) -> list[tuple[date, str]]:
    """Return tomorrow, a week and a month from now, with words for them."""
    return [
        (today + timedelta(days=1), gettext("tomorrow")),
        (today + timedelta(days=7), gettext("in a week, %(day)s") % {"day": _short(today + timedelta(days=7))}),
        (today + timedelta(days=30), gettext("in a month, %(day)s") % {"day": _short(today + timedelta(days=30))}),
    ]


def _short(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def _day_chosen(day: date | None, days: list[tuple[date, str]]) -> str:
    if day is None:
        return ""
    return day.isoformat() if day in [one for one, _name in days] else OTHER_DAY


class FeedbackForm(forms.Form):
    """What a mentee tells the product, in private. Each answer names what it means, so that people compare."""

    moved = forms.TypedChoiceField(
        label=_("How far did this move you?"), choices=Feedback.Moved.choices, coerce=int, widget=forms.RadioSelect
    )
    likely = forms.TypedChoiceField(
        label=_("How likely is it that you will use this within a month?"),
        choices=LIKELY,
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "segments"}),
    )
    right_person = forms.TypedChoiceField(
        label=_("Was it the right person for the question?"),
        choices=YES_OR_NO,
        coerce=lambda given: given == "yes",
        required=False,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "segments"}),
    )
    words = forms.CharField(
        label=_("Anything we should know?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class MentorFeedbackForm(forms.Form):
    """What a mentor tells the product, in private."""

    right_person = forms.TypedChoiceField(
        label=_("Was this a question for you?"),
        choices=[("yes", _("Yes, send me more like it")), ("no", _("No, others know more about this"))],
        coerce=lambda given: given == "yes",
        widget=forms.RadioSelect,
    )
    fitted_time = forms.TypedChoiceField(
        label=_("Did it fit the time?"),
        choices=[("yes", _("Yes")), ("no", _("No, it needed more"))],
        coerce=lambda given: given == "yes",
        required=False,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "segments"}),
    )
    words = forms.CharField(
        label=_("Anything we should know?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class ThanksForm(forms.Form):
    """A thank-you."""

    words = forms.CharField(
        label=_("Say thank you"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )


class ReplyForm(forms.Form):
    """One tap on a nudge."""

    reply = forms.ChoiceField(choices=Nudge.Reply.choices)


class OutcomeForm(forms.Form):
    """What came of it, for the mentor."""

    helped = forms.TypedChoiceField(
        label=_("Did it help?"),
        choices=YES_OR_NO,
        coerce=lambda given: given == "yes",
        required=False,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "segments"}),
    )
    words = forms.CharField(
        label=_("A word to your mentor"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
