"""What of a conversation stays, shown beside it."""

from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from momentor.learning.forms import TakeawayForm, ThanksForm
from momentor.learning.queries import after_session as kept
from momentor.learning.views import feedback_form
from momentor.people.models import Person
from momentor.sessions.models import Session

register = template.Library()


@register.inclusion_tag("learning/parts/after_session.html", takes_context=True)
def after_session(context: Any, session: Session, person: Person, is_ending: bool) -> dict[str, Any]:  # noqa: FBT001 - template tags have no keywords of their own
    """Show the takeaway card and its form; after the end also feedback and thanks."""
    after = kept(session, person)
    today = timezone.now().astimezone(ZoneInfo(session.mentee.time_zone if session.mentee else "UTC")).date()
    # A question that went back is no conversation to take something along from.
    is_held = session.state != Session.State.RETURNED
    asks_feedback = session.is_over and is_held and after.feedback is None
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "after": after,
        "session": session,
        "other": session.other_than(person),
        "is_held": is_held,
        "is_ending": is_ending,
        "form": TakeawayForm(today=today, takeaway=after.takeaway, auto_id="takeaway_%s"),
        "feedback_form": feedback_form(session, person, None) if asks_feedback else None,
        "thanks_form": ThanksForm(auto_id="thanks_%s")
        if session.is_over and is_held and after.is_mentee and not after.thanks and session.mentor
        else None,
    }
