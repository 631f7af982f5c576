"""What every domain's models stand on, and the event log."""

from typing import Any

from django.db import models

from momentor.foundation.ids import new_id
from momentor.foundation.tenancy import current_organisation_id


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A reference within one organisation.

    The database checks it together with the organisation (see tenant_table.py), so Django makes no constraint.
    """

    def __init__(self, to: Any, on_delete: Any = models.CASCADE, **options: Any) -> None:
        options.setdefault("related_name", "+")
        options["db_constraint"] = False
        super().__init__(to, on_delete, **options)


class TenantModel(models.Model):
    """A row that belongs to one organisation, and is never seen from another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        "people.Organisation",
        models.CASCADE,
        related_name="+",
        default=current_organisation_id,
        editable=False,
        db_index=False,  # it leads the primary key
    )

    class Meta:
        abstract = True


class EventRecord(TenantModel):
    """A fact that was announced: who did what and when, with ids and without anybody's words."""

    name = models.CharField(max_length=60)
    facts = models.JSONField()
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "name", "-at"], name="event_by_name"),
            models.Index(fields=["organisation", "-at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
