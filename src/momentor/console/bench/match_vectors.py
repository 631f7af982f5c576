"""pgvector in a PostgreSQL of our own, for `momentor bench match`: the same vectors, looked at exactly and by HNSW."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from matchwell.bench.beside import judged, stored
from matchwell.columns import Array
from momentor.foundation.postgres import LocalPostgres, PostgresTrouble

FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}
ROOM = {"shared_buffers": "512MB", "maintenance_work_mem": "2GB", "max_wal_senders": "0", "jit": "off"}
LOOKED_AT = 200  # hnsw.ef_search


def exact(work: Path) -> Mapping[str, Any]:
    """Bring the vectors in, and compare each of them with what is asked."""
    rows, asked, truth = stored(work)
    dim = rows.shape[1]
    with _Database(work) as database:
        if database.why:
            return {"why": database.why}
        db = database.connection
        db.execute("DROP TABLE IF EXISTS meaning")
        db.execute(f"CREATE TABLE meaning (row int, vector vector({dim}))")
        with db.cursor() as cursor, cursor.copy("COPY meaning FROM STDIN") as copy:
            for first in range(0, len(rows), 1000):
                lines = enumerate(rows[first : first + 1000].tolist(), first)
                copy.write("".join(f"{row}\t[{','.join(map(str, line))}]\n" for row, line in lines))
        db.execute("ANALYZE meaning")
        look = f"SELECT row FROM meaning ORDER BY vector <=> %s::vector({dim}) LIMIT {truth.shape[1]}"
        return judged(lambda ask: _rows(db, look, ask), list(asked), list(truth))


def hnsw(work: Path) -> Mapping[str, Any]:
    """Make a graph of near neighbours over the vectors that `exact` brought in, in half precision, and look in it."""
    rows, asked, truth = stored(work)
    dim = rows.shape[1]
    with _Database(work) as database:
        if database.why:
            return {"why": database.why}
        db = database.connection
        db.execute(f"CREATE INDEX ON meaning USING hnsw ((vector::halfvec({dim})) halfvec_cosine_ops)")
        db.execute(f"SET hnsw.ef_search = {LOOKED_AT}")
        db.execute("SET enable_seqscan = off")  # a small table would be read whole, and that is the other figure
        near = f"vector::halfvec({dim}) <=> %s::halfvec({dim})"
        look = f"SELECT row FROM meaning ORDER BY {near} LIMIT {truth.shape[1]}"
        return judged(lambda ask: _rows(db, look, ask), list(asked), list(truth))


def _rows(db: psycopg.Connection[Any], look: str, ask: Array) -> Array:
    found = db.execute(look.encode(), [str(ask.tolist())]).fetchall()
    return np.array([row for (row,) in found], np.int64)


class _Database:
    """A server in the folder of the bench, for as long as a block runs; `why` says why there is none."""

    def __init__(self, work: Path) -> None:
        self._server = LocalPostgres(work / "postgres", conf=FORGETFUL | ROOM)
        self.why = ""

    def __enter__(self) -> _Database:
        try:
            self._server.start()
            self.connection = psycopg.connect(self._server.superuser_url(), autocommit=True)
            self.connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except (PostgresTrouble, psycopg.Error) as trouble:
            self.why = str(trouble).split("\n", 1)[0]
        return self

    def __exit__(self, *_fault: object) -> None:
        if not self.why:
            self.connection.close()
        self._server.stop()


WAYS = {"pgvector_exact": exact, "pgvector_hnsw": hnsw}
