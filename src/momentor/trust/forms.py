"""The shapes of a report and of a decision on it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from momentor.trust.models import Report


class ReportForm(forms.Form):
    """What somebody tells the moderators."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Report.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What happened"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    block = forms.BooleanField(label=_("Block this person as well"), required=False)


class DecisionForm(forms.Form):
    """What a moderator decides."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Report.Decision.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Why"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever is warned reads this: do not say who reported. Otherwise it is for your records alone."),
    )
