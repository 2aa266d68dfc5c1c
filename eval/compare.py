"""Compares two runs and keeps baselines: what got worse, which cases flipped, which inputs differ.

A run in another mode is never compared: a mock says nothing about a model.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

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

    @property
    def regressed(self) -> bool:
        """Whether a case got worse, or one is missing: deleting a hard case is no improvement."""
        return bool(self.worse or self.missing)

    def text(self) -> str:
        """For a terminal: what got worse first."""
        lines = [f"WORSE    {case}" for case in self.worse] + [f"MISSING  {case}" for case in self.missing]
        lines += [f"better   {case}" for case in self.better] + [
            f"new      {case}" for case in self.added[:20]
        ]
        lines += [f"score    {case}: {a:.2f} -> {b:.2f}" for case, a, b in self.scores[:20]]
        lines += [f"metric   {name}: {_show(a)} -> {_show(b)}" for name, a, b in self.means]
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
    )


def baseline_of(suite: str, mode: str) -> Path:
    """Folder of the accepted run of a suite in a mode."""
    return BASELINES / f"{suite}-{mode}"


def accept(run: Path, reason: str) -> str:
    """Make a run the new baseline; the reason and what got worse go into eval/LOG.md. Raises `InvalidSuite`."""
    if not reason.strip():
        raise InvalidSuite("say why this run is the new baseline: --reason")
    new = read_run(run)
    if new.stamp.get("dirty"):
        raise InvalidSuite(
            "the run was made on a tree with uncommitted changes; commit, run again, then accept"
        )
    target = baseline_of(new.suite, new.mode)
    changed = compare(target, run).text() if (target / "run.json").exists() else "the first baseline"
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


def to_json(found: Difference) -> str:
    """The difference as JSON."""
    return json.dumps({k: getattr(found, k) for k in found.__dataclass_fields__}, indent=1)
