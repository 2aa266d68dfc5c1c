"""Errors as calm pages: a title for the kind of trouble, one line that says what to do, one way on."""

from __future__ import annotations

from bot.review.markup import esc
from bot.web.views.layout import Who, document

TITLES = {
    403: "Not from here",
    404: "Not here",
    409: "One moment",
    413: "Too large",
    422: "That cannot be used",
    503: "Not available",
}


def title_of(status: int) -> str:
    """What stands above the line."""
    return TITLES.get(status, "That did not work")


def error(status: int, line: str) -> str:
    """The body of an error's page. No internals: `line` was written for people."""
    return (
        f'<section class="narrow"><h1>{esc(title_of(status))}</h1><p class="lede">{esc(line)}</p>'
        '<p><a class="button primary" href="/">Back to practice</a></p></section>'
    )


def bare_page(status: int, line: str) -> str:
    """The whole page, for refusals before it is known who asks."""
    return document(title_of(status), "error", error(status, line), Who())
