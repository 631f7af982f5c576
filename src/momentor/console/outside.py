"""A database server that somebody else runs: what it must give us, and the words to get it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import psycopg

from momentor.console.trouble import Trouble
from momentor.foundation.postgres import EXTENSIONS

OLDEST = 15


def check_outside(web_url: str, owner_url: str) -> None:
    """See that both roles get in, and that rights and extensions are as they must be.

    Raises Trouble with the SQL that an administrator of the server runs to put it right.
    """
    sql = preparing_sql(web_url, owner_url)
    try:
        with (
            psycopg.connect(owner_url, connect_timeout=10) as owner,
            psycopg.connect(web_url, connect_timeout=10) as web,
        ):
            version = owner.info.server_version // 10_000
            there = {name for (name,) in owner.execute("SELECT extname FROM pg_extension")}
            makes = owner.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone() == (True,)
            too_strong = web.execute(
                "SELECT rolsuper OR rolbypassrls OR pg_has_role(oid, %s, 'MEMBER') FROM pg_roles"
                " WHERE rolname = current_user",
                [owner.info.user],
            ).fetchone() == (True,)
    except psycopg.OperationalError as error:
        raise Trouble(f"The database does not let us in: {str(error).strip()}\n\n{sql}") from error
    if version < OLDEST:
        raise Trouble(f"The database is PostgreSQL {version}; {OLDEST} or newer is needed.")
    missing = [name for name in EXTENSIONS if name not in there and name != "vector"]
    if missing or not makes:
        what = f"lacks {', '.join(missing)}" if missing else "does not let the owner make tables"
        raise Trouble(f"The database {what}.\n\n{sql}")
    if too_strong:
        raise Trouble(f"The role of DATABASE_URL could see past the walls between organisations.\n\n{sql}")


def preparing_sql(web_url: str, owner_url: str) -> str:
    """Return what an administrator of the server runs once, with these roles and this database filled in."""
    owner, web, database = _role(owner_url), _role(web_url), _database(owner_url)
    from_now_on = f"ALTER DEFAULT PRIVILEGES FOR ROLE {_name(owner)} IN SCHEMA public GRANT"
    rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    return "\n".join(
        [
            "Run this as an administrator of the database server (psql), with passwords of your own, then try again:",
            "",
            f"  CREATE ROLE {_name(owner)} {rights} PASSWORD '...';",
            f"  CREATE ROLE {_name(web)} {rights} PASSWORD '...';",
            f"  CREATE DATABASE {_name(database)} OWNER {_name(owner)} ENCODING 'UTF8' TEMPLATE template0;",
            f"  \\connect {_name(database)}",
            *(f"  CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS if name != "vector"),
            "  CREATE EXTENSION IF NOT EXISTS vector;  -- where the server has pgvector",
            f"  GRANT USAGE ON SCHEMA public TO {_name(web)};",
            f"  GRANT CREATE ON SCHEMA public TO {_name(owner)};",
            f"  {from_now_on} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {_name(web)};",
            f"  {from_now_on} USAGE, SELECT ON SEQUENCES TO {_name(web)};",
        ]
    )


def _role(url: str) -> str:
    return unquote(urlsplit(url).username or "momentor")


def _database(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/")) or "momentor"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
