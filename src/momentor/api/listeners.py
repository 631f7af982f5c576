"""What the API does when others' facts arrive."""

from momentor.api.models import ApiToken, RememberedReply
from momentor.people.events import AccountClosed, PersonLeft


def forget_keys_of(event: PersonLeft | AccountClosed) -> None:
    """Delete the keys of somebody who left, or whose account was closed: since then, none of them opened anything."""
    ApiToken.objects.filter(person=event.person_id).delete()
    RememberedReply.objects.filter(person=event.person_id).delete()
