"""What a message's text becomes: the same on the server and in the browser, and never markup of its own."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import run
from momentor.sessions.words import blocks, said

ROOT = Path(__file__).resolve().parents[2]
CASES: list[dict[str, Any]] = json.loads((ROOT / "tests/fixtures/message_words.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_text_becomes_these_blocks(case: dict[str, Any]) -> None:
    assert blocks(case["body"]) == case["blocks"]


def test_the_browser_makes_the_same_of_every_text() -> None:
    script = """
        import * as esbuild from "esbuild";
        const bundled = await esbuild.build({
            entryPoints: ["src/momentor/sessions/elements/words.ts"], bundle: true, format: "esm", write: false,
        });
        const { blocks } = await import("data:text/javascript," + encodeURIComponent(bundled.outputFiles[0].text));
        let text = "";
        for await (const part of process.stdin) text += part;
        console.log(JSON.stringify(JSON.parse(text).map((one) => blocks(one.body))));
    """

    made = subprocess.run(
        [*run.node(), "--input-type=module", "-e", script],
        cwd=ROOT,
        input=json.dumps(CASES),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(made.stdout) == [case["blocks"] for case in CASES]


def test_nothing_that_somebody_writes_is_markup() -> None:
    html = said('<img src=x onerror=alert(1)> `<b>` https://example.org/?a="><script>\n```\n</code></pre><script>\n```')

    assert html == (
        "<p>&lt;img src=x onerror=alert(1)&gt; <code>&lt;b&gt;</code> "
        '<a href="https://example.org/?a=" rel="nofollow noopener noreferrer" target="_blank">https://example.org/?a=</a>'
        "&quot;&gt;&lt;script&gt;</p><pre><code>&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;</code></pre>"
    )
