"""What a load balancer and `momentor doctor` are told."""

import httpx

from tests.live_server import WebProcess

pytest_plugins = ["tests.live_fixtures"]


def test_a_site_with_all_it_needs_is_alive_and_ready(site: WebProcess) -> None:
    assert httpx.get(f"{site.url}/healthz").json() == {"status": "alive"}
    assert httpx.get(f"{site.url}/readyz").json() == {"status": "ready", "wrong": []}


def test_a_site_without_its_database_is_alive_and_says_what_is_wrong(open_database: None) -> None:
    site = WebProcess(DATABASE_URL="postgresql://nobody@/nothing?host=/nonexistent")
    try:
        site.start(wait=False)
        _until_it_listens(site)

        ready = httpx.get(f"{site.url}/readyz", timeout=20)

        assert httpx.get(f"{site.url}/healthz").status_code == 200
        assert ready.status_code == 503
        assert [wrong["part"] for wrong in ready.json()["wrong"]] == ["database", "bus"]
    finally:
        site.kill()


def _until_it_listens(site: WebProcess) -> None:
    import time

    for _ in range(400):
        try:
            httpx.get(f"{site.url}/healthz")
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the site did not start")
