"""A stored index: arrays as files that are mapped and not read, and a manifest that says what belongs to it.

A folder holds `manifest.json` and beside it, under a name of its own, a folder with the files. Both are written whole
before the manifest is put in its place, so whoever reads meanwhile finds the old index or the new one.
"""

import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from matchwell.columns import Array

FORMAT = "matchwell index"
VERSION = 1  # of the files, and of the way in which texts become terms: an index of another one is built anew
MANIFEST = "manifest.json"
_LEFT_OVER = 86_400.0  # seconds after which a folder that no manifest names is one that a crash has left
_AT_ONCE = 2**24  # bytes


class DamagedIndex(Exception):
    """A stored index cannot be used; the sentence says why. Build it again from the evidence, and save it there."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"The index in {folder} cannot be used: {why}. Build it again, and save it there.")
        self.folder = folder
        self.why = why


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What there is to store: `arrays` by name, in blocks that lie one behind the other, and `told`, ready for JSON."""

    arrays: dict[str, tuple[Array, ...]] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    def put(self, prefix: str, other: "Kept") -> None:
        """Take in all of another one, under a prefix."""
        self.arrays.update({f"{prefix}.{name}": blocks for name, blocks in other.arrays.items()})
        self.told.update({f"{prefix}.{name}": told for name, told in other.told.items()})

    def part(self, prefix: str) -> "Kept":
        """Return what was put under a prefix."""
        start = f"{prefix}."
        return Kept(
            {name[len(start) :]: blocks for name, blocks in self.arrays.items() if name.startswith(start)},
            {name[len(start) :]: told for name, told in self.told.items() if name.startswith(start)},
        )

    def array(self, name: str) -> Array:
        """Return an array that was read."""
        [array] = self.arrays[name]
        return array


def write(folder: Path, kept: Kept, about: Mapping[str, Any]) -> None:
    """Store under a folder, in the place of what was stored there. `about` comes back from `read` as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    name = uuid4().hex
    beside = folder / f".{name}"
    beside.mkdir()
    try:
        files = {f"{part}.npy": _write_array(beside / f"{part}.npy", blocks) for part, blocks in kept.arrays.items()}
        files |= {f"{part}.json": _write_json(beside / f"{part}.json", told) for part, told in kept.told.items()}
        beside.rename(folder / name)
        body = {"format": FORMAT, "version": VERSION, "folder": name, "about": dict(about), "files": files}
        _replace(folder / MANIFEST, json.dumps(body | {"check": _check(body)}, indent=1).encode())
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(folder / name, ignore_errors=True)
        raise
    _remove_others(folder, name)


def read(folder: Path, *, thorough: bool = False) -> tuple[Kept, dict[str, Any]]:
    """Map what was stored, and return it with what it is `about`.

    Sizes, shapes and types of all files are compared with the manifest; their content, too, where it is `thorough`.
    Raises DamagedIndex, and FileNotFoundError where there is no folder.
    """
    while True:
        manifest = _manifest(folder)
        try:
            return _read(folder, manifest, thorough=thorough), manifest["about"]
        except FileNotFoundError as missing:
            # A newer one may have been stored since the manifest was read; then it is read again.
            if _manifest(folder)["folder"] == manifest["folder"]:
                raise DamagedIndex(folder, f"{Path(str(missing.filename)).name} is missing") from missing


def _read(folder: Path, manifest: dict[str, Any], *, thorough: bool) -> Kept:
    kept = Kept()
    for name, expected in manifest["files"].items():
        path = folder / manifest["folder"] / name
        size = path.stat().st_size
        if size != expected["bytes"]:
            raise DamagedIndex(folder, f"{name} has {size} bytes, where {expected['bytes']} were written")
        if thorough and _sha256(path) != expected["sha256"]:
            raise DamagedIndex(folder, f"{name} is not what was written")
        part, _, kind = name.rpartition(".")
        try:
            if kind == "npy":
                kept.arrays[part] = (_mapped(path, expected),)
            else:
                kept.told[part] = json.loads(path.read_bytes())
        except ValueError as damage:
            raise DamagedIndex(folder, f"{name} cannot be read") from damage
    return kept


def _manifest(folder: Path) -> dict[str, Any]:
    if not folder.exists():
        raise FileNotFoundError(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        check = manifest.pop("check")
        is_whole = manifest["format"] == FORMAT and check == _check(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as damage:
        raise DamagedIndex(folder, f"its {MANIFEST} is missing, or is none of an index") from damage
    if not is_whole:
        raise DamagedIndex(folder, f"its {MANIFEST} was changed")
    if manifest["version"] != VERSION:
        raise DamagedIndex(folder, f"it is of version {manifest['version']}, and this is version {VERSION}")
    return dict(manifest)


def _mapped(path: Path, expected: Mapping[str, Any]) -> Array:
    shape = tuple(expected["shape"])
    if 0 in shape:
        return np.empty(shape, np.dtype(expected["type"]))
    mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    if mapped.shape != shape or mapped.dtype.str != expected["type"]:
        raise ValueError(f"{path} holds {mapped.dtype.str} {mapped.shape}")
    plain: Array = mapped.view(np.ndarray)
    return plain


def _write_array(path: Path, blocks: Sequence[Array]) -> dict[str, Any]:
    kind, shape = blocks[0].dtype, (sum(map(len, blocks)), *blocks[0].shape[1:])
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            raw = np.ascontiguousarray(block).reshape(-1).view(np.uint8)
            for first in range(0, len(raw), _AT_ONCE):
                file.write(raw[first : first + _AT_ONCE].data)
        _to_disk(file)
    return {"bytes": path.stat().st_size, "sha256": _sha256(path), "type": kind.str, "shape": shape}


def _write_json(path: Path, told: object) -> dict[str, Any]:
    raw = json.dumps(told, separators=(",", ":")).encode()
    with path.open("wb") as file:
        file.write(raw)
        _to_disk(file)
    return {"bytes": len(raw), "sha256": sha256(raw).hexdigest()}


def _replace(path: Path, raw: bytes) -> None:
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with beside.open("wb") as file:
            file.write(raw)
            _to_disk(file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _to_disk(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _check(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _remove_others(folder: Path, current: str) -> None:
    """Remove what was stored before, and what a crash has left. Whoever has it mapped keeps it."""
    for other in folder.iterdir():
        bare = other.name.removeprefix(".")
        is_ours = other.is_dir() and len(bare) == len(current) and not set(bare) - set("0123456789abcdef")
        is_unfinished = other.name.startswith(".") and time.time() - other.stat().st_mtime < _LEFT_OVER
        if is_ours and other.name != current and not is_unfinished:
            shutil.rmtree(other, ignore_errors=True)
