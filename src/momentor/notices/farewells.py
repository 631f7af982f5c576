"""A plain mail to somebody who was not let in, or is no longer here: notices reach members alone."""

from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from momentor.foundation.addresses import address_in
from momentor.foundation.tenancy import current_organisation_id
from momentor.integrations.email.letters import Letter, Undeliverable, send
from momentor.people.models import Membership, Organisation

DECLINED, REMOVED, SUSPENDED = "declined", "removed", "suspended"


def say_farewell(*, person_id: UUID, why: str, reference: str) -> None:
    """Mail somebody that they were not let in, were removed, or were suspended; not if they are back meanwhile.

    Raises TryAgainLater when the mail server is not there at the moment.
    """
    gone = Membership.objects.here().filter(person_id=person_id).select_related("person").first()
    if gone is None or gone.state in (Membership.State.ACTIVE, Membership.State.ASKED):
        return
    person, organisation = gone.person, Organisation.objects.get(pk=current_organisation_id())
    if not person.is_claimed or not person.email:
        return
    with translation.override(person.locale or settings.LANGUAGE_CODE):
        subject, lines = _words(why, organisation.name)
        door = (_("See its page"), address_in(organisation, "people:door"))
        letter = Letter(
            to=person.email,
            person_is_demo=person.is_demo,
            subject=subject,
            greeting=_("Hello %(name)s,") % {"name": person},
            lines=lines,
            buttons=[] if why == SUSPENDED else [door],
            place=organisation.name,
            reference=reference,
        )
        try:
            send(letter)
        except Undeliverable:
            return  # there is no other way to them


def _words(why: str, place: str) -> tuple[str, tuple[str, ...]]:
    """Return the subject and the lines of a mail."""
    what_goes = _(
        "Your profile there is deleted, your open questions are withdrawn and bookings cancelled. What was said in"
        " conversations stays with those you talked with. Your account stays."
    )
    subject, happened, onward = {
        DECLINED: (
            _("%(place)s did not let you in"),
            _("A coordinator of %(place)s has looked at your wish to join and did not let you in this time."),
            _("You may ask again, or ask somebody who is there for an invitation."),
        ),
        REMOVED: (
            _("You are no longer a member of %(place)s"),
            _("A coordinator has taken you out of %(place)s."),
            _("If you think that this is wrong, talk to somebody there. You may come back as you came before."),
        ),
        SUSPENDED: (
            _("You were suspended from %(place)s"),
            _("After a report, a moderator has suspended you from %(place)s."),
            _("You cannot come back until a coordinator lets you. If you think that this is wrong, write to one."),
        ),
    }[why]
    lines = (happened, onward) if why == DECLINED else (happened, what_goes, onward)
    return subject % {"place": place}, tuple(line % {"place": place} for line in lines)
