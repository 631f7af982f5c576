"""The site's own key for web push (VAPID, RFC 8292): from the settings, else from the data folder."""

import base64
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

FILE = "keys/vapid-private-key"


def private_key() -> str:
    """Return the private key as base64url text, or nothing where the site has none and push is off."""
    given: str = settings.ENVIRONMENT["MOMENTOR_VAPID_PRIVATE_KEY"]
    return given or _kept(Path(settings.DATA) / FILE)


def public_key() -> str:
    """Return what browsers need to subscribe: the public point in base64url; nothing where push is off."""
    key = private_key()
    return _public(key) if key else ""


@lru_cache(maxsize=4)
def _public(private: str) -> str:
    number = int.from_bytes(base64.urlsafe_b64decode(private + "=" * (-len(private) % 4)), "big")
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    raw = point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _kept(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
