"""What a room's templates say."""

from django import template

from momentor.sessions.words import said

register = template.Library()
register.filter("said", said)


@register.filter
def file_kind(media_type: str) -> str:
    """Return a word for a kind of file."""
    return FILE_KINDS.get(media_type, media_type.rsplit("/", 1)[-1].upper()[:8])


FILE_KINDS = {
    "text/plain": "TXT",
    "text/markdown": "Markdown",
    "text/csv": "CSV",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.oasis.opendocument.presentation": "ODP",
}
