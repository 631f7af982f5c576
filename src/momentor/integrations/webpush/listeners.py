"""What web push does when others' facts arrive."""

from momentor.integrations.webpush.models import PushSubscription
from momentor.people.events import AccountClosed, PersonLeft


def forget_browsers_of(event: PersonLeft | AccountClosed) -> None:
    """Forget the browsers of somebody who left, or whose account was closed."""
    PushSubscription.objects.filter(person=event.person_id).delete()
