"""Brings a JSON export back as a session of one's own. The log in the file is the truth; everything else is derived.

Checked before anything is written: the format, the order of the log, that it folds, that every quote of every
assessment is in the transcript. Does not know where the file came from.
"""

from __future__ import annotations

import secrets

from pydantic import ValidationError

from bot.domain.events import Event, Scored, Started
from bot.domain.session import SessionState, fold
from bot.errors import InputRefused
from bot.review.report import Report
from bot.store.log import EventLog

MAX_EVENTS = 5_000


def read_export(raw: bytes) -> tuple[Event, ...]:
    """The log of an export. Raises `InputRefused` with what is wrong."""
    try:
        report = Report.model_validate_json(raw)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputRefused(
            f"This is not an export of a session: {where}: {first['msg']}.",
            hint="Choose a .json file that was saved with the JSON button of a review.",
        ) from None
    events = report.events
    if not events or len(events) > MAX_EVENTS:
        raise InputRefused(
            "The export holds no log, so there is nothing to bring back.", hint="Export it again."
        )
    if not isinstance(events[0].body, Started) or [e.seq for e in events] != list(range(1, len(events) + 1)):
        raise InputRefused("The log in the file is not complete.", hint="Export the session again.")
    if any(isinstance(e.body, Started) for e in events[1:]):
        raise InputRefused("The log in the file holds two sessions.", hint="Export the session again.")
    try:
        state = fold(events)
    except (KeyError, ValueError, IndexError):
        raise InputRefused(
            "The log in the file does not fit together.", hint="Export the session again."
        ) from None
    _check_quotes(events, state)
    return events


def _check_quotes(events: tuple[Event, ...], state: SessionState) -> None:
    said = {u.turn: u.text for u in state.utterances if u.speaker == "candidate"}
    for event in events:
        if isinstance(event.body, Scored):
            card = event.body.scorecard
            quotes = [e.quote for d in card.dimensions for e in d.evidence]
            quotes += [q for c in card.checkpoints for q in c.quotes]
            if any(said.get(q.turn, "")[q.start : q.end] != q.text for q in quotes):
                raise InputRefused(
                    "A quote in the file's scorecard is not in its transcript.",
                    hint="Only unchanged exports can be brought back.",
                )


def bring_back(log: EventLog, events: tuple[Event, ...], owner: str) -> str:
    """Write the log under a new id for this owner; the id. Two imports of one file are two sessions."""
    session = secrets.token_hex(12)
    first = events[0]
    if not isinstance(first.body, Started):
        raise ValueError("the first event is Started; `read_export` has checked it")
    log.create(session, first.body.model_copy(update={"owner": owner}), first.at)
    for event in events[1:]:
        log.append(session, event.body, event.at, expected_seq=event.seq - 1)
    return session
