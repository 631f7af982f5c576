"""Who is told what, and how they want to be told."""

from typing import Self

from django.db import models
from django.utils import timezone

from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.people.models import Person


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(TenantModel):
    """Something a person should know: a kind from notices/kinds.py, and the ids its sentence is made from."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    # Keeps a listener that runs twice from telling twice.
    once = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "once"], name="told_once")]
        indexes = [
            models.Index(fields=["organisation", "person", "read_at", "-made_at"], name="notice_by_person"),
            # What is over is looked up by its kind among the unread, and then by its facts: under row-level security
            # no index on what stands inside JSON would be used.
            models.Index(fields=["organisation", "kind"], condition=models.Q(read_at=None), name="notice_unread"),
        ]


class Delivery(TenantModel):
    """One notice on its way through one channel: mail or push."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        DROPPED = "dropped"

    notice = TenantForeignKey(Notice)
    channel = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    why = models.CharField(max_length=200, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "notice", "channel"], name="one_delivery_a_channel")
        ]


class Preference(TenantModel):
    """A person's wish not to get one kind of notice through one channel."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=12)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person", "kind", "channel"], name="one_wish_a_kind")
        ]
