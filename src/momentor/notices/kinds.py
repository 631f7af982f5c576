"""Every kind of notice: its sentence, where it leads, how it may reach somebody, and how much it hurries.

A new kind is a new line here, a listener that tells it, and a line in docs/how-to/notices.md.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAIL = "mail"
PUSH = "push"
CHANNELS = {MAIL: _("Mail"), PUSH: _("Devices")}
SOON = timedelta(minutes=3)
NOW = timedelta(0)

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice. `who` in a sentence is the name of the person in the notice's facts."""

    name: str
    label: Words  # in the list of preferences
    sentence: Words
    action: Words  # what the button of the mail says
    page: str  # the name of the address it leads to
    about: str = ""  # the fact that the address needs
    icon: str = "bell"
    by: frozenset[str] = frozenset({MAIL, PUSH})  # the channels it may take
    unless_asked: frozenset[str] = frozenset()  # those of them that are off until somebody wants them
    is_offer: bool = False
    is_urgent: bool = False
    mail_waits: timedelta = SOON  # who has read it meanwhile gets no mail


def _kind(name: str, label: Words, sentence: Words, action: Words, page: str, about: str = "", **more: object) -> Kind:
    return Kind(name=name, label=label, sentence=sentence, action=action, page=page, about=about, **more)  # type: ignore[arg-type]  # fields of a kind


ALL = (
    # To mentors
    _kind(
        "offer",
        _("A question for you, now"),
        _("A question for you: %(minutes)s minutes, now."),
        _("Read it"),
        "dispatch:offer",
        "offer",
        icon="answer",
        # A live offer is over before a mail is read.
        by=frozenset({PUSH}),
        is_offer=True,
        is_urgent=True,
    ),
    _kind(
        "offer_written",
        _("A question for you, to answer in writing"),
        _("A question for you, to answer in writing when you have time."),
        _("Read it"),
        "dispatch:offer",
        "offer",
        icon="answer",
        is_offer=True,
    ),
    _kind(
        "mentee_absent",
        _("The other did not come"),
        _("%(who)s did not come. You are free again; thank you for being there."),
        _("See the conversation"),
        "sessions:session",
        "session",
        icon="clock",
        by=frozenset({PUSH}),
    ),
    _kind(
        "you_were_absent",
        _("You did not come"),
        _("You did not come in time, so the question of %(who)s went to others."),
        _("See the conversation"),
        "sessions:session",
        "session",
        icon="clock",
    ),
    _kind(
        "outcome",
        _("What came of your advice"),
        _("%(who)s told what came of your conversation."),
        _("Read it"),
        "learning:outcomes",
        icon="heart",
    ),
    _kind("thanks", _("Thanks"), _("%(who)s thanks you."), _("Read it"), "learning:outcomes", icon="heart"),
    _kind(
        "asked_to_show",
        _("Somebody would like others to read your answer"),
        _("%(who)s would like others to read what you answered. You decide."),
        _("Read it and decide"),
        "asking:answer",
        "answer",
        icon="people",
    ),
    # To mentees
    _kind(
        "answer_to_show",
        _("Your mentor wrote an answer down for others"),
        _("%(who)s wrote your answer down for others. It is shown only if you agree."),
        _("Read it and decide"),
        "asking:answer",
        "answer",
        icon="people",
    ),
    _kind(
        "claimed",
        _("A mentor accepted and waits"),
        _("%(who)s accepted your question and is in the room."),
        _("Go to the room"),
        "sessions:session",
        "session",
        icon="talk",
        is_urgent=True,
        mail_waits=NOW,
    ),
    _kind(
        "claimed_written",
        _("A mentor accepted and will write"),
        _("%(who)s took your question and will answer in writing."),
        _("See the conversation"),
        "sessions:session",
        "session",
        icon="mail",
    ),
    _kind(
        "mentor_absent",
        _("Your mentor did not come"),
        _("%(who)s did not come. We are asking others right now."),
        _("See where it stands"),
        "asking:question",
        "question",
        icon="clock",
        is_urgent=True,
    ),
    _kind(
        "your_absence",
        _("You did not come"),
        _("You did not come in time, so your question goes on in writing."),
        _("See where it stands"),
        "asking:question",
        "question",
        icon="clock",
        mail_waits=NOW,
    ),
    _kind(
        "returned",
        _("Your question went back to the search"),
        _("%(who)s could not answer. We are asking others."),
        _("See where it stands"),
        "asking:question",
        "question",
        icon="undo",
    ),
    _kind(
        "search_empty",
        _("Nobody was free just now"),
        _("Nobody was free just now. Your question goes on; see how."),
        _("See where it stands"),
        "asking:question",
        "question",
        icon="search",
    ),
    _kind(
        "choice_lapsed",
        _("Your question goes on in writing"),
        _("A day has passed, so your question goes on in writing by itself."),
        _("See where it stands"),
        "asking:question",
        "question",
        icon="mail",
    ),
    _kind(
        "nobody_yet",
        _("Nobody here could answer yet"),
        _("Nobody here could take your question yet. It is not forgotten; see what happens next."),
        _("See where it stands"),
        "asking:question",
        "question",
        icon="search",
        mail_waits=NOW,
    ),
    _kind(
        "nudge",
        _("The day to look at your plan"),
        _("Today is the day to look at your plan."),
        _("What became of it?"),
        "learning:nudge",
        "nudge",
        icon="spark",
        mail_waits=NOW,
    ),
    # To both
    _kind(
        "your_move",
        _("Your move in a written conversation"),
        _("%(who)s wrote to you. It is your move."),
        _("Read and answer"),
        "sessions:session",
        "session",
        icon="edit",
    ),
    _kind(
        "booking",
        _("A time was booked"),
        _("%(who)s booked a time with you."),
        _("See the booking"),
        "scheduling:booking",
        "booking",
        icon="calendar",
        mail_waits=NOW,
    ),
    _kind(
        "booking_due",
        _("A booked time begins"),
        _("Your booked time with %(who)s begins. The room is open."),
        _("Go to the room"),
        "sessions:session",
        "session",
        icon="calendar",
        is_urgent=True,
        mail_waits=NOW,
    ),
    _kind(
        "cancelled",
        _("A booking was cancelled"),
        _("%(who)s cancelled the booked time."),
        _("See the booking"),
        "scheduling:booking",
        "booking",
        icon="calendar",
        mail_waits=NOW,
    ),
    _kind(
        "say_wish",
        _("A programme asks whether you would like a mentor"),
        _("A programme that you are in gives mentors. Would you like one?"),
        _("Say what for"),
        "people:programme",
        "programme",
        icon="heart",
    ),
    _kind(
        "your_mentor",
        _("You have a mentor"),
        _("%(who)s is your mentor from now on."),
        _("See how to begin"),
        "matches:match",
        "match",
        icon="heart",
        mail_waits=NOW,
    ),
    _kind(
        "your_mentee",
        _("You have a mentee"),
        _("%(who)s is your mentee from now on."),
        _("See who it is"),
        "matches:match",
        "match",
        icon="heart",
        mail_waits=NOW,
    ),
    _kind(
        "match_ended",
        _("A match was ended"),
        _("You and %(who)s are no longer matched."),
        _("See your matches"),
        "matches:matches",
        icon="people",
    ),
    _kind(
        "report_closed",
        _("A moderator decided on your report"),
        _("A moderator has looked at your report. Thank you for speaking up."),
        _("Go home"),
        "web:home",
        icon="flag",
    ),
    _kind(
        "warned",
        _("A moderator has a word for you"),
        _("A moderator has a word for you about what you wrote or did here."),
        _("Read it"),
        "trust:warning",
        "report",
        icon="flag",
        mail_waits=NOW,
    ),
    _kind(
        "joined",
        _("You were let in"),
        _("You are in. Welcome."),
        _("Begin"),
        "people:welcome",
        icon="people",
        mail_waits=NOW,
    ),
    # To those who look after the place
    _kind(
        "asked_to_join",
        _("Somebody asks to join"),
        _("%(who)s asks to join."),
        _("Decide"),
        "people:approvals",
        icon="people",
    ),
    _kind(
        "preview_ready",
        _("A preview is worked out"),
        _("What matching everybody would come to is worked out."),
        _("Look at it"),
        "matches:preview",
        "preview",
        icon="people",
    ),
    _kind(
        "gap",
        _("A question that nobody could take"),
        _("Nobody here could take a question. It shows what is missing."),
        _("See what is missing"),
        "asking:gaps",
        icon="search",
        unless_asked=frozenset({MAIL, PUSH}),
    ),
    _kind(
        "report_made",
        _("Somebody calls a moderator"),
        _("Somebody called a moderator."),
        _("See the reports"),
        "trust:queue",
        icon="flag",
        is_urgent=True,
        mail_waits=NOW,
    ),
)
KINDS = {kind.name: kind for kind in ALL}
FOR_COORDINATORS = frozenset({"asked_to_join", "preview_ready", "gap"})
FOR_MODERATORS = frozenset({"report_made"})
FOR_MENTORS = frozenset(
    {"offer", "offer_written", "mentee_absent", "you_were_absent", "outcome", "thanks", "asked_to_show", "your_mentee"}
)
