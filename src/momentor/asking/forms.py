"""The shape of a question, and of what its two people let others read."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from momentor.asking.models import LONGEST_QUESTION, Question
from momentor.foundation.long_select import LongSelect
from momentor.foundation.text import one_line
from momentor.people.models import OPEN_MEDIUMS, TIME_BOXES, Medium, Person, Programme
from momentor.people.tongues import language_choices

MOST_TOPICS = 8
LONGEST_TOPIC = 60
# Stands where bytes were no letters in the encoding they came in.
UNREADABLE = "\ufffd"
MEDIUM_HINTS = {
    Medium.CHAT: gettext_lazy("Write, now and together"),
    Medium.VOICE: gettext_lazy("Hear each other, no picture"),
    Medium.VIDEO: gettext_lazy("See and hear each other"),
    Medium.ASYNC: gettext_lazy("An answer in hours or days"),
}


class WordsField(forms.CharField):
    """Text as it was typed: what may be kept of it, and how much, the action says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, required=False, **options)
        self.validators = []  # a null character is cleaned away like its neighbours

    def validate(self, value: Any) -> None:
        super().validate(value)
        if UNREADABLE in value:
            raise forms.ValidationError(
                _("Some letters did not arrive in a form we can read; they stand as “�”. Please type them again.")
            )


class Open:
    """A choice that has an answer already: it may be left open, and nothing calls it optional."""

    def clean(self, value: Any) -> Any:
        self.required = False
        try:
            return super().clean(value)  # type: ignore[misc]  # a field's
        finally:
            self.required = True


class OpenChoice(Open, forms.ChoiceField):
    """A choice whose answer is proposed or usual."""


class OpenTypedChoice(Open, forms.TypedChoiceField):
    """The same, of numbers."""


class QuestionForm(forms.Form):
    """A question with its choices. What is left open is filled in from what the coach proposes."""

    use_required_attribute = False

    text = WordsField(
        label=gettext_lazy("What is on your mind?"),
        # No maxlength: with it, browsers drop the end of what is pasted without a word.
        widget=forms.Textarea(attrs={"rows": 5, "data-limit": LONGEST_QUESTION, "dir": "auto"}),
    )
    time_box = OpenTypedChoice(
        label=gettext_lazy("How long"),
        choices=[(minutes, minutes) for minutes in TIME_BOXES],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "segments"}),
        help_text=gettext_lazy("Minutes. The time can be extended when both of you want to."),
    )
    medium = OpenChoice(label=gettext_lazy("How to talk"), widget=forms.RadioSelect(attrs={"class": "cards"}))
    topics = forms.CharField(
        label=gettext_lazy("Topics"),
        required=False,
        help_text=gettext_lazy("Words that say what it is about, with commas between."),
    )
    language = OpenChoice(label=gettext_lazy("Language"), widget=LongSelect)
    audience = OpenChoice(label=gettext_lazy("Who may be asked"), widget=forms.RadioSelect)
    programme = forms.TypedChoiceField(label=gettext_lazy("Programme"), required=False, empty_value=None)
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("Stay anonymous until a mentor accepts"),
        required=False,
        help_text=gettext_lazy("They decide on the question alone, and see your name in the room."),
    )
    answer_by = forms.DateTimeField(
        label=gettext_lazy("I need an answer by"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, person: Person, programmes: list[Programme], **options: Any) -> None:
        super().__init__(*args, **options)
        page_language = get_language() or "en"
        self.person = person
        self.programmes = programmes
        self._choose("medium", [(medium.value, _with_hint(medium)) for medium in OPEN_MEDIUMS])
        self._choose("language", [("", _("The one I write in")), *language_choices(page_language, person.languages)])
        audiences = [(one.value, one.label) for one in Question.Audience]
        if not any(not programme.is_for_all for programme in programmes):
            audiences = [one for one in audiences if one[0] != Question.Audience.PROGRAMME]
        self._choose("audience", audiences)
        self.fields["audience"].initial = Question.Audience.EVERYBODY
        if len(programmes) > 1:
            by_id = {str(programme.pk): programme for programme in programmes}
            chosen: Any = self.fields["programme"]
            chosen.coerce = by_id.__getitem__
            named = [(key, str(programme)) for key, programme in by_id.items()]
            self._choose("programme", [("", _("None in particular")), *named])
        else:
            del self.fields["programme"]
        self.fields["answer_by"].help_text = _("In your time zone, %(zone)s. Leave it empty if there is no hurry.") % {
            "zone": person.time_zone.replace("_", " ")
        }

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean_topics(self) -> list[str]:
        return topics_of(self.cleaned_data["topics"])

    def clean_audience(self) -> str:
        return str(self.cleaned_data["audience"] or Question.Audience.EVERYBODY)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "programme" not in self.fields:
            given["programme"] = self.programmes[0] if self.programmes else None
        if given.get("audience") == Question.Audience.PROGRAMME and not given.get("programme"):
            self.add_error("audience", _("Choose the programme as well, or ask any fitting mentor."))
        return given


def topics_of(text: str) -> list[str]:
    """Return topics from words with commas between, each once. Raises ValidationError where there are too many."""
    found = {topic.casefold(): topic for part in text.replace(";", ",").split(",") if (topic := one_line(part))}
    topics = list(found.values())
    if len(topics) > MOST_TOPICS:
        raise forms.ValidationError(_("Give eight topics at most."))
    if any(len(topic) > LONGEST_TOPIC for topic in topics):
        raise forms.ValidationError(_("Keep each topic to 60 characters; the rest belongs into the question."))
    return topics


def initial_of(question: Question) -> dict[str, Any]:
    """Return a draft as the form shows it."""
    zone = ZoneInfo(question.mentee.time_zone) if question.mentee else timezone.get_current_timezone()
    return {
        "text": question.text,
        "time_box": question.time_box,
        "medium": question.medium,
        "topics": ", ".join(question.topics),
        "language": question.language,
        "audience": question.audience,
        "programme": question.programme_id,
        "is_anonymous": question.is_anonymous,
        "answer_by": question.answer_by.astimezone(zone) if question.answer_by else None,
    }


def _with_hint(medium: Medium) -> str:
    return format_html("<b>{}</b><small>{}</small>", medium.label, MEDIUM_HINTS[medium])


class AnswerForm(forms.Form):
    """The words of an answer that others may read: its mentor's."""

    text = WordsField(
        label=gettext_lazy("The answer, in your words"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 8000, "dir": "auto"}),
        help_text=gettext_lazy("For somebody with the same question. Leave out what points at the one who asked."),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(_("Write the answer first."))
        return text
