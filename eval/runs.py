"""A run as files: what it found (`run.json`), its cases (`cases.jsonl`, append-only), the logs they rest on (`logs/`), and the
suite as it was played (`suite.json`).

A killed run is readable and goes on: `claim` takes its folder up again. The logs hold everything that a metric may look at,
so that a metric written later can be taken without playing again. Does not know how cases are played nor what a gate is.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.domain.base import Value
from bot.domain.events import Event
from bot.domain.library import Citation
from bot.domain.session import fold
from eval.simulate import Cited, Played
from eval.values import CaseResult, CaseSpec, InvalidSuite, Suite

PASS, FAIL, INVALID, INCONCLUSIVE, BUDGET = 0, 1, 2, 3, 4
"""Exit codes: all gates pass; a gate or a regression; the suite or its data; too many crashes; the money."""
MUST_MATCH = ("mode", "models", "suite", "personas", "bank", "prompts", "corpus", "cassettes", "code")
"""Marks that must be the same for two parts of one run."""


@dataclass(frozen=True)
class GateResult:
    """A gate and what it found."""

    metric: str
    bound: str
    value: float | None
    passed: bool
    n: int


@dataclass
class Run:
    """The summary of a run. `means` by metric: (mean, how many cases it applied to, how many of them are below 1)."""

    suite: str
    mode: str
    id: str
    stamp: dict[str, Any]
    planned: int = 0  # how many cases the suite has
    cases: int = 0
    errors: int = 0
    calls: int = 0
    prompt_chars: int = 0
    tokens: int = 0
    usd: float = 0.0
    candidate_usd: float = 0.0
    doubted: int = 0  # rounds whose simulated candidate was not what it claims
    means: dict[str, tuple[float | None, int, int]] = field(default_factory=dict)
    gates: list[GateResult] = field(default_factory=list)
    seconds: float = 0.0
    verdict: int = PASS
    why: list[str] = field(default_factory=list)


def write_run(folder: Path, run: Run) -> None:
    """Write `run.json`."""
    (folder / "run.json").write_text(
        json.dumps(asdict(run), indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def read_run(folder: Path) -> Run:
    """Read `run.json`. Raises `InvalidSuite` when it is not there or not ours."""
    try:
        data = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        data["gates"] = [GateResult(**g) for g in data["gates"]]
        data["means"] = {k: tuple(v) for k, v in data["means"].items()}
        return Run(**data)
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise InvalidSuite(f"{folder} holds no run that can be read: {problem}") from problem


def read_cases(folder: Path) -> list[CaseResult]:
    """The cases of a run so far, none when it has none yet. A line that a kill cut in half is left out; one that is whole
    and no case of ours is an `InvalidSuite`, for leaving it out would hide a case."""
    path = folder / "cases.jsonl"
    if not path.exists():
        return []
    found: dict[str, CaseResult] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            value = json.loads(line)
        except ValueError:
            continue
        try:
            case = CaseResult.model_validate(value)
        except ValidationError as problem:
            where = ".".join(str(part) for part in problem.errors()[0]["loc"])
            raise InvalidSuite(
                f"{path}:{number} is no case that this version can read ({where}); run the suite again"
            ) from problem
        found.setdefault(case.id, case)
    return list(found.values())


def write_suite(folder: Path, suite: Suite) -> None:
    """Keep the suite as it was played: one that is a file of somebody's may be gone or changed later."""
    (folder / "suite.json").write_text(suite.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_suite(folder: Path) -> Suite:
    """The suite as it was played. Raises `InvalidSuite`."""
    try:
        return Suite.model_validate_json((folder / "suite.json").read_bytes())
    except (OSError, ValidationError) as problem:
        raise InvalidSuite(f"{folder} holds no suite.json that can be read: {problem}") from problem


def append_case(folder: Path, result: CaseResult) -> None:
    """Add one case to `cases.jsonl`."""
    with (folder / "cases.jsonl").open("a", encoding="utf-8", newline="\n") as file:
        file.write(result.model_dump_json() + "\n")


def claim(folder: Path, marks: Mapping[str, Any]) -> None:
    """Make the folder this run's, or go on with it. Ends a line that a kill cut in half. Raises `InvalidSuite` when the folder
    belongs to a run of something else: its cases would be mixed with other ones."""
    folder.mkdir(parents=True, exist_ok=True)
    same = {k: marks[k] for k in MUST_MATCH}
    path, cases = folder / "begun.json", folder / "cases.jsonl"
    if cases.exists() and not path.exists():
        raise InvalidSuite(
            f"{folder} holds cases of nobody knows what (no begun.json); give another folder with --out"
        )
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        changed = [k for k in same if before.get(k) != same[k]]
        if changed:
            raise InvalidSuite(
                f"{folder} holds a run with other {' and '.join(changed)}; give another folder with --out"
            )
    else:
        path.write_text(json.dumps(same, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if cases.exists() and (data := cases.read_bytes()) and not data.endswith(b"\n"):
        with cases.open("ab") as file:
            file.write(b"\n")


# ----------------------------------------------------------------------------------------------- logs


class _Kept(Value):
    """A played round as it is kept."""

    spec: CaseSpec
    log: tuple[Event, ...]
    requests: tuple[str, ...] = ()
    stuck: bool = False
    twin: tuple[Event, ...] = ()
    cited: tuple[tuple[str, Citation, Citation | None], ...] | None = None
    struck: int | None = None
    candidate_usd: float = 0.0
    actor_failed: tuple[str, ...] | None = None


_KEPT = TypeAdapter(_Kept)


def keep_log(folder: Path, played: Played) -> None:
    """Write everything that a metric may look at to `logs/`, whole or not at all."""
    kept = _Kept(
        spec=played.spec,
        log=played.log,
        requests=played.requests,
        stuck=played.stuck,
        twin=played.twin,
        cited=None if played.cited is None else tuple((c.where, c.citation, c.there) for c in played.cited),
        struck=played.struck,
        candidate_usd=played.candidate_usd,
        actor_failed=played.actor_failed,
    )
    path = _log_path(folder, played.spec)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_bytes(gzip.compress(_KEPT.dump_json(kept), compresslevel=1, mtime=0))
    half.replace(path)


def read_log(folder: Path, spec: CaseSpec) -> Played | None:
    """The played round of a case; None when its log was not kept. Raises `InvalidSuite` when it cannot be read."""
    path = _log_path(folder, spec)
    if not path.exists():
        return None
    try:
        kept = _KEPT.validate_json(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValidationError) as problem:
        raise InvalidSuite(f"{path} cannot be read: {problem}") from problem
    return Played(
        kept.spec,
        fold(kept.log),
        kept.log,
        kept.requests,
        kept.stuck,
        kept.twin,
        cited=None if kept.cited is None else tuple(Cited(*row) for row in kept.cited),
        struck=kept.struck,
        candidate_usd=kept.candidate_usd,
        actor_failed=kept.actor_failed,
    )


def _log_path(folder: Path, spec: CaseSpec) -> Path:
    return folder / "logs" / f"{spec.file}.json.gz"
