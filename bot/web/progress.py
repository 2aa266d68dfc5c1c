"""Progress over the sessions and repetition of what was missed. Thin: reads the request, asks `bot.review`, draws a view."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.review import demo, drills
from bot.review import progress as course
from bot.store.drills import DrillStore
from bot.web import lookups
from bot.web.lookups import due_points, owner_of, scored_sessions
from bot.web.paper import PageMaker
from bot.web.services import Services
from bot.web.views import progress as views


def routes(services: Services, page: PageMaker) -> APIRouter:
    """`/progress` and `/drill`."""
    web = APIRouter()

    @web.get("/progress")
    async def progress(request: Request, a: str = "", b: str = "") -> HTMLResponse:
        owner = owner_of(request)
        rows = [row for row in services.sessions.sessions(owner) if row.loop_run != demo.LOOP_RUN]
        scored = scored_sessions(services, owner)
        past = {row.id: lookups.past_of(row) for row in rows}
        comparison = None
        if a in past and b in past:
            cards = {s.session: s.card for s in scored}
            if a in cards and b in cards:
                comparison = views.Comparison(past[a], past[b], course.compare(cards[a], cards[b]))
        data = views.Progress(
            sessions=tuple(past.values()),
            overall=course.overall(scored),
            alike=course.overall(course.alike(scored)),
            names=tuple(s.card.round.label for s in scored if s.card.score is not None),
            trends=course.trends(scored),
            standings=course.standings(scored, services.bank.questions, services.bank.competencies),
            recurring=course.recurring(scored),
            due=len(due_points(services, owner)),
            now=services.sessions.now(),
            comparison=comparison,
        )
        return page(request, "Progress", "progress", views.progress(data))

    @web.get("/drill")
    async def drill(request: Request, done: int = 0) -> HTMLResponse:
        points = due_points(services, owner_of(request))[: drills.MOST]
        return page(request, "Repetition", "progress", views.drill(points, done))

    @web.post("/drill")
    async def grade(
        request: Request,
        question: Annotated[str, Form(max_length=80)],
        checkpoint: Annotated[str, Form(max_length=80)],
        grade: Annotated[drills.Grade, Form()],
        done: Annotated[int, Form()] = 0,
    ) -> RedirectResponse:
        owner = owner_of(request)
        due = {(p.question, p.checkpoint) for p in due_points(services, owner)}
        if (question, checkpoint) in due:  # a point that is not due was sent twice: nothing to do
            store = DrillStore(services.engine)
            row = next(
                (r for r in store.rows(owner) if (r.question, r.checkpoint) == (question, checkpoint)), None
            )
            store.put(owner, drills.graded(row, (question, checkpoint), grade, services.sessions.now()))
        return RedirectResponse(f"/drill?done={done}", 303)

    return web
