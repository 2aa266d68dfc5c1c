"""The stream that fills a window: whatever the log and the turn under way say, as server-sent events.

One stream a window, at `/api/sessions/{id}/tail`. Each event is one JSON object that holds only what changed since the
last one; a new stream begins with everything, so that a reload, a second window, a lost connection and a restart
of the server need nothing else. Does not know how the page draws it (`static/session.js`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from bot.domain.session import SessionState
from bot.errors import NotFound
from bot.interview.live import LiveView
from bot.web import lookups
from bot.web.services import Closing, Services
from bot.web.views import session as views

BUNDLE_S = 0.08
"""Seconds between two bundles of words: faster costs the browser more than anybody can read."""
LOOK_AGAIN_S = 1.0
"""Seconds after which a stream looks at its session without having been told: the server may be stopping."""
BEAT = 15
"""Looks without news after which the window is told that the line still stands."""
MAX_WINDOWS = 400
"""Windows that one process serves at once; each keeps one stream open."""


@dataclass
class Shown:
    """What a window shows already, so that only changes travel."""

    seq: int = -1
    version: int = -1
    frame: tuple[object, ...] = ()
    question: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    under_way: str | None = None
    bar: str = ""
    side: str = ""


def changes(services: Services, state: SessionState, view: LiveView, shown: Shown) -> dict[str, Any]:
    """What the window has to be told, and `shown` brought up to it.

    `from` and `messages`: the conversation from that message on. `at` and `words`: the utterance under way from that
    character on; `words` None: there is none. `bar`, `side`: HTML. `question` and `code`: the question and
    its text for the editor, when it is another one.
    """
    told: dict[str, Any] = {}
    questions = services.bank.questions
    if state.seq != shown.seq:
        messages = views.messages(state, questions)
        same = _common(shown.messages, messages)
        if same < max(len(messages), len(shown.messages)):
            told |= {"from": same, "messages": messages[same:]}
        shown.messages = messages
    speaking = view.busy and state.pending != "candidate"
    words = views.under_way(view.doing, view.text, state.pending_move) if speaking else None
    if words != shown.under_way:
        at = len(shown.under_way) if words and shown.under_way and words.startswith(shown.under_way) else 0
        told |= {"at": at, "words": None if words is None else words[at:]}
        shown.under_way = words
    frame = (state.seq, view.busy, view.notice, view.error)
    if frame != shown.frame:
        shown.frame = frame
        told |= _frame(services, state, view, shown)
    if state.question != shown.question:
        shown.question = state.question
        told["question"] = state.question
        told["code"] = lookups.code_for(services, state)
    shown.seq, shown.version = state.seq, view.version
    return told


def _frame(services: Services, state: SessionState, view: LiveView, shown: Shown) -> dict[str, str]:
    questions, now = services.bank.questions, services.sessions.now()
    trouble = view.error or view.notice
    bar = views.bar(state, questions, now, view.busy, trouble, retry=bool(view.error))
    side = views.side(
        state, lookups.rounds_of(services, state), questions, lookups.loop_title(services, state)
    )
    told = {
        name: new for name, new, old in (("bar", bar, shown.bar), ("side", side, shown.side)) if new != old
    }
    shown.bar, shown.side = bar, side
    return told


def _common(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> int:
    """How many messages both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(old), len(new)))


def routes(services: Services, closing: Closing) -> APIRouter:
    """The address of the stream."""
    api = APIRouter()
    windows = 0

    @api.get("/api/sessions/{session}/tail")
    async def tail(session: str, request: Request) -> StreamingResponse:
        owner = lookups.owner_of(request)
        services.live.ensure(session, owner)  # a restart in mid-turn: go on where the log ends
        return StreamingResponse(counted(session, owner), media_type="text/event-stream")

    async def counted(session: str, owner: str) -> AsyncIterator[str]:
        nonlocal windows
        if windows >= MAX_WINDOWS:
            yield _event({"full": True})
            return
        windows += 1
        try:
            async for told in _follow(services, closing, session, owner):
                yield told
        finally:
            windows -= 1

    return api


async def _follow(services: Services, closing: Closing, session: str, owner: str) -> AsyncIterator[str]:
    shown, quiet = Shown(), 0
    yield "retry: 700\n\n"
    while not closing.now:
        try:
            state = services.sessions.state(session, owner)
        except NotFound:  # deleted in another window
            yield _event({"gone": True})
            return
        view = services.live.view(session)
        if (state.seq, view.version) == (shown.seq, shown.version):
            await services.live.changed(session, view.version, timeout=LOOK_AGAIN_S)
            quiet += 1
            if quiet % BEAT == 0:
                yield _event({})
            continue
        quiet = 0
        over = state.ended != "" and not view.busy
        yield _event({**changes(services, state, view, shown), **({"over": True} if over else {})})
        if over:
            return
        if view.text:  # the first word travels at once, the following ones in bundles
            await asyncio.sleep(BUNDLE_S)


def _event(told: dict[str, Any]) -> str:
    return f"data: {json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n\n"
