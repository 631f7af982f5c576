"""Every pair of colours that carries words or edges can be read, by day and by night (WCAG 2.2: 1.4.3, 1.4.11)."""

import re
from pathlib import Path

import pytest

import momentor

TOKENS = (Path(momentor.__file__).parent / "web" / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = 0, 1
TEXT, EDGE = 4.5, 3.0

GROUNDS = ["paper", "surface", "sunken"]
TINTS = ["pine", "sun", "clay", "sky", "leaf", "plum"]
TONES = [f"tone-{number}" for number in range(1, 9)]

WORDS_ON_GROUND = [
    *((ink, ground) for ink in ("ink", "ink-soft", "pine-ink", "clay-ink", "sun-ink") for ground in GROUNDS),
    *((f"{tint}-ink", f"{tint}-soft") for tint in TINTS),
    *((f"{tone}-ink", tone) for tone in TONES),
    *((ink, "sun-soft") for ink in ("ink", "ink-soft")),
    ("on-pine", "pine"),
    ("on-pine", "pine-deep"),
    ("on-clay", "clay"),
    ("on-clay", "clay-deep"),
    ("on-sun", "sun"),
    ("paper", "ink"),
    ("on-scan", "scan"),
]
EDGES_ON_GROUND = [
    *((edge, ground) for edge in ("line-strong", "focus", "pine", "clay") for ground in GROUNDS),
    ("pine", "pine-soft"),
    ("focus", "pine-soft"),
]


def colours() -> dict[str, tuple[str, str]]:
    """Return each token's colour by day and by night."""
    both = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
    same = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", TOKENS)
    return {name: (day, night) for name, day, night in both} | {name: (colour, colour) for name, colour in same}


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), WORDS_ON_GROUND)
def test_words_can_be_read_on_their_ground(words: str, ground: str, theme: int) -> None:
    colour = colours()

    assert contrast(colour[words][theme], colour[ground][theme]) >= TEXT


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES_ON_GROUND)
def test_edges_that_one_must_see_stand_out(edge: str, ground: str, theme: int) -> None:
    colour = colours()

    assert contrast(colour[edge][theme], colour[ground][theme]) >= EDGE
