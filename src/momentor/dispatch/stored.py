"""Indexes in files of this machine, so that a process that starts need not read a large community anew.

They are made of rows: whatever is wrong with one, the rows say it again.
"""

import logging
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from matchwell import DamagedIndex, Index
from momentor.dispatch.meanings import encoder_here
from momentor.foundation.tenancy import current_organisation_id
from momentor.people.models import Organisation

if TYPE_CHECKING:
    from momentor.dispatch.candidates import Kept

VERSION = 1  # of what is told of an index
FEWEST = 5_000  # answers; fewer are read in a second
GROWN = 1.2  # times as many answers as when it was stored: then it is stored again

logger = logging.getLogger("momentor.dispatch")


def take_up(kept: "Kept") -> None:
    """Go on from where a process of this machine stored the index of the current organisation, if one did."""
    folder = folder_here()
    try:
        index = Index.load(folder)
        if index.about["version"] == VERSION and index.about["encoder"] == _encoder_name():
            _restore(kept, index)
    except FileNotFoundError:
        return
    except (DamagedIndex, KeyError, TypeError, ValueError) as damage:
        logger.warning("a stored index is damaged; the rows are read anew", extra={"why": str(damage)})
        kept.start_over()
        forget()


def put_down(kept: "Kept") -> None:
    """Store an index, if it is worth it and has grown since."""
    if kept.answers < FEWEST or kept.answers < GROWN * kept.stored:
        return
    kept.stored = kept.answers
    try:
        kept.index.save(folder_here(), about=_told(kept))
    except OSError as fault:
        logger.warning("an index could not be stored", extra={"why": str(fault)})


def forget() -> None:
    """Remove what is stored of the current organisation's index."""
    shutil.rmtree(folder_here(), ignore_errors=True)


def forget_those_of_nobody() -> None:
    """Remove what is stored of organisations that are gone."""
    there = {str(organisation_id) for organisation_id in Organisation.objects.values_list("pk", flat=True)}
    for folder in _root().glob("*-*-*-*-*"):
        if folder.name not in there:
            shutil.rmtree(folder, ignore_errors=True)


def folder_here() -> Path:
    """Return where the current organisation's index is stored."""
    return _root() / str(current_organisation_id())


def _root() -> Path:
    return Path(settings.DATA) / "indexes"


def _encoder_name() -> str | None:
    encoder = encoder_here()
    return None if encoder is None else encoder.name


def _told(kept: "Kept") -> dict[str, Any]:
    return {
        "version": VERSION,
        "encoder": None if kept.encoder is None else kept.encoder.name,
        "read_until": kept.read_until.isoformat(),
        "known": {str(row_id): at.isoformat() for row_id, at in kept.known.items()},
        "sequences": kept.sequences,
        "newest": kept.newest,
        "born": kept.born,
        "answers": kept.answers,
        "people": sorted(str(person_id) for person_id in kept.people),
        "has_vectors": kept.has_vectors,
        "unread": sorted(str(question_id) for question_id in kept.unread),
    }


def _restore(kept: "Kept", index: Index) -> None:
    told = index.about
    kept.sequences = tuple(told["sequences"]) if told["sequences"] else None
    index.has_clock = kept.sequences is None
    kept.index, kept.is_begun, kept.encoder = index, True, encoder_here()
    kept.read_until = datetime.fromisoformat(told["read_until"])
    kept.known = {UUID(row_id): datetime.fromisoformat(at) for row_id, at in told["known"].items()}
    kept.newest, kept.born = float(told["newest"]), float(told["born"])
    kept.answers = kept.stored = int(told["answers"])
    kept.people = {UUID(person_id) for person_id in told["people"]}
    kept.has_vectors = bool(told["has_vectors"])
    kept.unread = {UUID(question_id) for question_id in told["unread"]}
