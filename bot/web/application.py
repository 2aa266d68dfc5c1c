"""Puts the web application together: shell, pages, actions, Gradio's page, and errors in words."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from bot.errors import Conflict, InputRefused, NotFound, RehearsalError, SessionClosed, StoreError
from bot.interview.again import Reassessments
from bot.review.export import SHEET
from bot.web import (
    actions,
    incoming,
    library,
    own_articles,
    own_questions,
    paper,
    preferences,
    progress,
    routes,
    sign_in,
    tail,
)
from bot.web.identity import identity_of
from bot.web.services import Closing, Services
from bot.web.shell import GRADIO, BodyTooLarge, Shell

STATIC = Path(__file__).resolve().parent / "static"
_STATUS: tuple[tuple[type[RehearsalError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (SessionClosed, 409),
    (InputRefused, 422),
    (StoreError, 503),
)


def build(services: Services) -> FastAPI:
    """The application around the services. `app.state.close()` ends every stream, before the server stops."""
    identity = identity_of(services.settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        again.start()
        yield
        again.stop()
        await services.live.settle()

    again = Reassessments(services.sessions, services.assessor)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    # Gradio adds no permissive CORS of its own when the application has a policy: nobody may read from elsewhere.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    larger = {"/library/preview": own_articles.MAX_FOLDER} if services.settings.auth == "none" else {}
    app.add_middleware(Shell, identity=identity, larger=larger)
    page = paper.page_maker(identity.can_sign_in)
    _errors(app, page)

    @app.get("/ui/report.css")
    async def sheet() -> FileResponse:
        return FileResponse(SHEET, media_type="text/css")

    @app.get("/manifest.json")
    async def manifest() -> FileResponse:
        """What Gradio's script asks for at this address, in every window but a private one."""
        return FileResponse(STATIC / "manifest.json", media_type="application/manifest+json")

    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")

    closing = Closing()

    @app.get("/healthz")
    async def health() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @app.get(GRADIO)
    async def to_page(request: Request) -> RedirectResponse:
        query = request.url.query
        return RedirectResponse(f"{GRADIO}/?{query}" if query else "/", 307)

    app.include_router(routes.routes(services, page, again))
    for pages in (progress, library, own_articles, own_questions, preferences):
        app.include_router(pages.routes(services, page))
    app.include_router(incoming.routes(services))
    app.include_router(actions.routes(services, again))
    app.include_router(tail.routes(services, closing))
    app.include_router(sign_in.routes(identity, page))
    _mount_gradio(app)

    def close() -> None:
        closing.now = True

    app.state.close = close
    return app


def _mount_gradio(app: FastAPI) -> None:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the first import: it would look for its makers
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other people's deprecations, at import
        from bot.web.pages import session

        _with_loop(lambda: session.mount(app, GRADIO))


def _with_loop(work: Callable[[], None]) -> None:
    """Do it inside a running loop: without one Gradio makes loops of its own for its locks and never closes them."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:

        async def inside() -> None:
            work()

        asyncio.run(inside())
    else:
        work()


def _errors(app: FastAPI, page: paper.PageMaker) -> None:
    def answer(request: Request, line: str, status: int) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return paper.error_page(page, request, line, status)
        return JSONResponse({"error": line}, status_code=status)

    @app.exception_handler(RehearsalError)
    async def ours(request: Request, problem: RehearsalError) -> Response:
        status = next((code for kind, code in _STATUS if isinstance(problem, kind)), 400)
        return answer(request, str(problem), status)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, problem: RequestValidationError) -> Response:
        fields = ", ".join(sorted({str(e["loc"][-1]) for e in problem.errors()}))
        return answer(request, f"Part of what was sent is missing or cannot be read: {fields}.", 422)

    @app.exception_handler(BodyTooLarge)
    async def too_large(request: Request, problem: BodyTooLarge) -> Response:
        return answer(request, "That is more than this server takes in one piece.", 413)

    @app.exception_handler(HTTPException)
    async def http(request: Request, problem: HTTPException) -> Response:
        line = "There is nothing at this address." if problem.status_code == 404 else str(problem.detail)
        return answer(request, line, problem.status_code)
