"""The API put together: which domain answers where."""

from momentor.api.door import Api, StrictParser
from momentor.asking import api as asking
from momentor.dispatch import api as dispatch
from momentor.learning import api as learning
from momentor.matches import api as matches
from momentor.notices import api as notices
from momentor.people import api as people
from momentor.scheduling import api as scheduling
from momentor.sessions import api as sessions
from momentor.trust import api as trust

api = Api(
    title="Momentor", version="1", openapi_url=None, docs_url=None, parser=StrictParser(), urls_namespace="api-v1"
)

for place, router in (
    ("/me", people.me_router),
    ("/me", scheduling.hours),
    ("/people", people.people_router),
    ("/people", scheduling.slots),
    ("/programmes", asking.programmes),
    ("/programmes", matches.parts),
    ("/matches", matches.matches),
    ("/coach", dispatch.coach_router),
    ("/answers", dispatch.answers),
    ("/answers", asking.answers),
    ("/questions", asking.router),
    ("/questions", dispatch.questions),
    ("/offers", dispatch.offers),
    ("/pulls", dispatch.pulls),
    ("/bookings", scheduling.bookings),
    ("/sessions", sessions.router),
    ("/sessions", learning.router),
    ("/takeaways", learning.takeaways),
    ("/nudges", learning.nudges),
    ("/notices", notices.router),
    ("/blocks", trust.blocks),
    ("/reports", trust.reports),
):
    api.add_router(place, router)
