"""What the import contracts cannot see: SQL that reads tables of a domain above."""

import re
import tomllib

from django.apps import apps

from tests.site_process import ROOT


def test_no_domain_names_a_table_of_one_that_stands_above_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [layer.split(" | ") for layer in contracts[0]["layers"]]
    place = {package: height for height, layer in enumerate(layers) for package in layer}
    tables = {
        model._meta.db_table: package
        for model in apps.get_models()
        for package in place
        if model.__module__.startswith(f"{package}.")
    }
    wrong = []
    for package, height in place.items():
        for path in sorted((ROOT / "src" / package.replace(".", "/")).rglob("*.py")):
            named = set(re.findall(r"\b[a-z]+_[a-z_]+\b", path.read_text())) & tables.keys()
            wrong += [f"{path.name}: {table}" for table in sorted(named) if place[tables[table]] < height]

    assert len(tables) > 20
    assert not wrong
