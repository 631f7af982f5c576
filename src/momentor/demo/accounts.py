"""The accounts that the sign-in page of the demo, and of nothing else, shows with their password."""

import os
import secrets
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOMAIN = "demo.invalid"  # a domain that no mail can ever reach


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One account to sign in with."""

    name: str
    role: str | Promise
    email: str
    password: str


CAST: dict[str, tuple[str, str | Promise]] = {
    "amina": ("Amina", _("asks: a nurse, new to visiting people at home")),
    "ben": ("Ben", _("answers: a district nurse who was a welder, available now")),
    "emil": ("Emil", _("answers: a palliative nurse, available now")),
    "dana": ("Dana", _("coordinates and moderates, and sees the host's pages")),
    "chloe": ("Chloé", _("belongs to another organisation, and must see nothing of this one")),
}


def shown() -> list[Shown]:
    """Return the cast's accounts where this site is the demo, and nothing anywhere else."""
    if not settings.IS_DEMO:
        return []
    return [Shown(name=name, role=role, email=email_of(key), password=password()) for key, (name, role) in CAST.items()]


def email_of(key: str) -> str:
    return f"{key}@{DOMAIN}"


@cache
def password() -> str:
    """Return the one password of all demo accounts: made by chance when the community is loaded, and kept."""
    kept = settings.DATA / "demo-password"
    if not kept.exists():
        made = f"workshop-{secrets.token_hex(4)}"
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    return str(kept.read_text()).strip()
