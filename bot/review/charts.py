"""Charts as inline SVG: radar, time line, trend. Pure functions from numbers to a string.

They take their colours from the page's CSS classes (so they follow the theme and print), carry an accessible
name with the numbers in words, and need no script. Does not know sessions.
"""

# ruff: noqa: E501  (lines of SVG)

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.review.markup import esc

TOP_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension of the radar. `value` or `before` is None when it was not assessed."""

    name: str
    value: float | None
    before: float | None = None


def spoken(value: float | None) -> str:
    """A level for a reader: one decimal, or words when there is none."""
    return "not assessed" if value is None else f"{value:.1f}"


def radar(axes: Sequence[Axis], size: int = 300) -> str:
    """Levels 1..4 by dimension, with the previous ones dashed. Only what was assessed has an axis; with fewer than
    three of those there are bars instead. A previous level is shown wherever there is one."""
    left_out = [a for a in axes if a.value is None]
    axes = [a for a in axes if a.value is not None]
    if len(axes) < 3:
        return bars([*axes, *left_out])
    centre, radius, n = size / 2, size / 2 - 36, len(axes)

    def point(i: int, value: float) -> tuple[float, float]:
        angle, r = 2 * math.pi * i / n, radius * value / TOP_LEVEL
        return centre + r * math.sin(angle), centre - r * math.cos(angle)

    def polygon(values: Sequence[float], cls: str) -> str:
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in (point(i, v) for i, v in enumerate(values)))
        return f'<polygon class="{cls}" points="{corners}"/>'

    parts = [polygon([k] * n, "ring") for k in range(1, TOP_LEVEL + 1)]
    for i in range(n):
        x, y = point(i, TOP_LEVEL)
        parts.append(f'<line class="ring" x1="{centre}" y1="{centre}" x2="{x:.1f}" y2="{y:.1f}"/>')
    if all(axis.before is not None for axis in axes):
        parts.append(polygon([axis.before or 0 for axis in axes], "before"))
    else:  # no line through levels that nobody assessed: a mark on each axis that has one
        marks = [point(i, axis.before) for i, axis in enumerate(axes) if axis.before is not None]
        parts += [f'<circle class="before" cx="{x:.1f}" cy="{y:.1f}" r="5"/>' for x, y in marks]
    parts.append(polygon([axis.value or 0 for axis in axes], "now"))
    for i, axis in enumerate(axes):
        if axis.value is not None:
            x, y = point(i, axis.value)
            parts.append(
                f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>{esc(axis.name)}: '
                f"{axis.value:.1f} of {TOP_LEVEL}</title></circle>"
            )
        parts.append(_radar_label(axis.name, *point(i, TOP_LEVEL * 1.12), centre))
    words = "; ".join(f"{a.name} {spoken(a.value)}{_before(a)}" for a in [*axes, *left_out])
    return (
        f'<svg class="radar" viewBox="-92 -8 {size + 184} {size + 16}" role="img" '
        f'aria-label="Levels by dimension, 1 to {TOP_LEVEL}: {esc(words)}">{"".join(parts)}</svg>'
    )


def _radar_label(name: str, x: float, y: float, centre: float) -> str:
    anchor = "middle" if abs(x - centre) < 8 else ("start" if x > centre else "end")
    lines = _two_lines(name, 12)
    shift = (
        4 - 7 * (len(lines) - 1) if abs(x - centre) >= 8 else (4 if y > centre else 4 - 14 * (len(lines) - 1))
    )
    spans = "".join(
        f'<tspan x="{x:.0f}" dy="{0 if k == 0 else 14}">{esc(line)}</tspan>' for k, line in enumerate(lines)
    )
    return f'<text x="{x:.0f}" y="{y + shift:.0f}" text-anchor="{anchor}">{spans}</text>'


def _two_lines(name: str, width: int) -> list[str]:
    words = name.split()
    if len(name) <= width or len(words) == 1:
        return [name]
    best = min(range(1, len(words)), key=lambda k: abs(len(" ".join(words[:k])) - len(" ".join(words[k:]))))
    return [" ".join(words[:best]), " ".join(words[best:])]


def _before(axis: Axis) -> str:
    return "" if axis.before is None else f", before {axis.before:.1f}"


def bars(axes: Sequence[Axis]) -> str:
    """The same figures as horizontal bars; a dashed line marks the previous level."""
    rows = "".join(
        f'<li><span>{esc(a.name)}</span><i class="level" style="--part:{(a.value or 0) / TOP_LEVEL:.3f}">{_bar_mark(a)}</i>'
        f'<b>{esc(spoken(a.value))}<span class="sr">{esc(_before(a))}</span></b></li>'
        for a in axes
    )
    return f'<ul class="bars">{rows}</ul>'


def _bar_mark(axis: Axis) -> str:
    if axis.before is None:
        return ""
    return f'<i class="before" style="--at:{axis.before / TOP_LEVEL:.3f}"></i>'


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the round in seconds."""

    name: str
    start_s: float
    end_s: float
    planned_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the time line; `href` makes it a link."""

    at_s: float
    kind: str
    label: str
    href: str = ""


def clock(seconds: float) -> str:
    """Minutes and seconds, `m:ss`."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def timeline(segments: Sequence[Segment], ticks: Sequence[Tick], total_s: float) -> str:
    """Time per phase as a strip with reachable marks. HTML rather than SVG so that marks are ordinary links."""
    total = max([total_s, 1.0, *(s.end_s for s in segments)])

    def at(seconds: float) -> str:
        return f"{100 * seconds / total:.2f}%"

    strips = "".join(
        f'<li class="seg s{i % 4}{" thin" if s.end_s - s.start_s < 0.05 * total else ""}" style="left:{at(s.start_s)};width:{at(s.end_s - s.start_s)}" '
        f'title="{esc(s.name)}: {clock(s.end_s - s.start_s)}'
        f'{f" of {clock(s.planned_s)} planned" if s.planned_s else ""}">'
        f"<span>{esc(s.name)}</span><small>{clock(s.end_s - s.start_s)}</small></li>"
        for i, s in enumerate(segments)
    )
    marks = "".join(
        f'<li style="left:{at(t.at_s)}"><a class="tick {esc(t.kind)}{" late" if t.at_s > 0.6 * total else ""}" href="{esc(t.href or "#transcript")}" '
        f'aria-label="{clock(t.at_s)}, {esc(t.label)}"><i aria-hidden="true"></i>'
        f'<b aria-hidden="true">{esc(t.label)}</b></a></li>'
        for t in ticks
    )
    axis = "".join(f"<span>{clock(total * k / 3)}</span>" for k in range(4))
    return (
        f'<div class="timeline"><ol class="segs" aria-label="Time per phase">{strips}</ol>'
        + (f'<ul class="ticks" aria-label="Marks">{marks}</ul>' if marks else "")
        + f'<div class="axis" aria-hidden="true">{axis}</div>{_key(ticks)}</div>'
    )


_KINDS = {"probe": "asked for more", "hint": "hint", "challenge": "challenged", "tests": "tests run"}


def _key(ticks: Sequence[Tick]) -> str:
    """What the marks mean; only those that are there."""
    there = {t.kind for t in ticks}
    rows = "".join(
        f'<span><i class="tick-key {kind}" aria-hidden="true"></i>{word}</span>'
        for kind, word in _KINDS.items()
        if kind in there
    )
    return f'<p class="marks-key">{rows}</p>' if rows else ""


@dataclass(frozen=True, slots=True)
class Point:
    """One session on a trend, with the range in which the level lies; `about` says what it was."""

    label: str
    value: float
    low: float
    high: float
    about: str = ""


def trend(points: Sequence[Point], name: str, width: int = 640, height: int = 190) -> str:
    """A line over sessions with its band of uncertainty. One point is a dot with its range; none is empty."""
    if not points:
        return ""
    left, right, top, bottom = 34, 16, 14, 34

    def x(i: int) -> float:
        inner = width - left - right
        return left + (inner / 2 if len(points) == 1 else inner * i / (len(points) - 1))

    def y(value: float) -> float:
        return height - bottom - (height - top - bottom) * (value - 1) / (TOP_LEVEL - 1)

    grid = "".join(
        f'<line class="ring" x1="{left}" x2="{width - right}" y1="{y(k):.1f}" y2="{y(k):.1f}"/>'
        f'<text x="{left - 10}" y="{y(k) + 4:.1f}" text-anchor="end">{k}</text>'
        for k in range(1, TOP_LEVEL + 1)
    )
    upper = [f"{x(i):.1f},{y(p.high):.1f}" for i, p in enumerate(points)]
    lower = [f"{x(i):.1f},{y(p.low):.1f}" for i, p in enumerate(points)]
    if len(points) > 1:
        shape = f'<polygon class="band" points="{" ".join(upper + lower[::-1])}"/>'
        shape += (
            f'<polyline points="{" ".join(f"{x(i):.1f},{y(p.value):.1f}" for i, p in enumerate(points))}"/>'
        )
    else:
        shape = f'<line class="range" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{y(points[0].low):.1f}" y2="{y(points[0].high):.1f}"/>'
    dots = "".join(
        f'<circle class="dot" cx="{x(i):.1f}" cy="{y(p.value):.1f}" r="4"><title>{esc(p.label)}{esc(f", {p.about}" if p.about else "")}: {p.value:.1f} '
        f"({p.low:.1f} to {p.high:.1f})</title></circle>"
        for i, p in enumerate(points)
    )
    every = max(1, math.ceil(len(points) / 7))
    dates = "".join(
        f'<text x="{x(i):.1f}" y="{height - bottom + 25}" text-anchor="middle">{esc(p.label)}</text>'
        for i, p in enumerate(points)
        if i % every == 0 and (i == 0 or points[i - every].label != p.label)
    )
    words = "; ".join(f"{p.label} {p.about} {p.value:.1f}".replace("  ", " ") for p in points)
    return (
        f'<svg class="trend" viewBox="0 0 {width} {height}" role="img" aria-label="{esc(name)}: {esc(words)}">'
        f"{grid}{shape}{dots}{dates}</svg>"
    )


def growth(points: Sequence[tuple[int, float]], asked: Sequence[float], name: str) -> str:
    """Measured milliseconds over the size of the input, both on logarithmic axes, where a power is a straight line;
    dashed, what the class that was asked for would take from the first size on."""
    if len(points) < 2 or len(asked) != len(points):
        return ""
    width, height, left, right, top, bottom = 520, 200, 72, 16, 14, 34
    lows = [max(ms, 1e-6) for _, ms in points] + [max(ms, 1e-6) for ms in asked]
    low, high = math.log(min(lows)), math.log(max(lows))
    first, last = math.log(points[0][0]), math.log(points[-1][0])

    def x(n: float) -> float:
        return left + (width - left - right) * (math.log(n) - first) / ((last - first) or 1)

    def y(ms: float) -> float:
        share = (math.log(max(ms, 1e-6)) - low) / ((high - low) or 1)
        return height - bottom - (height - top - bottom) * share

    line = " ".join(f"{x(n):.1f},{y(ms):.1f}" for n, ms in points)
    dashed = " ".join(f"{x(n):.1f},{y(ms):.1f}" for (n, _), ms in zip(points, asked, strict=True))
    dots = "".join(
        f'<circle class="dot" cx="{x(n):.1f}" cy="{y(ms):.1f}" r="3"><title>{n}: {ms:.3g} ms</title></circle>'
        for n, ms in points
    )
    ends = "".join(
        f'<text x="{x(n):.1f}" y="{height - 8}" text-anchor="{anchor}">{n}</text>'
        for n, anchor in ((points[0][0], "start"), (points[-1][0], "end"))
    )
    scale = "".join(
        f'<text x="{left - 8}" y="{y(ms) + 4:.1f}" text-anchor="end">{ms:.2g} ms</text>'
        for ms in (math.exp(low), math.exp(high))
    )
    told = "; ".join(f"{n} in {ms:.3g} ms" for n, ms in points)
    return (
        f'<svg class="growth" viewBox="0 0 {width} {height}" role="img" aria-label="{esc(name)}: {esc(told)}">'
        f'<g fill="none" stroke="currentColor"><polyline points="{dashed}" stroke-dasharray="3 5" opacity=".55"/>'
        f'<polyline points="{line}"/></g>{dots}<g>{ends}{scale}<text x="{(left + width - right) / 2}" y="{height - 8}" '
        'text-anchor="middle">size of the input</text></g></svg>'
    )


def spark(values: Sequence[float], name: str) -> str:
    """A small line without axes, for a table row."""
    if len(values) < 2:
        return ""
    width, height = 96, 24
    step = (width - 8) / (len(values) - 1)
    pts = [
        (4 + i * step, height - 4 - (height - 8) * (v - 1) / (TOP_LEVEL - 1)) for i, v in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in pts)
    words = ", ".join(f"{v:.1f}" for v in values)
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" role="img" aria-label="{esc(name)}: {words}">'
        f'<polyline points="{line}"/><circle class="dot" cx="{pts[-1][0]:.1f}" cy="{pts[-1][1]:.1f}" r="2.5"/></svg>'
    )
