"""How the product moves: what follows what."""

from momentor.api import listeners as api
from momentor.api.export import exported as exported_tokens
from momentor.asking import listeners as asking
from momentor.asking.events import GapNoticed, QuestionAsked, QuestionWithdrawn, ShowingAgreed
from momentor.asking.export import exported as exported_questions
from momentor.asking.reporting import reported_answer
from momentor.asking.samples import shown_questions
from momentor.dispatch import listeners as dispatch
from momentor.dispatch.events import ChoiceLapsed, OfferAccepted, OfferLapsed, OfferMade, OfferPassed, SearchEmpty
from momentor.dispatch.export import exported as exported_offers
from momentor.dispatch.keeping import forget_offers
from momentor.dispatch.reporting import reported_question
from momentor.foundation.events import Event, Listener
from momentor.integrations.webpush import listeners as webpush
from momentor.learning.events import MentorThanked, NudgeDue, OutcomeTold
from momentor.learning.keeping import exported as exported_takeaways
from momentor.learning.reporting import reported_takeaway, reported_thanks
from momentor.matches import listeners as matches
from momentor.matches.events import MatchEnded, PreviewConfirmed, PreviewReady
from momentor.matches.keeping import exported as exported_matches
from momentor.matches.keeping import forget_matches
from momentor.notices import listeners as notices
from momentor.notices.keeping import exported as exported_notices
from momentor.notices.keeping import forget_notices
from momentor.people.events import (
    AccountClosed,
    PersonAskedToJoin,
    PersonDeclined,
    PersonEnrolled,
    PersonJoined,
    PersonLeft,
    PersonWithdrawn,
    WishSaid,
)
from momentor.people.export import EXPORTERS
from momentor.people.export import exported as exported_profile
from momentor.people.retention import FORGETTERS, forget_people_rows
from momentor.people.samples import SOURCES
from momentor.scheduling import listeners as scheduling
from momentor.scheduling.events import BookingCancelled, BookingDue, SlotBooked
from momentor.scheduling.export import exported as exported_bookings
from momentor.scheduling.keeping import forget_bookings
from momentor.sessions import listeners as sessions
from momentor.sessions.events import MovePassed, SessionEnded, SessionReturned
from momentor.sessions.keeping import exported as exported_sessions
from momentor.sessions.keeping import forget_conversations, forget_questions
from momentor.sessions.reporting import reported_message, reported_session
from momentor.trust.events import PersonBlocked, ReportClosed, ReportMade
from momentor.trust.export import exported as exported_reports
from momentor.trust.export import forget_reports
from momentor.trust.subjects import SUBJECTS

WHEN: dict[type[Event], list[Listener]] = {
    QuestionAsked: [dispatch.read_what_it_means],
    QuestionWithdrawn: [
        dispatch.forget_question,
        sessions.close_room,
        scheduling.give_slot_back,
        notices.forget_question,
    ],
    GapNoticed: [notices.tell_of_gap],
    ShowingAgreed: [notices.tell_other_of_wish_to_show],
    OfferMade: [notices.tell_mentor_of_offer],
    OfferAccepted: [notices.tell_mentee_of_claim],
    OfferPassed: [notices.forget_offer],
    OfferLapsed: [notices.forget_offer],
    SearchEmpty: [notices.tell_mentee_of_empty_search],
    ChoiceLapsed: [notices.tell_mentee_of_lapsed_choice],
    SlotBooked: [dispatch.stop_looking, notices.tell_mentor_of_booking],
    BookingCancelled: [dispatch.let_choose_again, notices.tell_other_of_cancellation],
    BookingDue: [notices.tell_both_of_open_room],
    SessionReturned: [dispatch.look_for_another, notices.tell_both_of_return],
    SessionEnded: [notices.stop_calling],
    MovePassed: [notices.tell_whose_move],
    NudgeDue: [notices.tell_mentee_of_nudge],
    OutcomeTold: [notices.tell_mentor_of_outcome],
    MentorThanked: [notices.tell_mentor_of_thanks],
    PersonAskedToJoin: [notices.tell_coordinators_who_asks],
    PersonJoined: [notices.tell_person_let_in],
    PersonDeclined: [notices.write_to_declined],
    PersonLeft: [
        asking.withdraw_questions_of,
        asking.forget_who_left,
        dispatch.ask_others_instead,
        dispatch.forget_signals_of,
        scheduling.cancel_bookings_of,
        sessions.end_all_of,
        matches.end_all_of,
        webpush.forget_browsers_of,
        api.forget_keys_of,
        notices.write_to_removed,
    ],
    AccountClosed: [
        asking.withdraw_questions_of,
        asking.forget_who_left,
        dispatch.ask_others_instead,
        scheduling.cancel_bookings_of,
        sessions.end_all_of,
        matches.end_all_of,
        webpush.forget_browsers_of,
        api.forget_keys_of,
    ],
    PersonEnrolled: [notices.ask_about_a_mentor],
    WishSaid: [notices.stop_asking],
    PersonWithdrawn: [matches.end_in_programme],
    PersonBlocked: [
        asking.forget_each_other,
        dispatch.keep_apart,
        sessions.end_between,
        scheduling.cancel_between,
        matches.part_the_two,
    ],
    PreviewReady: [notices.tell_coordinator_of_preview],
    PreviewConfirmed: [matches.part_who_may_not_meet, notices.tell_everybody_matched],
    MatchEnded: [notices.tell_other_of_end],
    ReportMade: [notices.tell_moderators_of_report],
    ReportClosed: [notices.tell_reporter_of_decision, notices.tell_person_of_warning],
}

# What a person takes along, one domain after the other (people/export.py).
EXPORTERS += [exported_profile, exported_questions, exported_offers, exported_bookings, exported_reports]
EXPORTERS += [exported_sessions, exported_takeaways, exported_matches, exported_notices, exported_tokens]

# What each domain removes when it is older than the organisation keeps it (people/retention.py).
FORGETTERS += [forget_people_rows, forget_reports, forget_conversations, forget_questions, forget_notices]
FORGETTERS += [forget_offers, forget_bookings, forget_matches]

# What people may report, beside a profile (trust/subjects.py).
SUBJECTS["question"] = reported_question
SUBJECTS["answer"] = reported_answer
SUBJECTS["session"] = reported_session
SUBJECTS["message"] = reported_message
SUBJECTS["takeaway"] = reported_takeaway
SUBJECTS["thanks"] = reported_thanks

# Which questions a new mentor is asked as a sample, beside the general ones (people/samples.py).
SOURCES.append(shown_questions)
