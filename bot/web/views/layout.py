"""The frame of every page: head, top bar, notices, and the few controls that all pages share.

Knows the names and addresses of the pages; does not know what is on them.
"""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.review.markup import esc, icon

NAME = "Rehearsal"
Page = Literal["home", "session", "review", "progress", "library", "settings", "sign-in", "error"]

_NAV: tuple[tuple[Page, str, str], ...] = (
    ("home", "/", "Practise"),
    ("progress", "/progress", "Progress"),
    ("library", "/library", "Library"),
    ("settings", "/settings", "Settings"),
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who looks at the page. `can_leave`: there is a sign-out."""

    name: str = ""
    can_leave: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence at the top of a page. `kind`: info, good, bad."""

    text: str
    kind: Literal["info", "good", "bad"] = "info"


def top_bar(active: Page, who: Who, menu: bool = False) -> str:
    """The bar with name, navigation, theme and account."""
    links = "".join(
        f'<a href="{href}"{" aria-current=page" if key == active else ""}>{label}</a>'
        for key, href, label in _NAV
    )
    burger = (
        f'<button type="button" class="icon-button" id="rounds-toggle" data-act="rounds" aria-label="Rounds" '
        f'aria-expanded="false" aria-controls="side">{icon("menu", 20)}</button>'
        if menu
        else ""
    )
    account = ""
    if who.name:
        account = f'<span class="avatar" role="img" aria-label="Signed in as {esc(who.name)}">{esc(who.name[:1].upper())}</span>'
    if who.can_leave:
        account += '<form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>'
    return (
        f'<header class="top">{burger}<a class="brand" href="/" aria-label="{NAME}, home">{icon("logo", 22)}'
        f'<span>{NAME}</span></a><nav aria-label="Main">{links}</nav><div class="top-right">'
        f'<button type="button" class="icon-button" data-act="theme" aria-label="Light or dark">{icon("moon")}</button>'
        f"{account}</div></header>"
    )


def notices(items: tuple[Notice, ...]) -> str:
    """Notices as a live region; nothing when there are none."""
    if not items:
        return ""
    rows = "".join(f'<p class="notice {n.kind}">{esc(n.text)}</p>' for n in items)
    return f'<div class="notices" role="status">{rows}</div>'


def document(
    title: str,
    active: Page,
    body: str,
    who: Who,
    *,
    messages: tuple[Notice, ...] = (),
    cls: str = "",
    head: str = "",
) -> str:
    """A whole page. `body` is HTML that the views made; everything else is escaped here."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{esc(title)} · {NAME}</title>"
        '<link rel="icon" href="/ui/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/ui/report.css"><link rel="stylesheet" href="/ui/app.css"><script src="/ui/theme.js"></script>'
        f'<script src="/ui/app.js" defer></script>{head}</head>'
        f'<body class="page {esc(cls)}"><a class="skip-link" href="#content">Skip to content</a>{top_bar(active, who)}'
        f'<main id="content" tabindex="-1">{notices(messages)}{body}</main></body></html>'
    )


def select(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> str:
    """A labelled drop-down."""
    rows = "".join(
        f'<option value="{esc(v)}"{" selected" if v == chosen else ""}>{esc(t)}</option>' for v, t in options
    )
    return f'<label class="field"><span>{esc(label)}</span><select name="{esc(name)}">{rows}</select></label>'


def segmented(name: str, label: str, options: list[tuple[str, str, str]], chosen: str) -> str:
    """Radio buttons that look like one control: (value, label, explanation)."""
    rows = "".join(
        f'<label><input type="radio" name="{esc(name)}" value="{esc(v)}"{" checked" if v == chosen else ""}>'
        f"<span><b>{esc(t)}</b>{f'<small>{esc(x)}</small>' if x else ''}</span></label>"
        for v, t, x in options
    )
    return f'<fieldset class="segmented"><legend>{esc(label)}</legend><div>{rows}</div></fieldset>'
