"""A community as three tables: DataFrames of pandas or polars, Arrow tables, NumPy records, or dicts of columns.

None of these libraries is imported: a table is whatever has columns by name. Columns that are not named here are passed
over; those in brackets may be missing, as a whole or in a row.

- people: `id`, [`text`, `skills`, `languages`, `samples`, `background`]
- questions: `id`, `text`, `at`, [`tags`, `language`, `asker`, `vector`]
- answers: `question`, `person`, `at`

Identifiers are text or whole numbers. `at` are days as numbers, or datetimes, read as UTC where they have no zone; the
same in all tables. Where a cell may hold several words, it holds a list, or one text with commas between.
"""

from matchwell.tables.cells import days
from matchwell.tables.community import Community, read
from matchwell.tables.table import Table, WrongTable

__all__ = ["Community", "Table", "WrongTable", "days", "read"]
