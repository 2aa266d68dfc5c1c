"""The sign-in form and its cookie. Only there when people sign in here (`BOT_AUTH=passwords`)."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from time import monotonic
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.web.identity import COOKIE, SESSION_S, Identity, Passwords
from bot.web.paper import PageMaker
from bot.web.views.settings import sign_in

TRIES, WINDOW_S = 8, 60.0
"""Failed tries for one name within so many seconds, before it has to wait."""


def local_path(path: str) -> str:
    """The path to go to after signing in: only one on this site."""
    parts = urlsplit(path)
    safe = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    )
    return path if safe and path.isprintable() else "/"


def routes(identity: Identity, page: PageMaker) -> APIRouter:
    """`/sign-in` and `/sign-out`; they lead home when nobody signs in here."""
    web = APIRouter()
    failed: dict[str, deque[float]] = defaultdict(deque)

    @web.get("/sign-in")
    async def form(request: Request, next: str = "/") -> Response:
        if not isinstance(identity, Passwords):
            return RedirectResponse("/", 303)
        shown: HTMLResponse = page(request, "Sign in", "sign-in", sign_in(local_path(next), failed=False))
        return shown

    @web.post("/sign-in")
    async def check(
        request: Request,
        name: Annotated[str, Form(max_length=120)],
        password: Annotated[str, Form(max_length=1000)],
        next: Annotated[str, Form()] = "/",
    ) -> Response:
        if not isinstance(identity, Passwords):
            return RedirectResponse("/", 303)
        recent = failed[name]
        while recent and monotonic() - recent[0] > WINDOW_S:
            recent.popleft()
        cookie = None
        if len(recent) < TRIES:
            cookie = await asyncio.to_thread(identity.check, name, password)
        if cookie is None:
            recent.append(monotonic())
            if len(failed) > 10_000:
                failed.clear()
            refused: HTMLResponse = page(
                request, "Sign in", "sign-in", sign_in(local_path(next), failed=True), status=403
            )
            return refused
        failed.pop(name, None)
        reply = RedirectResponse(local_path(next), 303)
        secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        reply.set_cookie(COOKIE, cookie, max_age=SESSION_S, httponly=True, samesite="lax", secure=secure)
        return reply

    @web.post("/sign-out")
    async def leave() -> RedirectResponse:
        reply = RedirectResponse("/sign-in", 303)
        reply.delete_cookie(COOKIE)
        return reply

    return web
