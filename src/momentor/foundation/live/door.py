"""Who may come in, and who still may."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.http.request import split_domain_port, validate_host
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from momentor.foundation.live.database import Pool, ask
from momentor.foundation.live.frames import NotHere, SignedOut

logger = logging.getLogger("momentor.live")

_AT_THE_DOOR = """
select o.id, s.session_data from ({organisation}) o
left join django_session s on s.session_key = %(session)s and s.expire_date > now()
"""
_SESSIONS = """
select session_key, session_data from django_session
where session_key = any(%(sessions)s) and expire_date > now();
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """Who belongs where, as SQL from those whose tables these are; handed in, since they stand above this."""

    organisation: str  # by %(slug)s: id
    members: str  # in the current organisation, of %(people)s: person, password
    tokens: str  # in the current organisation, of %(tokens)s: hash, person


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody who came in: who, where, and by which key."""

    organisation_id: UUID
    person_id: UUID
    session_key: str | None = field(default=None, repr=False)
    token_hash: str | None = field(default=None, repr=False)
    language: str | None = None


class Headers:
    """What a handshake brought along."""

    def __init__(self, scope: Any) -> None:
        self._headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            self._headers[name.decode("latin-1")] = value.decode("latin-1")
        self.is_secure = scope["scheme"] in ("https", "wss") or self._proxy_says_secure()

    def __getitem__(self, name: str) -> str:
        return self._headers.get(name, "")

    @property
    def token(self) -> str | None:
        kind, _, token = self["authorization"].partition(" ")
        return (token.strip() or None) if kind.lower() == "bearer" else None

    def cookie(self, name: str) -> str | None:
        try:
            morsel = SimpleCookie(self["cookie"]).get(name)
        except CookieError:
            return None
        return morsel.value if morsel else None

    def language(self) -> str | None:
        """Return the language to say no in: the one chosen on the site, else what the browser asks for."""
        asked = [self.cookie(settings.LANGUAGE_COOKIE_NAME) or ""]
        asked += [code for code, _ in parse_accept_lang_header(self["accept-language"])]
        for code in asked:
            try:
                return get_supported_language_variant(code)
            except LookupError:
                continue
        return None

    def _proxy_says_secure(self) -> bool:
        trusted: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER
        if trusted is None:
            return False
        name, value = trusted
        return self[name.removeprefix("HTTP_").replace("_", "-").lower()] == value


def is_from_here(headers: Headers) -> bool:
    """Return whether a page of this site asks. A cookie alone proves nothing: browsers send it for any page.

    A program that shows a token is no page, and needs no origin.
    """
    host, _ = split_domain_port(headers["host"])
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        return False
    if not headers["origin"]:
        return headers.token is not None
    origin = urlsplit(headers["origin"])
    same = origin.netloc == headers["host"] and origin.scheme == ("https" if headers.is_secure else "http")
    return same or headers["origin"] in settings.CSRF_TRUSTED_ORIGINS


class Door:
    """Lets people in, and sees who has to go."""

    def __init__(self, pool: Pool, book: Book) -> None:
        self._pool = pool
        self._book = book
        self._at_the_door = _AT_THE_DOOR.format(organisation=book.organisation)

    async def let_in(self, slug: str, headers: Headers) -> Visitor:
        """Return who is at the door of an organisation. Raises SignedOut, NotHere.

        Without membership the answer is the one for an organisation that does not exist.
        """
        session_key = None if headers.token else headers.cookie(settings.SESSION_COOKIE_NAME)
        async with self._pool.connection() as db:
            row = await (await db.execute(self._at_the_door, {"session": session_key, "slug": slug})).fetchone()
        if row is None:
            raise NotHere if headers.token or session_key else SignedOut
        organisation_id, session_data = row
        session = _decoded(session_data)
        token_hash = hashlib.sha256(headers.token.encode()).hexdigest() if headers.token else None
        person_id = session.get(SESSION_KEY)
        if token_hash:
            [tokens] = await ask(self._pool, organisation_id, None, self._book.tokens, tokens=[token_hash])
            person_id = str(tokens[0][1]) if tokens else None
        if not person_id:
            raise SignedOut
        [members] = await ask(self._pool, organisation_id, None, self._book.members, people=[UUID(person_id)])
        if not members:
            raise NotHere
        if not token_hash and not _is_sound(session, members[0][1]):
            raise SignedOut
        return Visitor(
            organisation_id=organisation_id,
            person_id=UUID(person_id),
            session_key=session_key,
            token_hash=token_hash,
            language=headers.language(),
        )

    async def no_longer_welcome(self, visitors: Iterable[Visitor]) -> set[Visitor]:
        """Return those who signed out, changed their password, left, or whose key was taken back."""
        by_organisation: dict[UUID, list[Visitor]] = defaultdict(list)
        for visitor in visitors:
            by_organisation[visitor.organisation_id].append(visitor)
        gone: set[Visitor] = set()
        for organisation_id, some in by_organisation.items():
            for start in range(0, len(some), 500):
                gone |= await self._gone(organisation_id, some[start : start + 500])
        return gone

    async def _gone(self, organisation_id: UUID, visitors: list[Visitor]) -> set[Visitor]:
        answers = await ask(
            self._pool,
            organisation_id,
            None,
            self._book.members + _SESSIONS + self._book.tokens,
            people=list({visitor.person_id for visitor in visitors}),
            sessions=list({visitor.session_key for visitor in visitors if visitor.session_key}),
            tokens=list({visitor.token_hash for visitor in visitors if visitor.token_hash}),
        )
        passwords, sessions, tokens = (dict(rows) for rows in answers)
        decoded = {key: _decoded(data) for key, data in sessions.items()}

        def may_stay(visitor: Visitor) -> bool:
            password = passwords.get(visitor.person_id)
            if password is None:
                return False
            if visitor.token_hash:
                return bool(tokens.get(visitor.token_hash) == visitor.person_id)
            session = decoded.get(visitor.session_key, {})
            return session.get(SESSION_KEY) == str(visitor.person_id) and _is_sound(session, password)

        return {visitor for visitor in visitors if not may_stay(visitor)}


def _decoded(session_data: str | None) -> dict[str, Any]:
    """Return what a session row holds; nothing when it was tampered with."""
    if not session_data:
        return {}
    decoded: dict[str, Any] = _session_store()().decode(session_data)
    return decoded


def _is_sound(session: dict[str, Any], password: str) -> bool:
    """Return whether a session was made with the password of today, as `django.contrib.auth.get_user` asks."""
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    person = get_user_model()(password=password)
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session.get(HASH_SESSION_KEY, ""), known) for known in hashes)


@cache
def _session_store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
