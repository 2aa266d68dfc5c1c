"""The settings page: what is connected, how to connect more, defaults, one's own data; and the sign-in form."""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.base import Level, Mode
from bot.model.check import Checked, Finding
from bot.review import words
from bot.review.markup import chip, esc
from bot.web.views.layout import segmented, select


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Everything on the settings page. No secret is ever part of it."""

    model: str
    base_url: str
    has_key: bool
    judge: str
    engine: str
    engine_trouble: str
    articles: int
    sessions: int
    home: str
    level: Level
    mode: Mode
    show_paths: bool
    tested: Checked | None = None


def settings(data: SettingsPage) -> str:
    """The body of the settings page."""
    return (
        '<div class="narrow settings"><p class="eyebrow">Settings</p><h1>How your rounds run</h1>'
        f"{_model(data)}{_defaults(data)}{_machine(data)}{_data(data)}</div>"
    )


def _model(data: SettingsPage) -> str:
    works = data.tested is not None and data.tested.ok
    if data.model:
        where = f" at {data.base_url}" if data.base_url else ""
        body = (
            f"<p>Interviewer: <b>{esc(data.model)}</b>{esc(where)} {chip('connected' if works else 'set', 'good')}</p>"
            f"<p>Judge: <b>{esc(words.judge(data.judge))}</b></p>"
            + ("<p>Key: set in the environment, never shown here or kept.</p>" if data.has_key else "")
            + '<form method="post" action="/settings/test#model"><button class="button primary">Test the connection</button></form>'
        )
    else:
        body = (
            "<p>No model is connected. Rounds run with prepared questions, and the offline judge scores them.</p>"
            '<form method="post" action="/settings/test#model"><button class="button primary">Test the connection</button></form>'
        )
    found = "".join(_finding(f) for f in data.tested.findings) if data.tested else ""
    result = f'<div class="notices" role="status">{found}</div>' if found else ""
    return (
        f'<section class="card" id="model" aria-labelledby="h-model"><h2 id="h-model">Model</h2>{body}{result}'
        f'<details class="question"{"" if data.model else " open"}><summary><span>How to connect one</span></summary><p>Set these before you start the app, then start it again. Keys are '
        "read from the environment only; they are never kept or shown.</p>"
        '<p><b>OpenAI</b></p><pre tabindex="0">OPENAI_API_KEY=sk-...  make run</pre>'
        "<p><b>Ollama, LM Studio, vLLM or any compatible server</b></p>"
        '<pre tabindex="0">OPENAI_BASE_URL=http://localhost:11434/v1  BOT_MODEL=llama3.1  make run</pre></details></section>'
    )


def _finding(found: Finding) -> str:
    kind = {True: "good", False: "bad", None: "info"}[found.good]
    todo = f"<br>{esc(found.todo)}" if found.todo else ""
    return f'<p class="notice {kind}">{esc(found.text)}{todo}</p>'


def _defaults(data: SettingsPage) -> str:
    return (
        '<section class="card" aria-labelledby="h-defaults"><h2 id="h-defaults">What a new round starts with</h2>'
        '<form method="post" action="/settings/defaults" class="row-form">'
        f"{segmented('mode', 'Mode', [(m.value, words.MODES[m], '') for m in Mode], data.mode.value)}"
        f"{select('level', 'Level', [(level.value, words.LEVELS[level]) for level in Level], data.level.value)}"
        '<button class="button">Save</button></form></section>'
    )


def _machine(data: SettingsPage) -> str:
    engine = data.engine_trouble or data.engine
    rows = [("Running code", engine), ("Articles", f"{data.articles} in the library")]
    if data.show_paths:
        rows.append(("Data folder", data.home))
    body = "".join(f"<dt>{esc(k)}</dt><dd>{esc(v)}</dd>" for k, v in rows)
    return f'<section class="card" aria-labelledby="h-machine"><h2 id="h-machine">This installation</h2><dl class="facts">{body}</dl></section>'


def _data(data: SettingsPage) -> str:
    return (
        f'<section class="card" aria-labelledby="h-data"><h2 id="h-data">Your data</h2><p>{words.count(data.sessions, "session")}, with everything you said, '
        "wrote and ran.</p>"
        '<div class="actions"><a class="button" href="/api/export.zip" download>Download everything</a></div>'
        '<form method="post" action="/settings/delete" class="row-form danger"><label class="field"><span>To delete all of it for good, type '
        '<b>delete</b></span><input name="confirm" autocomplete="off" pattern="delete" required></label>'
        '<button class="button danger">Delete my data</button></form></section>'
    )


def sign_in(next_page: str, failed: bool) -> str:
    """The sign-in form."""
    trouble = (
        '<p class="notice bad" role="alert">Name and password do not fit. Please try again.</p>'
        if failed
        else ""
    )
    return (
        f'<section class="sign-in"><h1>Sign in</h1>{trouble}<form method="post" action="/sign-in"><input type="hidden" name="next" value="{esc(next_page)}">'
        '<label class="field"><span>Name</span><input name="name" autocomplete="username" required autofocus></label>'
        '<label class="field"><span>Password</span><input name="password" type="password" autocomplete="current-password" required></label>'
        '<button class="button primary">Sign in</button></form></section>'
    )
