"""Keys for programs, and what they already asked for."""

from django.db import models
from django.utils import timezone

from momentor.foundation.models import TenantModel
from momentor.people.models import Person


class ApiToken(TenantModel):
    """A key with which a program acts as one person in one organisation; only its hash is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class RememberedReply(TenantModel):
    """The reply to a request that carried an Idempotency-Key, given again when the key comes again."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "key"], name="one_reply_a_key")]
