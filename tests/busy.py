"""People who ask, claim and withdraw without a pause, and who tell what was promised to them.

Run by test_faults_under_load.py as a process of its own: `python -m tests.busy DATA`. After each commit it prints what
the person was told: `claimed QUESTION SESSION` or `withdrawn QUESTION`. It goes on while databases come and go, until
its standard input is closed.
"""

import itertools
import select
import sys
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from momentor.console.site import Site


def main(data: str) -> None:
    Site(data).enter()
    import django

    django.setup()
    from django.db import Error, connection

    from momentor.demo.load import demo_id

    organisation_id = demo_id("organisation", "workshop")
    for turn in itertools.count():
        if select.select([sys.stdin], [], [], 0)[0]:
            return
        try:
            sys.stdout.write(" ".join(map(str, one_story(organisation_id, turn))) + "\n")
            sys.stdout.flush()
        except Error:
            # The database is away: what was not printed was not promised.
            connection.close()
            time.sleep(0.05)


def one_story(organisation_id: UUID, turn: int) -> tuple[Any, ...]:
    """Ask a question, and either let somebody accept it or withdraw it; return what is promised."""
    from momentor.asking.actions import draft_question, withdraw_question
    from momentor.dispatch.actions import accept_offer, start_search
    from momentor.dispatch.models import Offer
    from momentor.foundation.tenancy import acting_in
    from momentor.people.models import Membership

    now = datetime.now(UTC)
    with acting_in(organisation_id):
        mentees = list(Membership.objects.active().select_related("person").order_by("pk"))
        mentee = mentees[turn % len(mentees)].person
    with acting_in(organisation_id, person_id=mentee.pk):
        question = draft_question(by=mentee, text=f"How do I weld a thin pipe overhead, number {turn}?", now=now)
        start_search(question=question, by=mentee, now=now, in_writing=True)
    if turn % 2 == 0:
        with acting_in(organisation_id):
            offer = Offer.objects.waiting().filter(question=question).select_related("mentor").order_by("pk").first()
            if offer is not None:
                session = accept_offer(offer=offer, by=offer.mentor, now=now)
                promise = ("claimed", question.pk, session.pk)
        if offer is not None:
            return promise
    with acting_in(organisation_id, person_id=mentee.pk):
        withdraw_question(question=question, by=mentee, now=now)
    return "withdrawn", question.pk


if __name__ == "__main__":
    main(sys.argv[1])
