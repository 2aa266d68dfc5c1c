"""A database for tests that make thousands of commits and never pull the plug."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.store.engine import open_engine


def unsafe_engine(path: Path) -> Engine:
    """The real schema without waiting for the disk. What survives a kill is tested with the real settings."""
    engine = open_engine(f"sqlite:///{path}")
    engine.dispose()

    @event.listens_for(engine, "connect")
    def relax(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return engine
