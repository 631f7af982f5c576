"""What becomes of matches when others' facts arrive."""

from momentor.matches.actions import forget_wishes_of, part, part_all_of
from momentor.matches.events import PreviewConfirmed
from momentor.matches.models import Preview, Wish
from momentor.matches.queries import who_may_not_meet
from momentor.people.events import AccountClosed, PersonLeft, PersonWithdrawn
from momentor.trust.events import PersonBlocked


def part_who_may_not_meet(event: PreviewConfirmed) -> None:
    """End at once the matches of those who blocked each other, or left the programme, while it was being confirmed."""
    preview = Preview.objects.select_related("programme").get(pk=event.preview_id)
    for match in who_may_not_meet(preview):
        part(pairs=[(match.mentee_id, match.mentor_id)], by_id=match.mentee_id, now=event.at)


def part_the_two(event: PersonBlocked) -> None:
    """End the matches between two of whom one keeps the other away, and forget what they wished of each other."""
    pair = (event.by_id, event.about_id)
    part(pairs=[pair], by_id=event.by_id, now=event.at)
    Wish.objects.filter(by__in=pair, about__in=pair).delete()


def end_all_of(event: PersonLeft | AccountClosed) -> None:
    """End the matches of somebody who left, or whose account was closed."""
    part_all_of(person_id=event.person_id, now=event.at)
    forget_wishes_of(person_id=event.person_id)


def end_in_programme(event: PersonWithdrawn) -> None:
    """End the matches that somebody had in a programme they no longer take part in."""
    part_all_of(person_id=event.person_id, programme_id=event.programme_id, now=event.at)
    forget_wishes_of(person_id=event.person_id, programme_id=event.programme_id)
