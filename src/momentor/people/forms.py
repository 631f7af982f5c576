"""The shapes of what people type about themselves and their organisation."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from momentor.foundation.text import one_line
from momentor.people.actions.availability import AVAILABLE_MINUTES
from momentor.people.actions.invitations import LONGEST_DAYS, MOST_USES, USUAL_DAYS
from momentor.people.actions.profiles import usual_tag
from momentor.people.actions.programmes import BlindOrMatched
from momentor.people.models import (
    LONGEST_WISH,
    MOST_PLACES,
    OPEN_MEDIUMS,
    Grouping,
    Membership,
    Organisation,
    Person,
    Programme,
)
from momentor.people.passing import as_kept, in_words
from momentor.people.tongues import language_choices, zone_choices

FEWEST_LANGUAGE_BOXES = 3


class LanguagesWidget(forms.MultiWidget):
    """A few boxes to choose a language in, one below the other."""

    template_name = "people/widgets/languages.html"
    use_fieldset = True

    def decompress(self, value: list[str] | None) -> list[str]:
        return value or []


class LanguagesField(forms.MultiValueField):
    """The languages a person talks in, the best first."""

    def __init__(self, *, spoken: list[str], **options: Any) -> None:
        choices = [("", "–"), *language_choices(get_language() or "en", spoken)]
        boxes = min(12, max(FEWEST_LANGUAGE_BOXES, len(spoken) + 1))
        fields = [forms.ChoiceField(choices=choices, required=False) for _box in range(boxes)]
        widget = LanguagesWidget([forms.Select(choices=choices) for _box in range(boxes)])
        super().__init__(fields, widget=widget, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> list[str]:
        return list(dict.fromkeys(usual_tag(tag) for tag in data_list if tag))


class ZoneWidget(forms.Select):
    """A time zone; where script runs, that of the device is chosen before anything was."""

    template_name = "people/widgets/zone.html"


class PersonForm(forms.Form):
    """What holds for a person everywhere."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices, widget=ZoneWidget)

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        given = {"name": person.name, "languages": person.languages, "time_zone": person.time_zone}
        options["initial"] = given | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.fields["languages"] = LanguagesField(
            spoken=person.languages, label=_("Languages you talk in"), help_text=_("The one you talk best in first.")
        )
        self.order_fields(["name", "languages", "time_zone"])


class ProfileForm(PersonForm):
    """A profile in one organisation."""

    headline = forms.CharField(
        label=gettext_lazy("Headline"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("What you would say at a bus stop: “Ward nurse, now teaching nurses”."),
    )
    story = forms.CharField(
        label=gettext_lazy("Your story"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("What you did, what you changed, what went wrong. Names of firms are not needed."),
    )
    asked_about = forms.CharField(
        label=gettext_lazy("What I would like to be asked about"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    mediums = forms.MultipleChoiceField(
        label=gettext_lazy("How you talk"),
        choices=[(medium.value, medium.label) for medium in OPEN_MEDIUMS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    capacity_per_week = forms.IntegerField(
        label=gettext_lazy("Conversations a week at most"), min_value=0, max_value=60, initial=3
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("In your time zone. Between these hours nothing is offered to you."),
    )

    OF_MEMBERSHIP = "headline story asked_about mediums capacity_per_week quiet_from quiet_until".split()  # noqa: SIM905

    def __init__(self, *args: Any, membership: Membership, only: tuple[str, ...] = (), **options: Any) -> None:
        options["initial"] = {name: getattr(membership, name) for name in self.OF_MEMBERSHIP}
        super().__init__(*args, **options)
        if only:
            for name in set(self.fields) - set(only):
                del self.fields[name]
            self.order_fields(only)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "quiet_from" in self.fields and (given.get("quiet_from") is None) != (given.get("quiet_until") is None):
            half = "quiet_until" if given.get("quiet_until") is None else "quiet_from"
            self.add_error(half, _("Give both ends of your quiet hours, or neither."))
        return given


class ConductForm(forms.Form):
    """What everybody agrees to before they ask or answer."""

    agrees = forms.BooleanField(
        label=gettext_lazy("I have read the code of conduct and keep to it"),
        error_messages={"required": gettext_lazy("Please read the code of conduct and agree to it first.")},
    )
    is_of_age = forms.BooleanField()

    def __init__(self, *args: Any, minimum_age: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["is_of_age"].label = _("I am at least %(age)s years old") % {"age": minimum_age}
        self.fields["is_of_age"].error_messages["required"] = _(
            "To take part here you must be at least %(age)s years old."
        ) % {"age": minimum_age}


class AvailabilityForm(forms.Form):
    """For how long a mentor is there."""

    minutes = forms.TypedChoiceField(choices=[(n, n) for n in AVAILABLE_MINUTES], coerce=int)


class PauseForm(forms.Form):
    """Until when a mentor is offered nothing."""

    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Leave it empty to pause until you come back."),
    )


class SkillForm(forms.Form):
    """One more skill."""

    name = forms.CharField(label=gettext_lazy("Add a skill"), max_length=80)


class SampleForm(forms.Form):
    """The answer to one sample question."""

    question = forms.CharField(max_length=500, widget=forms.HiddenInput)
    answer = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class InvitationForm(forms.Form):
    """A link, or a mail, that lets people in."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        required=False,
        help_text=gettext_lazy(
            "We mail the link, and only this address may use it. Leave it empty for a link to share."
        ),
    )
    uses = forms.IntegerField(label=gettext_lazy("For how many people"), min_value=1, max_value=MOST_USES, initial=1)
    days = forms.IntegerField(
        label=gettext_lazy("Days it works"), min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        choices=[(role.value, role.label) for role in (Membership.Role.COORDINATOR, Membership.Role.MODERATOR)],
        widget=forms.CheckboxSelectMultiple,
    )
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        empty_label=gettext_lazy("None in particular"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        programmes: Any = self.fields["programme"]
        programmes.queryset = Programme.objects.filter(is_for_all=False).order_by("name")


class RosterForm(forms.Form):
    """A list of people to invite."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy("Columns: name, email, roles, programme. Only email is needed."),
    )


class RolesForm(forms.Form):
    """What a member may do beside asking and answering."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        choices=[(role.value, role.label) for role in (Membership.Role.COORDINATOR, Membership.Role.MODERATOR)],
        widget=forms.CheckboxSelectMultiple,
    )


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line for given in text.splitlines() if (line := one_line(given))]


class ProgrammeForm(forms.ModelForm[Programme]):
    """A programme's name, goal and rules."""

    pass_reasons = forms.CharField(
        label=gettext_lazy("Reasons to pass"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, eight at most. Mentors may choose one when they pass on a question."),
    )

    class Meta:
        model = Programme
        fields = ("name", "goal", "is_for_all", "matches_people", "blind_accept")
        widgets = {"goal": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pass_reasons"].initial = "\n".join(in_words(self.instance.pass_reasons))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("blind_accept") and given.get("matches_people"):
            self.add_error("matches_people", str(BlindOrMatched.message))
        return given

    def clean_pass_reasons(self) -> list[str]:
        reasons = lines_of(self.cleaned_data["pass_reasons"])
        if len(reasons) > 8:
            raise forms.ValidationError(_("Give eight reasons at most."))
        if any(len(reason) > 60 for reason in reasons):
            raise forms.ValidationError(_("Keep each reason to 60 characters."))
        return [as_kept(reason) for reason in reasons]


class GroupingForm(forms.Form):
    """What a coordinator asks people, and the groups to choose from."""

    name = forms.CharField(
        label=gettext_lazy("What you ask"),
        max_length=80,
        help_text=gettext_lazy("For example: First in the family at university."),
    )
    groups = forms.CharField(
        label=gettext_lazy("Groups to choose from"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=600,
        help_text=gettext_lazy(
            "One a line, two to eight. “Rather not say” is always there, and chosen from the start."
        ),
    )

    def clean_groups(self) -> list[str]:
        return lines_of(self.cleaned_data["groups"])


class GroupsForm(forms.Form):
    """Which groups one counts oneself to: one choice for each grouping, by its id."""

    def __init__(self, *args: Any, groupings: list[Grouping], chosen: dict[UUID, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for grouping in groupings:
            choices = [("", _("Rather not say")), *((group, group) for group in grouping.groups)]
            self.fields[str(grouping.pk)] = forms.ChoiceField(
                label=grouping.name,
                choices=choices,
                initial=chosen.get(grouping.pk, ""),
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("This group cannot be chosen any more. Look at the groups again.")},
            )


class WishForm(forms.Form):
    """What somebody would like a mentor for."""

    use_required_attribute = False  # who wants none says nothing here

    wish = forms.CharField(
        label=gettext_lazy("What would you like a mentor for?"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_WISH, "dir": "auto"}),
        help_text=gettext_lazy("A sentence or two. Coordinators read it, and the mentor you get."),
    )


class PlacesForm(forms.Form):
    """How many mentees a mentor takes."""

    places = forms.IntegerField(
        label=gettext_lazy("Mentees at most"),
        required=False,
        min_value=0,
        max_value=MOST_PLACES,
        help_text=gettext_lazy("Leave it open for as many as is usual here; 0 for none."),
    )


class OrganisationForm(forms.ModelForm[Organisation]):
    """What an organisation is, how it is entered, and what holds there."""

    mail_domains = forms.CharField(
        label=gettext_lazy("Mail domains that may come in at once"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One a line, such as clinic.example. The address must be confirmed."),
    )
    local_help = forms.CharField(
        label=gettext_lazy("Help in a crisis"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One a line: name, telephone, web address, with | between. Shown first when it is needed."
        ),
    )
    agree_again = forms.BooleanField(
        label=gettext_lazy("Ask everybody to agree to the code of conduct again"), required=False
    )

    class Meta:
        model = Organisation
        fields = ("name", "description", "entry", "minimum_age", "code_of_conduct", "retention_days")
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "code_of_conduct": forms.Textarea(attrs={"rows": 8}),
            "entry": forms.RadioSelect,
        }
        help_texts = {
            "retention_days": gettext_lazy("Conversations and what belongs to them are removed after this time."),
            "code_of_conduct": gettext_lazy(
                "Left empty, the short one of Momentor holds. A line that begins with - is a point of a list, one that "
                "begins with # a heading; *stars* stress a word."
            ),
        }

    field_order = (
        "name",
        "description",
        "entry",
        "mail_domains",
        "minimum_age",
        "code_of_conduct",
        "agree_again",
        "local_help",
        "retention_days",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mail_domains"].initial = "\n".join(self.instance.mail_domains)
        self.fields["local_help"].initial = "\n".join(
            " | ".join(filter(None, (line.get("name"), line.get("phone"), line.get("url"))))
            for line in self.instance.local_help
        )

    def clean_mail_domains(self) -> list[str]:
        domains = [line.lower().lstrip("@") for line in lines_of(self.cleaned_data["mail_domains"])]
        for domain in domains:
            try:
                forms.EmailField().clean(f"a@{domain}")
            except forms.ValidationError as error:
                raise forms.ValidationError(_("“%(domain)s” is not a mail domain.") % {"domain": domain}) from error
        return domains

    def clean_local_help(self) -> list[dict[str, str]]:
        return [_help(line) for line in lines_of(self.cleaned_data["local_help"])[:10]]


def _help(line: str) -> dict[str, str]:
    name, *ways = (part.strip() for part in line.split("|"))
    found = {"name": name, "phone": "", "url": ""}
    for way in filter(None, ways):
        if way.startswith(("https://", "http://")):
            found["url"] = forms.URLField(assume_scheme="https").clean(way)
        elif any(letter.isdigit() for letter in way) and len(way) <= 30:
            found["phone"] = way
        else:
            raise forms.ValidationError(
                _("“%(way)s” is neither a telephone number nor a web address.") % {"way": way[:60]}
            )
    if not (name and (found["phone"] or found["url"])):
        raise forms.ValidationError(
            _("“%(line)s”: give a name and a telephone number or a web address, with | between.") % {"line": line[:60]}
        )
    return found


class DeletionForm(forms.Form):
    """A word to type, so that no slip deletes an account."""

    really = forms.BooleanField(
        label=gettext_lazy("Yes, delete my account for good"),
        error_messages={"required": gettext_lazy("Tick this if you want to delete your account.")},
    )
