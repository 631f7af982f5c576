"""Carrying a notice to somebody who is not looking."""

from uuid import UUID

from django.utils import timezone

from momentor.foundation import jobs
from momentor.notices.delivering import deliver_one, give_up_on_old
from momentor.notices.farewells import say_farewell
from momentor.notices.matched import tell_of_matches


@jobs.job
def deliver(*, delivery_id: UUID) -> None:
    """Send one notice through one channel, if it still matters and is still wanted."""
    deliver_one(delivery_id=delivery_id, now=timezone.now())


@jobs.job
def mail_farewell(*, person_id: UUID, why: str, reference: str) -> None:
    """Tell somebody by mail who is not, or no longer, here."""
    say_farewell(person_id=person_id, why=why, reference=reference)


@jobs.job
def tell_some_matched(*, match_ids: list[str]) -> None:
    """Tell both of each of these pairs that they are matched."""
    tell_of_matches(match_ids=[UUID(match_id) for match_id in match_ids], now=timezone.now())


@jobs.every("23 * * * *")
def forget_undeliverable() -> None:
    """Write off what could not be delivered within a day."""
    give_up_on_old(now=timezone.now())
