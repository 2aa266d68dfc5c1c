"""The start page: go on with an open session, start a round, what is due, what came last."""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.base import Level, Mode, RoundId
from bot.review import words
from bot.review.charts import clock
from bot.review.markup import chip, esc
from bot.web.views.layout import segmented, select

_ABOUT = {
    RoundId.PHONE_SCREEN: "Fundamentals, one question after another",
    RoundId.CODING_A: "One algorithm problem, in the editor, with tests",
    RoundId.CODING_B: "Machine learning from scratch, in the editor",
    RoundId.ML_SYSTEM_DESIGN: "One system from the goal to monitoring",
    RoundId.BEHAVIORAL: "Your own stories, in depth",
}


@dataclass(frozen=True, slots=True)
class RoundOption:
    """A round that can be started. `questions` is how many the bank has (0: it cannot be started)."""

    round: RoundId
    minutes: float
    questions: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session to go on with."""

    session: str
    title: str
    left_s: float
    paused: bool
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class PastSession:
    """A line of a list of sessions."""

    session: str
    title: str
    label: str
    score: float | None
    created: datetime
    status: str
    mode: str = ""
    href: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the start page."""

    rounds: tuple[RoundOption, ...]
    open: OpenSession | None
    past: tuple[PastSession, ...]
    due: int
    has_model: bool
    model_line: str
    now: datetime
    start_key: str
    loops: tuple[tuple[str, str], ...] = ()
    level: Level = Level.MID
    mode: Mode = Mode.PRACTICE
    others: int = 0  # how many more sessions are open


def home(data: Home) -> str:
    """The body of the start page."""
    return (
        f'<div class="home"><div class="intro">{_intro(data)}</div>'
        f'<div>{_continue(data)}{_start(data)}</div><aside aria-label="Where you stand">{_due(data)}{_past(data)}'
        f"{_model(data)}</aside></div>"
    )


def _intro(data: Home) -> str:
    if data.open is not None or any(not p.demo for p in data.past):
        return '<h1 class="sr">Practise</h1>'
    return (
        "<h1>Practise the interview before the interview</h1>"
        '<p class="lede">Real rounds for machine-learning engineers, with follow-up questions, and a score in which every '
        "line quotes what you said.</p>"
    )


def _continue(data: Home) -> str:
    o = data.open
    if o is None:
        return ""
    state = (
        "paused"
        if o.paused
        else (f"{clock(o.left_s)} left" if o.left_s > 0 else "time is up, you can still finish")
    )
    more = f" {words.count(data.others, 'more round')} open, see Progress." if data.others else ""
    return (
        f'<section class="continue" aria-labelledby="h-continue"><div><h2 id="h-continue">{esc(o.title)}</h2>'
        f'<p class="small">{esc(words.when(o.updated, data.now))} · {esc(state)} · {words.count(o.turns, "message")}.{more}</p>'
        f'</div><a class="button primary" href="/session/?s={esc(o.session)}">Continue</a></section>'
    )


def _start(data: Home) -> str:
    usable = [r for r in data.rounds if r.questions]
    chosen = usable[0].round if usable else None
    rows = "".join(_round(r, r.round is chosen) for r in data.rounds) + _whole_loop(data)
    primary = " primary" if data.open is None else ""
    return (
        '<form method="post" action="/sessions" class="start-form">'
        f'<input type="hidden" name="key" value="{esc(data.start_key)}">'
        f'<fieldset class="rounds"><legend>{"Start another round" if data.open else "Choose a round"}</legend>{rows}</fieldset>'
        f'<div class="options">{_mode(data.mode)}{_level(data.level)}{_length()}{_style(data)}</div>'
        f'<div class="start-row"><button class="button{primary}">Start the round</button>'
        f'<p class="small">{esc(words.MODE_NOTES[Mode.PRACTICE])} in practice; {esc(words.MODE_NOTES[Mode.REAL].lower())} in real mode.</p>'
        "</div></form>"
    )


def _round(option: RoundOption, checked: bool) -> str:
    off = "" if option.questions else " disabled"
    about = _ABOUT[option.round] if option.questions else "No questions in the bank yet"
    return (
        f'<label><input type="radio" name="round" value="{option.round.value}"{" checked" if checked else ""}{off}>'
        f"<span><b>{esc(option.round.label)}</b><small>{esc(about)}</small><i>{option.minutes:g} min</i></span></label>"
    )


def _whole_loop(data: Home) -> str:
    if not all(r.questions for r in data.rounds):
        return ""
    minutes = sum(r.minutes for r in data.rounds)
    return (
        '<label><input type="radio" name="round" value="loop"><span><b>The whole loop</b><small>All five rounds, one after another '
        f"whenever you like, and a decision on the whole</small><i>{minutes:g} min</i></span></label>"
    )


def _mode(chosen: Mode) -> str:
    return segmented("mode", "Mode", [(m.value, words.MODES[m], "") for m in Mode], chosen.value)


def _level(chosen: Level) -> str:
    return select("level", "Level", [(level.value, words.LEVELS[level]) for level in Level], chosen.value)


def _style(data: Home) -> str:
    if len(data.loops) < 2:
        return ""
    return select("loop", "Style", list(data.loops), "standard")


def _length() -> str:
    return select("length", "Length", [("full", "Full round"), ("short", "Short, 15 min")], "full")


def _due(data: Home) -> str:
    if not data.due:
        return ""
    return (
        f'<section class="card" aria-labelledby="h-due"><h2 id="h-due">Due today</h2><p>{words.count(data.due, "point")} '
        'you missed before, ready to be tried again.</p><a class="button" href="/drill">Repeat now</a></section>'
    )


def _past(data: Home) -> str:
    if not data.past:
        demo = (
            '<form method="post" action="/demo"><button class="button">Look at a finished session</button></form>'
            '<p class="small">An example round with its scorecard, held right here in a second.</p>'
        )
        return (
            '<section aria-labelledby="h-past"><h2 id="h-past">Nothing here yet</h2><p class="small">Your sessions, '
            f"scores and what to repeat will stand here.</p>{demo}</section>"
        )
    rows = "".join(past_row(p, data.now) for p in data.past[:6])
    return (
        f'<section aria-labelledby="h-past"><h2 id="h-past">Last sessions</h2><ul class="list">{rows}</ul>'
        '<p class="small"><a href="/progress">All sessions and progress</a></p></section>'
    )


def past_row(p: PastSession, now: datetime) -> str:
    """One past session as a list item."""
    href = p.href or (f"/review?s={p.session}" if p.status == "ended" else f"/session/?s={p.session}")
    score = f"{p.score:.1f}" if p.score is not None else ("open" if p.status != "ended" else "–")
    label = (
        p.label[:1].upper() + p.label[1:]
        if p.label
        else ("In progress" if p.status != "ended" else "Not scored yet")
    )
    return (
        f'<li><a class="item" href="{esc(href)}"><b>{"Demo: " if p.demo else ""}{esc(p.title)}</b><span class="score">{esc(score)}</span>'
        f"<small>{esc(words.short_day(p.created))} · {esc(label)}</small></a></li>"
    )


def _model(data: Home) -> str:
    if data.has_model:
        return f'<section><p class="small">{esc(data.model_line)}</p></section>'
    return (
        '<section class="card" aria-labelledby="h-model"><h2 id="h-model">No model connected</h2><p class="small">'
        "Everything works without one: prepared questions and follow-ups, hints, code that runs, a score with quotes. "
        "A model makes the conversation freer and the judging deeper.</p>"
        '<a class="button" href="/settings#model">Connect a model</a></section>'
    )


def sessions_table(rows: Sequence[PastSession], now: datetime) -> str:
    """All sessions with the change since the last one of the same round."""
    body = []
    last: dict[str, float] = {}
    for p in sorted(rows, key=lambda r: r.created):
        kind = p.title
        change = ""
        if p.score is not None:
            if kind in last:
                delta = p.score - last[kind]
                cls = "up" if delta >= 0.05 else "down" if delta <= -0.05 else ""
                change = f'<span class="{cls}">{words.signed(delta)}</span>' if cls else "same"
            last[kind] = p.score
        kind = "good" if p.label in ("hire", "strong hire") else ""
        score = chip(f"{p.score:.1f}", kind) if p.score is not None else "–"
        href = p.href or (f"/review?s={p.session}" if p.status == "ended" else f"/session/?s={p.session}")
        label = p.label or ("in progress" if p.status != "ended" else "not scored")
        body.append(
            f'<tr><td><time datetime="{p.created.isoformat()}">{esc(words.day(p.created))}</time></td>'
            f'<td><a href="{esc(href)}"><b>{esc(p.title)}</b></a><span>{esc(label)}{" · " + esc(p.mode) if p.mode else ""}</span></td>'
            f"<td>{score}</td><td>{change}</td></tr>"
        )
    return (
        '<table class="sessions"><caption class="sr">All sessions</caption><thead><tr><th scope=col>Date</th>'
        "<th scope=col>Session</th><th scope=col>Score</th><th scope=col>Change</th></tr></thead>"
        f"<tbody>{''.join(reversed(body))}</tbody></table>"
    )
