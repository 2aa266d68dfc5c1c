"""What surrounds every response: sign-in gate, Origin check, body limit, security headers, first paint, and the answer
to our own bugs.

Pure ASGI, so that streams pass through untouched. Does not know what the pages show; knows which paths
need no sign-in and which page is Gradio's (it needs inline scripts, so its policy is a little wider).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.identity import Identity
from bot.web.views.errors import bare_page

log = logging.getLogger(__name__)

MAX_BODY = 2_500_000
"""Bytes of a request's body: a session's export, a long answer."""
MAX_DRAIN, DRAIN_S = 100_000_000, 20.0
"""Bytes and seconds that a refused body is still taken, and dropped, so that the browser shows why."""
GRADIO = "/session"
OPEN_PATHS = ("/healthz", "/sign-in", "/ui/", "/manifest.json")
GRADIO_PATHS = (f"{GRADIO}/assets/", f"{GRADIO}/static/", f"{GRADIO}/theme.css")
"""All of Gradio that a browser needs beside the page: its scripts and styles. Its queue, calls, uploads, files and proxies
have no use here, so they do not exist."""

_COMMON = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob: data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
CSP = f"{_COMMON}; script-src 'self'"
GRADIO_CSP = f"{_COMMON}; script-src 'self' 'unsafe-inline' 'unsafe-eval'"

# Gradio's own `head=` is added by a script after the page has started: too late for theme and layout.
_HEAD = (
    b'<meta name="color-scheme" content="light dark"><link rel="icon" href="/ui/icon.svg" type="image/svg+xml">'
    b'<script src="/ui/theme.js"></script><script src="/ui/app.js" defer></script>'
    b'<script src="/ui/session.js" defer></script><link rel="preload" href="/ui/report.css" as="style">'
    b'<link rel="preload" href="/ui/app.css" as="style">'
)
# After every style in <head>, so that ours wins where both are equally specific.
_BODY = (
    b'<link rel="stylesheet" href="/ui/report.css"><link rel="stylesheet" href="/ui/app.css">'
    b'<link rel="stylesheet" href="/ui/session.css">'
    b'<div id="boot" class="boot" role="status">Opening the session\xe2\x80\xa6</div>'
)


class Shell:
    """The middleware. Puts the owner's name into `scope["state"]["owner"]` for everything inside. `larger` names
    addresses whose body may have more bytes than `MAX_BODY`."""

    def __init__(self, app: ASGIApp, identity: Identity, larger: Mapping[str, int] | None = None) -> None:
        self.app, self.identity, self.larger = app, identity, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        path, method = scope["path"], scope["method"]
        send = _with_headers(
            send, GRADIO_CSP if path.startswith(GRADIO) else CSP, cached=path.startswith("/ui/")
        )
        if method not in ("GET", "HEAD", "OPTIONS") and foreign(headers):
            await refuse(send, 403, "This request came from another site, so nothing was done.", headers)
            return
        owner = self.identity.user(headers)
        if owner is None and not path.startswith(OPEN_PATHS):
            await _sign_in_first(scope, headers, send)
            return
        if path.startswith(f"{GRADIO}/") and not _is_needed(path, method):
            await refuse(send, 404, "There is nothing at this address.", headers)
            return
        limit = self.larger.get(path, MAX_BODY)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            await _drain(receive)
            await refuse(
                send,
                413,
                f"That is more than the {limit / 1_000_000:g} MB that are taken in one piece.",
                headers,
            )
            return
        scope = dict(scope)
        scope["state"] = {**scope.get("state", {}), "owner": owner}
        if path.rstrip("/") == GRADIO and "text/html" in headers.get("accept", ""):
            scope["headers"] = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
            send = _with_first_paint(send)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, _limited(receive, limit), watched)
        except Exception:
            if started:
                raise  # nothing can be answered any more: the server logs it and cuts the connection
            # Our own bug, answered here and not by the framework, which raises it again and has it logged twice.
            log.exception("request %s failed", path)
            await refuse(
                send, 500, "Something went wrong on our side. Nothing is lost; please try again.", headers
            )


def _is_needed(path: str, method: str) -> bool:
    """Whether an address under Gradio's is the page itself or one of its parts."""
    if method not in ("GET", "HEAD") or ".." in path:
        return False
    return path == f"{GRADIO}/" or path.startswith(GRADIO_PATHS)


def foreign(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something was made by another site's page."""
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


async def refuse(
    send: Send, status: int, line: str, headers: Mapping[str, str] = MappingProxyType({})
) -> None:
    """A short refusal: a page for a person, JSON for a script."""
    if "text/html" in headers.get("accept", ""):
        kind, body = b"text/html; charset=utf-8", bare_page(status, line).encode()
    else:
        kind, body = b"application/json", json.dumps({"error": line}).encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", kind), (b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def _drain(receive: Receive) -> None:
    """Take what is still coming, up to a bound: a browser that is cut off while it sends shows no answer at all."""
    seen = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            while seen < MAX_DRAIN:
                message = await receive()
                seen += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return


async def _sign_in_first(scope: Scope, headers: Mapping[str, str], send: Send) -> None:
    """Pages go to the sign-in form and come back; everything else gets a plain 401."""
    if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        query = scope["query_string"].decode("latin-1")
        here = scope["path"] + (f"?{query}" if query else "")
        location = f"/sign-in?next={quote(here, safe='')}".encode()
        await send({"type": "http.response.start", "status": 303, "headers": [(b"location", location)]})
        await send({"type": "http.response.body", "body": b""})
        return
    await refuse(send, 401, "Please sign in.")


def _with_headers(send: Send, policy: str, cached: bool) -> Send:
    extra = [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self)"),
        (b"x-accel-buffering", b"no"),
    ]
    names = {k for k, _ in extra}

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [
                (k, v)
                for k, v in message.get("headers", [])
                if k.lower() not in names and not k.lower().startswith(b"access-control-")
            ]
            if not any(k.lower() == b"cache-control" for k, _ in kept):
                kept.append((b"cache-control", b"no-cache" if cached else b"no-store"))
            message = {**message, "headers": kept + extra}
        await send(message)

    return wrapped


def _limited(receive: Receive, limit: int) -> Receive:
    """Counts a body that came without a length; beyond the limit it is cut off and refused."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise BodyTooLarge
        return message

    return counted


class BodyTooLarge(Exception):
    """A body without a declared length grew beyond the limit; answered with 413 by the application."""


def _with_first_paint(send: Send) -> Send:
    """Puts our head, style and skeleton into Gradio's page, so that the first paint is already right."""
    start: Message | None = None
    held = bytearray()

    async def wrapped(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if kind.startswith(b"text/html"):
                start = message
                return
        elif start is not None:
            held.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            page = _insert(bytes(held))
            start["headers"] = [
                (k, str(len(page)).encode() if k.lower() == b"content-length" else v)
                for k, v in start["headers"]
            ]
            await send(start)
            message = {"type": "http.response.body", "body": page}
        await send(message)

    return wrapped


def _insert(page: bytes) -> bytes:
    page = page.replace(b"<head>", b"<head>" + _HEAD, 1)
    opened = page.find(b">", page.find(b"<body")) + 1
    return page[:opened] + _BODY + page[opened:]
