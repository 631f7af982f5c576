"""What web push does when others' facts arrive."""

from momentor.integrations.webpush.models import PushSubscription
from momentor.people.events import PersonLeft


def forget_browsers_of(event: PersonLeft) -> None:
    """Forget the browsers of somebody who left."""
    PushSubscription.objects.filter(person=event.person_id).delete()
