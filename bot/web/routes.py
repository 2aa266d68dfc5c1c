"""The pages that the server writes itself, and the exports. Thin: read the request, ask the service, draw the view."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.base import Level, Mode, RoundId
from bot.domain.scorecard import Scorecard
from bot.domain.session import SessionState
from bot.errors import NotFound
from bot.interview.again import Again, Reassessments
from bot.interview.updates import StartRequest
from bot.review import export, words
from bot.review.demo import LOOP_RUN
from bot.review.html import Frame
from bot.review.html import review as review_html
from bot.review.report import Repeated, Report, repeated, weakest_question
from bot.scoring.debrief import LoopRound, debrief
from bot.web import lookups
from bot.web.lookups import owner_of, report_for
from bot.web.paper import PageMaker
from bot.web.services import Services
from bot.web.views import home as home_views
from bot.web.views import review as review_views

SHORT_MINUTES = 15.0


def routes(services: Services, page: PageMaker, anew: Reassessments) -> APIRouter:
    """Home, review, exports, and the forms that belong to them."""
    web = APIRouter()
    sessions, live = services.sessions, services.live

    @web.get("/")
    async def home(request: Request) -> HTMLResponse:
        owner = owner_of(request)
        level, mode = lookups.defaults_of(request)
        data = lookups.home_of(services, owner, level, mode)
        return page(request, "Practise", "home", home_views.home(data))

    @web.post("/sessions")
    async def start(
        request: Request,
        round: Annotated[RoundId | Literal["loop"], Form()],
        level: Annotated[Level, Form()] = Level.MID,
        mode: Annotated[Mode, Form()] = Mode.PRACTICE,
        length: Annotated[str, Form()] = "full",
        question: Annotated[str, Form(max_length=80)] = "",
        key: Annotated[str, Form(max_length=64)] = "",
        loop: Annotated[str, Form(max_length=80)] = "standard",
        loop_run: Annotated[str, Form(pattern="^[0-9a-f]{0,16}$")] = "",
    ) -> RedirectResponse:
        owner = owner_of(request)
        if round == "loop":
            loop_run = secrets.token_hex(8)
        wanted = StartRequest(
            round=services.bank.loop(loop).rounds[0].round if round == "loop" else round,
            loop=loop,
            loop_run=loop_run,
            level=level,
            mode=mode,
            minutes=SHORT_MINUTES if length == "short" else None,
            owner=owner,
            questions=(question,) if question else (),
            key=key or secrets.token_hex(8),
        )
        session = sessions.create(wanted)
        live.ensure(session, owner)  # the interviewer begins while the page loads
        return RedirectResponse(f"/session/?s={session}", 303)

    @web.get("/s/{session}")
    async def deep_link(session: str, request: Request) -> RedirectResponse:
        ended = sessions.state(session, owner_of(request)).ended
        return RedirectResponse(f"/review?s={session}" if ended else f"/session/?s={session}", 303)

    @web.get("/review")
    async def review(request: Request, s: str) -> HTMLResponse:
        owner = owner_of(request)
        state = sessions.state(s, owner)
        live.ensure(s, owner)
        report = report_for(services, state)
        scored = anew.outcome(s)
        anew.retry(s, owner)
        notes = (review_views.outcome(scored, report),) if scored else ()
        body = _review_body(services, state, report, anew.view(s))
        return page(request, report.title, "review", body, *notes)

    @web.post("/sessions/{session}/self")
    async def self_assess(session: str, request: Request) -> RedirectResponse:
        owner = owner_of(request)
        state = sessions.state(session, owner)
        known = {d.id for d in services.bank.rubric(state.the_plan.round).dimensions}
        form = await request.form()
        levels = {
            name.removeprefix("level:"): int(str(value))
            for name, value in form.items()
            if name.removeprefix("level:") in known and str(value) in "1234"
        }
        sessions.self_assess(session, owner, {} if form.get("skip") else levels)
        return RedirectResponse(f"/review?s={session}", 303)

    @web.post("/sessions/{session}/resume")
    async def resume(session: str, request: Request) -> RedirectResponse:
        live.ensure(session, owner_of(request))
        return RedirectResponse(f"/review?s={session}", 303)

    @web.post("/sessions/{session}/rescore")
    async def rescore(
        session: str, request: Request, judge: Annotated[str, Form(max_length=40)]
    ) -> RedirectResponse:
        anew.begin(session, owner_of(request), judge)
        return RedirectResponse(f"/review?s={session}#h-again", 303)

    @web.post("/sessions/{session}/redo")
    async def redo(
        session: str, request: Request, question: Annotated[str, Form(max_length=80)]
    ) -> RedirectResponse:
        owner = owner_of(request)
        plan = sessions.state(session, owner).the_plan
        again = StartRequest(
            round=plan.round,
            level=plan.level,
            mode=plan.mode,
            loop=plan.loop,
            minutes=SHORT_MINUTES,
            owner=owner,
            questions=(question,),
            only=True,
        )
        new = sessions.create(again)
        live.ensure(new, owner)
        return RedirectResponse(f"/session/?s={new}", 303)

    @web.get("/api/sessions/{session}/export.{kind}")
    async def exported(session: str, kind: str, request: Request) -> Response:
        owner = owner_of(request)
        state = sessions.state(session, owner)
        if kind not in export.KINDS:
            raise NotFound("There is no such export.", hint=f"There are {', '.join(export.KINDS)}.")
        report = report_for(services, state, full=kind == "json")
        text, media = export.write(report, kind)
        name = f"rehearsal-{state.the_plan.round.value}-{session[:8]}.{kind}"
        return Response(
            text, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'}
        )

    return web


def _review_body(services: Services, state: SessionState, report: Report, anew: Again | None) -> str:
    """Which of the four faces of the review holds: running, self-assessment, waiting, scored."""
    view = services.live.view(state.session)
    if not state.finish_asked and not state.ended:
        return review_views.still_open(report)
    if state.self_assessed is None and state.utterances and len(state.utterances) > 1:
        return review_views.self_assessment(report, services.bank.rubric(state.the_plan.round))
    if report.scorecard is not None and state.ended:
        worst = weakest_question(report.scorecard)
        judges = tuple((name, words.JUDGES.get(name, name)) for name in services.assessor.judges)
        choices = review_views.Choices(judges, worst, report.questions.get(worst, worst))
        line, whole = _loop(services, state)
        again = review_views.again(report, choices, anew) + whole
        earlier = _earlier(services, state, report)
        frame = Frame(review_views.exports(report.session), line, again, library=True, earlier=earlier)
        return review_html(report, _before(services, state), frame)
    if state.ended:
        line = state.trouble[-1].line if state.trouble else "This round has no scorecard."
        return review_views.waiting(report, line, failed=True)
    if view.error:
        return review_views.waiting(report, view.error, failed=True)
    doing = {"judge": "Reading your last answer.", "phrase": "The interviewer says goodbye."}
    line = doing.get(view.doing, "Checking every quote and adding up the levels.")
    return review_views.waiting(report, line)


def _earlier(services: Services, state: SessionState, report: Report) -> tuple[Repeated, ...]:
    """Questions of this session that were asked before, each from the last session that asked it."""
    found: dict[str, Repeated] = {}
    for row in services.sessions.sessions(state.owner):
        if len(found) == len(report.questions):
            break
        same = row.round == state.the_plan.round.value and row.id != state.session and row.score is not None
        if same and state.created is not None and row.created < state.created and row.loop_run != LOOP_RUN:
            old = services.sessions.state(row.id, state.owner)
            if set(old.questions) & set(report.questions) - set(found):
                for r in repeated(report, report_for(services, old)):
                    found.setdefault(r.question, r)
    return tuple(found.values())


def _loop(services: Services, state: SessionState) -> tuple[str, str]:
    """Inside a loop: the next round to hold, or the decision on the whole; in a line, and in full."""
    plan = state.the_plan
    loop = services.bank.loops.get(plan.loop)
    if not plan.loop_run or plan.loop_run == LOOP_RUN or loop is None:
        return "", ""
    rows = [r for r in services.sessions.sessions(state.owner) if r.loop_run == plan.loop_run]
    begun = {row.round for row in rows}
    following = next((spec.round for spec in loop.rounds if spec.round.value not in begun), None)
    cards = {row.id: services.sessions.state(row.id, state.owner).scorecard for row in reversed(rows)}
    decision = debrief(
        loop, plan.level, [LoopRound(key, card) for key, card in cards.items() if card is not None]
    )
    line = review_views.loop_line(loop, plan, len(begun), following, decision)
    return line, review_views.loop_section(loop, plan, following, decision)


def _before(services: Services, state: SessionState) -> Scorecard | None:
    """The scorecard of the last session of the same round before this one."""
    for row in services.sessions.sessions(state.owner):
        same = row.round == state.the_plan.round.value and row.id != state.session and row.score is not None
        if same and state.created is not None and row.created < state.created and row.loop_run != LOOP_RUN:
            return services.sessions.state(row.id, state.owner).scorecard
    return None
