"""Languages and time zones to choose from. Pure, but for what the machine's tables hold."""

from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

# Written differently by region or script, so that the bare language says too little to some.
WITH_REGION = ("pt-BR", "pt-PT", "zh-Hans", "zh-Hant", "sr-Latn", "sr-Cyrl", "es-419", "fr-CA")
BEYOND_TWO_LETTERS = ("ckb", "fil", "haw", "kab", "kmr", "prs", "tpi", "yue")


def language_name(tag: str, page_language: str) -> str:
    """Return a language's name in the language of the page: "pt-BR" is "Portuguese (Brazil)"; else the tag itself."""
    try:
        names = Locale.parse(page_language, sep="-").languages
        return Locale.parse(tag, sep="-").get_display_name(page_language) or names.get(tag, tag)
    except (UnknownLocaleError, ValueError):
        return names_of(page_language).get(tag, tag)


@lru_cache(maxsize=8)
def names_of(page_language: str) -> dict[str, str]:
    """Return the names of living languages, by tag, in the language of the page and in its alphabet's order."""
    locale = Locale.parse(page_language, sep="-")
    known = {str(tag): str(name) for tag, name in locale.languages.items()}
    names = {tag: name for tag, name in known.items() if len(tag) == 2 or tag in BEYOND_TWO_LETTERS}
    for tag in WITH_REGION:
        names[tag] = Locale.parse(tag, sep="-").get_display_name(page_language) or tag
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


def language_choices(page_language: str, spoken: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return tags and names to choose from, those that are spoken already included however rare."""
    names = names_of(page_language)
    rare = [(tag, language_name(tag, page_language)) for tag in spoken if tag not in names]
    return [*names.items(), *rare]


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones that name a place, by continent, and UTC first."""
    groups: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region in REGIONS:
            groups.setdefault(region, []).append((zone, place.replace("_", " ")))
    return list(groups.items())


REGIONS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905 - a line
)
