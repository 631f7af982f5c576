"""A small server of vectors, by the published contract of `POST /v1/embeddings`; vectors count letters."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from momentor.dispatch import endpoint

KEY = "sk-known-to-nobody"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Embeddings(BaseHTTPRequestHandler):
    """POST /v1/embeddings as it is published: a model, texts, a bearer key; vectors count letters."""

    protocol_version = "HTTP/1.1"
    seen: list[dict[str, Any]]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append({"path": self.path, "key": self.headers["Authorization"], **asked})
        model = asked["model"]
        if self.path != "/v1/embeddings" or model == "unknown":
            self._say(404, {"error": {"message": "not found"}})
        elif self.headers["Authorization"] != f"Bearer {KEY}":
            self._say(401, {"error": {"message": f"Incorrect API key provided: {KEY}"}})
        elif model == "page":
            self._say(200, None)
        elif model.isdecimal():
            self._say(int(model), {"error": {"message": "as you like"}})
        else:
            if model == "slow":
                time.sleep(1)
            data = [
                {"object": "embedding", "index": place, "embedding": self._vector(text, model)}
                for place, text in enumerate(asked["input"])
            ]
            data = data[:1] if model == "sparing" else data[::-1]
            self._say(200, {"object": "list", "data": data, "model": model, "usage": {"prompt_tokens": 1}})

    def _vector(self, text: str, model: str) -> list[float]:
        letters = LETTERS[:7] if model == "short" else LETTERS
        return [float("nan") if model == "broken" else float(text.count(letter)) for letter in letters]

    def _say(self, status: int, answer: Any) -> None:
        body = b"<html>" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def seen() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def served(seen: list[dict[str, Any]], settings: Any) -> Iterator[Any]:
    """Serve vectors on this machine, and return the settings that name the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Seen", (Embeddings,), {"seen": seen}))
    Thread(target=server.serve_forever, daemon=True).start()
    settings.READ_MEANING = True
    settings.ENCODER_URL = f"http://127.0.0.1:{server.server_port}/v1/embeddings"
    settings.ENCODER_KEY = KEY
    settings.ENCODER_MODEL = "letters"
    settings.ENCODER_DIMENSIONS = len(LETTERS)
    settings.ENCODER_IN_HOUSE = True
    yield settings
    server.shutdown()
    server.server_close()
    endpoint._served.cache_clear()
