"""Bring a community's questions and answers into an organisation of its own, from a folder of Parquet files.

People with answers become mentors with evidence; nobody is told or offered anything. Running it again changes
nothing that is there, and a run that was stopped goes on where it was. Rows that cannot be used are listed, with
their numbers, in a report. The format is described in docs/reference/import-format.md.
"""

import argparse
import csv
import json
import resource
import sys
import time
from pathlib import Path

EXAMPLE = "momentor import ../data/chat --name 'Help chat' --claim 3 --member amina@demo.invalid"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, help="folder with questions.parquet, answers.parquet, perhaps profiles.parquet"
    )
    parser.add_argument("--name", help="name of the organisation (default: the folder's name)")
    parser.add_argument("--slug", help="its address (default: made from the name)")
    parser.add_argument("--language", default="en", help="language of the questions, BCP 47 (default: en)")
    parser.add_argument(
        "--claim", type=int, default=0, metavar="N", help="let the N busiest mentors sign in, as demo accounts"
    )
    parser.add_argument(
        "--member", action="append", default=[], metavar="EMAIL", help="an account that takes part in it"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def main(arguments: argparse.Namespace) -> int:
    """Import a folder; return 1 when it cannot be read, has no place to go, or a member is unknown."""
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.utils import timezone
    from django.utils.text import slugify
    from tqdm import tqdm

    from momentor.foundation.refusals import Refusal
    from momentor.importing.actions import (
        claim_busiest,
        import_folder,
        join_as_member,
        new_password,
        organisation_for,
        without_account,
    )
    from momentor.importing.rows import Folder, NotAFolderToImport
    from momentor.people.models import BCP47

    began = time.perf_counter()
    now = timezone.now()
    try:
        folder = Folder(arguments.folder)
        total = len(folder.people()) + sum(folder.count(kind) for kind in ("questions", "answers", "profiles"))
        BCP47(arguments.language)
    except NotAFolderToImport as trouble:
        return _fail(str(trouble), arguments)
    except ValidationError:
        return _fail(f"“{arguments.language}” names no language as BCP 47 does: en, de, pt-BR.", arguments)
    name = arguments.name or arguments.folder.resolve().name
    slug = arguments.slug or slugify(name)[:40].strip("-_")
    if not slug:
        return _fail(f"No address can be made from the name “{name}”. Choose one with --slug.", arguments)
    if unknown := without_account(arguments.member):
        return _fail(f"No account has the address {', '.join(unknown)}. Sign up first, then import.", arguments)
    try:
        organisation = organisation_for(name=name, slug=slug, now=now)
    except Refusal as refusal:
        return _fail(str(refusal.message), arguments)
    try:
        with tqdm(total=total, unit=" rows", desc=name, file=sys.stderr, disable=arguments.json) as bar:
            report = import_folder(
                folder, organisation=organisation, language=arguments.language, now=now, progress=bar.update
            )
    except NotAFolderToImport as trouble:
        return _fail(str(trouble), arguments)
    password = new_password()
    claimed = (
        claim_busiest(organisation=organisation, count=arguments.claim, password=password, now=now)
        if arguments.claim
        else []
    )
    for email in arguments.member:
        join_as_member(organisation=organisation, email=email, now=now)
    bad_rows = settings.DATA / "imports" / f"{slug}-bad-rows.csv"
    if report.bad:
        bad_rows.parent.mkdir(parents=True, exist_ok=True)
        with bad_rows.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "row", "why"])
            writer.writerows((row.file, row.row, row.why) for row in report.bad)
    result = {
        "organisation": slug,
        "people": report.people,
        "questions": report.questions,
        "answers": report.answers,
        "profiles": report.profiles,
        "new_questions": report.new_questions,
        "new_answers": report.new_answers,
        "bad_rows": len(report.bad),
        "bad_rows_file": str(bad_rows) if report.bad else None,
        "claimed": [{"name": one.name, "email": one.email, "answers": one.answers} for one in claimed],
        "password": password if claimed else None,
        "seconds": round(time.perf_counter() - began, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "address": f"{settings.SITE_URL}/at/{slug}/",
    }
    if arguments.json:
        print(json.dumps(result))
    else:
        print(_told(result))
    return 0


def _told(result: dict[str, object]) -> str:
    lines = [
        "{questions} questions, {answers} answers and {people} people in {seconds} s, {peak_memory_mb} MB at most.",
        "{new_questions} questions and {new_answers} answers are new.",
        "Open {address}",
    ]
    if result["bad_rows"]:
        lines.insert(2, "{bad_rows} rows could not be used; see {bad_rows_file}")
    text = "\n".join(lines).format(**result)
    claimed = result["claimed"]
    if isinstance(claimed, list) and claimed:
        text += "\nThese can sign in with the password {password} (if they could not before):".format(**result)
        text += "".join(f"\n  {one['email']}  {one['name']}, {one['answers']} answers" for one in claimed)
    return text


def _fail(why: str, arguments: argparse.Namespace) -> int:
    if arguments.json:
        print(json.dumps({"error": why}))
    print(f"momentor import: {why}", file=sys.stderr)
    return 1
