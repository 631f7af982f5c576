"""Browsers that agreed to be told."""

from django.db import models
from django.utils import timezone

from momentor.foundation.models import TenantModel
from momentor.people.models import Person


class PushSubscription(TenantModel):
    """One browser of one person, as the push service knows it (RFC 8030, RFC 8291)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    endpoint = models.URLField(max_length=500)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    label = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "endpoint"], name="one_subscription_a_browser")]
