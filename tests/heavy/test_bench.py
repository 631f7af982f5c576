"""`momentor bench`, really run and small: what it prints is one document that a program can read. Nothing is timed."""

import json
from typing import Any

from tests.site_process import momentor

ROOM = {
    *("p50_ms", "p99_ms", "paced_a_second", "taken_percent", "server_cpu_us", "database_cpu_us"),
    *("most_a_second", "server_cpu_us_at_most", "database_cpu_us_at_most"),
}
IDLE = {"sockets", "seconds_to_connect", "mb_before", "mb_above", "kb_each", "cpu_percent"}
PAGE = {
    *("requests_per_second", "p50_ms", "p99_ms", "server_cpu_ms", "database_cpu_ms"),
    *("bytes", "queries", "times_one_line"),
}

AT_SIZE = {"build_s", "index_mb", "load_s", "p50_ms", "p95_ms", "p99_ms", "updates_per_s"}


def figures_of(*arguments: str) -> dict[str, Any]:
    done = momentor("bench", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_bench_of_rooms_measures_every_kind_and_says_so_in_one_document() -> None:
    found = figures_of("chat", "--connected", "4", "--idle", "20", "--seconds", "1", "--rounds", "1")

    assert set(found) == {"machine", "rounds", "seconds", "rooms", "idle", "held"}
    assert {"processor", "cores", "memory_gb", "python", "date"} <= set(found["machine"])
    assert (found["rounds"], found["seconds"]) == (1, 1)
    assert {connected: set(kinds) for connected, kinds in found["rooms"].items()} == {"4": {"echo", "memory", "site"}}
    for kind, figures in found["rooms"]["4"].items():
        assert set(figures) == ROOM
        assert figures["paced_a_second"] > 0
        assert figures["most_a_second"] > 0
        assert (figures["database_cpu_us"] > 0) == (kind == "site")
    assert set(found["idle"]) == IDLE
    assert found["idle"]["sockets"] == 20
    assert [set(one) for one in found["held"]] == [{"what", "found", "limit", "is_held"}] * 4
    assert all(one["is_held"] is (one["found"] <= one["limit"]) for one in found["held"])


def test_the_bench_of_matching_measures_each_size_beside_other_engines_in_one_document() -> None:
    found = figures_of("match", "--sizes", "200,400", "--encoded", "30")

    assert set(found) == {"sizes", "more", "encoding", "machine"}
    for one, questions in zip(found["sizes"], (200, 400), strict=True):
        assert set(one) == {*AT_SIZE, "questions", "people", "beside"}
        assert one["questions"] == questions
        assert all(one[name] > 0 for name in AT_SIZE)
        assert set(one["beside"]) == {"bm25s", "brute_force", "usearch_hnsw", "pgvector_exact", "pgvector_hnsw"}
        for name, figures in one["beside"].items():
            assert set(figures) == {"p95_ms", "recall"}, name
            assert figures["recall"] > 0.9, name


def test_the_bench_of_pages_measures_every_page_and_says_so_in_one_document() -> None:
    found = figures_of("pages", "--members", "20", "--questions", "10", "--seconds", "1", "--rounds", "1")

    assert set(found) == {"machine", "members", "questions", "requests_at_once", "seconds", "pages"}
    assert found["members"] >= 20
    assert found["questions"] >= 10
    assert (found["requests_at_once"], found["seconds"]) == (4, 1)
    assert set(found["pages"]) == {"one line", "home", "ask", "shortlist", "session"}
    for figures in found["pages"].values():
        assert set(figures) == PAGE
        assert figures["requests_per_second"] > 0
        assert figures["queries"] > 0
        assert figures["bytes"] > 0
    assert found["pages"]["one line"]["times_one_line"] == 1
