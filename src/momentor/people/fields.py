"""Fields of work, recognised by words of what people say of themselves in a few words. Pure.

Coarse on purpose: a field is for telling a nurse from a welder, not one nurse from another. Somebody may be in several,
and nobody is put into one whose words name none. The words are English and German, as the pages are, and without "ß".
Where they err, they rather put somebody into one field too many, who then counts as a stranger in fewer places.
"""

import re
from collections.abc import Iterable

# How words of a field begin; with a space behind, the whole word. What only sounds alike is kept out that way: a career
# is no care, an article no art, a wardrobe no ward.
FIELDS: dict[str, tuple[str, ...]] = {
    "health": (
        *(
            "nurse ",
            "nurses ",
            "nursing",
            "clinic",
            "hospital",
            "ward ",
            "wards ",
            "patients",
            "midwi",
            "health",
            "medic",
        ),
        *(
            "care home",
            "home care",
            "elderly care",
            "intensive care",
            "carer ",
            "caregiv",
            "paramedic",
            "physio",
            "pharma",
        ),
        *("pfleg", "krank", "arzt", "ärzt"),
    ),
    "trades": (
        *("weld", "metalwork", "metal shop", "electrician", "carpent", "plumb", "tradesm", "the trades ", "the trade "),
        *("mechanic", "craft", "joiner", "bricklay", "locksmith", "schweiss", "handwerk", "tischler", "elektriker"),
    ),
    "law": (
        "law ",
        "legal",
        "lawyer",
        "court ",
        "courts ",
        "judge ",
        "notar",
        "compliance",
        "recht",
        "jurist",
        "anwalt",
    ),
    "software": (
        *("softw", "programmer", "programming", "developer", "python", "java", "web develop", "web design", "cloud "),
        *(
            "data scien",
            "data engin",
            "data analy",
            "database",
            "ict ",
            "devops",
            "sysadmin",
            "system admin",
            "informati",
        ),
    ),
    "teaching": (
        *("teach", "school", "trainer", "educat", "pedagog", "tutor", "lecturer"),
        *("lehrer", "lehrkr", "lehramt", "schul", "unterricht", "erzieh"),
    ),
    "arts": (
        *("music", "orchest", "singer", "singing", "choir", "guitar", "piano", "stage ", "theat", "actor ", "actress "),
        *("art ", "arts ", "artist", "paint", "film", "musik", "kunst", "künstler"),
    ),
    "farming": ("farm", "agricult", "crop", "garden", "vineyard", "livestock", "forest", "landwirt", "gärtn", "winzer"),
    "research": ("research", "scien", "phd ", "doctora", "academ", "laborat", "universit", "forsch", "wissenschaft"),
    "sales": ("sales", "marketing", "retail", "shop ", "vertrieb", "verkauf"),
    "engineering": ("engineer", "construction", "architect", "ingenieur", "maschinenbau", "bauleit"),
    "finance": (
        *("accountan", "accounting", "bookkeep", "bank ", "banking", "auditor", "auditing", "tax ", "insurance"),
        *("buchhalt", "steuerberat", "versicherung"),
    ),
    "social work": (
        "social work",
        "counsel",
        "therap",
        "psycholog",
        "youth work",
        "kindergart",
        "sozial",
        "jugendhilfe",
    ),
    "hospitality": ("cook ", "chef ", "kitchen", "restaurant", "hotel", "baker", "barista", "gastro", "koch ", "köch"),
    "design": ("design", "illustrat", "typograph", "gestalt", "grafik"),
    "media": ("journalis", "reporter", "radio ", "podcast", "editor ", "publishing", "translat", "übersetz"),
    "administration": ("public administration", "municip", "town hall", "civil service", "verwaltung", "behörde"),
    "transport": (
        "driver",
        "logistic",
        "pilot ",
        "sailor",
        "ship ",
        "ships ",
        "railway",
        "lorry",
        "truck",
        "spedition",
    ),
    "leading": ("lead", "manag", "team", "head of", "foreman", "director", "führ", "leit"),
    "own business": (
        *("founder", "start up", "freelanc", "self employ", "entrepren", "own business", "small business"),
        *("salon owner", "store owner", "shop owner", "own shop", "own firm"),
        *("gründer", "selbständig", "selbstständig"),
    ),
}
# What people of every field do tells nobody's field.
EVERYWHERE = frozenset({"leading", "own business"})


def fields_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the fields of work that somebody comes from who says this of themselves."""
    return frozenset(mentions_in(texts)) - EVERYWHERE


def mentions_in(texts: Iterable[str]) -> dict[str, int]:
    """Return the fields that these texts name, with how many of each field's words they use."""
    words = re.findall(r"\w+", " ".join(texts).casefold())
    text = f" {' '.join(words)} "
    found = {field: sum(f" {stem}" in text for stem in stems) for field, stems in FIELDS.items()}
    return {field: count for field, count in found.items() if count}
