"""Every setting a host can give, in one list: name, meaning, default. docs/reference/settings.md holds the same."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


class WrongSetting(SystemExit):
    """A setting that cannot be used; says which, why and what to give, and never what a secret was."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One environment variable."""

    name: str
    meaning: str
    default: str | None = None
    read: Callable[[str], Any] = str


def yes_or_no(text: str) -> bool:
    if text.lower() in {"1", "yes", "true", "on"}:
        return True
    if text.lower() in {"0", "no", "false", "off", ""}:
        return False
    raise ValueError("give yes or no")


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("give a whole number, 1 or more")
    return int(text)


def model_name(text: str) -> str:
    if len(text) > 100:
        raise ValueError("give a name of 100 characters at most")
    return text.strip()


def vector_length(text: str) -> int:
    length = number(text)
    if length > 4096:
        raise ValueError("vectors have 4096 numbers at most")
    return length


def proxies(text: str) -> int:
    """Return how many proxies stand in front: yes means one."""
    if text.isdecimal() and int(text) < 10:
        return int(text)
    try:
        return int(yes_or_no(text))
    except ValueError as trouble:
        raise ValueError("give yes, no, or how many proxies stand in front of each other") from trouble


def one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"give {' or '.join(choices)}")
        return text.lower()

    return read


def address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("give the address as people type it, such as https://mentors.example.org")
    return text.rstrip("/")


def whole_address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("give the whole address, such as https://vectors.example.org/v1/embeddings")
    return text


SETTINGS = [
    Setting(
        name="DATABASE_URL",
        meaning="Where the site's rows are: postgresql://role@host/name. The role must not own the tables.",
    ),
    Setting(
        name="DATABASE_OWNER_URL",
        meaning="The same database as the role that owns the tables: for migrations only.",
        default="",
    ),
    Setting(
        name="MOMENTOR_URL",
        meaning="The address people type, for links in mails.",
        default="http://localhost:8000",
        read=address,
    ),
    Setting(name="MOMENTOR_SECRET_KEY", meaning="A long random text that signs sessions and links."),
    Setting(
        name="MOMENTOR_OLD_SECRET_KEYS",
        meaning="Earlier secret keys, comma separated, that still verify.",
        default="",
        read=words,
    ),
    Setting(
        name="MOMENTOR_SOURCE_URL",
        meaning="Where the program of this site can be had, for the link at the foot of pages: the licence wants one.",
        default="",
    ),
    Setting(
        name="MOMENTOR_DATA",
        meaning="The folder for uploads and, where it is used, the embedded database.",
        default="./var",
    ),
    Setting(
        name="MOMENTOR_DEMO",
        meaning="yes shows demo accounts with their passwords on the sign-in page.",
        default="no",
        read=yes_or_no,
    ),
    Setting(
        name="MOMENTOR_DEBUG",
        meaning="yes shows tracebacks in the browser: for developers only.",
        default="no",
        read=yes_or_no,
    ),
    Setting(
        name="MOMENTOR_ALLOWED_HOSTS",
        meaning="Further host names the site answers to, comma separated.",
        default="",
        read=words,
    ),
    Setting(
        name="MOMENTOR_BEHIND_PROXY",
        meaning="yes believes X-Forwarded-For and X-Forwarded-Proto of the proxy in front; 2 those of two in a row.",
        default="no",
        read=proxies,
    ),
    Setting(name="MOMENTOR_THREADS", meaning="Threads that build pages in each web process.", default="6", read=number),
    Setting(
        name="MOMENTOR_JOBS_AT_ONCE", meaning="Jobs that each worker runs beside each other.", default="4", read=number
    ),
    Setting(
        name="MOMENTOR_BUS_URL",
        meaning="redis:// or valkey address of the live bus; empty uses PostgreSQL.",
        default="",
    ),
    Setting(
        name="MOMENTOR_DIRECT_DATABASE_URL",
        meaning="The database without a pooler between, for LISTEN and the worker; empty uses DATABASE_URL.",
        default="",
    ),
    Setting(
        name="MOMENTOR_MAIL_URL",
        meaning="smtp://user:password@host:587?tls=start, smtps://…, file:///folder or console:.",
        default="",
    ),
    Setting(name="MOMENTOR_MAIL_FROM", meaning="The sender of mails.", default="Momentor <momentor@localhost>"),
    Setting(
        name="MOMENTOR_VAPID_PRIVATE_KEY",
        meaning="Key for web push, made by `momentor init`; empty uses the one in the data folder.",
        default="",
    ),
    Setting(
        name="MOMENTOR_METRICS_TOKEN",
        meaning="Bearer token that /metrics asks for; empty shows metrics to this machine only.",
        default="",
    ),
    Setting(
        name="MOMENTOR_LOG_LEVEL",
        meaning="debug, info, warning or error.",
        default="info",
        read=one_of("debug", "info", "warning", "error"),
    ),
    Setting(
        name="MOMENTOR_LOG_FORMAT",
        meaning="json for machines, plain for people.",
        default="json",
        read=one_of("json", "plain"),
    ),
    Setting(
        name="MOMENTOR_UPLOAD_MEGABYTES",
        meaning="The largest file that may be given into a conversation.",
        default="10",
        read=number,
    ),
    Setting(
        name="MOMENTOR_ENCODER_URL",
        meaning="Where what texts mean is told: an OpenAI-compatible https://…/v1/embeddings, which questions and "
        "profiles are sent to. Empty uses the weights that are installed, and sends nothing.",
        default="",
        read=whole_address,
    ),
    Setting(name="MOMENTOR_ENCODER_MODEL", meaning="The model to ask for there.", default="", read=model_name),
    Setting(
        name="MOMENTOR_ENCODER_DIMENSIONS",
        meaning="How many numbers its vectors have, 4096 at most.",
        default="1536",
        read=vector_length,
    ),
    Setting(name="MOMENTOR_ENCODER_KEY", meaning="The secret key for it; empty sends none.", default=""),
    Setting(
        name="MOMENTOR_ENCODER_IN_HOUSE",
        meaning="yes lets that address be plain http, or inside the site's own network; else only public ones are "
        "called.",
        default="no",
        read=yes_or_no,
    ),
    Setting(
        name="MOMENTOR_OPEN_QUESTIONS",
        meaning="How many questions one person may have open at once.",
        default="3",
        read=number,
    ),
    Setting(
        name="MOMENTOR_QUESTIONS_A_DAY",
        meaning="How many questions one person may ask in a day.",
        default="10",
        read=number,
    ),
    Setting(
        name="MOMENTOR_OFFERS_A_DAY",
        meaning="How many offers may reach one mentor by push in a day, from all organisations together.",
        default="8",
        read=number,
    ),
    Setting(
        name="MOMENTOR_LEARN",
        meaning="Whether the worker learns who answers from what was answered, in minutes of work beside the rest.",
        default="yes",
        read=yes_or_no,
    ),
    Setting(
        name="MOMENTOR_READ_MEANING",
        meaning="Whether questions are also compared by meaning (200 MB of memory a process), or by words alone.",
        default="yes",
        read=yes_or_no,
    ),
]


def read_environment() -> dict[str, Any]:
    """Return every setting's value by name. Raises WrongSetting with a sentence for the person who runs the site."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = os.environ.get(setting.name, setting.default)
        if text is None:
            raise WrongSetting(setting.name, f"is not set. {setting.meaning}")
        try:
            values[setting.name] = setting.read(text)
        except ValueError as why:
            raise WrongSetting(setting.name, f"{text!r} cannot be used: {why}.") from None
    return values
