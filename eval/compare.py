"""Compares two runs and keeps baselines: what got worse, which cases flipped, which inputs differ.

A run in another mode is never compared: a mock says nothing about a model.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval.intervals import Paired, differences, paired
from eval.overall import LESS_IS_BETTER
from eval.runs import Run, read_cases, read_run
from eval.summary import REPLAYED
from eval.values import CaseResult, InvalidSuite

HERE = Path(__file__).resolve().parent
BASELINES = HERE / "baselines"
LOG = HERE / "LOG.md"
HASHES = (
    "models",
    "version",
    "commit",
    "code",
    "bank",
    "prompts",
    "corpus",
    "suite",
    "personas",
    "cassettes",
)
RANK = {"pass": 2, "fail": 1, "error": 0}


@dataclass(frozen=True)
class Difference:
    """What changed from `before` to `after`. `worse` and `better` are case ids; `missing` were in the baseline only. `costs`
    are means a round: (what, before, after)."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    scores: tuple[tuple[str, float | None, float | None], ...]
    means: tuple[tuple[str, float | None, float | None], ...]
    inputs: tuple[tuple[str, str, str], ...]
    paired: tuple[tuple[str, Paired], ...] = ()
    costs: tuple[tuple[str, float, float], ...] = ()
    chance: bool = False  # a live run: single cases flip by chance, only clear differences of a metric count

    @property
    def regressed(self) -> bool:
        """Whether something got worse, or a case is missing: deleting a hard case is no improvement. Another score is none
        by itself: the gates say which scores are wrong."""
        if self.chance:
            return bool(self.clearly_worse or self.missing)
        return bool(self.worse or self.missing)

    @property
    def clearly_worse(self) -> tuple[str, ...]:
        """Metrics whose whole interval is on the wrong side of zero. The score itself is no quality of a model."""
        return tuple(
            name
            for name, found in self.paired
            if name != SCORE and (found.low > 0 if name in LESS_IS_BETTER else found.high < 0)
        )

    @property
    def changed(self) -> bool:
        """Whether anything at all differs in what was found."""
        return bool(self.worse or self.better or self.missing or self.added or self.scores or self.means)

    @property
    def verdict(self) -> str:
        """One sentence on two live runs."""
        better = [
            name
            for name, found in self.paired
            if name != SCORE and name not in self.clearly_worse and found.clear
        ]
        told = [f"clearly worse: {', '.join(self.clearly_worse)}"] if self.clearly_worse else []
        told += [f"clearly better: {', '.join(better)}"] if better else []
        return "; ".join(told) or "no metric differs clearly; take more seeds, or call it a tie"

    def text(self) -> str:
        """For a terminal: what got worse first."""
        lines = [f"WORSE    {case}" for case in self.worse] + [f"MISSING  {case}" for case in self.missing]
        lines += [f"better   {case}" for case in self.better] + _first("new      ", self.added)
        lines += _first("score    ", [f"{case}: {_show(a)} -> {_show(b)}" for case, a, b in self.scores])
        lines += [f"metric   {name}: {_show(a)} -> {_show(b)}" for name, a, b in self.means]
        lines += [
            f"paired   {name}: {found}" + ("" if found.clear else " (may be chance)")
            for name, found in self.paired
        ]
        if self.chance and not self.missing:
            lines.append(f"verdict  {self.verdict}")
        lines += [f"a round  {what}: {a:,.4g} -> {b:,.4g}" for what, a, b in self.costs]
        lines += [f"input    {name}: {a[:40]} -> {b[:40]}" for name, a, b in self.inputs]
        return "\n".join(lines) or "no difference"


SHOWN = 20
SCORE = "score"


def _first(label: str, rows: Sequence[str]) -> list[str]:
    more = [f"{label}... and {len(rows) - SHOWN} more"] if len(rows) > SHOWN else []
    return [f"{label}{row}" for row in rows[:SHOWN]] + more


def _show(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def compare(before: Path, after: Path) -> Difference:
    """The difference of two run folders. Raises `InvalidSuite` for another suite or mode."""
    one, two = read_run(before), read_run(after)
    if (one.suite, one.mode) != (two.suite, two.mode):
        raise InvalidSuite(
            f"{one.suite} in {one.mode} mode cannot be compared with {two.suite} in {two.mode} mode"
        )
    return difference(one, read_cases(before), two, read_cases(after))


def difference(one: Run, old: Sequence[CaseResult], two: Run, new: Sequence[CaseResult]) -> Difference:
    """The difference of two runs that are in memory. Cases are compared on the metrics that both runs took: a new metric is
    a matter of its gate, not of the comparison."""
    was, now = {c.id: c for c in old}, {c.id: c for c in new}
    both = [i for i in was if i in now]
    common = set(one.means) & set(two.means)
    rank = {i: (_rank(was[i], common), _rank(now[i], common)) for i in both}
    moved = [(i, was[i].score, now[i].score) for i in both if was[i].score != now[i].score]
    return Difference(
        worse=tuple(i for i in both if rank[i][1] < rank[i][0]),
        better=tuple(i for i in both if rank[i][1] > rank[i][0]),
        missing=tuple(i for i in was if i not in now),
        added=tuple(i for i in now if i not in was),
        scores=tuple(sorted(moved, key=lambda row: -abs((row[1] or 0) - (row[2] or 0)))),
        means=tuple(
            (m, _mean(one, m), _mean(two, m))
            for m in sorted({*one.means, *two.means})
            if _mean(one, m) != _mean(two, m)
        ),
        inputs=tuple(
            (k, str(one.stamp.get(k, "")), str(two.stamp.get(k, "")))
            for k in HASHES
            if one.stamp.get(k) != two.stamp.get(k)
        ),
        chance=two.mode == "live",
        paired=_paired(old, new, sorted({*one.means, *two.means})),
        costs=_costs([was[i] for i in both], [now[i] for i in both]),
    )


def _rank(case: CaseResult, metrics: set[str]) -> int:
    if case.outcome != "fail":
        return RANK[case.outcome]
    failed = any(m.value == 0 and (m.metric in metrics or m.metric == REPLAYED) for m in case.measures)
    return RANK["fail" if failed else "pass"]


def _mean(run: Run, metric: str) -> float | None:
    return run.means[metric][0] if metric in run.means else None


_COSTS: Mapping[str, Callable[[CaseResult], float]] = {
    "model calls": lambda c: c.calls,
    "tokens": lambda c: c.tokens,
    "USD": lambda c: c.usd,
    "USD for a candidate that is a model": lambda c: c.candidate_usd,
    "seconds of waiting for the model": lambda c: c.model_s,
}


def _costs(old: Sequence[CaseResult], new: Sequence[CaseResult]) -> tuple[tuple[str, float, float], ...]:
    """What a round takes on the average, over the cases of both runs; only what a model has to do with."""
    found = [(label, _mean_of(of, old), _mean_of(of, new)) for label, of in _COSTS.items()]
    return tuple(row for row in found if row[1] or row[2])


def _mean_of(of: Callable[[CaseResult], float], cases: Sequence[CaseResult]) -> float:
    return sum(of(case) for case in cases) / max(1, len(cases))


def _paired(
    old: Sequence[CaseResult], new: Sequence[CaseResult], metrics: Sequence[str]
) -> tuple[tuple[str, Paired], ...]:
    """Differences of score and of each metric on the cases of both runs, those that differ at all."""
    rows = [(m or SCORE, paired(differences(old, new, m))) for m in ("", *metrics)]
    return tuple((name, found) for name, found in rows if found is not None and (found.low or found.high))


def baseline_of(suite: str, mode: str, models: str = "") -> Path:
    """Folder of the accepted run of a suite in a mode; live ones are kept for each model."""
    model = re.sub(r"[^a-z0-9]+", "-", models.lower()).strip("-") if mode == "live" else ""
    return BASELINES / "-".join(part for part in (suite, mode, model) if part)


def accept(run: Path, reason: str) -> str:
    """Make a run the new baseline; the reason and what got worse go into eval/LOG.md. Raises `InvalidSuite`."""
    if not reason.strip():
        raise InvalidSuite("say why this run is the new baseline: --reason")
    new = read_run(run)
    if new.cases < new.planned:
        raise InvalidSuite(
            f"the run has {new.cases} of the suite's {new.planned} cases; a baseline needs all of them"
        )
    if new.stamp.get("dirty"):
        raise InvalidSuite(
            "the run was made on a tree with uncommitted changes; commit, run again, then accept"
        )
    target = baseline_of(new.suite, new.mode, str(new.stamp.get("models", "")))
    changed = compare(target, run).text() if (target / "run.json").exists() else "the first baseline"
    if new.errors or not new.cases:
        raise InvalidSuite("the run has crashed cases, or none at all; a baseline needs whole ones")
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(run / "run.json", target / "run.json")
    slim = [c.model_copy(update={"transcript": (), "model_calls": ()}) for c in read_cases(run)]
    ordered = sorted(slim, key=lambda c: c.id)
    (target / "cases.jsonl").write_text(
        "".join(c.model_dump_json(exclude_defaults=True) + "\n" for c in ordered)
    )
    entry = f"\n## {datetime.now(UTC):%Y-%m-%d} {new.suite} ({new.mode})\n\n{reason.strip()}\n\n```\n{changed[:4000]}\n```\n"
    with LOG.open("a", encoding="utf-8") as file:
        file.write(entry)
    return changed
