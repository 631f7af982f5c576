"""The file a backup is: one tar, whose first member lists every other with its size and checksum."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from momentor.console.trouble import Trouble

MANIFEST = "momentor-backup.json"
FORM = 1
LARGEST_MANIFEST = 500_000_000
CHUNK = 1024 * 1024


def write_archive(target: Path, members: Mapping[str, Path], about: Mapping[str, Any]) -> int:
    """Write these files under these names, whole or not at all, for the owner's eyes; return the archive's size.

    A file that is deleted meanwhile is left out.
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _write(file, members, about)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Trouble(f"{target} cannot be written: {error.strerror}.") from error
    return target.stat().st_size


def _write(file: IO[bytes], members: Mapping[str, Path], about: Mapping[str, Any]) -> None:
    listed = {name: found for name, path in members.items() if (found := _fingerprint(path)) is not None}
    manifest = json.dumps({"form": FORM, **about, "files": listed}).encode()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        first = tarfile.TarInfo(MANIFEST)
        first.size, first.mode = len(manifest), 0o600
        tar.addfile(first, io.BytesIO(manifest))
        for name in listed:
            with members[name].open("rb") as member:
                info = tarfile.TarInfo(name)
                info.size, info.mode = listed[name]["size"], 0o600
                tar.addfile(info, member)


def read_archive(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into a folder after comparing every checksum, and return its manifest.

    Raises Trouble for anything that is not exactly what the manifest lists: nothing of it is then used.
    """
    with _opened(source) as tar:
        manifest = _read_manifest(source, tar)
        missing = dict(manifest["files"])
        while info := tar.next():
            expected = missing.pop(info.name, None)
            if expected is None or not info.isreg() or not _is_inside(info.name):
                raise _tampered(source, f"holds {info.name!r}, which its list does not name")
            _unpack(tar, info, folder / info.name, expected, source)
    if missing:
        raise _tampered(source, f"lacks {next(iter(missing))}")
    return manifest


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise Trouble(f"{source} is damaged, or is no backup of Momentor.") from error
    except OSError as error:
        raise Trouble(f"{source} cannot be read: {error.strerror or error}.") from error


def _read_manifest(source: Path, tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > LARGEST_MANIFEST:
        raise Trouble(f"{source} is no backup of Momentor.")
    content = tar.extractfile(first)
    assert content is not None
    try:
        manifest = json.loads(content.read())
        form, files = manifest["form"], manifest["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise _tampered(source, "has a list that cannot be read") from error
    if form != FORM:
        raise Trouble(f"{source} was written by a newer Momentor. Restore it with that one.")
    if not isinstance(files, dict) or "database.dump" not in files:
        raise _tampered(source, "has no database in it")
    return dict(manifest)


def _unpack(tar: tarfile.TarFile, info: tarfile.TarInfo, target: Path, expected: Any, source: Path) -> None:
    content = tar.extractfile(info)
    assert content is not None
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := content.read(CHUNK):
            hashed.update(chunk)
            file.write(chunk)
    if {"size": info.size, "sha256": hashed.hexdigest()} != expected:
        raise _tampered(source, f"holds a {info.name} that is not the one that was backed up")


def _fingerprint(path: Path) -> dict[str, Any] | None:
    hashed, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                hashed.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        return None
    return {"size": size, "sha256": hashed.hexdigest()}


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _tampered(source: Path, why: str) -> Trouble:
    return Trouble(f"{source} {why}. It is damaged or was changed; nothing of it was restored.")


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
