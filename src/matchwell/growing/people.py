"""People and what they say of themselves, growing."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matchwell.columns import Column
from matchwell.columns import Numbers as Vector
from matchwell.growing.numbers import Numbers, mark
from matchwell.meanings import GrowingMeanings
from matchwell.postings import Postings
from matchwell.state import People
from matchwell.storing import Kept
from matchwell.values import PersonText
from matchwell.words import person_terms, primary


class GrowingPeople:
    """Takes people in and out; a changed person gets new rows of text and leaves the old ones behind."""

    def __init__(self, terms: Numbers, encode: Callable[[list[str]], Sequence[Vector | None]]) -> None:
        self.numbers = Numbers()
        self._encode = encode
        self._meanings = GrowingMeanings()
        self._terms = terms
        self._languages: dict[frozenset[str], int] = {}
        self._backgrounds: dict[frozenset[str], int] = {frozenset(): 0}
        self._is_here = Column(np.bool_)
        self._speaks = Column(np.int32)
        self._background = Column(np.int32)
        self._person = Column(np.int32)
        self._length = Column(np.int32)
        self._is_sample = Column(np.bool_)
        self._is_current = Column(np.bool_)
        self._words = Postings()
        self._mark = Column(np.int64)

    def add(self, people: Iterable[PersonText]) -> None:
        """Add or replace by identifier; of two with the same the last counts."""
        latest = {person.id: person for person in people}
        new = [person for person in latest.values() if not self._is_known(person)]
        numbers = [self.numbers.give(person.id) for person in new]
        comes_from = [self._backgrounds.setdefault(person.background, len(self._backgrounds)) for person in new]
        speaks = [self._languages.setdefault(primary(person.languages), len(self._languages)) for person in new]
        self._drop_texts(numbers)
        self._grow()
        self._is_here.put(numbers, value=True)
        self._speaks.put(numbers, speaks)
        self._background.put(numbers, comes_from)
        self._mark.put(numbers, [_mark(person) for person in new])
        pairs = zip(numbers, new, strict=True)
        self._add_texts([(number, *text) for number, person in pairs for text in _texts(person)])

    def remove(self, ids: Iterable[str]) -> list[int]:
        """Forget these people and return their numbers."""
        gone = self.numbers.known(ids)
        self._drop_texts(gone)
        self._grow()
        self._is_here.put(gone, value=False)
        return gone

    def state(self) -> People:
        """Return the people as they are now."""
        self._grow()
        return People(
            ids=self.numbers.ids,
            is_here=self._is_here.view(),
            speaks=self._speaks.view(),
            language_sets=tuple(self._languages),
            background=self._background.view(),
            background_sets=tuple(self._backgrounds),
            person=self._person.view(),
            length=self._length.view(),
            is_sample=self._is_sample.view(),
            is_current=self._is_current.view(),
            words=self._words,
            meanings=self._meanings.state(),
        )

    def keep(self) -> Kept:
        """Return what there is to store, the identifiers and terms aside."""
        self._grow()
        kept = Kept({name: (column.view(),) for name, column in self._columns().items()})
        kept.told["languages"] = [sorted(one) for one in self._languages]
        kept.told["backgrounds"] = [sorted(one) for one in self._backgrounds]
        kept.put("words", self._words.keep())
        kept.put("meanings", self._meanings.keep())
        return kept

    def restore(self, kept: Kept) -> None:
        """Take what `keep` gave."""
        for name, column in self._columns().items():
            column.take(kept.array(name))
        self._languages = {frozenset(one): place for place, one in enumerate(kept.told["languages"])}
        self._backgrounds = {frozenset(one): place for place, one in enumerate(kept.told["backgrounds"])}
        self._words = Postings.restored(kept.part("words"))
        self._meanings.restore(kept.part("meanings"))

    def _columns(self) -> dict[str, Column]:
        return {
            "is_here": self._is_here,
            "speaks": self._speaks,
            "background": self._background,
            "mark": self._mark,
            "person": self._person,
            "length": self._length,
            "is_sample": self._is_sample,
            "is_current": self._is_current,
        }

    def _is_known(self, person: PersonText) -> bool:
        number = self.numbers.of.get(person.id)
        if number is None or number >= len(self._is_here) or not self._is_here.view()[number]:
            return False
        return bool(self._mark.view()[number] == _mark(person))

    def _add_texts(self, texts: list[tuple[int, str, bool]]) -> None:
        """Add rows of text, each with the number of its person and whether it is a sample."""
        bags = [(who, person_terms(text), is_sample, text) for who, text, is_sample in texts]
        bags = [bag for bag in bags if bag[1]]  # an empty row would shorten the mean length
        first = len(self._person)
        self._person.extend([who for who, _, _, _ in bags])
        self._length.extend([len(bag) for _, bag, _, _ in bags])
        self._is_sample.extend([is_sample for _, _, is_sample, _ in bags])
        self._is_current.extend(np.ones(len(bags), np.bool_))
        self._meanings.add(list(self._encode([text for _, _, _, text in bags])))
        numbered = [self._terms.give_all(bag) for _, bag, _, _ in bags]
        self._words = self._words.with_rows(first, numbered, self._is_current.view())

    def _drop_texts(self, numbers: list[int]) -> None:
        theirs = np.isin(self._person.view(), numbers) & self._is_current.view()
        self._is_current.put([int(row) for row in np.flatnonzero(theirs)], value=False)

    def _grow(self) -> None:
        """Give a place to people whom so far only an answer has named."""
        missing = len(self.numbers.ids) - len(self._is_here)
        self._is_here.extend(np.zeros(missing, np.bool_))
        self._speaks.extend(np.zeros(missing, np.int32))
        self._background.extend(np.zeros(missing, np.int32))
        self._mark.extend(np.zeros(missing, np.int64))


def _mark(person: PersonText) -> int:
    told = (person.text, person.skills, sorted(person.languages), person.samples, sorted(person.background))
    return mark(repr(told).encode("utf-8", "surrogatepass"))


def _texts(person: PersonText) -> list[tuple[str, bool]]:
    """Return the texts about a person, and whether each is a sample."""
    texts = ["\n".join([*person.skills, person.text]), *person.samples]
    return [(text, place > 0) for place, text in enumerate(texts)]
