"""Dates, durations and labels in words, the same on every page."""

from __future__ import annotations

from datetime import datetime

from bot.domain.base import Level, Mode
from bot.domain.judgement import Prompting, Status
from bot.domain.scorecard import Label

LEVELS = {Level.JUNIOR: "Junior", Level.MID: "Mid-level", Level.SENIOR: "Senior", Level.STAFF: "Staff"}
MODES = {Mode.PRACTICE: "Practice", Mode.REAL: "Real"}
MODE_NOTES = {
    Mode.PRACTICE: "Hints, and feedback after each question",
    Mode.REAL: "No hints and no feedback until the end",
}
STATUSES = {
    Status.COVERED: "Covered",
    Status.PARTIAL: "Partly",
    Status.WRONG: "Said wrongly",
    Status.ABSENT: "Missed",
}
JUDGES = {"offline": "the offline judge", "model": "the model"}
STATUS_ICONS = {Status.COVERED: "check", Status.PARTIAL: "half", Status.WRONG: "cross", Status.ABSENT: "ring"}


def judge(name: str) -> str:
    """Who read a round. "nobody": there was no answer to read."""
    return "no judge, for there was no answer to read" if name == "nobody" else JUDGES.get(name, name)


def prompting(given: Prompting) -> str:
    """What help came before the evidence."""
    if given == "none":
        return "unprompted"
    return "after a probe" if given == "probe" else f"after hint {given[-1]}"


def label(value: Label) -> str:
    """A verdict with a capital letter."""
    return value.value[:1].upper() + value.value[1:]


def day(at: datetime | None) -> str:
    """20 Nov 2026."""
    return "" if at is None else f"{at.day} {at:%b %Y}"


def moment(at: datetime | None) -> str:
    """20 Nov 2026, 14:05."""
    return "" if at is None else f"{day(at)}, {at:%H:%M}"


def short_day(at: datetime | None) -> str:
    """20 Nov."""
    return "" if at is None else f"{at.day} {at:%b}"


def when(at: datetime, now: datetime) -> str:
    """How long ago, coarsely."""
    seconds = (now - at).total_seconds()
    if seconds < 90:
        return "just now"
    if seconds < 3600:
        return f"{round(seconds / 60)} minutes ago"
    if seconds < 2 * 86400:
        hours = round(seconds / 3600)
        return f"{hours} hour{'s' if hours != 1 else ''} ago"
    if seconds < 14 * 86400:
        return f"{round(seconds / 86400)} days ago"
    return day(at)


def signed(delta: float) -> str:
    """+0.4, −0.4, or "same" for what rounds to nothing."""
    return "same" if abs(delta) < 0.05 else f"{delta:+.1f}".replace("-", "−")


def count(n: int, one: str, many: str = "") -> str:
    """1 session, 2 sessions."""
    return f"{n} {one if n == 1 else many or one + 's'}"
