"""What happens to people and to their place in an organisation."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationFounded(Event):
    """Somebody founded the organisation and coordinates it."""

    founder_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrganisationEdited(Event):
    """A coordinator changed the organisation's name, rules or ways in."""

    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonAskedToJoin(Event):
    """Somebody waits at the door until a coordinator decides."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonDeclined(Event):
    """A coordinator did not let somebody in."""

    person_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Event):
    """Somebody is a member from now on."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """Somebody left the organisation, was removed or suspended from it, or deleted the account."""

    person_id: UUID
    membership_id: UUID
    why: str  # "left", "removed", "suspended", "deleted"


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """The host of the site closed the account of a member, who keeps the place here until it is opened again."""

    person_id: UUID
    membership_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountReopened(Event):
    """The host of the site opened the account of a member again."""

    person_id: UUID
    membership_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonAgreedToConduct(Event):
    """Somebody agreed to the code of conduct and confirmed the minimum age."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProfileEdited(Event):
    """A member changed what others read about them."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorStarted(Event):
    """Somebody began to answer questions."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorStopped(Event):
    """Somebody answers questions no more."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorAvailable(Event):
    """Somebody switched "available now" on, for some minutes."""

    person_id: UUID
    membership_id: UUID
    minutes: int


@dataclass(frozen=True, kw_only=True)
class MentorUnavailable(Event):
    """Somebody switched "available now" off."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorPaused(Event):
    """A mentor is asked nothing until the pause ends."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorResumed(Event):
    """A mentor ended their pause."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class CoordinatorNamed(Event):
    """The host of the site, from the command line, let somebody coordinate the organisation."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Event):
    """A coordinator gave a member these roles and no others."""

    person_id: UUID
    by_id: UUID
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class InvitationMade(Event):
    """A coordinator made a link that lets people in."""

    invitation_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Event):
    """A coordinator made a link worthless."""

    invitation_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    """Somebody came in by a link."""

    invitation_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class GroupingStarted(Event):
    """A coordinator began to ask people which of some groups they count themselves to."""

    grouping_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class GroupingEnded(Event):
    """A coordinator asks it no more, and what people chose is gone."""

    grouping_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProgrammeStarted(Event):
    """A coordinator started a programme."""

    programme_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProgrammeEdited(Event):
    """A coordinator changed a programme's goal or rules."""

    programme_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonEnrolled(Event):
    """Somebody takes part in a programme from now on."""

    programme_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonWithdrawn(Event):
    """Somebody takes part in a programme no more."""

    programme_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class WishSaid(Event):
    """Somebody in a programme said that they would like a mentor of their own, or that they would not."""

    programme_id: UUID
    person_id: UUID
    wants_mentor: bool


@dataclass(frozen=True, kw_only=True)
class PlacesOffered(Event):
    """A mentor in a programme said how many mentees they take at most; without a number, as many as is usual there."""

    programme_id: UUID
    person_id: UUID
    places: int | None
