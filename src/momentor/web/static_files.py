"""Static files under names that change with their content, so that browsers may keep them for a year."""

from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Falls back to the plain name where a file was not collected yet, as in tests."""

    manifest_strict = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:  # noqa: FBT001, FBT002 - as Django calls it
        """Return a file's address. A page names the same few many times, and they change only with a new start."""
        known = self._addresses.get(name)
        if known is None:
            known = str(super().url(name, force=force))
            if not settings.DEBUG and self.hashed_files:
                self._addresses[name] = known
        return known

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
