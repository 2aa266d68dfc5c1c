"""The arithmetic of rubrics 3 to 5 a second time, written from the page and from docs/scoring.md, for comparison.

It shares no helper, table or constant with `bot/scoring`: what one of the two gets wrong the other has to get wrong in
the same way to go unnoticed. It knows what happened in a round as plain tuples, and content only as data.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.content import Checkpoint, Question, Rubric
from bot.scoring.code import CodeFacts

LEFT = {"none": 1.0, "probe": 0.85, "hint1": 0.85, "hint2": 0.6, "hint3": 0.4, "hint4": 0.0, "hint5": 0.0}
"""What each help leaves of a point."""
EPS = 1e-9
Key = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """Evidence for a point: covered or partial, the help before it, and where the quote begins."""

    full: bool
    help: str
    turn: int
    start: int

    @property
    def worth(self) -> float:
        return LEFT[self.help] * (1.0 if self.full else 0.5)


@dataclass
class Told:
    """What happened in a round, in order; filled by whoever plays it."""

    questions: Sequence[Question]
    answered: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    hints: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)
    confronted: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    said: dict[Key, list[Said]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[Key, int] = field(default_factory=dict)
    last_answer: int = 0

    def hint(self, question: Question, number: int, helps: tuple[str, ...]) -> None:
        self.hints.append((question.id, number, helps or tuple(c.id for c in question.checkpoints)))

    def hear(self, key: Key, status: str, turn: int, start: int) -> None:
        """One verdict: a false statement takes back what was said, a true one a false statement."""
        if status == "wrong":
            self.wrong.setdefault(key, turn)
            self.said[key] = []
        elif status in ("covered", "partial"):
            self.wrong.pop(key, None)
            if not any(s.full or s.full == (status == "covered") for s in self.said[key]):
                self.said[key].append(Said(status == "covered", self._help(key), turn, start))

    def _help(self, key: Key) -> str:
        deepest = max((n for q, n, helps in self.hints if q == key[0] and key[1] in helps), default=0)
        return f"hint{deepest}" if deepest else "probe" if self.confronted[key] else "none"


@dataclass(frozen=True)
class Point:
    """What became of one point."""

    key: Key
    checkpoint: Checkpoint
    said: tuple[Said, ...]
    wrong: bool
    stayed: bool  # false after it was confronted

    @property
    def must(self) -> bool:
        return self.checkpoint.kind == "must"

    @property
    def counts(self) -> Said | None:
        """The evidence that earns most; the fuller one where both earn the same. A bonus point counts as it ended."""
        if not self.said:
            return None
        return max(self.said, key=lambda s: (s.worth, s.full)) if self.must else self.said[-1]

    @property
    def credit(self) -> float:
        return self.counts.worth if self.counts else 0.0


@dataclass(frozen=True)
class Marked:
    """A round's result by hand."""

    score: float | None
    label: str
    levels: dict[str, int | None]
    reached: str


def mark(
    told: Told, rubric: Rubric, readings: Mapping[str, int | None], facts: Mapping[str, CodeFacts]
) -> Marked:
    """Points, dimensions, caps, score, label and level of a round."""
    points, blind = _points(told)
    shares: dict[str, float] = {}
    levels: dict[str, int | None] = {}
    for dimension in rubric.dimensions:
        if dimension.evidence == "tests":
            levels[dimension.id] = _by_tests(list(facts.values()))
        elif blind:
            levels[dimension.id] = None
        elif dimension.evidence == "checkpoints":
            own = [p for p in points if p.checkpoint.dimension == dimension.id]
            levels[dimension.id], share = _by_points(own, points)
            if share is not None:
                shares[dimension.id] = round(share, 4)
        else:
            levels[dimension.id] = readings.get(dimension.id)
    ceilings = _capped(rubric.id, levels, points, told, facts)
    weights = {d.id: d.weight for d in rubric.dimensions if levels[d.id] is not None}
    whole = sum(weights.values())
    if not weights or whole < 0.7 - EPS:
        return Marked(None, "insufficient evidence", levels, "")
    score = sum(w * (levels[d] or 0) for d, w in weights.items()) / whole
    score = min([score, *ceilings])
    return Marked(score, word(score), levels, _reached(score, shares, points))


def word(score: float) -> str:
    """The label of a score."""
    for bound, label in ((3.5, "strong hire"), (2.75, "hire"), (2.0, "no hire")):
        if score >= bound - EPS:
            return label
    return "strong no hire"


def _points(told: Told) -> tuple[list[Point], bool]:
    """The points of the questions that were answered and judged; and whether too much of them was not judged."""
    weight = {
        q.id: sum(c.weight for c in q.checkpoints if c.kind == "must")
        for q in told.questions
        if q.id in told.answered
    }
    if sum(weight[q] for q in told.failed) > 0.3 * sum(weight.values()) + EPS:
        return [], True
    points = []
    for question in told.questions:
        if question.id not in told.answered or question.id in told.failed:
            continue
        for checkpoint in question.checkpoints:
            key = (question.id, checkpoint.id)
            wrong = key in told.wrong
            stayed = wrong and any(told.wrong[key] < t <= told.last_answer for t in told.confronted[key])
            points.append(Point(key, checkpoint, tuple(told.said[key]), wrong, stayed))
    return points, False


def _by_points(own: Sequence[Point], everything: Sequence[Point]) -> tuple[int | None, float | None]:
    musts = [p for p in own if p.must]
    if not musts:
        return None, None
    whole = sum(p.checkpoint.weight for p in musts)
    earned = sum(p.checkpoint.weight * (p.credit - p.stayed) for p in musts)
    share = max(0.0, earned / whole)
    bonus = [p for p in own if not p.must] or [p for p in everything if not p.must]
    beyond = any(p.counts is not None and p.counts.full and p.credit > 0 for p in bonus)
    if share < 0.55 - EPS:
        return (1 if share < 0.25 - EPS else 2), share
    quotes = {(p.counts.turn, p.counts.start) for p in own if p.counts and p.credit > 0}
    several = len({p.key[0] for p in musts}) > 1
    if (len(musts) > 1 and len(quotes) < 2) or (several and len({turn for turn, _ in quotes}) < 2):
        return 2, share
    return (4 if share >= 0.8 - EPS and beyond else 3), share


def _by_tests(programs: Sequence[CodeFacts]) -> int | None:
    levels = []
    for program in programs:
        share = program.hidden_share
        if program.forbidden or not program.written or (program.visible_total and not program.visible_passed):
            levels.append(1)
        elif share is None:
            return None
        else:
            level = 1 + sum(share >= bound for bound in (0.4, 0.7, 0.95))
            levels.append(min(level, 3) if program.worse_complexity else level)
    return min(levels, default=None)


def _complete(program: CodeFacts) -> bool | None:
    if program.forbidden:
        return False
    samples = program.visible_passed == program.visible_total
    if program.hidden_share is None:
        return None if samples else False
    return samples and program.hidden_share >= 0.7


def _capped(
    rubric: str,
    levels: dict[str, int | None],
    points: Sequence[Point],
    told: Told,
    facts: Mapping[str, CodeFacts],
) -> list[float]:
    """The caps of the page, held against `levels` in place; those on the round's score come back."""
    before = dict(levels)
    ceilings: list[float] = []

    def hold(dimension: str, at_most: int) -> None:
        level = levels[dimension]
        levels[dimension] = None if level is None else min(level, at_most)

    def named(beginning: str) -> list[Point]:
        return [p for p in points if p.key[1] == beginning or p.key[1].startswith(f"{beginning}-")]

    def missed(beginning: str) -> bool:
        asked = [any(t <= told.last_answer for t in told.confronted[p.key]) for p in named(beginning)]
        absent = [not p.said and not p.wrong for p in named(beginning)]
        return bool(absent) and all(absent) and all(asked)

    if rubric == "phone-screen":
        if sum(p.stayed and p.must and p.checkpoint.dimension == "PS-CORR" for p in points) >= 2:
            hold("PS-CORR", 2)
        if levels["PS-CORR"] == 1:
            ceilings.append(2.4)
    if rubric == "ml-system-design":
        if missed("metric"):
            hold("SD-EVAL", 1)
            ceilings.append(2.6)
        if missed("ml-objective"):
            hold("SD-FRAME", 2)
        if any(p.stayed for p in named("serving-leakage")):
            hold("SD-DATA", 2)
    if rubric == "coding-a" and facts:
        complete = [_complete(f) for f in facts.values()]
        key_points = {p.key for p in points if p.checkpoint.dimension == "CA-ALG"}
        if False in complete:
            hold("CA-CODE", 2)
            ceilings.append(2.4)
        if any(n >= 4 and any((q, c) in key_points for c in helps) for q, n, helps in told.hints):
            hold("CA-ALG", 2)
        if any(
            f.worse_complexity and done is not False for f, done in zip(facts.values(), complete, strict=True)
        ):
            hold("CA-ALG", 3)
            hold("CA-CODE", 3)
        if any(f.done_while_failing for f in facts.values()):
            hold("CA-TEST", 1)
    if rubric == "coding-b" and facts:
        if any(f.forbidden for f in facts.values()):
            hold("CB-IMPL", 1)
        if missed("leakage") or any(p.stayed for p in named("leakage")):
            hold("CB-VER", 2)
        if any(f.timed_out and _complete(f) is False for f in facts.values()):
            hold("CB-IMPL", 2)
    assert all(levels[d] is None or (before[d] or 0) >= (levels[d] or 0) for d in levels), "caps only lower"
    return ceilings


def _reached(score: float, shares: Mapping[str, float], points: Sequence[Point]) -> str:
    """The highest level whose bar is met: round score, share of the musts in all dimensions but one, prompting."""
    shown = [p.counts.help for p in points if p.must and p.counts is not None]
    deep = sum(h in ("hint2", "hint3", "hint4", "hint5") for h in shown)
    any_help = sum(h != "none" for h in shown)
    n = len(shown)
    allowed = {
        "junior": 2 * deep <= n,
        "mid": deep <= 2,
        "senior": deep == 0 and 3 * any_help <= n,
        "staff": deep == 0 and 10 * any_help <= n,
    }
    reached = "below junior"
    for level, least, share in (
        ("junior", 2.25, 0.45),
        ("mid", 2.75, 0.55),
        ("senior", 3.0, 0.65),
        ("staff", 3.25, 0.75),
    ):
        weak = sum(s < share - EPS for s in shares.values())
        if score < least - EPS or weak > 1 or not allowed[level]:
            break
        reached = f"meets {level}"
    return reached


ROUNDS = ("phone_screen", "coding_a", "coding_b", "ml_system_design", "behavioral")
WEIGHTS = {
    "junior": (0.15, 0.30, 0.25, 0.10, 0.20),
    "mid": (0.10, 0.22, 0.20, 0.28, 0.20),
    "senior": (0.08, 0.17, 0.15, 0.35, 0.25),
    "staff": (0.05, 0.12, 0.13, 0.38, 0.32),
}


@dataclass(frozen=True)
class Decided:
    """A loop's result by hand."""

    score: float | None
    label: str
    low: float | None = None
    high: float | None = None


def decide(level: str, scores: Mapping[str, float | None]) -> Decided:
    """The loop: weighted mean, knock-outs, table, interval. The two widened rows are those of docs/scoring.md."""
    weight = dict(zip(ROUNDS, WEIGHTS[level], strict=True))
    held = {r: s for r, s in scores.items() if s is not None}
    whole = sum(weight[r] for r in held)
    if not held or whole < 0.7 - EPS:
        return Decided(None, "insufficient evidence")
    score = sum(weight[r] * s for r, s in held.items()) / whole
    half = 0.5 * math.sqrt(sum(weight[r] ** 2 for r in held)) / whole
    poor = {r for r, s in held.items() if s < 2.0}
    short = sum(s < 2.75 for s in held.values())
    strong = sum(s >= 3.5 for s in held.values())
    if {"coding_a", "coding_b"} <= poor or ("ml_system_design" in poor and level in ("senior", "staff")):
        label = "no hire"
    elif score >= 3.4 - EPS and not short:
        label = "strong hire"
    elif score >= 2.85 - EPS and short <= 1 and not poor:
        label = "hire"
    elif score >= 2.6 - EPS or (strong >= 2 and len(poor) <= 1):
        label = "borderline"
    else:
        label = "no hire"
    return Decided(score, label, max(1.0, score - half), min(4.0, score + half))
