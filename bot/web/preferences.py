"""Settings: what is connected and a test of it, what a new round starts with, one's own data. Thin."""

from __future__ import annotations

import io
import zipfile
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.base import Level, Mode
from bot.errors import InputRefused
from bot.model.check import Checked, check_models
from bot.review import export
from bot.store.drills import DrillStore
from bot.web.lookups import DEFAULTS_COOKIE, defaults_of, owner_of, report_for
from bot.web.paper import PageMaker
from bot.web.services import Services
from bot.web.views import settings as views
from bot.web.views.layout import Notice

_DONE = {"saved": "Saved.", "deleted": "All your sessions are deleted."}


def routes(services: Services, page: PageMaker) -> APIRouter:
    """`/settings`, and everything of one person as an archive."""
    web = APIRouter()

    def body(request: Request, tested: Checked | None = None) -> str:
        owner = owner_of(request)
        s = services.settings
        level, mode = defaults_of(request)
        return views.settings(
            views.SettingsPage(
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
            )
        )

    @web.get("/settings")
    async def settings(request: Request, done: str = "") -> HTMLResponse:
        notes = (Notice(_DONE[done], "good"),) if done in _DONE else ()
        return page(request, "Settings", "settings", body(request), *notes)

    @web.post("/settings/test")
    async def test(request: Request) -> HTMLResponse:
        return page(request, "Settings", "settings", body(request, await check_models(services.settings)))

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

    return web
