"""Stop a site, kill it, start it twice: nothing is left behind, and the next start finds everything."""

from pathlib import Path

import psutil

from tests.site_process import SiteProcess, eventually

pytest_plugins = ["tests.site_fixtures"]


def test_ctrl_c_leaves_no_process_behind(demo_site: SiteProcess) -> None:
    demo_site.child("worker")
    everything = demo_site.all_processes()

    assert demo_site.stop() == 0

    assert len(everything) > 5
    assert not [each for each in everything if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert demo_site.get("/readyz") == 0


def test_a_killed_supervisor_takes_everything_with_it_and_another_start_works(demo_site: SiteProcess) -> None:
    demo_site.child("worker")
    everything = demo_site.all_processes()

    demo_site.main.kill()

    _, left = psutil.wait_procs(everything, timeout=20)
    assert not left
    with SiteProcess(demo_site.data, port=demo_site.port) as again:
        again.start()
        assert again.get("/readyz") == 200
        assert again.stop() == 0


def test_a_second_start_on_the_folder_or_the_port_says_so(demo_site: SiteProcess, tmp_path: Path) -> None:
    second = SiteProcess(demo_site.data).start(wait=False)
    third = SiteProcess(tmp_path / "var", port=demo_site.port).start(wait=False)

    assert second.process is not None
    assert third.process is not None
    assert second.process.wait(60) == 1
    assert third.process.wait(60) == 1
    assert "is being served already, by process" in second.said.read_text()
    assert f"Port {demo_site.port} is in use by another program" in third.said.read_text()
    assert demo_site.get("/readyz") == 200


def test_a_second_start_takes_seconds_and_changes_nothing(demo_folder: Path) -> None:
    counts = "SELECT (SELECT count(*) FROM people_person), (SELECT count(*) FROM asking_question)"
    with SiteProcess(demo_folder).start() as site, site.database() as db:
        before = db.execute(counts).fetchone()
        site.stop()

    with SiteProcess(demo_folder).start() as site, site.database() as db:
        # Processor seconds until ready, since other work on the machine may stretch the others.
        spent = sum(sum(each.cpu_times()[:2]) for each in site.all_processes())
        assert db.execute(counts).fetchone() == before
        assert "…" not in site.said.read_text()  # no step had anything to do
        site.stop()
    assert spent < 20


def test_a_job_that_a_dead_worker_had_taken_is_done_by_the_next(demo_site: SiteProcess) -> None:
    demo_site.child("worker")
    with demo_site.database() as db:
        db.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
            " RETURNING id) INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
            " SELECT 'default', 'momentor.foundation.events.react', %s, 'doing', id FROM dead",
            ['{"organisation_id": null, "event_id": "019a0000-0000-7000-8000-000000000000", "listener": "x"}'],
        )

        left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'momentor.foundation.events.react'"
        eventually(lambda: db.execute(left).fetchone() == (0,))
