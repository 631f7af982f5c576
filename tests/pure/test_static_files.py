"""The addresses of static files: with their contents' mark where they were collected, plain where not."""

from pathlib import Path

from momentor.web.static_files import Storage


def test_a_file_that_was_collected_keeps_the_address_of_this_start(tmp_path: Path) -> None:
    storage = Storage(location=tmp_path, base_url="/static/")
    storage.hashed_files = {"app.css": "app.1.css"}
    first = storage.url("app.css")
    storage.hashed_files = {"app.css": "app.2.css"}

    assert (first, storage.url("app.css")) == ("/static/app.1.css", "/static/app.1.css")
    assert storage.url("missing.css") == "/static/missing.css"


def test_before_anything_was_collected_nothing_is_remembered(tmp_path: Path) -> None:
    storage = Storage(location=tmp_path, base_url="/static/")
    first = storage.url("app.css")
    storage.hashed_files = {"app.css": "app.1.css"}

    assert (first, storage.url("app.css")) == ("/static/app.css", "/static/app.1.css")
