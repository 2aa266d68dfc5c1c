"""The progress page and the repetition page."""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.review import charts, words
from bot.review.drills import GRADES, MOST, Point
from bot.review.markup import chip, esc, rich
from bot.review.progress import Compared, Recurring, Standing, Trend, TrendPoint
from bot.web.views.home import PastSession, sessions_table


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sessions side by side."""

    first: PastSession
    second: PastSession
    rows: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything on the progress page. `sessions` newest first."""

    sessions: tuple[PastSession, ...]
    overall: tuple[TrendPoint, ...]
    alike: tuple[TrendPoint, ...]  # those of `overall` that are of the newest one's kind
    names: tuple[str, ...]  # the round of each of `overall`
    trends: tuple[Trend, ...]
    standings: tuple[Standing, ...]
    recurring: tuple[Recurring, ...]
    due: int
    now: datetime
    comparison: Comparison | None = None


def progress(data: Progress) -> str:
    """The body of the progress page."""
    if not data.sessions:
        return _empty()
    parts = [_head(data)]
    if data.overall:
        parts.append(_overall(data))
    if data.trends:
        parts.append(_trends(data.trends))
    if data.overall:
        parts.append(_map(data.standings))
    if data.recurring:
        parts.append(_recurring(data.recurring))
    parts.append(_sessions(data))
    parts.append(_compare(data))
    parts.append(_import())
    return f'<div class="progress-page">{"".join(parts)}</div>'


def _empty() -> str:
    return (
        '<section class="narrow"><h1>No sessions yet</h1><p class="lede">After the first round you will see here how your '
        "levels move, which of the competencies you have not touched, and what to repeat.</p>"
        f'<p><a class="button primary" href="/">Start the first round</a></p>{_import()}</section>'
    )


def headline(points: Sequence[TrendPoint], sessions: int, kind: str) -> tuple[str, str]:
    """The first line: how many sessions and what changed between those of one `kind`, said no louder than the data allow."""
    first = words.count(sessions, "session")
    if len(points) < 2:
        return first, "One more scored session of the same kind, and a change can be told."
    delta = points[-1].value - points[0].value
    since = words.short_day(points[0].at)
    half = (points[-1].high - points[-1].low) / 2
    if abs(delta) < 0.05:
        return f"{first}, {kind.lower()} level", f"Your score is where it was on {since}."
    when = "today" if points[0].at.date() == points[-1].at.date() else f"since {since}"
    change = f"{kind.lower()} {words.signed(delta)} {when}"
    if abs(delta) <= half:
        return (
            f"{first}, {change}",
            "The change is smaller than what one session can tell; a few more will show whether it holds.",
        )
    return f"{first}, {change}", "The change is larger than the uncertainty of a single session."


def _head(data: Progress) -> str:
    first, second = headline(data.alike, len(data.sessions), data.names[-1] if data.names else "")
    due = (
        f'<a class="button primary" href="/drill">Repeat {words.count(min(data.due, MOST), "point")}</a>'
        if data.due
        else '<a class="button primary" href="/">New round</a>'
    )
    return (
        f'<header class="review-head"><div><p class="eyebrow">Progress</p><h1>{esc(first)}</h1><p class="lede">{esc(second)}</p>'
        f"</div>{due}</header>"
    )


def _overall(data: Progress) -> str:
    points = [
        charts.Point(words.short_day(p.at), p.value, p.low, p.high, name)
        for p, name in zip(data.overall, data.names, strict=True)
    ]
    return (
        '<section class="card" aria-labelledby="h-overall"><h2 id="h-overall">Score by session</h2>'
        f'{charts.trend(points, "Score by session, of 4")}<p class="small">Every round, in the order you held them. The band is how far a single session can be off.</p></section>'
    )


def _trends(trends: Sequence[Trend]) -> str:
    rows = "".join(
        f"<tr><th scope=row>{esc(t.name)}<span>{esc(t.round.label)}</span></th>"
        f"<td>{charts.spark([p.value for p in t.points], t.name) or '<span class=small>one session</span>'}</td>"
        f'<td class="num">{t.points[-1].value:.1f}</td>'
        f'<td class="small">{t.points[-1].low:.1f} and {t.points[-1].high:.1f}</td><td>{_change(t)}</td></tr>'
        for t in trends
    )
    return (
        '<section class="card" aria-labelledby="h-trends"><h2 id="h-trends">By dimension</h2><div class="scroll" tabindex="0" role="region" aria-label="Table of dimensions">'
        '<table class="plain trends"><thead><tr><th scope=col>Dimension</th><th scope=col>Trend</th><th scope=col>Now</th>'
        f"<th scope=col>Likely between</th><th scope=col>Change</th></tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _change(trend: Trend) -> str:
    if len(trend.points) < 2:
        return ""
    word = words.signed(trend.change)
    if word == "same":
        return word
    if not trend.clear:
        return f'{word} <span class="small">within the noise</span>'
    return f'<b class="{"up" if trend.change > 0 else "down"}">{word}</b>'


def _map(standings: Sequence[Standing]) -> str:
    untouched = sum(s.share is None for s in standings)
    rows = "".join(_standing(s) for s in standings)
    line = f"{len(standings) - untouched} of {len(standings)} touched" + (
        f", {untouched} still open" if untouched else ""
    )
    return (
        f'<section class="card" aria-labelledby="h-map"><h2 id="h-map">Competencies</h2><p class="small">{line}. The bar is the share of '
        f'full answers, the number how many points it rests on.</p><ul class="map">{rows}</ul></section>'
    )


def _standing(s: Standing) -> str:
    if s.share is None:
        return f'<li class="untouched"><b>{esc(s.name)}</b><span>not yet</span></li>'
    return (
        f"<li><b>{esc(s.name)}</b><span>{100 * s.share:.0f} % <small>of {s.points}</small></span>"
        f'<i class="share" role="img" aria-label="{100 * s.share:.0f} percent, 80 % range {100 * s.low:.0f} to {100 * s.high:.0f}" '
        f'style="--low:{100 * s.low:.0f}%;--high:{100 * s.high:.0f}%;--at:{100 * s.share:.0f}%"></i></li>'
    )


def _recurring(found: Sequence[Recurring]) -> str:
    rows = "".join(
        f"<li><b>{esc(r.statement)}</b> <span class=small>missed {r.times} of {r.of} times</span></li>"
        for r in found[:8]
    )
    return f'<section class="card" aria-labelledby="h-again"><h2 id="h-again">Missed more than once</h2><ul class="notes">{rows}</ul></section>'


def _sessions(data: Progress) -> str:
    return (
        '<section class="card" aria-labelledby="h-sessions"><h2 id="h-sessions">All sessions</h2>'
        f"{sessions_table(data.sessions, data.now)}</section>"
    )


def _compare(data: Progress) -> str:
    scored = [p for p in data.sessions if p.score is not None]
    if len(scored) < 2:
        return ""
    chosen = data.comparison

    def options(pick: str) -> str:
        return "".join(
            f'<option value="{esc(p.session)}"{" selected" if p.session == pick else ""}>{esc(words.day(p.created))}, '
            f"{esc(p.title)} ({p.score:.1f})</option>"
            for p in scored
        )

    first, second = (
        (chosen.first.session, chosen.second.session) if chosen else (scored[1].session, scored[0].session)
    )
    table = ""
    if chosen is not None:
        rows = "".join(
            f"<tr><th scope=row>{esc(c.name)}</th><td>{esc(charts.spoken(c.first))}</td><td>{esc(charts.spoken(c.second))}</td>"
            f"<td>{'' if c.delta is None else words.signed(c.delta)}</td></tr>"
            for c in chosen.rows
        )
        table = (
            '<table class="plain"><thead><tr><th scope=col>Dimension</th><th scope=col>First</th><th scope=col>Second</th>'
            f"<th scope=col>Difference</th></tr></thead><tbody>{rows}</tbody></table>"
        )
    return (
        '<section class="card" id="compare" aria-labelledby="h-compare"><h2 id="h-compare">Two sessions side by side</h2>'
        f'<form method="get" action="/progress#compare" class="row-form"><label class="field"><span>First</span><select name="a">{options(first)}</select></label>'
        f'<label class="field"><span>Second</span><select name="b">{options(second)}</select></label><button class="button">Compare</button></form>{table}</section>'
    )


def _import() -> str:
    return (
        '<section aria-labelledby="h-import"><h2 id="h-import">Bring a session back</h2><p class="small">A JSON export becomes a session '
        'again, under your name.</p><form method="post" action="/import" enctype="multipart/form-data" class="row-form">'
        '<label class="field"><span>Export file (.json)</span><input type="file" name="file" accept=".json,application/json" required></label>'
        '<button class="button">Import</button></form></section>'
    )


def drill(points: Sequence[Point], done: int) -> str:
    """One point at a time: the cue, the answer behind a fold, then how well it went."""
    if not points:
        line = f"{words.count(done, 'point')} repeated." if done else "Nothing is due today."
        return (
            f'<section class="narrow"><p class="eyebrow">Repetition</p><h1>{esc(line)}</h1><p class="lede">What you missed in a round '
            'comes back here, at growing distances, until it stays.</p><p><a class="button primary" href="/">Practise a round</a></p></section>'
        )
    p = points[0]
    grades = {"again": "Not there", "hard": "Barely", "good": "Got it", "easy": "Easily"}
    buttons = "".join(f'<button class="button" name="grade" value="{g}">{grades[g]}</button>' for g in GRADES)
    return (
        f'<section class="narrow drill"><p class="eyebrow">Repetition · {words.count(len(points), "point")} left · {esc(p.title)}</p>'
        f'<h1>{esc(p.cue)}</h1><div class="drill-context">{rich(p.opening)}</div>'
        "<p>Say your answer aloud, then look.</p>"
        f'<details class="drill-answer"><summary class="button primary">Show what a full answer says</summary><p class="lede">{esc(p.answer)}</p>'
        f'<form method="post" action="/drill"><input type="hidden" name="question" value="{esc(p.question)}">'
        f'<input type="hidden" name="checkpoint" value="{esc(p.checkpoint)}"><input type="hidden" name="done" value="{done + 1}">'
        f'<fieldset class="grades"><legend>How was it?</legend><div class="actions">{buttons}</div></fieldset></form></details></section>'
    )


__all__ = ["Comparison", "Progress", "chip", "drill", "headline", "progress"]
