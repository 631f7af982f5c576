"""Forty questions of a community about eight matters, five each, and ways to say one again."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from matchwell.similar import Read, Texts, read

MATTERS: dict[str, tuple[str, ...]] = {
    "night": (
        "How do I survive night shifts on the ward with two small children at home?",
        "Night shifts leave me tired for days. How do experienced nurses sleep after a night shift?",
        "Is there a rota for night shifts that keeps a family life possible? Our ward plans three nights in a row.",
        "What do you eat on night shifts? I gain weight since I work nights on the ward.",
        "Handing over after a night shift: how do I stay awake and clear when the day team comes to the ward?",
    ),
    "salary": (
        "How do I ask for a higher salary when my manager says the budget is closed?",
        "Salary negotiation for a first job: do I name a number, or let the company begin?",
        "My salary is below that of a colleague. Should I mention it in the negotiation?",
        "How much salary can I ask for in Munich as a nurse with five years behind me?",
        "They offered bonus instead of salary. What does that mean for the next negotiation?",
    ),
    "welding": (
        "Which electrode do you use for welding thin pipes overhead?",
        "Welding pipes on a slope: how do I keep the seam clean?",
        "TIG welding or MIG welding for stainless pipes in a brewery?",
        "My welding seams on pipes crack when they cool. Is the electrode damp?",
        "How long does it take to get the certificate for welding gas pipes?",
    ),
    "speaking": (
        "My hands shake when I give a presentation. How do you calm down before speaking in front of people?",
        "How do I start a presentation so that people listen? I speak to forty engineers on Friday.",
        "Speaking freely without slides: how do you prepare a presentation like that?",
        "I lose the thread in every presentation when somebody interrupts me with a remark.",
        "How many slides does a presentation of ten minutes need?",
    ),
    "python": (
        "How do I read a large CSV file in Python without running out of memory?",
        "Python tests are slow because of the database. How do you mock a database in pytest?",
        "Should I learn pandas or plain Python first for data analysis of CSV files?",
        "My Python script with pandas takes an hour for a CSV file of two gigabytes.",
        "What is a clean way to structure a Python package with tests in pytest?",
    ),
    "abroad": (
        "Moving to Norway as an engineer: is my degree recognised, and do I need a visa?",
        "Which documents does the embassy want for a work visa in Norway?",
        "My degree from Syria must be recognised in Germany. Where do I begin with the documents?",
        "How long does a work visa for Canada take for an engineer with family?",
        "Can I keep my pension when I move abroad on a work visa for three years?",
    ),
    "leading": (
        "I became team lead last month. How do I give feedback to former colleagues?",
        "A former colleague in my team ignores me as team lead. What would you say to him?",
        "How do you run a first one-to-one as a new team lead?",
        "Feedback to an older colleague in the team: how direct may a young team lead be?",
        "My team is remote. How does a team lead notice that somebody is overloaded?",
    ),
    "garden": (
        "Which soil do tomatoes want on a balcony facing south?",
        "My tomatoes have brown leaves. Too much water in the soil, or a fungus?",
        "How do I get snails off the salad without poison?",
        "When do I cut the apple tree, in winter or after the harvest?",
        "Compost on a balcony: which worms work in a small box with little soil?",
    ),
}

SAID_AGAIN: dict[str, Callable[[str], str]] = {
    "as it was": lambda text: text,
    "in capitals": str.upper,
    "quoted": lambda text: f"> {text}\n\n{text}",
    "with a greeting": lambda text: f"Hello everybody, I hope you are well. {text} Thank you for any help!",
    "turned around": lambda text: " ".join(reversed(text.split())),
    "with marks gone": lambda text: "".join(letter for letter in text if letter.isalnum() or letter == " "),
    "with a word left out": lambda text: text.replace(" my ", " ").replace(" the ", " "),
}


def told() -> dict[str, str]:
    """Return the texts by id: the matter and a number."""
    return {f"{matter}{number}": text for matter, texts in MATTERS.items() for number, text in enumerate(texts)}


def community(**more: str) -> Read:
    """Return the community, with more texts by id, read."""
    there = told() | more
    return read(Texts(ids=list(there), texts=list(there.values())))


def matter_of(name: str) -> str:
    """Return the matter that a text of the community is about."""
    return name.rstrip("0123456789")


def meant(ids: Sequence[str], *, seed: int = 7, dim: int = 64, noise: float = 0.5) -> npt.NDArray[np.float32]:
    """Return vectors such as an encoder would make: those of one matter lie near each other."""
    chance = np.random.default_rng(seed)
    of_matter: dict[str, Any] = {matter: chance.standard_normal(dim) for matter in [*sorted(MATTERS), "other"]}
    rows = [of_matter.get(matter_of(name), of_matter["other"]) + noise * chance.standard_normal(dim) for name in ids]
    return np.array(rows, np.float32)


_WORDS = [
    "night",
    "shifts",
    "welding",
    "pipes",
    "salary",
    "talk",
    "python",
    "lists",
    "2016",
    "soil",
    "履歴書",
    "C++",
    "👩‍🚀",
]
words = st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join)
few_texts = st.dictionaries(st.text("abc", min_size=1, max_size=3), words, max_size=12)
