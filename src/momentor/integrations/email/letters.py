"""One mail to one person: plain text and HTML, and the headers that let mail programs end it with one click.

What is in it: who wrote or what waits, never what was asked or said. Where its program shows mails dark, it is dark.
"""

import smtplib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context, Engine
from django.utils.translation import get_language, get_language_bidi

from momentor.foundation.outgoing import TryAgainLater
from momentor.foundation.text import one_line

# Mail programs know no style sheets of ours, and our pages no inline styles: so this template stands by itself.
_HERE = Engine(
    dirs=[str(Path(__file__).parent)],
    libraries={"i18n": "django.templatetags.i18n"},
    builtins=["django.templatetags.i18n"],
)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Undeliverable(Exception):
    """This mail will never arrive: another try does not help."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says."""

    to: str
    subject: str
    greeting: str
    lines: tuple[str, ...]
    buttons: list[tuple[str, str]]  # words and whole address; the first is the main one
    place: str  # the organisation that it comes from
    unsubscribe: str = ""
    preferences: str = ""
    reference: str = ""
    person_is_demo: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def send(letter: Letter) -> None:
    """Hand a mail to the mail server. Raises Undeliverable, TryAgainLater."""
    try:
        validate_email(letter.to)
    except ValidationError as wrong:
        raise Undeliverable("no address that could be written to") from wrong
    if letter.person_is_demo and settings.EMAIL_BACKEND == SMTP:
        raise Undeliverable("a person of the demo gets no real mail")
    try:
        as_message(letter).send()
    except smtplib.SMTPRecipientsRefused as refused:
        raise _refused(refused) from None  # the error holds the address, which logs need not
    except smtplib.SMTPResponseException as refused:
        if refused.smtp_code // 100 == 5:
            raise Undeliverable(f"the mail server said {refused.smtp_code}") from None
        raise TryAgainLater(f"the mail server said {refused.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as trouble:
        raise TryAgainLater(f"the mail server cannot be reached: {type(trouble).__name__}") from trouble


def _refused(refused: smtplib.SMTPRecipientsRefused) -> Exception:
    codes = [code for code, _why in refused.recipients.values()]
    said = f"the mail server refused the address with {codes[0] if codes else 'no code'}"
    return Undeliverable(said) if all(code // 100 == 5 for code in codes) else TryAgainLater(said)


def as_message(letter: Letter) -> EmailMultiAlternatives:
    """Return a mail ready to be sent."""
    headers = {
        # Nobody's holiday answer shall come back (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **letter.headers,
    }
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.reference:
        # The same for every try, so that a mail sent twice can be told.
        headers["Message-ID"] = f"<{letter.reference}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
    page = Context({"letter": letter, "language": get_language(), "direction": "rtl" if get_language_bidi() else "ltr"})
    plain = _HERE.get_template("letter.txt").render(Context(page.flatten(), autoescape=False))
    message = EmailMultiAlternatives(
        # A line break in a name must not begin a header of its own.
        subject=one_line(letter.subject)[:150],
        body=plain,
        to=[letter.to],
        headers=headers,
    )
    message.attach_alternative(_HERE.get_template("letter.html").render(page), "text/html")
    return message
