"""Sessions that were not held here: an export brought back, and the demo. Thin."""

from __future__ import annotations

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import RedirectResponse

from bot.interview.assess import Assessor
from bot.interview.updates import Scorer
from bot.review import demo, importing
from bot.store.log import EventLog
from bot.web.lookups import owner_of
from bot.web.services import Services

MAX_EXPORT = 2_500_000
"""Bytes of an export that is read back."""


def routes(services: Services) -> APIRouter:
    """`/import` and `/demo`."""
    web = APIRouter()

    @web.post("/import")
    async def bring_back(request: Request, file: UploadFile) -> RedirectResponse:
        events = importing.read_export(await file.read(MAX_EXPORT))
        session = importing.bring_back(EventLog(services.engine), events, owner_of(request))
        return RedirectResponse(f"/s/{session}", 303)

    @web.post("/demo")
    async def show_demo(request: Request) -> RedirectResponse:
        session = await demo.hold(
            EventLog(services.engine), services.bank, demo_scorer(services), owner_of(request)
        )
        return RedirectResponse(f"/review?s={session}", 303)

    return web


def demo_scorer(services: Services) -> Scorer:
    """Scores the demo offline, whatever judge is set, with a study list as always."""
    full = services.assessor
    return Assessor(full.bank, full.search, {"offline": full.judges["offline"]}, live="offline").score
