"""Suggestions while somebody types a skill."""

import sqlite3
from pathlib import Path

import pytest
from django.test import override_settings

from momentor.people import skills


def test_what_is_typed_finds_skills_of_many_trades(tmp_path: Path) -> None:
    with override_settings(DATA=tmp_path):
        for typed, name in (("weld", "weld underwater"), ("teach", "teach languages"), ("contract l", "contract law")):
            found = skills.suggestions(typed, "en")
            assert name in [each for each, _uri in found]
            assert len(found) <= skills.SHOWN
            assert all(uri.startswith("http://data.europa.eu/esco/skill/") for _name, uri in found)


def test_a_skill_with_exactly_this_name_gets_its_address(tmp_path: Path) -> None:
    with override_settings(DATA=tmp_path):
        [uri] = [uri for name, uri in skills.suggestions("contract law", "en") if name == "contract law"]
        assert skills.concept_of(" Contract Law ") == uri
        assert skills.concept_of("contract") == ""
        assert skills.concept_of('"* OR name:') == ""


def test_a_look_up_asks_the_index_of_words_and_never_reads_every_skill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with override_settings(DATA=tmp_path):
        skills.suggestions("te", "en")  # makes the index
        monkeypatch.setattr(skills, "_build", None)
        monkeypatch.setattr(sqlite3, "connect", None)
        index = skills._index()
        assert index is not None
        asked: list[str] = []
        index.set_trace_callback(asked.append)
        found = [skills.suggestions(typed, "en") for typed in ("te", "man", "operate e", "in", "nursing")]
        skills.concept_of("contract law")
        index.set_trace_callback(None)

        read = [statement for statement in asked if "'skill_content'" in statement]  # one for each row
        asked = [statement for statement in asked if not statement.startswith("--")]
        plans = [" ".join(step[3] for step in index.execute(f"explain query plan {statement}")) for statement in asked]
        scanned = " ".join(step[3] for step in index.execute("explain query plan select name from skill"))
        [(all_of_them,)] = index.execute("select count(*) from skill")
        [(made,)] = index.execute("select sql from sqlite_master where name = 'skill'")

    assert all(0 < len(each) <= skills.SHOWN for each in found)
    assert len(plans) == 6
    # "M" stands for MATCH: the words are looked up. Without it, each row of the table is read.
    assert all("VIRTUAL TABLE INDEX 0:M" in plan for plan in plans)
    assert ":M" not in scanned
    # The beginnings of words that people stop at have an index of their own.
    assert "prefix='2 3 4'" in made
    assert len(read) < all_of_them


def test_nothing_is_suggested_for_a_letter_a_sign_or_another_language(tmp_path: Path) -> None:
    with override_settings(DATA=tmp_path):
        assert skills.suggestions("a", "en") == []
        assert skills.suggestions('"*', "en") == []
        assert skills.suggestions("weld", "de") == []


def test_without_the_packages_nothing_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skills, "_version", lambda package: "")

    assert skills.suggestions("weld", "en") == []
    assert skills.concept_of("weld underwater") == ""


def test_a_broken_index_costs_the_suggestions_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database" * 100)
    monkeypatch.setattr(skills, "_file", lambda: broken)

    assert skills.suggestions("weld", "en") == []
