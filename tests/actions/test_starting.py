"""What a web process loads before it answers the first time."""

import json
import subprocess
import sys

LOADED = """
import json, sys
from momentor.project import asgi
import momentor.project.urls
print(json.dumps(sorted(sys.modules)))
"""
# Each takes long to load, and no page needs it.
ONLY_LATER = {"aiohttp", "requests", "pywebpush", "pyarrow", "hypothesis", "jinja2", "IPython"}


def test_a_web_process_loads_no_clients_and_readers_that_only_jobs_and_commands_use() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert not ONLY_LATER & set(json.loads(done.stdout.splitlines()[-1]))
