"""Finding somebody.

| File | What people, time and others' facts do |
|---|---|
| `lists.py` | a shortlist is shown, and how it came about is kept |
| `searches.py` | the mentee starts, widens, turns into writing, stops |
| `offers.py` | a mentor accepts, passes, asks for a question |
| `rounds.py` | waves, what time does, and the steps down the ladder |
| `returns.py` | a question comes back, goes away, or two people part |
"""

from momentor.dispatch.actions.lists import ShownList, show_list
from momentor.dispatch.actions.offers import accept_offer, pass_offer, pull_question, see_offer
from momentor.dispatch.actions.refusals import (
    AlreadyInSession,
    NobodyChosen,
    NotAmongThem,
    NothingWaiting,
    NotSearching,
    OfferGone,
)
from momentor.dispatch.actions.returns import drop_question, part, search_again, take_offers_back, wait_for_choice
from momentor.dispatch.actions.rounds import (
    ANSWER_WITHIN,
    HELD_FOR,
    KEEPS_LOOKING,
    LOOKS_AGAIN_AFTER,
    SOON_LASTS,
    UNDECIDED,
    go_on,
    lapse_offer,
    leave_soon,
    look_after_promise,
    look_again,
)
from momentor.dispatch.actions.searches import start_search, stop_search, turn_into_writing, widen_search

__all__ = [
    "ANSWER_WITHIN",
    "HELD_FOR",
    "KEEPS_LOOKING",
    "LOOKS_AGAIN_AFTER",
    "SOON_LASTS",
    "UNDECIDED",
    "AlreadyInSession",
    "NobodyChosen",
    "NotAmongThem",
    "NotSearching",
    "NothingWaiting",
    "OfferGone",
    "ShownList",
    "accept_offer",
    "drop_question",
    "go_on",
    "lapse_offer",
    "leave_soon",
    "look_after_promise",
    "look_again",
    "part",
    "pass_offer",
    "pull_question",
    "search_again",
    "see_offer",
    "show_list",
    "start_search",
    "stop_search",
    "take_offers_back",
    "turn_into_writing",
    "wait_for_choice",
    "widen_search",
]
