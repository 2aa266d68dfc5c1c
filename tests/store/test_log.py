"""The event log keeps what it acknowledged, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.domain import events as ev
from bot.errors import Conflict, NotFound, SettingsError, StoreNewer, StoreReadOnly
from bot.store.engine import open_engine
from bot.store.log import EventLog
from tests.support import postgres
from tests.support.bank import plan

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    try:
        with postgres.server() as url:
            yield url
    except postgres.NoServer as problem:
        pytest.skip(str(problem))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = open_engine(f"sqlite:///{tmp_path / 'log.db'}")
    else:
        made = open_engine(request.getfixturevalue("postgres_url"))
    yield made
    made.dispose()


@pytest.fixture
def log(engine: Engine) -> EventLog:
    return EventLog(engine)


@pytest.fixture
def session(log: EventLog) -> str:
    name = uuid.uuid4().hex[:24]
    log.create(name, ev.Started(plan=plan(), owner="ana", title="Phone screen"), NOW, key="start")
    return name


def spoke(turn: int) -> ev.CandidateSpoke:
    return ev.CandidateSpoke(turn=turn, text="naïve “quotes” 🙂 \u202e and all")


def test_what_was_appended_is_read_back_unchanged(log: EventLog, session: str) -> None:
    appended = log.append(session, spoke(1), NOW, expected_seq=1, key="k")
    assert appended.fresh
    first, second = log.read(session)
    assert isinstance(first.body, ev.Started)
    assert second == appended.event
    assert log.read(session, after=1) == [second]


def test_the_same_key_is_stored_once(log: EventLog, session: str) -> None:
    first = log.append(session, spoke(1), NOW, expected_seq=1, key="k")
    again = log.append(session, spoke(1), NOW, expected_seq=2, key="k")
    assert (again.fresh, again.event) == (False, first.event)
    assert len(log.read(session)) == 2


def test_a_second_writer_with_an_old_view_gets_a_conflict(log: EventLog, session: str) -> None:
    log.append(session, spoke(1), NOW, expected_seq=1)
    with pytest.raises(Conflict, match="another window"):
        log.append(session, spoke(1), NOW, expected_seq=1)
    assert len(log.read(session)) == 2


def test_an_unknown_session_is_not_made_by_an_append(log: EventLog) -> None:
    with pytest.raises(NotFound):
        log.append("nobody", spoke(1), NOW, expected_seq=0)


def test_starting_twice_with_one_key_is_one_session_and_otherwise_a_conflict(
    log: EventLog, session: str
) -> None:
    body = ev.Started(plan=plan(), owner="ana", title="Phone screen")
    assert not log.create(session, body, NOW, key="start").fresh
    with pytest.raises(Conflict):
        log.create(session, body, NOW, key="other")


def test_lists_are_by_owner_and_summaries_follow_the_log(log: EventLog, session: str) -> None:
    log.append(session, ev.Paused(), NOW, expected_seq=1)
    assert [row.status for row in log.sessions("ana") if row.id == session] == ["paused"]
    log.append(session, ev.Resumed(), NOW, expected_seq=2)
    log.append(session, ev.Ended(reason="finished"), NOW, expected_seq=3)
    assert [row.status for row in log.sessions("ana") if row.id == session] == ["ended"]
    assert log.sessions("bo") == []
    assert log.delete([session]) == 1
    assert log.read(session) == []


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'er' / 'log.db'}"
    first = EventLog(open_engine(url))
    first.create("s", ev.Started(plan=plan(), owner="ana"), NOW)
    assert [e.seq for e in EventLog(open_engine(url)).read("s")] == [1]


def test_a_database_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    open_engine(f"sqlite:///{path}").dispose()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(StoreNewer, match="newer version"):
        open_engine(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/db", "postgresq://x"])
def test_a_url_that_cannot_be_used_says_what_would_work(url: str) -> None:
    with pytest.raises(SettingsError, match="sqlite"):
        open_engine(url)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreReadOnly, match="BOT_HOME"):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'below' / 'log.db'}")


def test_a_read_only_database_is_named_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    engine = open_engine(f"sqlite:///{path}")
    log = EventLog(engine)
    log.create("s", ev.Started(plan=plan(), owner="ana"), NOW)
    with engine.connect() as db:
        db.execute(text("PRAGMA query_only=ON"))  # what a read-only disk looks like from here, also for root
        db.commit()
    with pytest.raises(StoreReadOnly, match="cannot be written"):
        log.append("s", spoke(1), NOW, expected_seq=1)
    assert len(EventLog(open_engine(f"sqlite:///{path}")).read("s")) == 1


def test_an_unreachable_server_is_named_without_its_password() -> None:
    from bot.errors import StoreError

    with pytest.raises(StoreError) as caught:
        open_engine("postgresql://ana:hunter2@127.0.0.1:9/none")
    assert "hunter2" not in str(caught.value)
    assert "DATABASE_URL" in str(caught.value)


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    import bot.store
    from bot.store.engine import METADATA

    for module in pkgutil.iter_modules(bot.store.__path__):
        if not module.ispkg:
            importlib.import_module(f"bot.store.{module.name}")  # registers its tables
    engine = open_engine(f"sqlite:///{tmp_path / 'log.db'}")
    with engine.connect() as db:
        changes = compare_metadata(MigrationContext.configure(db), METADATA)
    assert changes == [], os.linesep.join(map(str, changes))
