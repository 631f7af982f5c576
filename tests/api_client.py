"""Programs that speak to the API: one with a token, one in a browser's session."""

import json
from typing import Any

from django.utils import timezone

from momentor.api.tokens import make_token
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.cast import PageClient, client_of

Json = dict[str, Any]


class Program:
    """Somebody's program: says who it is by a token, or by a session."""

    def __init__(self, organisation: Organisation, person: Person | None, *, by_token: bool = True) -> None:
        self.base = f"/at/{organisation.slug}/api/v1"
        self.person = person
        self.headers: dict[str, str] = {}
        self.client = PageClient()
        if person is not None and by_token:
            self.headers["Authorization"] = f"Bearer {token_of(person, organisation)}"
        elif person is not None:
            self.client = client_of(person)  # type: ignore[assignment]  # it returns a PageClient

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send a request, with a body as JSON where there is one, and return the reply as it is."""
        sent: dict[str, Any] = {
            "headers": self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        }
        if body is not None:
            sent["data"] = body if isinstance(body, (str, bytes)) else json.dumps(body)
            sent["content_type"] = "application/json"
        address = path if path.startswith("/at/") else self.base + path
        return self.client.generic(method, address, **sent)

    def get(self, path: str) -> Any:
        return self._read("GET", path)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self._read("POST", path, body, **headers)

    def put(self, path: str, body: object = None) -> Any:
        return self._read("PUT", path, body)

    def patch(self, path: str, body: object = None) -> Any:
        return self._read("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self._read("DELETE", path)

    def refused(
        self, method: str, path: str, body: object = None, *, status: int, code: str = "", **headers: str
    ) -> Json:
        """Send a request that must be refused, look at the form of the no, and return it."""
        response = self.ask(method, path, body, **headers)
        found: Json = problem_in(response)
        assert (response.status_code, found["code"]) == (status, code or found["code"]), found
        return found

    def _read(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        response = self.ask(method, path, body, **headers)
        assert response.status_code in (200, 201, 204), (method, path, response.status_code, response.content[:2000])
        return json.loads(response.content) if response.content else None


def token_of(person: Person, organisation: Organisation, *, days: int = 30) -> str:
    """Make a token as the page does, and return its secret."""
    with acting_in(organisation.pk, person_id=person.pk):
        _token, secret = make_token(by=person, name="a test", days=days, now=timezone.now())
    return secret


def problem_in(response: Any) -> Json:
    """Return the problem document in a reply, which has the form that the description promises."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content[:500]
    found: Json = json.loads(response.content)
    assert set(found) - {"errors"} == {"type", "title", "status", "detail", "code"}
    assert found["status"] == response.status_code
    assert found["detail"]
    assert "Traceback" not in response.content.decode()
    return found
