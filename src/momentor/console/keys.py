"""The site's own secrets: made once, kept in `keys/` of the data folder, for the site's account alone."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

FOR_OWNER = 0o600
SECRET = "secret-key"  # noqa: S105 - the name of a file
VAPID = "vapid-private-key"


def make_keys(folder: Path) -> None:
    """Make the keys that lack; never change one that is there."""
    _make(folder / SECRET, lambda: secrets.token_urlsafe(50))
    _make(folder / VAPID, _new_vapid_key)


def read_key(folder: Path, name: str) -> str:
    """Return a key, or nothing where it was never made."""
    try:
        return (folder / name).read_text().strip()
    except FileNotFoundError:
        return ""


def write_private(path: Path, text: str) -> None:
    """Write a whole file or nothing, readable by its owner alone from the first byte."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_OWNER), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _make(path: Path, new: Callable[[], str]) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        write_private(path, f"{new()}\n")


def _new_vapid_key() -> str:
    """Return a private key on P-256 (RFC 8292), in the one line that both a file and a setting can hold."""
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
