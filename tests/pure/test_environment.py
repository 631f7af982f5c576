"""What a host may set, how it is refused, and what the log never holds."""

import json
import logging
from pathlib import Path
from uuid import uuid4

import pytest

from momentor.console.reference import commands_page, settings_page
from momentor.console.site import read_settings
from momentor.foundation.request_id import request_id
from momentor.project.environment import SETTINGS, WrongSetting, read_environment
from momentor.project.logging import Json, Plain, logging_settings
from momentor.project.mail import mail_settings

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {"DATABASE_URL": "postgresql://web@/momentor", "MOMENTOR_SECRET_KEY": "k" * 50}


@pytest.fixture(autouse=True)
def only_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)


def test_a_site_runs_with_two_settings() -> None:
    values = read_environment()

    assert values["MOMENTOR_URL"] == "http://localhost:8000"
    assert values["MOMENTOR_THREADS"] == 6
    assert values["MOMENTOR_DEMO"] is False


@pytest.mark.parametrize(("given", "proxies"), [("yes", 1), ("no", 0), ("1", 1), ("0", 0), ("2", 2)])
def test_proxies_in_front_are_counted(monkeypatch: pytest.MonkeyPatch, given: str, proxies: int) -> None:
    monkeypatch.setenv("MOMENTOR_BEHIND_PROXY", given)

    assert read_environment()["MOMENTOR_BEHIND_PROXY"] == proxies


def test_a_missing_setting_is_named_with_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOMENTOR_SECRET_KEY")

    with pytest.raises(WrongSetting, match=r"MOMENTOR_SECRET_KEY: is not set\. A long random text"):
        read_environment()


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("MOMENTOR_URL", "mentors.example.org", "https://mentors.example.org"),
        ("MOMENTOR_URL", "https://mentors.example.org/mentoring", "as people type it"),
        ("MOMENTOR_THREADS", "many", "whole number"),
        ("MOMENTOR_ENCODER_URL", "vectors.example.org", "https://vectors.example.org/v1/embeddings"),
        ("MOMENTOR_ENCODER_DIMENSIONS", "5000", "4096 numbers at most"),
        ("MOMENTOR_BEHIND_PROXY", "nginx", "how many proxies"),
        ("MOMENTOR_THREADS", "0", "1 or more"),
        ("MOMENTOR_DEMO", "perhaps", "yes or no"),
        ("MOMENTOR_LOG_LEVEL", "loud", "debug or info"),
        ("MOMENTOR_LOG_FORMAT", "xml", "json or plain"),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_to_give(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, advice: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(WrongSetting, match=f"{name}.*{advice}"):
        read_environment()


def test_every_setting_has_a_sentence_and_is_named_once() -> None:
    names = [setting.name for setting in SETTINGS]

    assert len(names) == len(set(names))
    assert all(setting.meaning.endswith(".") and "|" not in setting.meaning for setting in SETTINGS)


def test_the_page_of_settings_is_in_step() -> None:
    written = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert written == settings_page(), "run: python -m momentor.console.reference"


def test_the_page_of_commands_is_in_step() -> None:
    written = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert written == commands_page(), "run: python -m momentor.console.reference"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("", {"EMAIL_FILE_PATH": "/site/mails"}),
        ("file:///mails", {"EMAIL_FILE_PATH": "/mails"}),
        ("smtp://mail.example.org", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}),
        (
            "smtp://u%40x:p%2F1@mail.example.org:2525?tls=start",
            {"EMAIL_HOST_USER": "u@x", "EMAIL_HOST_PASSWORD": "p/1"},
        ),
        ("smtps://mail.example.org", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
    ],
)
def test_mail_leaves_by_one_address(url: str, expected: dict[str, object]) -> None:
    settings = mail_settings(url, Path("/site"))

    assert expected.items() <= settings.items()


@pytest.mark.parametrize(
    "url", ["mail.example.org", "smtp://", "smtp://mail.example.org:door", "pop3://mail.example.org"]
)
def test_a_mail_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(WrongSetting, match="MOMENTOR_MAIL_URL"):
        mail_settings(url, Path("/site"))


def test_a_settings_file_is_read_as_systemd_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "momentor.env"
    file.write_text('# a comment\nMOMENTOR_MAIL_FROM=Mentors <m@example.org>\nA="with = sign"\n\nB=\nno line\n')

    assert read_settings(file) == {"MOMENTOR_MAIL_FROM": "Mentors <m@example.org>", "A": "with = sign", "B": ""}
    assert read_settings(tmp_path / "none") == {}


def line(message: str, *parts: object, form: type[logging.Formatter] = Json, **extra: object) -> str:
    """Return what the log would say."""
    record = logging.getLogger("momentor.test").makeRecord(
        "momentor.test", logging.INFO, "here.py", 1, message, parts, None, extra=extra
    )
    return form().format(record)


def test_a_log_line_is_one_json_object_with_time_level_and_values() -> None:
    said = json.loads(line("page", page="asking:new", milliseconds=3.5, status=200))

    assert said.keys() == {"time", "level", "logger", "event", "page", "milliseconds", "status"}
    assert said["event"] == "page"
    assert said["milliseconds"] == 3.5


def test_lines_of_one_request_can_be_found_together() -> None:
    token = request_id.set("7f3a")
    try:
        assert json.loads(line("page"))["request"] == "7f3a"
    finally:
        request_id.reset(token)


@pytest.mark.parametrize("form", [Json, Plain])
def test_nobody_can_forge_a_line_or_paint_the_terminal(form: type[logging.Formatter]) -> None:
    said = line(
        "seen %s", "x\n12:00:00 error momentor: \x1b[31mall is lost\u2028\u202e", form=form, name_given="a\r\nb"
    )

    assert "\n" not in said
    assert not {"\x1b", "\u2028", "\u202e", "\r"} & set(said)


@pytest.mark.parametrize("form", [Json, Plain])
def test_secrets_in_addresses_are_cut_out_and_ids_are_kept(form: type[logging.Formatter]) -> None:
    row = str(uuid4())

    said = line(
        "at %s", f"/at/workshop/questions/{row}/?code=831205&next=/x", form=form, path="/join/q8Zr2mXv90LkTnB4sWyE/"
    )

    assert row in said
    assert "831205" not in said
    assert "q8Zr2mXv90LkTnB4sWyE" not in said


@pytest.mark.parametrize("form", [Json, Plain])
def test_an_error_is_logged_by_kind_and_place_without_its_words(form: type[logging.Formatter]) -> None:
    try:
        raise ValueError("Key (text)=(I was bullied at work) already exists")
    except ValueError as error:
        record = logging.getLogger("momentor").makeRecord(
            "momentor", logging.ERROR, "here.py", 1, "failed: %s", (error,), (type(error), error, error.__traceback__)
        )

    said = form().format(record)

    assert "bullied" not in said
    assert "ValueError" in said
    assert "test_environment.py" in said


def test_objects_that_hold_more_than_they_show_stay_out() -> None:
    said = json.loads(line("page", request={"body": "my question"}, words=["a", "b"], sql="select 1"))

    assert "request" not in said
    assert "words" not in said


def test_the_log_can_be_configured_for_machines_and_people() -> None:
    for form in ("json", "plain"):
        configured = logging_settings("debug", form)
        assert configured["loggers"]["momentor"]["level"] == "DEBUG"
