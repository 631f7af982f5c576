"""How mails leave, from one address in the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from momentor.project.environment import WrongSetting


def mail_settings(url: str, data: Path) -> dict[str, Any]:
    """Return Django's mail settings for an address. An empty one writes mails into the data folder.

    Raises WrongSetting.
    """
    try:
        parts = urlsplit(url or f"file://{data}/mails")
        port = parts.port
    except ValueError:
        raise WrongSetting("MOMENTOR_MAIL_URL", "the address cannot be read; %-encode special characters") from None
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "memory":
        return {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp" and parse_qs(parts.query).get("tls") == ["start"],
        }
    raise WrongSetting("MOMENTOR_MAIL_URL", "give smtp://host, smtps://host, file:///folder or console:")
