"""Kill any process of a site while people use it: nothing that was promised is lost, and nothing is left behind."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.site_process import ROOT, SiteProcess, environment, eventually, free_port

MANY = {"MOMENTOR_QUESTIONS_A_DAY": "100000", "MOMENTOR_OPEN_QUESTIONS": "100000"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that was set up once; each test starts it again."""
    data = tmp_path_factory.mktemp("site") / "var"
    with SiteProcess(data) as site:
        site.start()
        assert site.stop() == 0
    return data


@pytest.fixture
def site(folder: Path) -> Iterator[SiteProcess]:
    with SiteProcess(folder) as site:
        yield site.start(more=MANY)


def is_up(site: SiteProcess) -> None:
    eventually(lambda: site.get("/readyz") == 200)
    site.child("worker")


def test_ctrl_c_leaves_no_process_behind(site: SiteProcess) -> None:
    site.child("worker")
    everything = site.all_processes()

    assert site.stop() == 0

    assert len(everything) > 5
    assert not [each for each in everything if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert site.get("/readyz") == 0


def test_a_killed_supervisor_takes_everything_with_it_and_another_start_works(site: SiteProcess) -> None:
    site.child("worker")
    everything = site.all_processes()

    site.main.kill()

    _, left = psutil.wait_procs(everything, timeout=20)
    assert not left
    with SiteProcess(site.data, port=site.port) as again:
        again.start()
        assert again.get("/readyz") == 200
        assert again.stop() == 0


def test_while_the_web_process_is_away_visitors_wait_and_are_not_refused(site: SiteProcess) -> None:
    before = site.child("web")

    before.kill()
    before.wait(10)

    assert site.get("/readyz") == 200
    assert site.child("web").pid != before.pid


def test_a_second_start_on_the_folder_or_the_port_says_so(site: SiteProcess, tmp_path: Path) -> None:
    second = SiteProcess(site.data).start(wait=False)
    third = SiteProcess(tmp_path / "var", port=site.port).start(wait=False)

    assert second.process is not None
    assert third.process is not None
    assert second.process.wait(60) == 1
    assert third.process.wait(60) == 1
    assert "is being served already, by process" in second.said.read_text()
    assert f"Port {site.port} is in use by another program" in third.said.read_text()
    assert site.get("/readyz") == 200


def test_a_second_start_takes_seconds_and_changes_nothing(folder: Path) -> None:
    counts = "SELECT (SELECT count(*) FROM people_person), (SELECT count(*) FROM asking_question)"
    with SiteProcess(folder).start() as site, site.database() as db:
        before = db.execute(counts).fetchone()
        site.stop()

    with SiteProcess(folder).start() as site, site.database() as db:
        # Processor seconds until ready, since other work on the machine may stretch the others.
        spent = sum(sum(each.cpu_times()[:2]) for each in site.all_processes())
        assert db.execute(counts).fetchone() == before
        assert "…" not in site.said.read_text()  # no step had anything to do
        site.stop()
    assert spent < 20


def test_whatever_is_killed_while_people_ask_and_claim_every_promise_is_kept(site: SiteProcess) -> None:
    is_up(site)
    promises = site.data.parent / "promises"
    with promises.open("wb") as told:
        people = subprocess.Popen(
            [sys.executable, "-m", "tests.heavy.busy", str(site.data)],
            cwd=ROOT,
            env={**environment(**MANY), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=told,
        )
    try:
        for kind in ("worker", "postgres", "web", "worker", "postgres"):
            wait_for_more(promises)
            is_up(site)
            site.child(kind).kill()
        wait_for_more(promises)
    finally:
        assert people.stdin is not None
        people.stdin.close()
        people.wait(60)
    is_up(site)

    assert people.returncode == 0
    kept = [line.split() for line in promises.read_text().splitlines()]
    assert_kept(site, kept)
    assert site.stop() == 0
    with SiteProcess(site.data) as again:
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


def test_a_job_that_a_dead_worker_had_taken_is_done_by_the_next(site: SiteProcess) -> None:
    site.child("worker")
    with site.database() as db:
        db.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
            " RETURNING id) INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
            " SELECT 'default', 'momentor.foundation.events.react', %s, 'doing', id FROM dead",
            ['{"organisation_id": null, "event_id": "019a0000-0000-7000-8000-000000000000", "listener": "x"}'],
        )

        left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'momentor.foundation.events.react'"
        eventually(lambda: db.execute(left).fetchone() == (0,))


def test_a_site_that_another_command_gave_its_database_keeps_it_when_that_command_ends(folder: Path) -> None:
    shell = subprocess.Popen(
        [sys.executable, "-m", "momentor.console.main", "shell", "--data", str(folder), "-c", "input()"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    eventually((folder / "postgres/cluster/postmaster.pid").exists)
    time.sleep(2)
    with SiteProcess(folder, port=free_port()).start() as site:
        assert shell.stdin is not None
        shell.stdin.write(b"\n")
        shell.stdin.close()
        shell.wait(60)

        site.child("postgres")
        eventually(lambda: site.get("/readyz") == 200)
        assert site.stop() == 0
