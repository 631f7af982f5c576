"""Write docs/reference/events.md: python -m momentor.project.events_page"""

import os
from dataclasses import fields
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "events.md"
HEAD = """\
# Events

Facts that actions announce. Each is stored in the event log with who, what and when, with ids and never with anybody's
words, and queues its listeners in the same transaction (`project/wiring.py`).

| Event | Facts beside its time | Meaning | What follows |
|---|---|---|---|
"""
FOOT = "\nThis page is written by `python -m momentor.project.events_page`.\n"


def events_page() -> str:
    """Return docs/reference/events.md as the code has it."""
    from django.utils.module_loading import autodiscover_modules

    from momentor.foundation.events import Event
    from momentor.project.wiring import WHEN

    autodiscover_modules("events")
    rows = []
    for name, kind in sorted(Event.known.items()):
        if not kind.__module__.startswith("momentor."):
            continue
        facts = ", ".join(f"`{field.name}`" for field in fields(kind) if field.name != "at")
        follows = ", ".join(f"`{one.__module__.split('.')[1]}.{one.__name__}`" for one in WHEN.get(kind, []))
        meaning = " ".join((kind.__doc__ or "").split()) if not (kind.__doc__ or "").startswith(f"{name}(") else ""
        rows.append(f"| `{name}` | {facts} | {meaning} | {follows} |\n")
    return HEAD + "".join(rows) + FOOT


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "momentor.project.settings")
    django.setup()
    PAGE.write_text(events_page(), encoding="utf-8")
