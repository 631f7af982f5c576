"""The site as it is served, with one page more: a line of text for a signed-in member, behind the same middleware.

Against it the other pages are measured: what it costs is what every page costs before it does anything.
"""

from django.http import HttpResponse
from django.urls import include, path

from momentor.people.gates import MemberRequest, for_members

ONE_LINE = "one-line/"


@for_members
def one_line(request: MemberRequest) -> HttpResponse:
    """Greet a member."""
    return HttpResponse(f"Hello, {request.user.name}.\n", content_type="text/plain")


urlpatterns = [path(ONE_LINE, one_line, name="one_line"), path("", include("momentor.project.urls"))]
