"""Turns a view into a response: the frame around it, who is looking, and errors in words."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import HTMLResponse

from bot.web import lookups
from bot.web.views import errors
from bot.web.views.layout import Notice, Page, Who, document

PageMaker = Callable[..., HTMLResponse]


def page_maker(can_leave: bool) -> PageMaker:
    """Gives the function that turns a view's body into a response."""

    def page(
        request: Request,
        title: str,
        active: Page,
        body: str,
        *messages: Notice,
        status: int = 200,
        cls: str = "",
    ) -> HTMLResponse:
        owner = request.scope.get("state", {}).get("owner")
        who = Who(lookups.display_name(owner or ""), can_leave and bool(owner))
        return HTMLResponse(
            document(title, active, body, who, messages=messages, cls=cls), status_code=status
        )

    return page


def error_page(page: PageMaker, request: Request, line: str, status: int) -> HTMLResponse:
    """A calm page for an error, without internals."""
    return page(request, errors.title_of(status), "error", errors.error(status, line), status=status)
