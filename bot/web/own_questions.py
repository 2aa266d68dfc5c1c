"""Own questions on the Library page: text and model answer in, checkpoints proposed, edited, kept, asked at once.

Thin: reads the forms, asks `bot.authoring.from_reference`, draws the views. Only where everybody who reaches the page is
the same person, as for own articles.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from bot.authoring.from_reference import SHAPES, Draft, Point, propose, question_from, write
from bot.domain.base import RoundId
from bot.errors import InputRefused
from bot.web.paper import PageMaker
from bot.web.services import Services
from bot.web.views import own_question as views
from bot.web.views.layout import Notice

MAX_TEXT = 20_000


def routes(services: Services, page: PageMaker) -> APIRouter:
    """`/library/own`: write, look at the proposal, keep; and remove."""
    web = APIRouter()
    may_add = services.settings.auth == "none"

    def refused(request: Request, body: str, problem: InputRefused) -> HTMLResponse:
        return page(request, "Own question", "library", body, Notice(str(problem), "bad"), status=422)

    @web.get("/library/own")
    async def blank(request: Request) -> HTMLResponse:
        only_here(may_add)
        return page(request, "Own question", "library", views.write(Draft("", "", "")))

    @web.post("/library/own/propose")
    async def proposal(request: Request) -> HTMLResponse:
        only_here(may_add)
        draft = draft_of(await request.form())
        rubric = services.bank.rubric(draft.round)
        try:
            found = propose(draft, rubric, services.bank.questions.values())
        except InputRefused as problem:
            return refused(request, views.write(draft), problem)
        return page(request, "Own question", "library", views.edit(found, rubric))

    @web.post("/library/own/keep")
    async def keep(request: Request) -> Any:
        only_here(may_add)
        draft = draft_of(await request.form())
        rubric = services.bank.rubric(draft.round)
        try:
            question = question_from(draft, services.bank.questions.values(), rubric)
        except InputRefused as problem:
            return refused(request, views.edit(draft, rubric), problem)
        services.bank.add(question, write(question, services.question_folder()))
        return RedirectResponse(f"/library/question/{question.id}", 303)

    @web.post("/library/question/{question}/remove")
    async def remove(question: str) -> RedirectResponse:
        only_here(may_add)
        services.bank.question(question)
        file = services.bank.files.get(question)
        if file is None or not file.is_relative_to(services.question_folder()):
            raise InputRefused("Only questions that you wrote here can be removed here.")
        file.unlink(missing_ok=True)
        services.bank.remove(question)
        return RedirectResponse("/library#h-questions", 303)

    return web


def only_here(may_add: bool) -> None:
    """Raises `InputRefused` where visitors share the library."""
    if not may_add:
        raise InputRefused("The library of this server is shared; its keeper adds to it.")


def draft_of(form: FormData) -> Draft:
    """The draft that a form holds; its checkpoints are rows of equally named fields."""

    def texts(name: str) -> list[str]:
        return [
            str(value)[:MAX_TEXT].replace("\x00", "").replace("\r\n", "\n") for value in form.getlist(name)
        ]

    def one(name: str) -> str:
        return next(iter(texts(name)), "")

    rows = zip(texts("statement"), texts("wordings"), texts("dimension"), texts("kind"), strict=False)
    points = tuple(Point(s, tuple(w.splitlines()), d, k) for s, w, d, k in rows)
    round_id = next((r for r in SHAPES if r.value == one("round")), RoundId.PHONE_SCREEN)
    return Draft(one("title")[:200], one("opening"), one("reference"), points, round_id)
