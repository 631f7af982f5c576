"""How the product moves: what follows what."""

from momentor.asking.events import QuestionWithdrawn
from momentor.dispatch import listeners as dispatch
from momentor.foundation.events import Event, Listener
from momentor.trust.events import PersonBlocked
from momentor.scheduling import listeners as scheduling
from momentor.sessions import listeners as sessions
from momentor.sessions.events import SessionReturned

WHEN: dict[type[Event], list[Listener]] = {
    QuestionWithdrawn: [dispatch.forget_question, sessions.close_room, scheduling.give_slot_back],
    PersonBlocked: [dispatch.keep_apart, sessions.end_between, scheduling.cancel_between],
    SessionReturned: [dispatch.look_for_another],
}
