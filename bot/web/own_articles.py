"""Own articles on the Library page: what would be kept of a file, added, looked at line by line, overruled, removed.

Thin: asks `bot.knowledge` what it keeps. Only where everybody who reaches the page is the same person, as for own
questions.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.errors import InputRefused, KnowledgeError, NotFound, RehearsalError
from bot.web.own_questions import only_here
from bot.web.paper import PageMaker
from bot.web.services import Services
from bot.web.views import library as views

if TYPE_CHECKING:
    from bot.knowledge.values import Line


MAX_UPLOAD = 2_000_000
"""Bytes of one file."""
MAX_FOLDER = 20_000_000
"""Bytes of one upload."""
MOST_FILES = 200
"""Files of one upload."""
INBOX = "inbox"


def folder_of(services: Services) -> Path:
    """Where articles are kept that were added on the page."""
    return services.settings.home / "my-articles"


def routes(services: Services, page: PageMaker) -> APIRouter:
    """Preview, add and remove; the lines of an article and the decisions on them."""
    web = APIRouter()
    may_add = services.settings.auth == "none"
    own_folder = folder_of(services)

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
        body = views.preview_page(shown, refused, token)
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

    @web.get("/library/article/{article}/lines")
    async def lines(request: Request, article: str) -> HTMLResponse:
        only_here(may_add)
        row = services.library.article(article)
        shown = [_kept(line) for line in await asyncio.to_thread(services.library.lines, article)]
        return page(request, row.title, "library", views.article_lines(row.title, row.id, shown))

    @web.post("/library/article/{article}/lines")
    async def overrule(
        article: str, keep: Annotated[str, Form()] = "", drop: Annotated[str, Form()] = ""
    ) -> RedirectResponse:
        only_here(may_add)
        decisions = ({keep: True} if keep else {}) | ({drop: False} if drop else {})
        await asyncio.to_thread(services.library.overrule, article, decisions)
        return RedirectResponse(f"/library/article/{quote(article)}/lines", 303)

    return web


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


def _kept(line: Line) -> views.Kept:
    from bot.knowledge.read import line_key

    return views.Kept(line.text, line.kept, line.why, line.n, line_key(line.text))


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
    return views.preview(name, source.title, lines, source.warnings)
