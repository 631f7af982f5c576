"""A person's own data, from every organisation they belong to, in one zip file of JSON and of files they gave.

Each domain adds what it holds: `project/wiring.py` puts its exporter into EXPORTERS.
"""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.module_loading import import_string

from momentor.foundation.tenancy import acting_in
from momentor.people.models import (
    Block,
    Enrolment,
    GroupChoice,
    Membership,
    Organisation,
    Pause,
    Person,
    SampleAnswer,
    Skill,
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of an export: rows that become JSON, one a line of the list, or a file that is copied."""

    name: str
    rows: Iterable[dict[str, Any]] = ()
    file: Path | None = None


# Called inside each organisation of the person, with that organisation open.
Exporter = Callable[[Person], Iterable[Part]]
EXPORTERS: list[Exporter] = []


def export_of(person: Person, *, now: datetime) -> IO[bytes]:
    """Return an open zip file, on disk and not in memory, with everything we hold about this person."""
    import_string(settings.WIRING)
    archive = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        with acting_in(None, person_id=person.pk):
            _add(folder, "account.json", [_account(person, now)])
            places = list(Membership.objects.filter(person=person).values_list("organisation_id", flat=True))
        for organisation in Organisation.objects.filter(pk__in=places).order_by("slug"):
            with acting_in(organisation.pk, person_id=person.pk):
                for exporter in EXPORTERS:
                    for part in exporter(person):
                        _write(folder, organisation.slug, part)
    archive.seek(0)
    return archive


def _account(person: Person, now: datetime) -> dict[str, Any]:
    row = Person.objects.get(pk=person.pk)
    return {
        "exported_at": now,
        "id": row.pk,
        "name": row.name,
        "email": row.email,
        "addresses": list(EmailAddress.objects.filter(user=row).values("email", "verified", "primary")),
        "languages": row.languages,
        "time_zone": row.time_zone,
        "language_of_pages": row.locale,
        "joined_at": row.joined_at,
        "of_age_confirmed_at": row.of_age_confirmed_at,
        "last_sign_in": row.last_login,
    }


def _write(folder: zipfile.ZipFile, slug: str, part: Part) -> None:
    # A file keeps the name its giver gave it; it must not lead out of the folder it is unpacked into.
    steps = [step for step in part.name.replace("\\", "/").split("/") if step.strip(". ")]
    name = "/".join([slug, *steps])
    if part.file is None:
        _add(folder, name, part.rows)
    elif part.file.is_file():
        folder.write(part.file, name)


def _add(folder: zipfile.ZipFile, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows one after the other, so that years of messages never stand in memory together."""
    with folder.open(name, "w", force_zip64=True) as out:
        out.write(b"[")
        for number, row in enumerate(rows):
            text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            out.write((",\n" if number else "\n").encode() + text.encode())
        out.write(b"\n]\n")


def exported(person: Person) -> Iterator[Part]:
    """Return a person's place, profile, programmes and blocks in one organisation."""
    membership = Membership.objects.here().get(person=person)
    yield Part(name="membership.json", rows=[_membership(membership)])
    yield Part(name="skills.json", rows=_rows(Skill.objects.filter(membership=membership), "name", "esco"))
    samples = SampleAnswer.objects.filter(membership=membership)
    yield Part(name="sample_answers.json", rows=_rows(samples, "question", "answer", "given_at"))
    pauses = Pause.objects.filter(membership=membership)
    yield Part(name="pauses.json", rows=_rows(pauses, "from_at", "until_at", "resumed_at"))
    enrolments = Enrolment.objects.filter(membership=membership)
    said = ("programme__name", "enrolled_at", "wants_mentor", "wish", "places")
    yield Part(name="programmes.json", rows=_rows(enrolments, *said))
    groups = GroupChoice.objects.visible_to(person)
    yield Part(name="groups.json", rows=_rows(groups, "grouping__name", "group", "chosen_at"))
    blocks = Block.objects.filter(by=person)
    yield Part(name="blocks.json", rows=_rows(blocks, "about_id", "about__name", "blocked_at"))


def _membership(membership: Membership) -> dict[str, Any]:
    names = (
        "roles state joined_at agreed_to_conduct_at headline story asked_about mediums answers_questions"
        " capacity_per_week quiet_from quiet_until available_until"
    )
    return {name: getattr(membership, name) for name in names.split()}


def _rows(query: Any, *names: str) -> Iterator[dict[str, Any]]:
    rows: Iterator[dict[str, Any]] = query.order_by("id").values(*names).iterator(chunk_size=500)
    return rows
