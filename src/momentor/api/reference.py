"""The description of the API as people read it: by subject, each operation with its fields and a line to try."""

import json
import re
from dataclasses import dataclass
from typing import Any

from momentor.api.openapi import DESCRIPTION, REFUSED, TAGS, Document, document
from momentor.foundation.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class Field:
    """A parameter, or a field of a body or an answer."""

    name: str
    kind: str
    is_needed: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    parameters: list[Field]
    takes: list[Field]
    gives: list[Field]
    status: str
    refuses: list[tuple[str, str]]
    example: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """All operations about one subject."""

    id: str
    name: str
    text: str
    entries: list[Entry]


def chapters(slug: str) -> list[Chapter]:
    """Return the whole reference, with examples for one organisation."""
    made = document()
    found: dict[str, list[Entry]] = {name: [] for name in TAGS}
    for path, methods in made["paths"].items():
        for method, one in methods.items():
            found[one["tags"][0]].append(_entry(made, slug, path, method, one))
    return [
        Chapter(id=name.replace(" ", "-"), name=name.capitalize(), text=text, entries=found[name])
        for name, text in TAGS.items()
    ]


# Of those whose actions the API calls.
_DOMAIN = re.compile(
    r"momentor\.(people|trust|asking|sessions|scheduling|dispatch|learning|notices|api)\.(?!views|forms)"
)


def rules() -> list[tuple[str, str]]:
    """Return what holds for every operation: its name, and how it is."""
    plain = re.sub(r"[`]", "", DESCRIPTION)
    parts = re.findall(r"\*\*(.+?)\*\*\s+(.+?)(?=\n\n|\Z)", plain, flags=re.DOTALL)
    return [(name.rstrip("."), " ".join(text.split())) for name, text in parts]


def codes() -> list[tuple[str, int, str]]:
    """Return every refusal there is, by its code: also what docs/reference/api.md lists."""
    known: dict[str, type[Refusal]] = {}
    waiting = list(Refusal.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if _DOMAIN.match(kind.__module__) and kind.message:
            known[kind.__name__.lstrip("_")] = kind
    return [(code, known[code].status, str(known[code].message)) for code in sorted(known)]


def _entry(made: Document, slug: str, path: str, method: str, one: Document) -> Entry:
    takes = _schema_of(made, one.get("requestBody", {}))
    status = next(status for status in one["responses"] if status.startswith("2"))
    gives = _schema_of(made, one["responses"][status])
    return Entry(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        text=one["description"],
        parameters=[
            Field(
                name=given["name"],
                kind=_kind(made, given["schema"]),
                is_needed=given["required"],
                text=given.get("description", ""),
            )
            for given in one["parameters"]
            if given["in"] != "path"
        ],
        takes=_fields(made, takes),
        gives=_fields(made, gives),
        status=status,
        refuses=[(code, REFUSED[code]) for code in one["responses"] if code in REFUSED and code < "500"],
        example=_curl(made, slug, path, method, takes),
    )


def _schema_of(made: Document, given: Document) -> Document:
    content: Document = given.get("content", {})
    schema: Document = next((one["schema"] for one in content.values()), {})
    return _resolved(made, schema.get("items", schema) if schema.get("type") == "array" else schema)


def _resolved(made: Document, schema: Document) -> Document:
    reference = schema.get("$ref")
    return made["components"]["schemas"][reference.rsplit("/", 1)[-1]] if reference else schema


def _fields(made: Document, schema: Document) -> list[Field]:
    needed = set(schema.get("required", []))
    return [
        Field(name=name, kind=_kind(made, one), is_needed=name in needed, text=one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    ]


def _kind(made: Document, schema: Document) -> str:
    if "$ref" in schema:
        target = _resolved(made, schema)
        return _kind(made, target) if "enum" in target else schema["$ref"].rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(made, one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_kind(made, schema.get('items', {}))}"
    return " ".join([str(schema.get("type", "anything")), *_limits(schema)])


def _limits(schema: Document) -> list[str]:
    said = []
    if "format" in schema and not schema["format"].startswith("int"):
        said.append(f"({schema['format']})")
    elif "maxLength" in schema:
        said.append(f"up to {schema['maxLength']} characters")
    if "minimum" in schema and "maximum" in schema:
        said.append(f"{schema['minimum']} to {schema['maximum']}")
    return said


def _curl(made: Document, slug: str, path: str, method: str, takes: Document) -> str:
    lines = [f"curl -H 'Authorization: Bearer mom_…' {'' if method == 'get' else f'-X {method.upper()} '}\\"]
    if method == "post":
        lines.append("  -H 'Idempotency-Key: one-of-your-own' \\")
    if takes.get("properties"):
        if any(one.get("format") == "binary" for one in takes["properties"].values()):
            lines.append("  -F file=@drawing.png \\")
        else:
            body = {name: _sample(made, one) for name, one in takes["properties"].items() if name in _worth(takes)}
            lines.append("  -H 'Content-Type: application/json' \\")
            lines.append(f"  -d '{json.dumps(body, ensure_ascii=False)}' \\")
    lines.append(f"  https://mentoring.example/at/{slug}/api/v1{path}")
    return "\n".join(lines)


def _worth(takes: Document) -> list[str]:
    return takes.get("required") or list(takes["properties"])[:3]


_SAMPLES = {"uuid": "019cb8a6-5d00-7000-8000-000000000000", "date-time": "2026-03-04T10:00:00Z", "date": "2026-03-11"}


def _sample(made: Document, schema: Document) -> Any:
    schema = _resolved(made, schema)
    if "anyOf" in schema:
        return _sample(made, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type")
    if kind == "array":
        return [_sample(made, schema["items"])]
    if kind == "object":
        return {name: _sample(made, one) for name, one in schema.get("properties", {}).items()}
    if kind == "string":
        return _SAMPLES.get(schema.get("format", ""), "08:30" if schema.get("maxLength") == 8 else "…")
    return {"integer": schema.get("default", schema.get("minimum", 1)), "boolean": True, "number": 0.5}.get(str(kind))
