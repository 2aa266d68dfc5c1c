"""Text of people and of models as safe HTML.

Two ways only: `rich` for what an interviewer or an author wrote (a small Markdown, no raw HTML, no images, no
links) and `verbatim` for what a candidate wrote (every character as it was sent, with marks laid over verified
spans). Nothing else in the project turns untrusted text into HTML. Does not know what the text is about.
"""

# ruff: noqa: E501  (icons)

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


def esc(value: object) -> str:
    """Escaped for element content and for quoted attributes alike."""
    return html.escape(str(value), quote=True)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Links are dropped (their text stays): nothing that a model says should send a reader elsewhere.
    return (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["image", "autolink", "html_inline"])
    )


def _without_links(tokens: list[Token]) -> list[Token]:
    for token in tokens:
        if token.children:
            token.children = [t for t in token.children if t.type not in ("link_open", "link_close")]
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h4"  # a page has one outline, and it is ours
        if token.type in ("fence", "code_block"):
            token.info = ""
    return tokens


def rich(text: str) -> str:
    """Markdown of the interviewer, an article or an author as HTML without scripts, links or images."""
    parser = _parser()
    body: str = parser.renderer.render(_without_links(parser.parse(text)), parser.options, {})
    return body.replace("<pre>", '<pre tabindex="0">')  # a box that scrolls must be reachable by keyboard


def plain(text: str) -> str:
    """The words of a Markdown text in one line, for titles and previews (not escaped)."""
    words: list[str] = []
    for token in _parser().parse(text):
        if token.type == "inline":
            words += [t.content for t in token.children or [] if t.content]
        elif token.type in ("fence", "code_block"):
            words.append(token.content)
    return " ".join(" ".join(words).split())


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a text to be marked: `kind` becomes a class, `label` is read out and shown on hover."""

    start: int
    end: int
    kind: str
    label: str
    href: str = ""


def verbatim(text: str, marks: Iterable[Mark] = ()) -> str:
    """The text exactly as it was sent (white space is kept by the style sheet), marks laid over it.

    Of overlapping marks the first one wins; spans outside the text are ignored.
    """
    out: list[str] = []
    at = 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if mark.start < at or mark.end > len(text) or mark.start >= mark.end:
            continue
        out.append(esc(text[at : mark.start]))
        words = esc(text[mark.start : mark.end])
        inner = f'<a href="{esc(mark.href)}">{words}</a>' if mark.href else words
        out.append(f'<mark class="{esc(mark.kind)}" title="{esc(mark.label)}">{inner}</mark>')
        at = mark.end
    out.append(esc(text[at:]))
    return "".join(out)


def clip(text: str, size: int) -> str:
    """At most `size` characters, cut at a word, with an ellipsis."""
    if len(text) <= size:
        return text
    return text[: size - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def excerpt(text: str, section: str, size: int) -> str:
    """A passage to quote under the name of its section, which it does not have to begin with again."""
    rest = text.removeprefix(section).lstrip() if section else text
    cut = clip(rest or text, size)
    if fences := re.findall(r"^```", cut, re.M):
        return f"{cut}\n```" if len(fences) % 2 else cut
    for sign in ("`", "**"):  # what the cut opened and did not close would be shown as it is written
        if cut.count(sign) % 2:
            before, _, after = cut.rpartition(sign)
            cut = before + after
    return cut


def chip(text: str, kind: str = "") -> str:
    """A small label."""
    return f'<span class="chip {esc(kind)}">{esc(text)}</span>'


def icon(name: str, size: int = 18) -> str:
    """A decorative line icon."""
    return (
        f'<svg width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{_PATHS[name]}</svg>'
    )


_PATHS = {
    "logo": '<circle cx="12" cy="12" r="9.5"/><path d="M7.5 14.2c1.4 1.9 2.9 2.8 4.5 2.8s3.1-.9 4.5-2.8"/><path d="M12 7v4.5"/>',
    "moon": '<path d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h10"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "half": '<path d="M5 12h14"/>',
    "cross": '<path d="M7 7l10 10M17 7L7 17"/>',
    "ring": '<circle cx="12" cy="12" r="6.5"/>',
    "book": '<path d="M5 5.5A2.5 2.5 0 0 1 7.5 3H19v15H7.5A2.5 2.5 0 0 0 5 20.5z"/><path d="M5 20.5A2.5 2.5 0 0 0 7.5 21H19"/>',
    "down": '<path d="M12 5v13M6 12.5l6 6 6-6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
}
