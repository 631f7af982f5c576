"""The fields of forms, as Django's templates write them, written without templates.

A page with a form of thirty boxes and choices renders a hundred templates for them, which is most of what it costs.
Markup, escaping and the words are Django's own: tests/pure/test_widgets.py holds each against the template it stands
for. What is not listed here, is changed by a template of ours or brings its own, is rendered as ever.
"""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = dict[str, Any]
Write = Callable[["Renderer", Widget], str]
ERRORS = "django/forms/errors/list/default.html"


class Renderer(TemplatesSetting):
    """Writes widgets at once, and renders everything else from the templates of the site."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        write = WRITTEN.get(template_name)
        if template_name == ERRORS and not context["errors"]:  # of nearly every field
            return SafeString("")
        if write is None or request is not None:
            return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a template escaped it
        return mark_safe(write(self, context["widget"]).strip())  # noqa: S308 - every part is escaped below

    def part(self, widget: Widget) -> str:
        """Return one choice of several."""
        write = WRITTEN.get(widget["template_name"])
        if write is not None:
            return write(self, widget)
        template: Any = self.get_template(widget["template_name"])
        return str(template.render({"widget": widget}))


def _input(_renderer: Renderer, widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_plain(value)}"'
    return f'<input type="{_plain(widget["type"])}" name="{_plain(widget["name"])}"{given}{_attributes(widget)}>\n'


def _input_option(renderer: Renderer, widget: Widget) -> str:
    written = _input(renderer, widget)
    if not widget["wrap_label"]:
        return written
    own_id = widget["attrs"].get("id")
    of_field = f' for="{_shown(own_id)}"' if own_id else ""
    return f"<label{of_field}>{written} {_shown(widget['label'])}</label>\n\n"


def _several(renderer: Renderer, widget: Widget) -> str:
    attrs = widget["attrs"]
    own_id = f' id="{_shown(attrs["id"])}"' if attrs.get("id") else ""
    own_class = f' class="{_shown(attrs["class"])}"' if attrs.get("class") else ""
    groups = []
    for name, options, _index in widget["optgroups"]:
        written = "".join(f"<div>\n    {renderer.part(option)}</div>" for option in options)
        groups.append(f"\n  <div><label>{_shown(name)}</label>{written}\n  </div>" if name else written)
    return f"<div{own_id}{own_class}>{''.join(groups)}\n</div>"


def _select(renderer: Renderer, widget: Widget) -> str:
    groups = []
    for name, options, _index in widget["optgroups"]:
        written = "".join(f"\n  {renderer.part(option)}" for option in options)
        groups.append(f'\n  <optgroup label="{_shown(name)}">{written}\n  </optgroup>' if name else written)
    return f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>{"".join(groups)}\n</select>\n'


def _option(_renderer: Renderer, widget: Widget) -> str:
    return f'<option value="{_plain(widget["value"])}"{_attributes(widget)}>{_shown(widget["label"])}</option>\n'


def _textarea(_renderer: Renderer, widget: Widget) -> str:
    words = _shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_shown(widget["name"])}"{_attributes(widget)}>\n{words}</textarea>\n'


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {_shown(name)}" if value is True else f' {_shown(name)}="{_plain(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _shown(value: Any) -> str:
    """Return what a template says for `{{ value }}`."""
    return conditional_escape(value if isinstance(value, str) else localize(value))


def _plain(value: Any) -> str:
    """Return what a template says for `{{ value|stringformat:'s' }}`: no thousands, no commas."""
    return conditional_escape(value if isinstance(value, str) else str(value))


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox", "file")
WRITTEN: dict[str, Write] = {
    f"django/forms/widgets/{name}.html": write
    for name, write in (
        *((name, _input) for name in ("input", *_INPUTS)),
        *((name, _input_option) for name in ("input_option", "radio_option", "checkbox_option")),
        *((name, _several) for name in ("multiple_input", "radio", "checkbox_select")),
        ("select", _select),
        ("select_option", _option),
        ("textarea", _textarea),
    )
}
