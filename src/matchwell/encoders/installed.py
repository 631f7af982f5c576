"""The encoders whose weights installed packages carry. Those packages are looked into, not imported.

Only the universal sentence encoder runs code of the package it comes in, and only once its files proved right.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from matchwell.encoders.checked import checked
from matchwell.encoders.encoder import Encoder, EncoderError
from matchwell.encoders.languages import suits
from matchwell.encoders.minilm import MiniLM
from matchwell.encoders.pinned import (
    MINILM_TOKENIZER,
    MINILM_VOCABULARY,
    MINILM_WEIGHTS,
    UNIVERSAL_PIECES,
    UNIVERSAL_WEIGHTS,
    WORD_TABLE,
    WORD_TABLE_PIECES,
    Pinned,
)
from matchwell.encoders.universal import UniversalSentenceEncoder
from matchwell.encoders.wordtable import WordTable


@dataclass(frozen=True, kw_only=True, slots=True)
class _Recipe:
    """How to make an encoder: from one file of each kind, any of those given."""

    make: Callable[[Path, Path], Encoder]
    files: tuple[tuple[Pinned, ...], ...]


_RECIPES: Mapping[str, _Recipe] = {
    "minilm": _Recipe(make=MiniLM, files=((MINILM_WEIGHTS,), (MINILM_TOKENIZER, MINILM_VOCABULARY))),
    "universal": _Recipe(make=UniversalSentenceEncoder, files=((UNIVERSAL_WEIGHTS,), (UNIVERSAL_PIECES,))),
    "wordtable": _Recipe(make=WordTable, files=((WORD_TABLE,), (WORD_TABLE_PIECES,))),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The files of one encoder, in the order in which its class takes them. Nothing has been read of them yet."""

    encoder: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """An encoder that cannot be used here, and a sentence for the log that says why."""

    encoder: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """An encoder ready to use, or None; and those that were wanted before it."""

    encoder: Encoder | None
    refused: tuple[Refused, ...] = ()


def find_installed() -> dict[str, Found]:
    """Return the encoders of which installed packages carry all files, by name, the best for English first."""
    paths = {name: [_first(kind) for kind in recipe.files] for name, recipe in _RECIPES.items()}
    return {
        name: Found(encoder=name, paths=tuple(path for path in found if path is not None))
        for name, found in paths.items()
        if None not in found
    }


def find_for(languages: Collection[str]) -> Found | None:
    """Return the first installed encoder that is good for all these languages (BCP 47), None if none is.

    Nothing is read of its files, so `best_installed` may still refuse it. Raises ValueError if there is no language.
    """
    _require_languages(languages)
    return next((found for name, found in find_installed().items() if not _unread(name, languages)), None)


def load_installed(encoder: str, *, tokens: int | None = None) -> Loaded:
    """Load one of "minilm", "universal" and "wordtable" as `checked`; None with the reason if it cannot be used.

    `tokens` is how far "minilm" reads; the others read as far as they do. Raises ValueError for any other name.
    """
    if encoder not in _RECIPES:
        raise ValueError(f"There is no encoder {encoder!r}. Choose one of {', '.join(_RECIPES)}.")
    found = find_installed().get(encoder)
    if found is None:
        return _refused(encoder, f"No installed package carries all of its files: {_wanted(encoder)}.")
    try:
        if encoder == "minilm" and tokens is not None:
            return Loaded(encoder=checked(MiniLM(*found.paths, tokens=tokens)))
        return Loaded(encoder=checked(_RECIPES[encoder].make(*found.paths)))
    except (EncoderError, OSError) as refusal:
        return _refused(encoder, str(refusal))


def best_installed(languages: Collection[str], *, tokens: int | None = None) -> Loaded:
    """Load the first of the three that is good for all these languages (BCP 47) and can be used; None if none is.

    Raises ValueError if there is no language, or a string in the place of several.
    """
    _require_languages(languages)
    refused: tuple[Refused, ...] = ()
    for encoder in _RECIPES:
        unread = _unread(encoder, languages)
        loaded = (
            _refused(encoder, f"It was not made for {', '.join(unread)}.")
            if unread
            else load_installed(encoder, tokens=tokens)
        )
        refused += loaded.refused
        if loaded.encoder is not None:
            return Loaded(encoder=loaded.encoder, refused=refused)
    return Loaded(encoder=None, refused=refused)


def _require_languages(languages: Collection[str]) -> None:
    if isinstance(languages, str) or not languages:
        raise ValueError('Say in which languages people write, such as {"en"}.')


def _unread(encoder: str, languages: Collection[str]) -> list[str]:
    return [language for language in sorted(languages) if not suits(encoder, language)]


def _refused(encoder: str, reason: str) -> Loaded:
    return Loaded(encoder=None, refused=(Refused(encoder=encoder, reason=reason),))


def _first(files: tuple[Pinned, ...]) -> Path | None:
    return next((path for file in files if (path := _path(file)) is not None), None)


def _path(file: Pinned) -> Path | None:
    try:
        path = Path(str(distribution(file.package).locate_file(file.path)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def _wanted(encoder: str) -> str:
    return " and ".join(" or ".join(_named(file) for file in kind) for kind in _RECIPES[encoder].files)


def _named(file: Pinned) -> str:
    return f"{Path(file.path).name} of {file.package} {file.version}"
