#!/usr/bin/env python3
"""Keep the catalogues of translations in step with the texts in code and templates, without gettext on the machine.

python3 run.py messages            find every text, and add what is new to each catalogue
python3 run.py messages --check    fail when a catalogue lacks a text or leaves one untranslated
"""

from __future__ import annotations

import argparse
import ast
import re
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent
SOURCE = ROOT / "src" / "momentor"
LANGUAGES = ("de",)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
LITERAL = r"""(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(({LITERAL}(?:\s*,\s*{LITERAL})*)")

Found = tuple[str, int, "str | tuple[str, str]", "str | None"]


def main(given: list[str]) -> int:
    """Update the catalogues, or say what they lack; return 1 when a check finds something."""
    parser = argparse.ArgumentParser(
        "run.py messages", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="change nothing, fail where something lacks")
    asked = parser.parse_args(given)
    if not settings.configured:
        settings.configure(USE_I18N=True)
    texts = Catalog(project="Momentor", charset="utf-8", fuzzy=False)
    for file, line, message, context in sorted(_texts(), key=lambda found: (found[0], found[1])):
        texts.add(message, locations=[(file, line)], context=context)
    return max([_check(language, texts) if asked.check else _update(language, texts) for language in LANGUAGES])


def _texts() -> Iterator[Found]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        with path.open("rb") as file:
            for line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
                yield str(path.relative_to(ROOT)), line, message, context
    for pattern in ("*.html", "*.txt"):
        for path in sorted(SOURCE.rglob(f"templates/**/{pattern}")):
            yield from _texts_of_template(path)


def _texts_of_template(path: Path) -> Iterator[Found]:
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in CALL.finditer(code):
        parts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, call[2])]
        line = code.count("\n", 0, call.start()) + 1
        context = parts.pop(0) if call[1] in {"pgettext", "npgettext"} else None
        plural = call[1] in {"ngettext", "npgettext"}
        yield str(path.relative_to(ROOT)), line, (parts[0], parts[1]) if plural else parts[0], context


def _update(language: str, texts: Catalog) -> int:
    path = _path(language)
    catalogue = Catalog(locale=language, project="Momentor", charset="utf-8", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.header_comment = f"# The pages of Momentor in another language: {language}."
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "Momentor"
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # dates only make conflicts
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_by_file=True, omit_header=False, include_lineno=False)
    lacks = [message for message in catalogue if message.id and not _is_translated(message)]
    print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {len(lacks)} without a translation")
    return 0


def _check(language: str, texts: Catalog) -> int:
    path = _path(language)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    wrong = []
    for message in texts:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        if known is None:
            wrong.append(f"lacks {message.id!r}")
        elif not _is_translated(known):
            wrong.append(f"leaves {message.id!r} untranslated")
        elif _places(message.id) != _places(known.string):
            wrong.append(f"has other places to fill in {message.id!r}")
    for sentence in wrong[:20]:
        print(f"{path.relative_to(ROOT)} {sentence}", file=sys.stderr)
    if wrong:
        print(f"{len(wrong)} in all. Run: python3 run.py messages, and translate.", file=sys.stderr)
    return 1 if wrong else 0


def _is_translated(message: object) -> bool:
    said = getattr(message, "string", "")
    return (
        bool(said) and (all(said) if isinstance(said, tuple) else True) and "fuzzy" not in getattr(message, "flags", ())
    )


def _places(text: object) -> set[str]:
    """Return the names that are filled in: %(name)s and {name}."""
    whole = " ".join(text) if isinstance(text, tuple | list) else str(text)
    named = set(re.findall(r"%\((\w+)\)", whole))
    try:
        braces = {name for _text, name, _spec, _conversion in string.Formatter().parse(whole) if name}
    except ValueError:
        braces = set()
    return named | braces


def _path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
