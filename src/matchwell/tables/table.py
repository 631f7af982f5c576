"""A table by its columns, whatever library it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np


class Table(Protocol):
    """Anything with columns by name: a DataFrame, an Arrow table, NumPy records, a dict of columns."""

    def __getitem__(self, name: Any, /) -> Any:
        """Return a column."""


class WrongTable(ValueError):
    """A table cannot be used; the sentence says which, where, and what to do."""

    def __init__(self, table: str, why: str) -> None:
        super().__init__(f"The table of {table} cannot be used: {why}")
        self.table = table


class Columns:
    """The columns of a table that has been looked at: all of one length, those that are needed there."""

    def __init__(self, name: str, table: Table, *, needed: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Raises WrongTable."""
        self.name = name
        there = _names(table)
        if there is None:
            raise self.wrong(f"it is of type {type(table).__name__}. Give a DataFrame, or a dict of columns.")
        missing = [column for column in needed if column not in there]
        if missing:
            has = ", ".join(there) if there else "no columns"
            raise self.wrong(f"it lacks {' and '.join(missing)}. It has {has}; rename those that are meant.")
        self._columns = {column: _cells(table[column]) for column in (*needed, *optional) if column in there}
        self.size = len(self._columns[needed[0]])
        for column, cells in self._columns.items():
            if len(cells) != self.size:
                raise self.wrong(
                    f"{needed[0]} has {self.size} rows and {column} has {len(cells)}. Give each column as many."
                )

    def cells(self, column: str) -> Iterator[tuple[int, Any]]:
        """Yield each row, counted from 0, and its cell; None for a column that is not there."""
        return enumerate(self._columns.get(column, [None] * self.size))

    def wrong(self, why: str) -> WrongTable:
        """Return what to raise."""
        return WrongTable(self.name, why)


def _names(table: Any) -> list[str] | None:
    """Return the names of the columns of anything that has some."""
    if isinstance(table, Mapping):
        names: Any = table.keys()
    elif isinstance(table, np.ndarray):
        names = table.dtype.names
    else:
        names = getattr(table, "column_names", None)  # Arrow, whose `columns` are the columns themselves
        names = getattr(table, "columns", None) if names is None else names
    return None if names is None else [str(name) for name in names]


def _cells(column: Any) -> list[Any]:
    """Return a column's cells as plain values, as far as there are such."""
    if isinstance(column, np.ndarray):
        if column.ndim > 1:
            return list(column)
        if column.dtype.kind == "M":
            column = column.astype("datetime64[us]")  # finer ones would become whole numbers
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, name):
            return list(getattr(column, name)())
    if isinstance(column, str) or not hasattr(column, "__iter__"):
        return [column]
    return list(column)
