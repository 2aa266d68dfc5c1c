"""Compares two runs and keeps baselines: what got worse, which cases flipped, which inputs differ.

A run in another mode is never compared: a mock says nothing about a model.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval.intervals import Paired, differences, paired
from eval.runner import HERE, Run, read_cases, read_run
from eval.values import CaseResult, InvalidSuite

BASELINES = HERE / "baselines"
LOG = HERE / "LOG.md"
HASHES = ("models", "version", "commit", "bank", "prompts", "corpus", "suite", "personas", "cassettes")


@dataclass(frozen=True)
class Difference:
    """What changed from `before` to `after`. `worse` and `better` are case ids; `missing` were in the baseline only."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    scores: tuple[tuple[str, float, float], ...]
    means: tuple[tuple[str, float | None, float | None], ...]
    inputs: tuple[tuple[str, str, str], ...]
    paired: tuple[tuple[str, Paired], ...] = ()
    chance: bool = False  # a live run: single cases flip by chance, only clear differences of a metric count

    @property
    def regressed(self) -> bool:
        """Whether something got worse, or a case is missing: deleting a hard case is no improvement."""
        if self.chance:
            clear = any(found.high < 0 for name, found in self.paired if name != "score")
            return clear or bool(self.missing)
        return bool(self.worse or self.missing)

    def text(self) -> str:
        """For a terminal: what got worse first."""
        lines = [f"WORSE    {case}" for case in self.worse] + [f"MISSING  {case}" for case in self.missing]
        lines += [f"better   {case}" for case in self.better] + [
            f"new      {case}" for case in self.added[:20]
        ]
        lines += [f"score    {case}: {a:.2f} -> {b:.2f}" for case, a, b in self.scores[:20]]
        lines += [f"metric   {name}: {_show(a)} -> {_show(b)}" for name, a, b in self.means]
        lines += [
            f"paired   {name}: {found}" + ("" if found.clear else " (may be chance)")
            for name, found in self.paired
        ]
        lines += [f"input    {name}: {a[:12]} -> {b[:12]}" for name, a, b in self.inputs]
        return "\n".join(lines) or "no difference"


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
    """The difference of two runs that are in memory."""
    was, now = {c.id: c for c in old}, {c.id: c for c in new}
    both = [i for i in was if i in now]
    rank = {"pass": 2, "fail": 1, "error": 0}
    worse = tuple(i for i in both if rank[now[i].outcome] < rank[was[i].outcome])
    better = tuple(i for i in both if rank[now[i].outcome] > rank[was[i].outcome])
    moved = [
        (i, a, b)
        for i in both
        if (a := was[i].score) is not None and (b := now[i].score) is not None and a != b
    ]
    return Difference(
        worse=worse,
        better=better,
        missing=tuple(i for i in was if i not in now),
        added=tuple(i for i in now if i not in was),
        scores=tuple(sorted(moved, key=lambda row: -abs(row[1] - row[2]))),
        means=tuple(
            (m, one.means.get(m, (None, 0, 0))[0], two.means.get(m, (None, 0, 0))[0])
            for m in sorted({*one.means, *two.means})
            if one.means.get(m, (None, 0, 0))[0] != two.means.get(m, (None, 0, 0))[0]
        ),
        inputs=tuple(
            (k, str(one.stamp.get(k, "")), str(two.stamp.get(k, "")))
            for k in HASHES
            if one.stamp.get(k) != two.stamp.get(k)
        ),
        chance=two.mode == "live",
        paired=_paired(old, new, sorted({*one.means, *two.means})),
    )


def _paired(
    old: Sequence[CaseResult], new: Sequence[CaseResult], metrics: Sequence[str]
) -> tuple[tuple[str, Paired], ...]:
    """Differences of score and of each metric on the cases of both runs, those that differ at all."""
    rows = [(m or "score", paired(differences(old, new, m))) for m in ("", *metrics)]
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
    slim = [c.model_copy(update={"transcript": ()}) for c in read_cases(run)]
    ordered = sorted(slim, key=lambda c: c.id)
    (target / "cases.jsonl").write_text(
        "".join(c.model_dump_json(exclude_defaults=True) + "\n" for c in ordered)
    )
    entry = f"\n## {datetime.now(UTC):%Y-%m-%d} {new.suite} ({new.mode})\n\n{reason.strip()}\n\n```\n{changed[:4000]}\n```\n"
    with LOG.open("a", encoding="utf-8") as file:
        file.write(entry)
    return changed
