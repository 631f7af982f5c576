"""The settings by which everybody in a programme is matched."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from momentor.matches.actions.previews import ALL_PARTS
from momentor.matches.models import Preview
from momentor.matches.plain import PARTS
from momentor.people.models import MOST_PLACES

HOW_MUCH = [
    ("0", gettext_lazy("nothing")),
    ("0.5", gettext_lazy("half")),
    ("1", gettext_lazy("once")),
    ("2", gettext_lazy("twice")),
    ("4", gettext_lazy("four times")),
]
HINTS = {
    Preview.Way.MOST: gettext_lazy("As many people as can be get a mentor; of all such plans, the one that fits best."),
    Preview.Way.FAIR: gettext_lazy("As many as well; a low fit is rather lifted than a high one."),
    Preview.Way.STABLE_MENTEES: gettext_lazy(
        "No two would rather have each other; wishes go first. Fewer may be matched."
    ),
    Preview.Way.STABLE_MENTORS: gettext_lazy("The same, where it can be, as mentors would have it."),
    Preview.Way.SPREAD: gettext_lazy("Mentees are shared out, so that few mentors carry much."),
}


class MatchingForm(forms.Form):
    """How to match: the way, what counts how much, and the limits."""

    way = forms.ChoiceField(
        label=gettext_lazy("How to match"),
        initial=Preview.Way.MOST,
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )
    places = forms.IntegerField(
        label=gettext_lazy("Mentees of each mentor at most"),
        min_value=1,
        max_value=MOST_PLACES,
        initial=2,
        help_text=gettext_lazy("Mentors who said a number of their own keep it."),
    )
    most_hours_apart = forms.IntegerField(
        label=gettext_lazy("Hours between their clocks at most"),
        min_value=0,
        max_value=12,
        required=False,
        help_text=gettext_lazy("Leave it open where it does not matter."),
    )
    counts_silent = forms.BooleanField(
        label=gettext_lazy("Also give a mentor to those who take part, do not mentor, and have not said anything"),
        required=False,
    )

    def __init__(self, *args: Any, before: Preview | None = None, **options: Any) -> None:
        if before is not None:
            given = {name: getattr(before, name) for name in ("way", "places", "most_hours_apart", "counts_silent")}
            weights = {f"weight_{part}": f"{weight:g}" for part, weight in before.weights.items()}
            options["initial"] = given | weights | (options.get("initial") or {})
        super().__init__(*args, **options)
        ways: Any = self.fields["way"]
        ways.choices = [
            (way.value, format_html("<b>{}</b><small>{}</small>", way.label, HINTS[way])) for way in Preview.Way
        ]
        for part in ALL_PARTS:
            self.fields[f"weight_{part}"] = forms.TypedChoiceField(
                label=PARTS[part], choices=HOW_MUCH, coerce=float, initial="1"
            )

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields that say what counts how much."""
        return [self[f"weight_{part}"] for part in ALL_PARTS]

    def settings(self) -> dict[str, Any]:
        """Return what was chosen, as `start_preview` takes it."""
        given = dict(self.cleaned_data)
        weights = {part: given.pop(f"weight_{part}") for part in ALL_PARTS}
        return given | {"weights": weights}
