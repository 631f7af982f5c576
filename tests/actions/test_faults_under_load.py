"""Kill any process of a site while people use it: nothing that was promised is lost, and nothing is left behind."""

import subprocess
import sys
import time
from pathlib import Path

from tests.site_process import MANY, ROOT, SiteProcess, environment, eventually, free_port

pytest_plugins = ["tests.site_fixtures"]


def is_up(site: SiteProcess) -> None:
    eventually(lambda: site.get("/readyz") == 200)
    site.child("worker")


def test_while_the_web_process_is_away_visitors_wait_and_are_not_refused(demo_site: SiteProcess) -> None:
    before = demo_site.child("web")

    before.kill()
    before.wait(10)

    assert demo_site.get("/readyz") == 200
    assert demo_site.child("web").pid != before.pid


def test_whatever_is_killed_while_people_ask_and_claim_every_promise_is_kept(demo_site: SiteProcess) -> None:
    is_up(demo_site)
    promises = demo_site.data.parent / "promises"
    with promises.open("wb") as told:
        people = subprocess.Popen(
            [sys.executable, "-m", "tests.busy", str(demo_site.data)],
            cwd=ROOT,
            env={**environment(**MANY), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=told,
        )
    try:
        for kind in ("worker", "postgres", "web", "worker", "postgres"):
            wait_for_more(promises)
            is_up(demo_site)
            demo_site.child(kind).kill()
        wait_for_more(promises)
    finally:
        assert people.stdin is not None
        people.stdin.close()
        people.wait(60)
    is_up(demo_site)

    assert people.returncode == 0
    kept = [line.split() for line in promises.read_text().splitlines()]
    assert_kept(demo_site, kept)
    assert demo_site.stop() == 0
    with SiteProcess(demo_site.data) as again:
        assert_kept(again.start(), kept)
        assert again.stop() == 0


def wait_for_more(promises: Path) -> None:
    """Wait until ten more people were told something."""
    before = len(promises.read_text().splitlines())
    eventually(lambda: len(promises.read_text().splitlines()) > before + 10, 120)


def assert_kept(site: SiteProcess, promises: list[list[str]]) -> None:
    """See every promise in the rows, by a superuser who sees all of them."""
    claimed = {question: session for what, question, session in (each for each in promises if each[0] == "claimed")}
    withdrawn = {each[1] for each in promises if each[0] == "withdrawn"}
    assert claimed
    assert withdrawn
    with site.database() as db:
        rows = db.execute(
            "SELECT q.id::text, array_agg(s.id::text)"
            " FROM asking_question q JOIN rooms_session s ON s.question_id = q.id"
            " WHERE q.id = ANY(%s::uuid[]) AND q.claimed_by_id = s.mentor_id GROUP BY q.id",
            [list(claimed)],
        ).fetchall()
        assert {str(question): [session] for question, session in claimed.items()} == dict(rows)  # type: ignore[arg-type]  # text and lists of text
        twice = db.execute(
            "SELECT question_id FROM dispatch_offer WHERE state = 'accepted' GROUP BY question_id HAVING count(*) > 1"
        ).fetchall()
        assert not twice
        [open_still] = db.execute(
            "SELECT count(*) FROM asking_question WHERE id = ANY(%s::uuid[]) AND state <> 'withdrawn'",
            [list(withdrawn)],
        ).fetchone() or [None]
        assert open_still == 0

        def follow_ups_are_done() -> bool:
            """Every search of a withdrawn question is over, and no job is due or stuck."""
            searches = db.execute(
                "SELECT count(*) FROM dispatch_search WHERE question_id = ANY(%s::uuid[]) AND state = 'running'",
                [list(withdrawn)],
            ).fetchone()
            jobs = db.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('doing', 'failed')"
                " OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"
            ).fetchone()
            return searches == (0,) and jobs == (0,)

        eventually(follow_ups_are_done, 120)


def test_a_site_that_another_command_gave_its_database_keeps_it_when_that_command_ends(demo_folder: Path) -> None:
    shell = subprocess.Popen(
        [sys.executable, "-m", "momentor.console.main", "shell", "--data", str(demo_folder), "-c", "input()"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    eventually((demo_folder / "postgres/cluster/postmaster.pid").exists)
    time.sleep(2)
    with SiteProcess(demo_folder, port=free_port()).start() as site:
        assert shell.stdin is not None
        shell.stdin.write(b"\n")
        shell.stdin.close()
        shell.wait(60)

        site.child("postgres")
        eventually(lambda: site.get("/readyz") == 200)
        assert site.stop() == 0
