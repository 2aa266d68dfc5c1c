"""Progress, repetition, library, settings, import, demo: the pages around the interviews.

Thin: reads the request, asks `bot.review` and the services, draws a view.
"""

from __future__ import annotations

import asyncio
import io
import secrets
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.base import Level, Mode, RoundId
from bot.errors import InputRefused, KnowledgeError, NotFound, RehearsalError
from bot.interview.assess import Assessor
from bot.interview.updates import Scorer
from bot.review import demo, drills, export, importing
from bot.review import progress as course
from bot.store.drills import DrillStore
from bot.store.log import EventLog
from bot.web import lookups
from bot.web.lookups import DEFAULTS_COOKIE, defaults_of, due_points, owner_of, report_for, scored_sessions
from bot.web.own_questions import only_here
from bot.web.paper import PageMaker
from bot.web.services import Services
from bot.web.views import library as library_views
from bot.web.views import progress as progress_views
from bot.web.views import settings as settings_views
from bot.web.views.layout import Notice

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from bot.knowledge.values import Line

MAX_UPLOAD = 2_000_000
"""Bytes of one file."""
MAX_FOLDER = 20_000_000
"""Bytes of one upload."""
MOST_FILES = 200
"""Files of one upload."""
OWN = "my-articles"
INBOX = "inbox"


def routes(services: Services, page: PageMaker) -> APIRouter:
    """The addresses of these pages."""
    web = APIRouter()
    _progress_routes(web, services, page)
    _library_routes(web, services, page)
    _settings_routes(web, services, page)
    return web


# ------------------------------------------------------------------------------------------------ progress


def _progress_routes(web: APIRouter, services: Services, page: PageMaker) -> None:
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
                comparison = progress_views.Comparison(past[a], past[b], course.compare(cards[a], cards[b]))
        data = progress_views.Progress(
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
        return page(request, "Progress", "progress", progress_views.progress(data))

    @web.get("/drill")
    async def drill(request: Request, done: int = 0) -> HTMLResponse:
        points = due_points(services, owner_of(request))[: drills.MOST]
        return page(request, "Repetition", "progress", progress_views.drill(points, done))

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

    @web.post("/import")
    async def bring_back(request: Request, file: UploadFile) -> RedirectResponse:
        events = importing.read_export(await file.read(MAX_UPLOAD + 500_000))
        session = importing.bring_back(EventLog(services.engine), events, owner_of(request))
        return RedirectResponse(f"/s/{session}", 303)

    @web.post("/demo")
    async def show_demo(request: Request) -> RedirectResponse:
        session = await demo.hold(
            EventLog(services.engine), services.bank, demo_scorer(services), owner_of(request)
        )
        return RedirectResponse(f"/review?s={session}", 303)


def demo_scorer(services: Services) -> Scorer:
    """Scores the demo offline, whatever judge is set, with a study list as always."""
    full = services.assessor
    return Assessor(full.bank, full.search, {"offline": full.judges["offline"]}, live="offline").score


# ------------------------------------------------------------------------------------------------- library


def _library_routes(web: APIRouter, services: Services, page: PageMaker) -> None:
    may_add = services.settings.auth == "none"
    own_folder = services.settings.home / OWN

    @web.get("/library")
    async def library(request: Request, q: str = "") -> HTMLResponse:
        asked = q.strip()[:400]
        found: tuple[library_views.Found, ...] = ()
        note = ""
        if asked:
            answer = await asyncio.to_thread(services.library.search, asked)
            note = answer.note
            found = tuple(
                library_views.Found(h.article, h.title, h.section, h.start, h.end, h.text)
                for h in answer.hits
            )
        bank = services.bank
        data = library_views.Library(
            articles=tuple(
                library_views.ArticleItem(a.id, a.title, a.root == str(own_folder))
                for a in sorted(services.library.articles(), key=lambda a: a.title.lower())
            ),
            questions={r: tuple(sorted(bank.of_round(r), key=lambda x: x.title)) for r in RoundId},
            rubrics=tuple(bank.rubrics[r] for r in RoundId if r in bank.rubrics),
            problems=tuple(str(p) for p in bank.problems) if may_add else (),
            may_add=may_add,
            asked=asked,
            found=found,
            note=note,
            embedder=services.library.embedder_note(),
        )
        return page(request, "Library", "library", library_views.library(data))

    @web.get("/library/article/{article}")
    async def article(
        request: Request, article: str, start: Annotated[int, Query(alias="from")] = 0, to: int = 0
    ) -> HTMLResponse:
        row = services.library.article(article)
        own = may_add and row.root == str(own_folder)
        dropped = len(services.library.dropped(article)) if may_add else None
        headings = services.library.headings(article)
        body = library_views.article(row.title, row.text, start, to, own, row.id, dropped, headings)
        return page(request, row.title, "library", body)

    @web.get("/library/article/{article}/lines")
    async def lines(request: Request, article: str) -> HTMLResponse:
        only_here(may_add)
        row = services.library.article(article)
        shown = [_kept(line) for line in await asyncio.to_thread(services.library.lines, article)]
        return page(request, row.title, "library", library_views.article_lines(row.title, row.id, shown))

    @web.post("/library/article/{article}/lines")
    async def overrule(
        article: str, keep: Annotated[str, Form()] = "", drop: Annotated[str, Form()] = ""
    ) -> RedirectResponse:
        only_here(may_add)
        decisions = ({keep: True} if keep else {}) | ({drop: False} if drop else {})
        await asyncio.to_thread(services.library.overrule, article, decisions)
        return RedirectResponse(f"/library/article/{quote(article)}/lines", 303)

    @web.get("/library/question/{question}")
    async def question(request: Request, question: str) -> HTMLResponse:
        found = services.bank.question(question)
        file = services.bank.files.get(question)
        own = may_add and file is not None and file.is_relative_to(services.question_folder())
        names = {d.id: d.name for d in services.bank.rubric(found.round).dimensions}
        body = library_views.question(found, services.bank.competencies, True, own, names)
        return page(request, found.title, "library", body)

    @web.post("/library/preview")
    async def preview(request: Request, files: list[UploadFile]) -> HTMLResponse:
        only_here(may_add)
        token = secrets.token_hex(8)
        folder = services.settings.home / INBOX / token
        folder.mkdir(parents=True)
        shown: list[str] = []
        refused: list[tuple[str, str]] = []
        for upload in files[:MOST_FILES]:
            raw = await upload.read(MAX_UPLOAD)
            name = free_name(upload.filename or "article.txt", folder)
            found = await asyncio.to_thread(_preview, raw, name)
            if isinstance(found, str):
                shown.append(found)
                (folder / name).write_bytes(raw)
            else:
                refused.append((name, str(found)))
        if len(files) > MOST_FILES:
            refused.append((f"{len(files) - MOST_FILES} more files", f"{MOST_FILES} are read at once."))
        body = library_views.preview_page(shown, refused, token)
        return page(request, "Preview", "library", body)

    @web.post("/library/add")
    async def add(
        request: Request, token: Annotated[str, Form(pattern="^[0-9a-f]{16}$")]
    ) -> RedirectResponse:
        only_here(may_add)
        folder = services.settings.home / INBOX / token
        if not folder.is_dir():
            raise NotFound("These files are not here any more.", hint="Choose them again.")
        own_folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(folder.iterdir()):
            shutil.move(file, own_folder / file.name)
        folder.rmdir()
        await asyncio.to_thread(services.library.index, [own_folder])
        return RedirectResponse("/library", 303)

    @web.post("/library/article/{article}/remove")
    async def remove(article: str) -> RedirectResponse:
        only_here(may_add)
        row = services.library.article(article)
        if row.root != str(own_folder):
            raise InputRefused("Only articles that you added here can be removed here.")
        file = (own_folder / row.source).resolve()
        if file.is_relative_to(own_folder.resolve()):
            file.unlink(missing_ok=True)
        await asyncio.to_thread(services.library.remove, [article])
        return RedirectResponse("/library", 303)


def safe_name(name: str) -> str:
    """A file name without any path above its folder, in characters that every file system takes."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")][-2:]
    clean = "".join(c if c.isalnum() or c in " ._-" else "-" for c in "-".join(parts)).strip(" .")[-120:]
    return clean or "article.txt"


def free_name(name: str, folder: Path) -> str:
    """A safe name that no other file of the folder has."""
    safe = Path(safe_name(name))
    names = (safe.name, *(f"{safe.stem}-{n}{safe.suffix}" for n in range(2, MOST_FILES + 2)))
    return next(n for n in names if not (folder / n).exists())


def _kept(line: Line) -> library_views.Kept:
    from bot.knowledge.read import line_key

    return library_views.Kept(line.text, line.kept, line.why, line.n, line_key(line.text))


def _preview(raw: bytes, name: str) -> str | RehearsalError:
    """What would be kept of a file, as HTML; or why it cannot be used."""
    from bot.knowledge.read import read, verdicts

    if len(raw) >= MAX_UPLOAD:
        return InputRefused("The file is larger than 2 MB.")
    try:
        source = read(raw, name)
        lines = [_kept(line) for line in verdicts(raw, name)]
    except (KnowledgeError, InputRefused) as problem:
        return problem
    if not source.blocks:
        return InputRefused("Nothing in it could be cited: no sentence was kept.")
    return library_views.preview(name, source.title, lines, source.warnings)


# ------------------------------------------------------------------------------------------------ settings


_DONE = {"saved": "Saved.", "deleted": "All your sessions are deleted."}


def _settings_routes(web: APIRouter, services: Services, page: PageMaker) -> None:
    def body(request: Request, tested: str = "", ok: bool = False) -> str:
        owner = owner_of(request)
        s = services.settings
        level, mode = defaults_of(request)
        return settings_views.settings(
            settings_views.SettingsPage(
                model=s.model,
                base_url=s.openai_base_url,
                has_key=bool(s.openai_api_key.get_secret_value()),
                judge=services.sessions.judge_name,
                engine="in a sandbox",
                engine_trouble="switched off (BOT_CODE_ENGINE=off)" if s.engine == "off" else "",
                articles=services.library.counts()[0],
                sessions=len(services.sessions.sessions(owner)),
                home=str(s.home),
                level=level,
                mode=mode,
                show_paths=s.auth == "none",
                tested=tested,
                tested_ok=ok,
            )
        )

    @web.get("/settings")
    async def settings(request: Request, done: str = "") -> HTMLResponse:
        notes = (Notice(_DONE[done], "good"),) if done in _DONE else ()
        return page(request, "Settings", "settings", body(request), *notes)

    @web.post("/settings/test")
    async def test(request: Request) -> HTMLResponse:
        line, ok = await _test_model(services)
        return page(request, "Settings", "settings", body(request, line, ok))

    @web.post("/settings/defaults")
    async def defaults(level: Annotated[Level, Form()], mode: Annotated[Mode, Form()]) -> RedirectResponse:
        reply = RedirectResponse("/settings?done=saved", 303)
        reply.set_cookie(
            DEFAULTS_COOKIE, f"{level.value}.{mode.value}", max_age=365 * 86400, httponly=True, samesite="lax"
        )
        return reply

    @web.get("/api/export.zip")
    async def everything(request: Request) -> Response:
        owner = owner_of(request)
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for row in services.sessions.sessions(owner):
                report = report_for(services, services.sessions.state(row.id, owner), full=True)
                name = f"{row.created:%Y-%m-%d}-{row.round}-{row.id[:8]}.json"
                archive.writestr(name, export.write(report, "json")[0])
        head = {"content-disposition": 'attachment; filename="rehearsal-sessions.zip"'}
        return Response(held.getvalue(), media_type="application/zip", headers=head)

    @web.post("/settings/delete")
    async def delete(request: Request, confirm: Annotated[str, Form()]) -> RedirectResponse:
        if confirm.strip().lower() != "delete":
            raise InputRefused("Nothing was deleted.", hint="Type the word delete to confirm.")
        owner = owner_of(request)
        for row in services.sessions.sessions(owner):
            services.sessions.delete(row.id, owner)
        DrillStore(services.engine).delete(owner)
        return RedirectResponse("/settings?done=deleted", 303)


async def _test_model(services: Services) -> tuple[str, bool]:
    """One tiny call to the model, and in words how it went."""
    if not services.settings.has_model:
        return "No model is set, so there is nothing to connect to. Everything authored works.", False
    from bot.model.gateway import gateway_from
    from bot.model.prompts import Rendered

    try:
        gateway = gateway_from(services.settings)
        try:
            prompt = Rendered(
                id="connection_test",
                version=1,
                hash="",
                system="You answer a connection test.",
                user="Say the single word: ready",
            )
            reply = await gateway.text(prompt)
        finally:
            await gateway.aclose()
    except RehearsalError as problem:
        return str(problem), False
    return f"{services.settings.model} answers: {' '.join(reply.text.split())[:60]}", True
