"""run.py: two commands on a machine that has only Python."""

import ast
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import momentor
import run

SOURCE = Path(run.__file__)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project that run.py takes for its own."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "DONE", tmp_path / "done.json")
    return tmp_path


def is_needed(*inputs: str, made: Path | None = None) -> bool:
    with run.step("something", *inputs, made=made) as needed:
        return needed


def test_a_step_runs_once_and_again_only_when_its_inputs_change(project: Path) -> None:
    (project / "lock").write_text("django==5.2")

    assert is_needed("lock")
    assert not is_needed("lock")
    (project / "lock").write_text("django==5.2.1")
    assert is_needed("lock")
    assert not is_needed("lock")


def test_a_step_that_failed_is_done_again(project: Path) -> None:
    with pytest.raises(run.Trouble), run.step("something"):
        raise run.Trouble("no network")

    assert is_needed()


def test_a_step_is_done_again_when_what_it_made_is_gone(project: Path) -> None:
    made = project / "app.css"
    made.touch()
    assert is_needed(made=made)
    assert not is_needed(made=made)

    made.unlink()

    assert is_needed(made=made)


def test_an_older_python_reads_a_sentence_and_no_syntax_error() -> None:
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 8))

    first_check = next(node for node in tree.body if isinstance(node, ast.If))
    assert "Python 3.11 or newer" in ast.unparse(first_check)
    imported_before = {
        name.name
        for node in tree.body[: tree.body.index(first_check)]
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported_before == {"annotations", "sys"}


def test_run_py_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SOURCE.read_text())
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_help_names_every_command() -> None:
    said = subprocess.run([sys.executable, SOURCE, "--help"], capture_output=True, text=True, check=True).stdout

    for command in ("setup", "test", "check", "dev", "shell", "build", "lock"):
        assert f"run.py {command}" in said


def test_a_wrong_option_is_refused_before_anything_is_set_up() -> None:
    refused = subprocess.run([sys.executable, SOURCE, "--prot", "8123"], capture_output=True, text=True, check=False)

    assert refused.returncode == 2
    assert "--prot" in refused.stderr
    assert "Setting up" not in refused.stdout


def test_a_relative_data_folder_is_the_callers_and_not_the_projects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run._where_to_serve("run.py", ["--data", "mine"]) == ["--port", "8000", "--data", str(tmp_path / "mine")]


def test_a_python_without_venv_is_told_which_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(run.Trouble, match="python3-venv"):
        run.make_virtual_environment(tmp_path / "venv")


def test_a_node_that_is_too_old_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "node", "echo v18.20.4")
    program(tmp_path / "npm", "true")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(run, "_own_node", lambda: tmp_path / "own")

    assert run.node() == [str(tmp_path / "own/bin/node")]
    assert run.npm() == [str(tmp_path / "own/bin/node"), str(tmp_path / "own/lib/node_modules/npm/bin/npm-cli.js")]


def test_a_new_enough_node_of_the_machine_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "node", "echo v22.1.0")
    program(tmp_path / "npm", "true")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert run.node() == [str(tmp_path / "node")]
    assert run.npm() == [str(tmp_path / "npm")]


def test_a_missing_browser_is_named_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium", "echo install the snap; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MOMENTOR_CHROMIUM", raising=False)

    with pytest.raises(run.Trouble, match="apt-get install chromium"):
        run.find_browser()


def test_a_missing_redis_is_named_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(run.Trouble, match="apt-get install redis-server"):
        run.find_redis()

    program(tmp_path / "valkey-server", "true")
    run.find_redis()


def test_a_browser_that_does_not_start_is_said_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMENTOR_CHROMIUM", str(tmp_path / "chrome"))

    with pytest.raises(run.Trouble, match="does not start"):
        run.find_browser()


def test_our_locks_name_no_host() -> None:
    assert list(run.addresses_in_locks()) == []


def test_what_is_tested_is_what_is_served() -> None:
    served = set(re.findall(r"^[\w.-]+==\S+", (SOURCE.parent / "requirements.lock").read_text(), re.MULTILINE))
    tested = set(re.findall(r"^[\w.-]+==\S+", (SOURCE.parent / "requirements-dev.lock").read_text(), re.MULTILINE))

    assert len(served) > 40
    assert served <= tested


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("requirements.lock", "--extra-index-url https://packages.example/simple"),
        ("requirements-dev.lock", "thing @ https://packages.example/thing.whl"),
        ("package-lock.json", '"resolved": "https://packages.example/thing.tgz",'),
    ],
)
def test_a_lock_that_names_a_host_is_found(project: Path, name: str, line: str) -> None:
    (project / "package-lock.json").touch()
    (project / name).write_text(f"# first\n{line}\n")

    assert list(run.addresses_in_locks()) == [f"{name}:2"]


def test_the_version_is_the_same_everywhere() -> None:
    project = (SOURCE.parent / "pyproject.toml").read_text()

    assert re.search(r'^version = "(.+)"$', project, re.MULTILINE)[1] == momentor.__version__  # type: ignore[index]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """run.py staying with a program that needs a moment to tidy up."""
    tidy = tmp_path / "tidy.py"
    tidy.write_text(
        "import time\ntry:\n  print('here', flush=True); time.sleep(60)\n"
        "except KeyboardInterrupt:\n  time.sleep(0.7); print('tidied up', flush=True)\n"
    )
    # Tests that were started in the background ignore Ctrl-C, and so would what they start.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    script = f"{heed}; import run, sys; sys.exit(run.stay_with([sys.executable, {str(tidy)!r}], {{}}))"
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=SOURCE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield process
    process.kill()
    process.wait()


def test_ctrl_c_leaves_a_program_the_time_to_tidy_up(started: subprocess.Popen[str]) -> None:
    assert started.stdout is not None
    assert started.stdout.readline() == "here\n"
    time.sleep(0.2)

    os.killpg(started.pid, signal.SIGINT)

    assert started.stdout.read() == "tidied up\n"
    assert started.wait(10) == 0


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
