"""What the API forgets by the clock."""

from django.utils import timezone

from momentor.api.remembering import forget_replies
from momentor.foundation.jobs import every


@every("41 * * * *")
def forget_old_replies() -> None:
    """Remove replies that were kept for a second asking, a day after the first."""
    forget_replies(now=timezone.now())
