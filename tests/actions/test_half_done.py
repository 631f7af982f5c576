"""A page that breaks in the middle leaves nothing half done."""

from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.cast import NOW, client_of


def breaks_in_the_middle(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    draft_question(by=request.user, text="How do I weld thin pipes?", now=NOW)
    raise ZeroDivisionError


urlpatterns = [path("breaks/", breaks_in_the_middle), path("", include("momentor.project.urls"))]


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_breaks_takes_back_what_it_did(amina: Person, organisation: Organisation) -> None:
    browser = client_of(amina)
    browser.raise_request_exception = False

    answer = browser.get(f"/at/{organisation.slug}/breaks/")

    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.content.decode()
    with acting_in(organisation.pk):
        assert not Question.objects.exists()
