"""What every page promises about its looks, and the small words of its templates."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import momentor
from momentor.web.templatetags.looks import TONES, initials, tone

SOURCE = Path(momentor.__file__).parent
IMAGES = SOURCE / "web" / "static" / "img"
TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))
STYLES = sorted([*SOURCE.glob("web/styles/*.css"), *SOURCE.glob("*/elements/*.css")])

BY_HAND = re.compile(r"#[0-9a-f]{3,8}\b(?=[\s;,)])|\brgba?\(|\bhsla?\(", re.IGNORECASE)
SIDED = re.compile(
    r"(margin|padding|border|(?<!area-)inset)-(left|right|top|bottom)\b|^\s*(left|right|top|bottom|width|height)\s*:"
    r"|text-align:\s*(left|right)|float:",
    re.MULTILINE,
)
FORBIDDEN_BY_POLICY = re.compile(
    r"<[^>]*\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE
)


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if pattern.search(line)]


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_a_style_takes_its_colours_from_the_tokens(style: Path) -> None:
    assert lines_with(BY_HAND, without_comments(style.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_a_style_reads_as_well_from_right_to_left(style: Path) -> None:
    assert lines_with(SIDED, without_comments(style.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "template", [path for path in TEMPLATES if "/email/" not in str(path) and "_mail" not in path.name], ids=name
)
def test_a_page_keeps_to_the_security_policy(template: Path) -> None:
    assert FORBIDDEN_BY_POLICY.search(template.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize(("tag", "sprite"), [("icon", "icons.svg"), ("drawing", "drawings.svg")])
def test_every_picture_that_a_page_names_is_drawn(tag: str, sprite: str) -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (IMAGES / sprite).read_text(encoding="utf-8")))

    assert set(named(tag, TEMPLATES)) <= drawn


def named(tag: str, templates: Iterable[Path]) -> Iterable[str]:
    for template in templates:
        yield from re.findall(rf'{{% {tag} "([\w-]+)"', template.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("person", "letters"),
    [("Amina Yusuf", "AY"), ("Ben", "B"), ("Maria del Mar Ruiz", "MR"), ("  ", "?"), (None, "?"), ("ömer çelik", "ÖÇ")],
)
def test_a_person_without_a_picture_is_shown_by_initials(person: str | None, letters: str) -> None:
    assert initials(person) == letters


def test_a_person_keeps_one_colour_and_colours_are_spread() -> None:
    keys = [f"person-{number}" for number in range(400)]

    shown = [tone(key) for key in keys]

    assert shown == [tone(key) for key in keys]
    assert set(shown) == set(range(1, TONES + 1))
