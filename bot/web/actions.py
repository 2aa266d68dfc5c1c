"""What the session page does: say, stop, save, run, pause, finish. JSON in, JSON out, every call with an owner check.

Thin: reads the request, calls the service, translates errors. No rule of the interview is here.
"""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.coding.report import OwnCase
from bot.interview.again import Reassessments
from bot.web.lookups import owner_of
from bot.web.services import Services
from bot.web.views.review import again_line
from bot.web.views.session import run_result


def own_cases(text: str) -> list[OwnCase]:
    """One case a line: arguments, then `->` and the prediction when there is one. At most 20."""
    lines = [line for line in text.splitlines() if line.strip()][:20]
    pairs = [line.partition("->") for line in lines]
    return [OwnCase(args=args.strip(), predicted=predicted.strip()) for args, _, predicted in pairs]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Say(_Body):
    """A message. `key` is made when the box is shown, `seen` is how many messages the window shows."""

    text: str
    key: str = Field(min_length=8, max_length=64)
    seen: int | None = None
    via: Literal["text", "button"] = "text"


class Work(_Body):
    """The text of one pane."""

    what: Literal["code", "tests", "notes", "diagram"]
    question: str = Field(max_length=80)
    text: str


class Code(_Body):
    """Code to run on the question's visible cases and on own cases."""

    question: str = Field(max_length=80)
    text: str
    own: str = ""


def routes(services: Services, again: Reassessments) -> APIRouter:
    """The addresses under `/api/sessions/{id}` that act on a session under way."""
    api = APIRouter(prefix="/api/sessions/{session}")
    live, sessions = services.live, services.sessions

    @api.post("/say")
    async def say(session: str, body: Say, request: Request) -> dict[str, Any]:
        accepted = live.submit(
            session, owner_of(request), body.text, key=body.key, seen=body.seen, via=body.via
        )
        return {"turn": accepted.turn}

    @api.post("/stop")
    async def stop(session: str, request: Request) -> dict[str, Any]:
        live.stop(session, owner_of(request))
        return {}

    @api.post("/resume")
    async def resume(session: str, request: Request) -> dict[str, Any]:
        live.ensure(session, owner_of(request))
        return {}

    @api.post("/pause")
    async def pause(session: str, request: Request) -> dict[str, Any]:
        sessions.pause(session, owner_of(request))
        live.touch(session)
        return {}

    @api.post("/unpause")
    async def unpause(session: str, request: Request) -> dict[str, Any]:
        sessions.unpause(session, owner_of(request))
        live.touch(session)
        return {}

    @api.post("/finish")
    async def finish(session: str, request: Request) -> dict[str, Any]:
        live.finish(session, owner_of(request))
        return {"review": f"/review?s={session}"}

    @api.get("/status")
    async def status(session: str, request: Request) -> dict[str, Any]:
        owner = owner_of(request)
        state = sessions.state(session, owner)
        live.ensure(session, owner)
        anew = again.view(session)
        return {
            "pending": not state.ended or (anew is not None and anew.running),
            "line": again_line(anew) if anew is not None else "",
            "scored": state.scorecard is not None,
            "turns": len(state.utterances),
            "queue": sessions.place_in_queue(session, owner),
        }

    @api.get("/work")
    async def read_work(session: str, question: str, request: Request) -> dict[str, Any]:
        state = sessions.state(session, owner_of(request))
        texts = {what: state.work.get((what, question), "") for what in ("notes", "diagram", "tests")}
        runs = [body.report for _, _, body in state.runs if body.question == question]
        return {**texts, "run": run_result(runs[-1]) if runs else ""}

    @api.post("/work")
    async def save_work(session: str, body: Work, request: Request) -> dict[str, Any]:
        sessions.save_work(session, owner_of(request), body.what, body.question, body.text)
        return {}

    @api.post("/run")
    async def run(session: str, body: Code, request: Request) -> dict[str, Any]:
        owner = owner_of(request)
        if body.own:
            sessions.save_work(session, owner, "tests", body.question, body.own)
        ran = await sessions.run_code(session, owner, body.question, body.text, own_cases(body.own))
        return {"html": run_result(ran.report)}

    return api
