"""A small community to try things on: an invented neighbourhood workshop, a year of questions, times in days."""

from typing import Any

Columns = dict[str, list[Any]]

_PEOPLE = {
    "aled": ("I keep two sourdough starters alive and bake for the street on Saturdays", ["bread", "ovens"]),
    "bibi": ("Bicycle mechanic, thirty years of gears and brakes", ["bicycles", "wheels"]),
    "chen": ("Allotment gardener, mostly vegetables and compost", ["garden", "soil"]),
    "dora": ("I sew and mend, and I teach it", ["sewing", "patterns"]),
    "ewan": ("Joiner. Doors, windows, chairs, and what is wrong with them", ["wood", "tools"]),
    "femi": ("I repair radios, lamps and whatever has a plug", ["electronics", "soldering"]),
    "gita": ("Home baker; cakes rather than bread", ["cakes"]),
    "hugo": ("Baker's apprentice in the second year, new here. I shape loaves and bake them every night", ["bread"]),
}

_QUESTIONS = {
    "q01": (4, "bread", "femi", "Why does my sourdough bread not rise?"),
    "q02": (11, "bicycles", "aled", "My bicycle chain jumps when I pedal hard. What is worn?"),
    "q03": (18, "garden", "dora", "Slugs eat every lettuce I plant. What helps without poison?"),
    "q04": (26, "sewing", "ewan", "Which needle for sewing thick denim without breaking it?"),
    "q05": (39, "wood", "bibi", "How do I glue a loose chair leg so that it holds?"),
    "q06": (47, "electronics", "chen", "The old radio hums as soon as it is switched on. Where do I look first?"),
    "q07": (58, "bread", "dora", "My loaf is flat and dense. Did the dough ferment too long?"),
    "q08": (66, "bicycles", "gita", "How do I true a wheel that rubs on the brake?"),
    "q09": (81, "garden", "bibi", "When is compost ready for tomatoes?"),
    "q10": (95, "cakes", "femi", "My sponge cake sinks in the middle. Too much baking powder?"),
    "q11": (109, "sewing", "aled", "How do I shorten trousers by hand and keep the seam invisible?"),
    "q12": (124, "wood", "gita", "The door sticks in wet weather. Plane it or wait?"),
    "q13": (140, "electronics", "ewan", "Can I solder a lamp switch, or must it be crimped?"),
    "q14": (153, "bread", "bibi", "How do I keep a sourdough starter alive over the holidays?"),
    "q15": (171, "bicycles", "chen", "Brake pads squeal in the rain. New pads or new rims?"),
    "q16": (188, "garden", "ewan", "Leaves of my tomatoes turn yellow from below. Too much water?"),
    "q17": (204, "cakes", "dora", "How do I stop icing from sliding off a warm cake?"),
    "q18": (219, "sewing", "femi", "Thread bunches up under the fabric. Is it the tension of the bobbin?"),
    "q19": (236, "wood", "chen", "Which oil for a kitchen board that is washed every day?"),
    "q20": (251, "electronics", "bibi", "The plug of my bicycle lamp charger gets hot. Is it dangerous?"),
    "q21": (272, "bread", "chen", "Wet dough sticks to everything. How do I shape the loaf?"),
    "q22": (298, "bicycles", "dora", "Gears slip after I changed the chain. Must the cassette be new as well?"),
    "q23": (321, "bread", "ewan", "The crust of my bread is pale. Is the oven too cold?"),
    "q24": (344, "garden", "gita", "Can I plant garlic before the frost?"),
}

_ANSWERS = (
    ("q01", "aled", 5), ("q01", "gita", 6), ("q02", "bibi", 11), ("q03", "chen", 19), ("q04", "dora", 26),
    ("q05", "ewan", 40), ("q06", "femi", 47), ("q07", "aled", 58), ("q08", "bibi", 67), ("q09", "chen", 81),
    ("q10", "gita", 95), ("q10", "aled", 97), ("q11", "dora", 110), ("q12", "ewan", 124), ("q13", "femi", 140),
    ("q14", "aled", 154), ("q15", "bibi", 171), ("q16", "chen", 189), ("q17", "gita", 205), ("q18", "dora", 219),
    ("q19", "ewan", 236), ("q19", "gita", 239), ("q20", "femi", 251), ("q20", "bibi", 252), ("q21", "aled", 272),
    ("q21", "gita", 275), ("q22", "bibi", 298), ("q23", "gita", 322), ("q24", "chen", 345),
)  # fmt: skip


def workshop() -> tuple[Columns, Columns, Columns]:
    """Return people, questions and answers, each as a dict of columns."""
    people: Columns = {
        "id": [*_PEOPLE],
        "text": [text for text, _ in _PEOPLE.values()],
        "skills": [skills for _, skills in _PEOPLE.values()],
    }
    questions: Columns = {
        "id": [*_QUESTIONS],
        "text": [text for *_, text in _QUESTIONS.values()],
        "at": [at for at, *_ in _QUESTIONS.values()],
        "tags": [[tag] for _, tag, *_ in _QUESTIONS.values()],
        "asker": [asker for _, _, asker, _ in _QUESTIONS.values()],
    }
    answers: Columns = {
        "question": [question for question, _, _ in _ANSWERS],
        "person": [person for _, person, _ in _ANSWERS],
        "at": [at for *_, at in _ANSWERS],
    }
    return people, questions, answers
