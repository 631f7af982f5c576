"""Small whole numbers in the place of identifiers and terms."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b


class Numbers:
    """Numbers in the order of first mention. They stay for good, also when the thing is removed."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}
        self.ids: list[str] = []

    def restore(self, ids: list[str]) -> None:
        """Take the identifiers or terms in the order of their numbers. Nobody may have a number yet."""
        self.ids.extend(ids)
        self.of.update(zip(ids, range(len(ids)), strict=True))

    def give(self, name: str) -> int:
        """Return the number of an identifier or a term, a new one if need be."""
        number = self.of.get(name)
        if number is None:
            number = self.of[name] = len(self.ids)
            self.ids.append(name)
        return number

    def give_all(self, names: Sequence[str]) -> list[int]:
        """Return the number of each."""
        numbers = [self.of.get(name) for name in names]
        return [self.give(name) if number is None else number for name, number in zip(names, numbers, strict=True)]

    def known(self, ids: Iterable[str]) -> list[int]:
        """Return the numbers of those identifiers that have one, ascending."""
        return sorted({self.of[name] for name in ids if name in self.of})


def mark(told: bytes) -> int:
    """Return a number that is another one, as good as surely, when what is told of a thing is another."""
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "little", signed=True)
