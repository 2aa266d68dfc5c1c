"""The append-only event log of sessions, and a summary row per session for lists.

Guarantees: an event that `append` returned is committed; sequence numbers have no gaps and are never
reused; a key is stored once a session. Does not know what the bodies mean, except for the few fields of the
summary row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.domain import events as ev
from bot.errors import Conflict, NotFound
from bot.store.engine import METADATA, translated

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("owner", sa.String(120), nullable=False, index=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("round", sa.String(40), nullable=False),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("mode", sa.String(20), nullable=False),
    sa.Column("loop", sa.String(80), nullable=False),
    sa.Column("loop_run", sa.String(40), nullable=False, index=True),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("score", sa.Float, nullable=True),
    sa.Column("label", sa.String(40), nullable=False),
    sa.Column("created", sa.String(40), nullable=False),
    sa.Column("updated", sa.String(40), nullable=False),
)
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("session", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("key", sa.String(80), nullable=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("session", "key"),
)


WORTH_THE_WAIT = (
    ev.Started,
    ev.CandidateSpoke,
    ev.FinishAsked,
    ev.SelfAssessed,
    ev.Scored,
    ev.RescoreAsked,
    ev.Ended,
)
"""What a person did, and results: these survive a power cut too, and with them everything before. What the program can make
again (a judgement, a decision, words) is safe from a kill at once and from a power cut with the next of these."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """What a list of sessions shows. `status`: open, paused, ended."""

    id: str
    owner: str
    title: str
    round: str
    level: str
    mode: str
    loop: str
    loop_run: str
    status: str
    score: float | None
    label: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Appended:
    """An event in the log. `fresh` is False when an event with the same key was there before."""

    event: ev.Event
    fresh: bool


class EventLog:
    """The log of all sessions in one database. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, session: str, body: ev.Started, at: datetime, *, key: str | None = None) -> Appended:
        """Start a log. Raises `Conflict` when the id is taken by a session that was started otherwise."""
        plan = body.plan
        row = {
            "id": session, "owner": body.owner, "title": body.title, "round": plan.round.value,
            "level": plan.level.value, "mode": plan.mode.value, "loop": plan.loop, "loop_run": plan.loop_run,
            "status": "open", "score": None, "label": "", "created": _text(at), "updated": _text(at),
        }  # fmt: skip
        try:
            with translated(self._engine.url), self._engine.begin() as db:
                db.execute(SESSIONS.insert().values(row))
                db.execute(EVENTS.insert().values(_event_row(session, 1, at, key, body)))
        except IntegrityError as problem:
            first = self.read(session)
            if first and first[0].key == key is not None:
                return Appended(first[0], fresh=False)
            raise Conflict(
                "A session with this id exists.", hint="Open it, or start another one."
            ) from problem
        return Appended(ev.Event(session=session, seq=1, at=at, key=key, body=body), fresh=True)

    def append(
        self, session: str, body: ev.Body, at: datetime, *, expected_seq: int, key: str | None = None
    ) -> Appended:
        """Add an event as number `expected_seq + 1`.

        With a `key` that the session has already, nothing is written and the earlier event is returned with
        `fresh=False`. Raises `Conflict` when the log is longer than `expected_seq`, `NotFound` without a session.
        """
        if key is not None and (before := self.by_key(session, key)) is not None:
            return Appended(before, fresh=False)
        seq = expected_seq + 1
        try:
            with translated(self._engine.url), self._engine.begin() as db:
                self._wait_for_disk(db, wait=isinstance(body, WORTH_THE_WAIT))
                db.execute(EVENTS.insert().values(_event_row(session, seq, at, key, body)))
                db.execute(SESSIONS.update().where(SESSIONS.c.id == session).values(_summary(body, at)))
        except IntegrityError as problem:
            if key is not None and (before := self.by_key(session, key)) is not None:
                return Appended(before, fresh=False)
            if not self.exists(session):
                raise NotFound(
                    "There is no such session.", hint="Open it from the list of sessions."
                ) from problem
            raise Conflict(
                "The session moved on in another window.",
                hint="Nothing was lost: look at the newest state and go on.",
            ) from problem
        return Appended(ev.Event(session=session, seq=seq, at=at, key=key, body=body), fresh=True)

    def _wait_for_disk(self, db: Connection, *, wait: bool) -> None:
        """SQLite only: whether the next commit waits until the disk has it. A kill loses nothing either way."""
        if self._engine.dialect.name == "sqlite":
            db.exec_driver_sql(f"PRAGMA synchronous={'FULL' if wait else 'NORMAL'}")

    def read(self, session: str, *, after: int = 0) -> list[ev.Event]:
        """The events of a session with a number above `after`, in order; empty without a session."""
        query = (
            sa.select(EVENTS).where(EVENTS.c.session == session, EVENTS.c.seq > after).order_by(EVENTS.c.seq)
        )
        with translated(self._engine.url), self._engine.connect() as db:
            return [_event(row) for row in db.execute(query)]

    def exists(self, session: str) -> bool:
        """Whether a log with this id was started."""
        with translated(self._engine.url), self._engine.connect() as db:
            return db.execute(sa.select(SESSIONS.c.id).where(SESSIONS.c.id == session)).first() is not None

    def owner(self, session: str) -> str | None:
        """Who started it; None without a session."""
        with translated(self._engine.url), self._engine.connect() as db:
            row = db.execute(sa.select(SESSIONS.c.owner).where(SESSIONS.c.id == session)).first()
        return None if row is None else str(row[0])

    def sessions(self, owner: str, *, loop_run: str | None = None) -> list[SessionRow]:
        """The sessions of one person, newest first; of one run of a loop when asked."""
        query = (
            sa.select(SESSIONS)
            .where(SESSIONS.c.owner == owner)
            .order_by(SESSIONS.c.created.desc(), SESSIONS.c.id)
        )
        if loop_run is not None:
            query = query.where(SESSIONS.c.loop_run == loop_run)
        with translated(self._engine.url), self._engine.connect() as db:
            return [_session(row) for row in db.execute(query)]

    def troubled(self, most: int) -> list[tuple[str, str]]:
        """The newest ended sessions (id, owner), at most so many, in which judging or scoring met trouble."""
        wheres = [EVENTS.c.body.contains(f'"where":"{name}"') for name in ("judge", "scorer")]
        met = sa.select(EVENTS.c.session).where(EVENTS.c.type == "trouble", sa.or_(*wheres))
        query = (
            sa.select(SESSIONS.c.id, SESSIONS.c.owner)
            .where(SESSIONS.c.status == "ended", SESSIONS.c.id.in_(met))
            .order_by(SESSIONS.c.created.desc(), SESSIONS.c.id)
            .limit(most)
        )
        with translated(self._engine.url), self._engine.connect() as db:
            return [(str(row.id), str(row.owner)) for row in db.execute(query)]

    def asked_again(self, since: datetime, most: int) -> list[tuple[str, str]]:
        """The newest sessions (id, owner), at most so many, that somebody wanted to have scored again since then."""
        asked = sa.select(EVENTS.c.session).where(
            EVENTS.c.type == "rescore_asked", EVENTS.c.at >= _text(since)
        )
        query = (
            sa.select(SESSIONS.c.id, SESSIONS.c.owner)
            .where(SESSIONS.c.id.in_(asked))
            .order_by(SESSIONS.c.created.desc(), SESSIONS.c.id)
            .limit(most)
        )
        with translated(self._engine.url), self._engine.connect() as db:
            return [(str(row.id), str(row.owner)) for row in db.execute(query)]

    def delete(self, sessions: Sequence[str]) -> int:
        """Remove whole logs (a person's own data); tells how many there were."""
        with translated(self._engine.url), self._engine.begin() as db:
            db.execute(EVENTS.delete().where(EVENTS.c.session.in_(sessions)))
            return db.execute(SESSIONS.delete().where(SESSIONS.c.id.in_(sessions))).rowcount

    def by_key(self, session: str, key: str) -> ev.Event | None:
        """The event that was appended with this key, if any."""
        query = sa.select(EVENTS).where(EVENTS.c.session == session, EVENTS.c.key == key)
        with translated(self._engine.url), self._engine.connect() as db:
            row = db.execute(query).first()
        return None if row is None else _event(row)


def _summary(body: ev.Body, at: datetime) -> dict[str, object]:
    values: dict[str, object] = {"updated": _text(at)}
    match body:
        case ev.Scored(scorecard=card):
            values |= {"score": card.score, "label": card.label.value}
        case ev.Ended():
            values["status"] = "ended"
        case ev.Paused():
            values["status"] = "paused"
        case ev.Resumed():
            values["status"] = "open"
    return values


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _event_row(session: str, seq: int, at: datetime, key: str | None, body: ev.Body) -> dict[str, object]:
    return {
        "session": session, "seq": seq, "at": _text(at), "type": body.type, "key": key,
        "body": body.model_dump_json(exclude_defaults=False),
    }  # fmt: skip


def _event(row: sa.Row[tuple[object, ...]]) -> ev.Event:
    fields = row._mapping
    return ev.Event(
        session=fields["session"],
        seq=fields["seq"],
        at=datetime.fromisoformat(fields["at"]),
        key=fields["key"],
        body=ev.BODY.validate_json(fields["body"]),
    )


def _session(row: sa.Row[tuple[object, ...]]) -> SessionRow:
    fields = dict(row._mapping)
    fields["created"], fields["updated"] = (datetime.fromisoformat(fields[k]) for k in ("created", "updated"))
    return SessionRow(**fields)
