"""Suggestions while somebody types a skill."""

import time
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


def test_a_look_up_takes_under_five_milliseconds(tmp_path: Path) -> None:
    with override_settings(DATA=tmp_path):
        skills.suggestions("te", "en")
        began = time.perf_counter()
        for typed in ("te", "man", "use", "operate e", "a b c", "ha", "pr", "co", "in", "nursing"):
            skills.suggestions(typed, "en")
        assert (time.perf_counter() - began) / 10 < 0.005


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
