"""Why a search or an offer cannot go on."""

from django.utils.translation import gettext_lazy as _

from momentor.foundation.refusals import Refusal


class OfferGone(Refusal):
    message = _("Somebody else has taken this question, or it is no longer needed. Thank you for looking.")


class AlreadyInSession(Refusal):
    message = _("You are in a conversation right now. Finish it, then take the next question.")


class NotSearching(Refusal):
    message = _("There is no search running for this question. Reload the page to see where it stands.")


class NobodyChosen(Refusal):
    message = _("Choose at least one mentor, or “whoever is first”.")
    status = 422


class NotAmongThem(Refusal):
    message = _("One of those you chose cannot be asked any more. Please choose again from the list.")
    status = 422


class NothingWaiting(Refusal):
    message = _("No question is waiting that fits you right now. A new one may come at any time.")
    status = 404
