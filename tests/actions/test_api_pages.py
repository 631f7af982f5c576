"""The pages around the API: its description, and where people make tokens and take them back."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from momentor.api.models import ApiToken
from momentor.api.reference import codes
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.api_client import Program
from tests.cast import client_of, page

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.fixture(autouse=True)
def plain_static_files(settings: object) -> None:
    """Show pages without the built front end."""
    settings.STORAGES = {  # type: ignore[attr-defined]  # pytest-django's settings take anything
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def test_the_description_that_is_served_is_the_one_that_is_kept(organisation: Organisation) -> None:
    served = client_of(None).get(f"/at/{organisation.slug}/api/v1/openapi.json")

    assert served["Content-Type"].startswith("application/json")
    kept = (DOCS / "openapi.json").read_bytes()
    assert json.loads(served.content) == json.loads(kept), "python -m momentor.api.kept writes it anew"


def test_every_code_of_a_refusal_is_in_the_reference(organisation: Organisation) -> None:
    text = (DOCS / "api.md").read_text()

    missing = [code for code, _status, _sentence in codes() if f"| `{code}` |" not in text]
    assert missing == [], "python -m momentor.api.kept writes it anew"


def test_anybody_reads_the_reference_and_it_asks_no_other_site(organisation: Organisation) -> None:
    shown = client_of(None).get(page("api:docs", organisation=organisation)).content.decode()

    assert "draft_question" in shown
    assert "TooManyOpenQuestions" in shown
    assert 'src="http' not in shown
    assert 'rel="stylesheet" href="http' not in shown


def test_a_token_is_shown_once_and_works_until_it_is_taken_back(organisation: Organisation, amina: Person) -> None:
    client = client_of(amina)
    place = page("api:tokens", organisation=organisation)

    made = client.post(place, {"name": "my calendar", "days": "30"})
    secret = made.context["secret"]
    program = Program(organisation, None)
    program.headers["Authorization"] = f"Bearer {secret}"
    me = program.get("/me")
    later = client.get(place).content.decode()
    with acting_in(organisation.pk):
        token = ApiToken.objects.get()
    client.post(page("api:revoke_token", token.pk, organisation=organisation))

    assert me["id"] == str(amina.pk)
    assert secret not in later
    assert "my calendar" in later
    assert secret not in token.token_hash
    assert made["Cache-Control"] == "no-store"
    program.refused("GET", "/me", status=401, code="NotSignedIn")


def test_a_token_of_somebody_else_cannot_be_taken_back(organisation: Organisation, amina: Person, ben: Person) -> None:
    Program(organisation, amina)
    with acting_in(organisation.pk):
        token = ApiToken.objects.get()

    response = client_of(ben).post(page("api:revoke_token", token.pk, organisation=organisation))

    with acting_in(organisation.pk):
        token.refresh_from_db()
    assert response.status_code == 404
    assert token.revoked_at is None


def test_nobody_keeps_more_than_twenty_tokens(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        ApiToken.objects.bulk_create(
            ApiToken(person=amina, name=str(number), token_hash=str(number), made_at=timezone.now())
            for number in range(20)
        )

    response = client_of(amina).post(page("api:tokens", organisation=organisation), {"name": "one more", "days": "7"})

    assert response.context["secret"] is None
    assert "You have 20 tokens" in response.content.decode()
