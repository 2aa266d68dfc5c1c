"""Where a person stands with each checkpoint that they repeat: one row a checkpoint, the schedule as JSON.

Rows in, rows out: does not know how a schedule is computed (`bot/review/drills.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Engine

from bot.store.engine import METADATA, translated

DRILLS = sa.Table(
    "drills",
    METADATA,
    sa.Column("owner", sa.String(120), primary_key=True),
    sa.Column("question", sa.String(80), primary_key=True),
    sa.Column("checkpoint", sa.String(80), primary_key=True),
    sa.Column("due", sa.String(40), nullable=False),
    sa.Column("card", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One checkpoint's schedule. `due` is an ISO time in UTC."""

    question: str
    checkpoint: str
    due: str
    card: str


class DrillStore:
    """The table behind an engine that `bot.store.engine.open_engine` made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, owner: str) -> list[DrillRow]:
        """Everything that this person repeats."""
        query = sa.select(DRILLS).where(DRILLS.c.owner == owner)
        with translated(self._engine.url), self._engine.connect() as db:
            return [DrillRow(row.question, row.checkpoint, row.due, row.card) for row in db.execute(query)]

    def put(self, owner: str, row: DrillRow) -> None:
        """Write one row, replacing the earlier one."""
        here = sa.and_(
            DRILLS.c.owner == owner, DRILLS.c.question == row.question, DRILLS.c.checkpoint == row.checkpoint
        )
        values = {
            "owner": owner,
            "question": row.question,
            "checkpoint": row.checkpoint,
            "due": row.due,
            "card": row.card,
        }
        with translated(self._engine.url), self._engine.begin() as db:
            db.execute(DRILLS.delete().where(here))
            db.execute(DRILLS.insert().values(values))

    def delete(self, owner: str) -> int:
        """Forget everything that this person repeats; how much it was."""
        with translated(self._engine.url), self._engine.begin() as db:
            return db.execute(DRILLS.delete().where(DRILLS.c.owner == owner)).rowcount
