"""A start that dies in the middle of the migrations: the next start finds nothing half made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, inspect
from sqlalchemy.engine import Engine

from bot.store.engine import METADATA, open_engine

_WRITES = ("CREATE", "INSERT", "ALTER", "UPDATE", "DROP")


class Cut(Exception):
    """Stands for the kill."""


class Counter:
    """Counts writing statements, and raises after the chosen one."""

    def __init__(self) -> None:
        self.done, self.last = 0, 0

    def __call__(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(_WRITES):
            self.done += 1
            if self.done == self.last:
                raise Cut


@pytest.fixture
def counter() -> Iterator[Counter]:
    found = Counter()
    event.listen(Engine, "after_cursor_execute", found)
    yield found
    event.remove(Engine, "after_cursor_execute", found)


def test_a_start_that_was_cut_in_the_migrations_is_made_good_by_the_next(
    tmp_path: Path, counter: Counter
) -> None:
    open_engine(f"sqlite:///{tmp_path}/whole.db").dispose()
    writes = counter.done
    assert writes > 5
    for last in range(1, writes + 1, 3):
        address = f"sqlite:///{tmp_path}/cut{last}.db"
        counter.done, counter.last = 0, last
        with pytest.raises(Cut):
            open_engine(address)
        counter.last = 0
        engine = open_engine(address)
        assert set(METADATA.tables) <= set(inspect(engine).get_table_names())
        engine.dispose()
