"""What happens to people and to their place in an organisation."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationFounded(Event):
    founder_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrganisationEdited(Event):
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonAskedToJoin(Event):
    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonDeclined(Event):
    """A coordinator did not let somebody in."""

    person_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Event):
    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """Somebody left the organisation, was removed or suspended from it, or deleted the account."""

    person_id: UUID
    membership_id: UUID
    why: str  # "left", "removed", "suspended", "deleted"


@dataclass(frozen=True, kw_only=True)
class PersonAgreedToConduct(Event):
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProfileEdited(Event):
    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorStarted(Event):
    """Somebody began to answer questions."""

    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorStopped(Event):
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
    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorPaused(Event):
    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorResumed(Event):
    person_id: UUID
    membership_id: UUID


@dataclass(frozen=True, kw_only=True)
class CoordinatorNamed(Event):
    """The host of the site, from the command line, let somebody coordinate the organisation."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Event):
    person_id: UUID
    by_id: UUID
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class InvitationMade(Event):
    invitation_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Event):
    invitation_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    invitation_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProgrammeStarted(Event):
    programme_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProgrammeEdited(Event):
    programme_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonEnrolled(Event):
    programme_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonWithdrawn(Event):
    programme_id: UUID
    person_id: UUID
