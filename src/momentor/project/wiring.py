"""How the product moves: what follows what."""

from momentor.asking.events import QuestionWithdrawn
from momentor.dispatch import listeners as dispatch
from momentor.foundation.events import Event, Listener
from momentor.people.export import EXPORTERS
from momentor.people.export import exported as exported_profile
from momentor.people.retention import FORGETTERS, forget_people_rows
from momentor.scheduling import listeners as scheduling
from momentor.scheduling.events import BookingCancelled, SlotBooked
from momentor.sessions import listeners as sessions
from momentor.sessions.events import SessionReturned
from momentor.trust.events import PersonBlocked
from momentor.trust.export import exported as exported_reports
from momentor.trust.export import forget_reports

WHEN: dict[type[Event], list[Listener]] = {
    QuestionWithdrawn: [dispatch.forget_question, sessions.close_room, scheduling.give_slot_back],
    PersonBlocked: [dispatch.keep_apart, sessions.end_between, scheduling.cancel_between],
    SessionReturned: [dispatch.look_for_another],
    SlotBooked: [dispatch.stop_looking],
    BookingCancelled: [dispatch.let_choose_again],
}

# What a person takes along, one domain after the other (people/export.py).
EXPORTERS += [exported_profile, exported_reports]

# What each domain removes when it is older than the organisation keeps it (people/retention.py).
FORGETTERS += [forget_people_rows, forget_reports]
