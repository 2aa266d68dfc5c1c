"""Small readings that several pages need: whose request this is, the rounds of a loop, an editor's content."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import Request

from bot.domain.base import Level, Mode, RoundId
from bot.domain.session import SessionState
from bot.errors import NotFound
from bot.review import demo, drills
from bot.review import progress as course
from bot.review.report import Report, report_of, titles_of
from bot.store.drills import DrillStore
from bot.store.log import SessionRow
from bot.web.identity import LOCAL_OWNER
from bot.web.services import Services
from bot.web.views.home import Home, OpenSession, PastSession, RoundOption
from bot.web.views.session import RoundItem

DEFAULTS_COOKIE = "rehearsal-defaults"


def owner_of(request: Any) -> str:
    """The owner that the shell put into the request's scope. Raises `NotFound` when it is not there."""
    inner = request.request if hasattr(request, "session_hash") else request
    owner = inner.scope.get("state", {}).get("owner")
    if owner is None:
        raise NotFound("There is no such session.")
    return str(owner)


def display_name(owner: str) -> str:
    """The name shown in the corner; none on a laptop."""
    return "" if owner == LOCAL_OWNER else owner


def loop_title(services: Services, state: SessionState) -> str:
    """The title of the session's loop; its id when the file is gone."""
    loop = services.bank.loops.get(state.the_plan.loop)
    return loop.title if loop else state.the_plan.loop


def rounds_of(services: Services, state: SessionState) -> list[RoundItem]:
    """The rounds of the session's loop run with their status; a single round stands alone."""
    plan = state.the_plan
    here = RoundItem(plan.round.label, plan.minutes, "done" if state.ended else "now", _score(state))
    if not plan.loop_run:
        return [here]
    others = {
        RoundId(row.round): row
        for row in services.sessions.sessions(state.owner)
        if row.loop_run == plan.loop_run and row.id != state.session
    }
    loop = services.bank.loops.get(plan.loop)
    if loop is None:
        return [here]
    return [
        here if spec.round is plan.round else _other(spec.round, spec.minutes, others.get(spec.round))
        for spec in loop.rounds
    ]


def _other(round_id: RoundId, minutes: float, row: SessionRow | None) -> RoundItem:
    if row is None:
        return RoundItem(round_id.label, minutes, "next")
    if row.status == "ended":
        return RoundItem(round_id.label, minutes, "done", row.score, f"/review?s={row.id}")
    return RoundItem(round_id.label, minutes, "next", href=f"/session/?s={row.id}")


def _score(state: SessionState) -> float | None:
    return state.scorecard.score if state.scorecard else None


def code_for(services: Services, state: SessionState) -> str:
    """What the editor shows for the current question: the newest code, else the problem's starter."""
    saved = state.work.get(("code", state.question))
    if saved is not None:
        return saved
    question = services.bank.questions.get(state.question)
    return question.problem.starter if question and question.problem else ""


def home_of(services: Services, owner: str, level: Level, mode: Mode) -> Home:
    """What the start page shows for this person, with the level and mode that a new round starts with."""
    rows = services.sessions.sessions(owner)
    now = services.sessions.now()
    unfinished = [row for row in rows if row.status != "ended"]
    latest = max(unfinished, key=lambda row: row.updated, default=None)
    settings = services.settings
    return Home(
        rounds=tuple(_round_option(services, round_id) for round_id in RoundId),
        open=_open_session(services, latest) if latest else None,
        past=tuple(past_of(row) for row in rows if row.id != (latest.id if latest else "")),
        due=len(due_points(services, owner)),
        has_model=settings.has_model,
        model_line=f"Interviewer: {settings.model}. Judge: {settings.judge_model or 'offline'}.",
        now=now,
        start_key=secrets.token_hex(8),
        level=level,
        mode=mode,
        loops=tuple(
            sorted(
                ((key, loop.title) for key, loop in services.bank.loops.items()),
                key=lambda x: x[0] != "standard",
            )
        ),
        others=max(0, len(unfinished) - 1),
    )


def past_of(row: SessionRow) -> PastSession:
    """A session as a line of a list."""
    return PastSession(
        row.id,
        row.title,
        row.label,
        row.score,
        row.created,
        row.status,
        row.mode,
        demo=row.loop_run == demo.LOOP_RUN,
    )


def _round_option(services: Services, round_id: RoundId) -> RoundOption:
    loop = services.bank.loops.get("standard")
    spec = next((s for s in loop.rounds if s.round is round_id), None) if loop else None
    known = len(services.bank.of_round(round_id)) if spec and round_id in services.bank.rubrics else 0
    return RoundOption(round_id, spec.minutes if spec else 45, known)


def _open_session(services: Services, row: SessionRow) -> OpenSession:
    state = services.sessions.state(row.id, row.owner)
    left = state.remaining_s(services.sessions.now())
    return OpenSession(row.id, row.title, left, state.paused, row.updated, len(state.utterances))


def report_for(services: Services, state: SessionState, *, full: bool = False) -> Report:
    """The report of a session, with its log when asked for."""
    events = tuple(services.sessions.events(state.session, state.owner)) if full else ()
    return report_of(state, services.sessions.now(), titles_of(services.bank.questions), events)


def scored_sessions(services: Services, owner: str) -> list[course.Scored]:
    """Every assessed session of this person, oldest first; demos do not count."""
    found = []
    for row in sorted(services.sessions.sessions(owner), key=lambda r: r.created):
        if row.loop_run == demo.LOOP_RUN or not row.label:
            continue
        card = services.sessions.state(row.id, owner).scorecard
        if card is not None:
            found.append(course.Scored(row.id, row.title, row.created, card))
    return found


def due_points(services: Services, owner: str) -> list[drills.Point]:
    """What this person has to repeat now."""
    cards = [s.card for s in scored_sessions(services, owner)]
    if not cards:
        return []
    rows = DrillStore(services.engine).rows(owner)
    return drills.due_points(cards, rows, services.bank.questions, services.sessions.now())


def defaults_of(request: Request) -> tuple[Level, Mode]:
    """Level and mode that this browser starts new rounds with."""
    level, _, mode = request.cookies.get(DEFAULTS_COOKIE, "").partition(".")
    return (
        Level(level) if level in set(Level) else Level.MID,
        Mode(mode) if mode in set(Mode) else Mode.PRACTICE,
    )
