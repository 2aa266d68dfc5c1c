"""A database for tests that make thousands of commits and never pull the plug."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

from bot.store.engine import open_engine


@cache
def _template() -> Path:
    """An empty database with the real schema, migrated once for all tests of this process."""
    path = Path(tempfile.mkdtemp(prefix="rehearsal-tests-")) / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    engine.dispose()
    return path


def unsafe_engine(path: Path) -> Engine:
    """The real schema without waiting for the disk. What survives a kill is tested with the real settings."""
    if not path.exists():
        shutil.copy(_template(), path)
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def relax(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
