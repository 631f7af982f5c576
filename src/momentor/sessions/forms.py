"""The shapes of what a room's page sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from momentor.sessions.models import EXTENSIONS, LONGEST_MESSAGE, Message

WRITTEN = (Message.Kind.TEXT, Message.Kind.EDIT, Message.Kind.DELETION)


class MessageForm(forms.Form):
    """One thing to say, with or without a file, or a change of one's own message."""

    # The action cleans and refuses: the words must come through as they were typed.
    body = forms.CharField(label=_("Message"), required=False, strip=False, max_length=4 * LONGEST_MESSAGE)
    cid = forms.CharField(max_length=64)
    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in WRITTEN], required=False)
    about = forms.IntegerField(min_value=1, required=False)
    file = forms.FileField(label=_("File"), required=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Message.Kind.TEXT.value


class ItemForm(MessageForm):
    """One message of a list that a page kept while it was away from us."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.value) for kind in (*WRITTEN, Message.Kind.FILE)], required=False
    )
    upload = forms.UUIDField(required=False)
    file = None  # type: ignore[assignment]  # how Django forms drop a field


class ExtensionForm(forms.Form):
    """How many more minutes."""

    minutes = forms.TypedChoiceField(choices=[(minutes, minutes) for minutes in EXTENSIONS], coerce=int)


class FileForm(forms.Form):
    """A file by itself, for a page that shows it in a message of its own."""

    file = forms.FileField(allow_empty_file=True, max_length=255)
