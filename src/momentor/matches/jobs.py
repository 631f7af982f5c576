"""What is worked out for coordinators, beside everything else."""

from uuid import UUID

from django.utils import timezone

from momentor.foundation.jobs import job_in_steps
from momentor.matches.working import work_out


@job_in_steps
def make_preview(*, organisation_id: UUID, preview_id: str) -> None:
    """Work out what matching everybody in a programme would come to."""
    work_out(preview_id=UUID(preview_id), organisation_id=organisation_id, now=timezone.now())
