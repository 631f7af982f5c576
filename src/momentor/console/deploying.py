"""The files that run a site under systemd, in containers and behind a proxy: templates with this site's paths."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from momentor.console.site import Site, read_settings
from momentor.console.trouble import Trouble

SOURCE = Path(__file__).resolve().parents[3]
FILES = ("momentor.service", "Containerfile", "compose.yaml", "nginx.conf", "Caddyfile")


def write_deploy_files(site: Site, *, user: str) -> list[Path]:
    """Write the files that lack into `deploy/` of the data folder, and return them."""
    address = read_settings(site.written).get("MOMENTOR_URL", "http://localhost:8000")
    filled = {
        "python": sys.executable,
        "source": str(SOURCE),
        "data": str(site.data),
        "user": user,
        "url": address,
        "host": urlsplit(address).hostname or "localhost",
    }
    folder = site.data / "deploy"
    folder.mkdir(mode=0o700, exist_ok=True)
    written = []
    for name in FILES:
        if not (folder / name).exists():
            (folder / name).write_text(fill(_template(name), filled))
            written.append(folder / name)
    return written


def closed_to_others(*paths: Path) -> list[Path]:
    """Return the folders on the way to these files that only their owner may enter; a service account may not."""
    folders = {parent for path in paths for parent in path.resolve().parents}
    return sorted(folder for folder in folders if not folder.stat().st_mode & 0o001)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the text with every `@{name}` filled in; `$name` means something in most of these files."""
    return re.sub(r"@\{(\w+)\}", lambda found: values[found[1]], template)


def _template(name: str) -> str:
    for folder in (SOURCE / "deploy", Path(__file__).resolve().parents[1] / "deploy"):
        if (folder / name).exists():
            return (folder / name).read_text()
    raise Trouble(f"The template deploy/{name} is missing from this installation.")
