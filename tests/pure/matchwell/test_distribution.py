"""The library as others get it: a wheel of its own, which needs what it says and nothing of the product."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

import matchwell
from tests.pure.matchwell.test_readme import QUICK_START

SOURCE = Path(matchwell.__file__).parent
PRODUCT = SOURCE.parents[1] / "pyproject.toml"
BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
IMPORT_ALL = """
import importlib, pkgutil, matchwell
names = [module.name for module in pkgutil.walk_packages(matchwell.__path__, "matchwell.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names), matchwell.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the library's folder alone, with no network."""
    pytest.importorskip("hatchling.build", reason="run.py test installs what builds a wheel")
    source, made = tmp_path_factory.mktemp("source") / "matchwell", tmp_path_factory.mktemp("made")
    copytree(SOURCE, source, ignore=ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-c", BUILD, str(made)], cwd=source, check=True, capture_output=True)
    [built] = made.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel's content and what it cannot do without, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    for name in _needed(_of(folder)):
        for top in {path.parts[0] for path in distribution(name).files or [] if path.parts[0] != ".."}:
            (folder / top).symlink_to(str(distribution(name).locate_file(top)))
    return folder


def test_the_wheel_holds_the_whole_library_with_its_types_licence_and_words(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    code = {f"matchwell/{path.relative_to(SOURCE)}" for path in SOURCE.rglob("*.py")}

    assert code <= names
    assert {"matchwell/py.typed", "matchwell/ranker/prior.json"} <= names
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in names)
    assert not any("pyproject" in name or "__pycache__" in name for name in names)


def test_it_says_what_it_is(installed: Path) -> None:
    metadata = _of(installed).metadata

    assert metadata["Name"] == "matchwell"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert "Apache License" in (SOURCE / "LICENSE").read_text(encoding="utf-8")
    assert metadata["Requires-Python"] == ">=3.11"
    assert "# matchwell" in metadata["Description"]


def test_installed_by_itself_it_runs_the_quick_start(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(QUICK_START, {})

    assert _alone(installed, QUICK_START) == capsys.readouterr().out


def test_installed_by_itself_every_module_can_be_imported(installed: Path) -> None:
    count, place = _alone(installed, IMPORT_ALL).split()

    assert int(count) > 50
    assert Path(place).parent == installed / "matchwell"


def test_by_itself_there_is_neither_the_product_nor_django(installed: Path) -> None:
    for module in ("momentor", "django", "pyarrow", "py3langid"):
        assert _alone(installed, f"import importlib.util; print(importlib.util.find_spec({module!r}))") == "None\n"


def test_the_product_asks_for_the_same_versions() -> None:
    library, product = (tomllib.loads(path.read_text())["project"] for path in (SOURCE / "pyproject.toml", PRODUCT))
    extras = [one for extra in library["optional-dependencies"].values() for one in extra]

    assert {*library["dependencies"], *extras} <= set(product["dependencies"])
    assert library["requires-python"] == product["requires-python"]
    assert library["license"] in product["license"]


def _of(folder: Path) -> Distribution:
    [described] = folder.glob("matchwell-*.dist-info")
    return PathDistribution(described)


def _needed(described: Distribution) -> list[str]:
    """Return the names of what must be installed with a distribution, without extras."""
    return [re.split(r"[<>=!~ ;]", one)[0] for one in described.requires or [] if "extra ==" not in one]


def _alone(installed: Path, code: str) -> str:
    """Run code in a Python that sees its own library and the folder, and return what it says."""
    begin = f"import sys; sys.path.insert(0, {str(installed)!r})\n"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", begin + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
