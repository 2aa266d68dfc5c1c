"""Opens the database: makes the folder, connects, brings the schema up to date.

Knows SQLite and PostgreSQL and the migrations beside it; does not know the tables' meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from bot.errors import SettingsError, StoreError, StoreNewer, StoreReadOnly

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)
"""All tables of the project; table modules register themselves here."""

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_READ_ONLY = re.compile(r"readonly|read-only|permission denied|unable to open database file", re.I)


def open_engine(url: str) -> Engine:
    """An engine on an up-to-date schema.

    `url` is an SQLAlchemy URL (`sqlite:///file`, `postgresql://...`). Raises `SettingsError` for a URL that
    cannot be understood, `StoreReadOnly` when the file or disk cannot be written, `StoreNewer` when a newer
    version of the program wrote the database, `StoreError` when the server cannot be reached.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(parsed)
    engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _sqlite_pragmas)
    with translated(parsed):
        _upgrade(engine)
    return engine


@contextmanager
def translated(url: URL | None = None) -> Iterator[None]:
    """Turns the database driver's errors into ours, once, at the seam. Never shows a password."""
    place = url.render_as_string(hide_password=True) if url is not None else "the database"
    try:
        yield
    except DBAPIError as problem:
        detail = str(problem.orig or problem).splitlines()[0]
        if _READ_ONLY.search(detail):
            raise StoreReadOnly(
                f"{place} cannot be written ({detail}).",
                hint="Check the folder's permissions and the free space, or set BOT_HOME to a folder you can write to.",
            ) from problem
        if isinstance(problem, OperationalError):
            raise StoreError(
                f"{place} cannot be used: {detail}.",
                hint="Check DATABASE_URL and that the server runs, then try again.",
            ) from problem
        raise


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql" and parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as problem:
        raise SettingsError(
            "DATABASE_URL is not a database URL that can be used here.",
            hint="Use sqlite:///path/to/file.db or postgresql://user:password@host/name.",
        ) from problem
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingsError(
            f"DATABASE_URL names {parsed.get_backend_name()}, which is not supported.",
            hint="Use sqlite or postgresql.",
        )
    return parsed


def _make_folder(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        return
    folder = Path(url.database).expanduser().resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreReadOnly(
            f"The data folder {folder} cannot be made ({problem.strerror}).",
            hint="Set BOT_HOME to a folder you can write to.",
        ) from problem


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # WAL: readers never wait for the writer. FULL: a committed answer survives a power cut as well as kill -9.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = _revision(connection)
        if current == script.get_current_head():
            return
        known = {revision.revision for revision in script.walk_revisions()}
        if current is not None and current not in known:
            raise StoreNewer(
                f"The database was written by a newer version of Rehearsal (schema {current}).",
                hint="Update the program, or set BOT_HOME to another folder. Nothing was changed.",
            )
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # sqlite3 opens no transaction before DDL: without this one, a kill in the middle leaves half of the tables
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None
