"""An index in files: what is loaded is what was saved, and what is damaged is refused with a sentence."""

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchwell import Answer, Ask, DamagedIndex, Index, PastQuestion, PersonText
from matchwell.encoders import Vectors
from matchwell.storing import MANIFEST

from .worlds import NOW, World, asks, people, question_ids, questions, ward, worlds

ASK = Ask(text="Tired after night shifts", at=NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ward().index().save(tmp_path / "index")
    return tmp_path / "index"


@settings(max_examples=30)
@given(
    world=worlds,
    ask=asks,
    gone=st.sets(question_ids, max_size=2),
    later=st.lists(questions, max_size=3, unique_by=lambda one: one.id),
    newer=st.lists(people, max_size=2, unique_by=lambda one: one.id),
)
def test_a_loaded_index_ranks_and_grows_like_the_one_that_was_saved(
    tmp_path_factory: pytest.TempPathFactory,
    world: World,
    ask: Ask,
    gone: set[str],
    later: list[PastQuestion],
    newer: list[PersonText],
) -> None:
    folder = tmp_path_factory.mktemp("stored")
    index = world.index()
    index.remove_questions(gone)
    index.save(folder)

    loaded = Index.load(folder, thorough=True)

    assert loaded.rank(ask, take=50) == index.rank(ask, take=50)
    assert loaded.alike(ask.text, take=50) == index.alike(ask.text, take=50)
    for one in (index, loaded):
        one.add_questions(later)
        one.add_people(newer)
        one.add_answers([Answer(question="q1", person="p1", at=NOW - 1), Answer(question="q2", person="p2", at=3)])
        one.remove_people(["p4"])
    assert loaded.rank(ask, take=50) == index.rank(ask, take=50)
    assert loaded.alike(ask.text, take=50) == index.alike(ask.text, take=50)


def test_vectors_are_mapped_and_new_ones_stand_behind_them(tmp_path: Path) -> None:
    drawn = np.random.default_rng(1).standard_normal((12, 8)).astype(np.float32)
    index = Index()
    index.add_people([PersonText(id="ben"), PersonText(id="emil")])
    index.add_questions(PastQuestion(id=f"q{row}", text="", at=row, vector=drawn[row]) for row in range(10))
    index.add_answers(Answer(question=f"q{row}", person="ben", at=row) for row in range(10))
    index.save(tmp_path)

    loaded = Index.load(tmp_path)
    for one in (index, loaded):
        one.add_questions([PastQuestion(id="new", text="", at=20, vector=drawn[11])])
        one.add_answers([Answer(question="new", person="emil", at=21)])

    meanings = loaded._state.questions.meanings
    assert meanings is not None
    assert len(meanings.older) == 10
    assert not meanings.older.flags.writeable
    ask = Ask(text="", at=NOW, vector=drawn[11])
    assert loaded.rank(ask)[0].person == "emil"
    assert loaded.rank(ask) == index.rank(ask)
    loaded.save(tmp_path)
    assert Index.load(tmp_path, thorough=True).rank(ask) == index.rank(ask)


def test_what_is_loaded_is_known_already(folder: Path) -> None:
    loaded = Index.load(folder)
    before = len(loaded._state.questions.question), len(loaded._state.people.person)

    loaded.add_questions(ward().questions)
    loaded.add_people(ward().people)
    loaded.add_answers(ward().answers)

    assert (len(loaded._state.questions.question), len(loaded._state.people.person)) == before


def test_saving_again_leaves_the_newest_alone_in_the_folder(folder: Path) -> None:
    index = Index.load(folder)
    index.remove_people(["ben"])

    index.save(folder)

    assert len(list(folder.iterdir())) == 2
    assert "ben" not in [one.person for one in Index.load(folder).rank(ASK)]
    assert index.rank(ASK) == Index.load(folder).rank(ASK), "what was mapped stays there after its file is gone"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def test_a_file_cut_short_is_refused_whichever_it_is(folder: Path) -> None:
    for path in _files(folder):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.raises(DamagedIndex, match=rf"{path.name} has .* bytes.*Build it again"):
            Index.load(folder)
        path.write_bytes(whole)
    assert Index.load(folder).rank(ASK)


def test_a_missing_file_is_refused(folder: Path) -> None:
    path = _files(folder)[3]
    path.unlink()

    with pytest.raises(DamagedIndex, match=f"{path.name} is missing"):
        Index.load(folder)


def test_a_foreign_header_is_refused(folder: Path) -> None:
    path = next(path for path in _files(folder) if path.name == "q.at.npy")
    path.write_bytes(bytes(path.stat().st_size))

    with pytest.raises(DamagedIndex, match=r"q\.at\.npy cannot be read"):
        Index.load(folder)


def test_a_changed_byte_is_found_by_who_looks_thoroughly(folder: Path) -> None:
    path = next(path for path in _files(folder) if path.name == "a.person.npy")
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)

    with pytest.raises(DamagedIndex, match=r"a\.person\.npy is not what was written"):
        Index.load(folder, thorough=True)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b'{"format": "matchwell index", "check": 1}'])
def test_a_manifest_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)

    with pytest.raises(DamagedIndex, match=r"manifest\.json"):
        Index.load(folder)


def test_a_changed_manifest_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | {"version": 0}))

    with pytest.raises(DamagedIndex, match="was changed"):
        Index.load(folder)


def test_another_version_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchwell.storing.VERSION", 2)

    with pytest.raises(DamagedIndex, match="of version 1, and this is version 2"):
        Index.load(folder)


class Blind:
    """An encoder that sees nothing."""

    dim = 4

    def __init__(self, name: str) -> None:
        self.name = name

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), 4), 0.5, np.float32)


def test_vectors_of_another_encoder_are_refused(tmp_path: Path) -> None:
    Index(encoder=Blind("one")).save(tmp_path)

    with pytest.raises(DamagedIndex, match="of the encoder one, not of two"):
        Index.load(tmp_path, encoder=Blind("two"))
    assert Index.load(tmp_path, encoder=Blind("one")).rank(ASK) == []


def test_no_folder_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Index.load(tmp_path / "nothing")


def test_who_loads_while_another_saves_finds_one_or_the_other(folder: Path) -> None:
    index = Index.load(folder)
    expected = index.rank(ASK)

    def save() -> None:
        for _ in range(15):
            index.save(folder)

    writer = Thread(target=save)
    writer.start()
    found = []
    while writer.is_alive():
        found.append(Index.load(folder).rank(ASK))
    writer.join()

    assert found
    assert all(one == expected for one in found)
