"""The pages of the site, by the person who meets them in a full life."""

from typing import Any

from momentor.foundation.tenancy import acting_in
from momentor.learning.links import token_of
from momentor.learning.models import Nudge
from momentor.notices.unsubscribing import token_for
from momentor.people.models import Organisation, Person
from tests.cast import membership_of, page
from tests.journeys.lives import Life


def pages_of(organisation: Organisation, life: Life, everybody: dict[str, Person]) -> dict[str, list[tuple[str, str]]]:
    """Return by person the pages that they meet, each with a name for its picture."""

    def at(name: str, *args: Any) -> str:
        return page(name, *args, organisation=organisation)

    with acting_in(organisation.pk):
        reply = token_of(Nudge(pk=life.nudge))
        enough = token_for(everybody["amina"], "nudge")
        member = membership_of(everybody["amina"], organisation)
    return {
        "amina": [
            ("home", at("web:home")),
            ("ask", at("asking:new")),
            ("edit-question", at("asking:edit", life.draft)),
            ("draft", at("asking:question", life.draft)),
            ("shortlist", at("dispatch:shortlist", life.draft)),
            ("own-list", at("dispatch:list", life.own_list)),
            ("slots", at("scheduling:slots", life.draft)),
            ("booking", at("scheduling:booking", life.booking)),
            ("questions", at("asking:questions")),
            ("conversations", at("sessions:sessions")),
            ("room-written", at("sessions:session", life.written)),
            ("room-over", at("sessions:session", life.ended)),
            ("takeaway", at("learning:takeaway", life.ended)),
            ("feedback", at("learning:feedback", life.ended)),
            ("plans", at("learning:plans")),
            ("nudge", at("learning:nudge", life.nudge)),
            ("nudge-by-mail", at("learning:reply_by_mail", reply)),
            ("unsubscribe", at("notices:unsubscribe", enough)),
            ("notices", at("notices:notices")),
            ("notice-settings", at("notices:preferences")),
            ("profile-of-ben", at("people:person", everybody["ben"].pk)),
            ("programme-of-mine", at("people:programme", life.programme)),
            ("matches", at("matches:matches")),
            ("match", at("matches:match", life.match)),
            ("own-profile", at("people:profile")),
            ("mentors", at("people:people")),
            ("settings", at("people:settings")),
            ("groups", at("people:groups")),
            ("export", at("people:export")),
            ("report", f"{at('trust:report')}?kind=session&id={life.ended}"),
            ("blocks", at("trust:blocks")),
            ("conduct-here", at("web:conduct")),
            ("leave", at("people:leave")),
            ("delete-account", at("people:delete")),
            ("organisations", at("people:organisations")),
            ("agreement", at("people:agreement")),
            ("tokens", at("api:tokens")),
            ("api", at("api:docs")),
            ("404-here", at("web:home") + "not/there/"),
            ("password", "/accounts/password/change/"),
            ("second-factor", "/accounts/2fa/"),
            ("addresses", "/accounts/email/"),
        ],
        "ben": [
            ("room-live", at("sessions:session", life.talking)),
            ("match-of-mentor", at("matches:match", life.match)),
            *([("answer-to-show", at("asking:answer", life.answer))] if life.answer else []),
        ],
        "emil": [
            ("brief", at("dispatch:offer", life.offer)),
            ("home-of-mentor", at("web:home")),
            ("desk", at("dispatch:desk")),
            ("hours", at("scheduling:hours")),
            ("bookings", at("scheduling:bookings")),
            ("outcomes", at("learning:outcomes")),
            ("edit-profile", at("people:edit")),
            ("welcome", at("people:welcome")),
            ("welcome-languages", at("people:welcome_step", "languages")),
            ("welcome-story", at("people:welcome_step", "story")),
            ("welcome-skills", at("people:welcome_step", "skills")),
            ("welcome-times", at("people:welcome_step", "times")),
            ("welcome-samples", at("people:welcome_step", "samples")),
        ],
        "dana": [
            ("search", at("dispatch:search", life.searching)),
            ("waiting", at("dispatch:search", life.waiting)),
            ("reports", at("trust:queue")),
            ("report-to-decide", at("trust:decide", life.report)),
            ("members", at("people:members")),
            ("member", at("people:member", member.pk)),
            ("gaps", at("asking:gaps")),
            ("how-talks-went", at("learning:how_it_went")),
            ("fairness", at("learning:fairness")),
            ("lists", at("dispatch:lists")),
            ("list", at("dispatch:list", life.wave)),
            ("groupings", at("people:groupings")),
            ("organisation", at("people:organisation")),
            ("invitations", at("people:invitations")),
            ("programmes", at("people:programmes")),
            ("programme", at("people:programme", life.programme)),
            ("matching", at("matches:matching", life.programme)),
            ("preview", at("matches:preview", life.preview)),
            ("preview-left", at("matches:preview", life.preview) + "?show=left"),
            ("preview-loads", at("matches:preview", life.preview) + "?show=loads"),
            ("preview-weights", at("matches:preview", life.preview) + "?show=weights"),
            ("matches-of-programme", at("matches:programme", life.programme)),
            ("approvals", at("people:approvals")),
        ],
    }
