"""The library's pages to read: the list and a question to the corpus, an article with its citation, a question. Thin.

What people add or overrule is in `own_articles` and `own_questions`.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from bot.domain.base import RoundId
from bot.web import own_articles
from bot.web.paper import PageMaker
from bot.web.services import Services
from bot.web.views import library as views


def routes(services: Services, page: PageMaker) -> APIRouter:
    """`/library` and what can be opened from it."""
    web = APIRouter()
    may_add = services.settings.auth == "none"
    own_folder = own_articles.folder_of(services)

    @web.get("/library")
    async def library(request: Request, q: str = "") -> HTMLResponse:
        asked = q.strip()[:400]
        found: tuple[views.Found, ...] = ()
        note = ""
        if asked:
            answer = await asyncio.to_thread(services.library.search, asked)
            note = answer.note
            found = tuple(
                views.Found(h.article, h.title, h.section, h.start, h.end, h.text) for h in answer.hits
            )
        bank = services.bank
        data = views.Library(
            articles=tuple(
                views.ArticleItem(a.id, a.title, a.root == str(own_folder))
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
        return page(request, "Library", "library", views.library(data))

    @web.get("/library/article/{article}")
    async def article(
        request: Request, article: str, start: Annotated[int, Query(alias="from")] = 0, to: int = 0
    ) -> HTMLResponse:
        row = services.library.article(article)
        own = may_add and row.root == str(own_folder)
        dropped = len(services.library.dropped(article)) if may_add else None
        headings = services.library.headings(article)
        body = views.article(row.title, row.text, start, to, own, row.id, dropped, headings)
        return page(request, row.title, "library", body)

    @web.get("/library/question/{question}")
    async def question(request: Request, question: str) -> HTMLResponse:
        found = services.bank.question(question)
        file = services.bank.files.get(question)
        own = may_add and file is not None and file.is_relative_to(services.question_folder())
        names = {d.id: d.name for d in services.bank.rubric(found.round).dimensions}
        body = views.question(found, services.bank.competencies, True, own, names)
        return page(request, found.title, "library", body)

    return web
