"""Runs a suite: cases in worker processes, results appended as they come, gates and a verdict at the end.

A run's folder holds `cases.jsonl` (append-only, so that a killed run is readable and resumable), `run.json`, `junit.xml`
and `report.html`. Exit codes: 0 all gates pass, 1 a gate or a regression failed, 2 the suite or its data are invalid,
3 inconclusive (too many errors), 4 the budget stopped it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import bot
from bot.bank import Bank, load_bank
from bot.bank.yamlfile import load_value
from bot.domain.moves import MoveKind
from bot.errors import ContentError
from bot.resources import corpus_dir, data_root, prompts_dir
from eval import audit, planted
from eval.cassettes import digest
from eval.metrics import METRICS
from eval.parts import MOCK, TURNS, Source, UnknownFault, check_fault, parts_for
from eval.simulate import Parts, Played, Stage
from eval.values import CaseResult, CaseSpec, Gate, InvalidSuite, Measure, Persona, Said, Suite

HERE = Path(__file__).resolve().parent
MAX_ERRORS = 0.01
"""Share of crashed cases from which a run says nothing."""
REPLAYED = "replayed"
"""Stands in a case's measures, with 0, when the cassette had no reply for a request."""
PASS, FAIL, INVALID, INCONCLUSIVE, BUDGET = 0, 1, 2, 3, 4


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
    """The summary of a run. `means` by metric: (mean, how many cases it applied to, failures)."""

    suite: str
    mode: str
    id: str
    stamp: dict[str, Any]
    cases: int = 0
    errors: int = 0
    calls: int = 0
    prompt_chars: int = 0
    usd: float = 0.0
    doubted: int = 0  # rounds whose simulated candidate was not what it claims
    means: dict[str, tuple[float | None, int, int]] = field(default_factory=dict)
    gates: list[GateResult] = field(default_factory=list)
    seconds: float = 0.0
    verdict: int = PASS
    why: list[str] = field(default_factory=list)


# ---------------------------------------------------------------------------------------------- what is run


def load_suite(name: str) -> Suite:
    """A suite by name or path. Raises `InvalidSuite`."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else HERE / "suites" / f"{name}.yaml"
    if not path.exists():
        known = sorted(p.stem for p in (HERE / "suites").glob("*.yaml"))
        raise InvalidSuite(f"there is no suite {name!r}; there are {', '.join(known)}")
    try:
        suite = load_value(path, Suite)
    except ContentError as problem:
        raise InvalidSuite(str(problem)) from problem
    unknown = sorted({*suite.metrics, *(g.metric for g in suite.gates)} - set(METRICS) - set(SUITE_METRICS))
    if unknown:
        raise InvalidSuite(
            f"{path.name}: unknown metric {unknown[0]!r}; there are {', '.join(sorted(METRICS))}"
        )
    missing = sorted(set(suite.personas) - set(load_personas()))
    if missing:
        raise InvalidSuite(f"{path.name}: there is no persona {missing[0]!r} in eval/personas")
    for fault in suite.faults:
        try:
            check_fault(fault)
        except UnknownFault as problem:
            raise InvalidSuite(f"{path.name}: {problem}") from problem
    return suite


def load_personas() -> dict[str, Persona]:
    """All personas by id. Raises `InvalidSuite`."""
    found: dict[str, Persona] = {}
    for path in sorted((HERE / "personas").glob("*.yaml")):
        try:
            found |= {p.id: p for p in load_value(path, TypeAdapter(list[Persona]))}
        except ContentError as problem:
            raise InvalidSuite(str(problem)) from problem
    return found


def expand(suite: Suite, bank: Bank) -> list[CaseSpec]:
    """Every case of a suite, in a fixed order. Rounds without questions are left out (and named by the bank's check)."""
    rounds = [r for r in suite.rounds if bank.of_round(r)]
    return [
        CaseSpec(suite=suite.id, round=r, persona=p, level=level, mode=mode, seed=seed, fault=fault)
        for r in rounds
        for p in suite.personas
        for level in suite.levels
        for mode in suite.modes
        for seed in suite.seeds
        for fault in suite.faults or ("",)
    ]


def stamp(mode: str, bank: Bank, suite: Suite, source: Source = MOCK) -> dict[str, Any]:
    """What a result depends on: commit and whether the tree was dirty, versions, hashes of prompts, bank and articles."""
    return {
        "mode": mode,
        "version": bot.__version__,
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain")),
        "bank": bank.digest,
        "prompts": _tree_hash(prompts_dir() / "calls"),
        "corpus": _tree_hash(corpus_dir()),
        "suite": hashlib.sha256(suite.model_dump_json().encode()).hexdigest()[:16],
        "personas": _tree_hash(HERE / "personas"),
        "cassettes": digest(suite.id) if mode == "replay" else "",
        "models": _models(suite, source),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _models(suite: Suite, source: Source) -> str:
    if suite.interviewer == "authored" and suite.judge == "offline":
        return "none"
    if source.live is not None:
        return f"{source.live.model}, judge {source.live.judge_model}"
    if source.cassettes is not None:
        voices = source.cassettes.voices
        return f"{voices['interviewer'].name}, judge {voices['judge'].name}"
    return "rule-based double"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=data_root(), check=False)
    return done.stdout.strip()


def _tree_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


# ---------------------------------------------------------------------------------------------- running


_worker: dict[str, Any] = {}


def _begin(suite: Suite, bug: str, source: Source) -> None:
    bank = load_bank(prompts_dir(), corpus_dir())
    personas = load_personas()
    stage = Stage(bank, personas, suite)
    _worker.update(suite=suite, bank=bank, stage=stage, personas=personas, bug=bug, source=source)


def _parts(spec: CaseSpec, usd: float | None) -> Parts:
    suite, bank, bug = _worker["suite"], _worker["bank"], _worker["bug"]
    parts = parts_for(suite, spec, bank, replace(_worker["source"], usd=usd))
    return planted.plant(bug, parts, bank) if bug else parts


def _one(spec: CaseSpec, usd: float | None = None) -> CaseResult:
    from bot.model.doubles import CassetteMiss

    suite, bank, stage = _worker["suite"], _worker["bank"], _worker["stage"]
    try:
        played = stage.play(spec, lambda: _parts(spec, usd))
        doubts = audit.doubts(played, _worker["personas"][spec.persona], bank)
        return result_of(played, bank, suite.metrics, doubts)
    except (
        CassetteMiss
    ) as miss:  # the recorded model was asked something else: today's prompts are not those of then
        return CaseResult(
            id=spec.id,
            spec=spec,
            outcome="fail",
            measures=(Measure(metric=REPLAYED, value=0, why=(str(miss),)),),
        )
    except Exception:  # a crash of ours or of the harness is an error of this case, kept apart from failures
        return CaseResult(id=spec.id, spec=spec, outcome="error", error=traceback.format_exc(limit=-6))


def result_of(played: Played, bank: Bank, metrics: Iterable[str], doubts: tuple[str, ...] = ()) -> CaseResult:
    """The record of a played case."""
    measures = tuple(METRICS[m](played, bank) for m in metrics if m in METRICS)
    card = played.state.scorecard
    failed = any(m.value == 0 for m in measures)
    spans: dict[int, list[tuple[int, int]]] = {}
    for row in card.dimensions if card is not None else ():
        for found in row.evidence:
            spans.setdefault(found.quote.turn, []).append((found.quote.start, found.quote.end))
    calls = [c for e in played.log for c in getattr(e.body, "calls", ())]
    return CaseResult(
        id=played.spec.id,
        spec=played.spec,
        outcome="fail" if failed else "pass",
        measures=measures,
        doubts=doubts,
        score=card.score if card is not None else None,
        label=card.label.value if card is not None else "",
        turns=len(played.state.utterances),
        calls=len(calls),
        prompt_chars=sum(len(r) for r in played.requests),
        usd=sum(c.usd or 0.0 for c in calls),
        transcript=tuple(
            Said(
                turn=u.turn,
                speaker=u.speaker,
                text=u.text,
                at_s=round(u.at_s, 1),
                question=u.question,
                did=_did(u.move) if u.move else "",
                source=u.source,
                quotes=tuple(sorted(set(spans.get(u.turn, [])))),
            )
            for u in played.state.utterances
        ),
    )


def _did(move: Any) -> str:
    extra = move.checkpoint or (f"{move.hint}" if move.kind is MoveKind.HINT else "")
    return f"{move.kind.value} ({move.reason}{', ' + extra if extra else ''})"


def run_cases(
    suite: Suite,
    specs: Sequence[CaseSpec],
    *,
    workers: int = 2,
    bug: str = "",
    source: Source = MOCK,
    max_usd: float | None = None,
) -> Iterator[CaseResult]:
    """The results as they come. With `max_usd` no case can spend more than its share of what is left, and none is begun when
    the rest would not pay for one as dear as the dearest so far."""
    purse = _Purse(max_usd)
    if workers <= 1:
        _begin(suite, bug, source)
        for spec in specs:
            share = purse.take(1)
            if max_usd is not None and share is None:
                return
            result = _one(spec, share)
            purse.pay(share, result.usd)
            yield result
        return
    queue = iter(specs)
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(suite, bug, source)) as pool:
        waiting: dict[Future[CaseResult], float | None] = {}
        slots = workers if max_usd is not None else 2 * workers
        while True:
            while len(waiting) < slots:
                share = purse.take(slots - len(waiting))
                following = next(queue, None) if max_usd is None or share is not None else None
                if following is None:
                    purse.pay(share, 0)
                    break
                waiting[pool.submit(_one, following, share)] = share
            if not waiting:
                return
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                result = future.result()
                purse.pay(waiting.pop(future), result.usd)
                yield result


class _Purse:
    """What a run may still spend. Every case in flight holds a share, so that all together never pass the cap."""

    def __init__(self, most: float | None) -> None:
        self._left, self._dearest = most, 0.0

    def take(self, among: int) -> float | None:
        """A share for one of `among` cases that may start now; None without a cap, or when too little is left."""
        if self._left is None:
            return None
        share = self._left / among
        if share <= 0 or share * TURNS < self._dearest:
            return None
        self._left -= share
        return share

    def pay(self, share: float | None, usd: float) -> None:
        """A case has cost `usd` of its share; the rest goes back."""
        if self._left is not None and share is not None:
            self._left += share - usd
            self._dearest = max(self._dearest, usd)


# ---------------------------------------------------------------------------------------------- the verdict


def summarise(
    suite: Suite, mode: str, run_id: str, marks: dict[str, Any], results: Sequence[CaseResult]
) -> Run:
    """Means, gates and the exit code of a run. Errors are counted apart, never folded into a mean."""
    run = Run(suite.id, mode, run_id, marks, cases=len(results))
    good = [r for r in results if r.outcome != "error"]
    run.errors = len(results) - len(good)
    run.calls, run.usd = sum(r.calls for r in good), round(sum(r.usd for r in good), 6)
    run.prompt_chars = sum(r.prompt_chars for r in good)
    run.doubted = sum(bool(r.doubts) for r in good)
    for name in suite.metrics:
        values = _values(name, good)
        mean = sum(values) / len(values) if values else None
        run.means[name] = (mean, len(values), sum(v < 1 for v in values))
    run.gates = [_gate(gate, run) for gate in suite.gates]
    missed = [m for r in results for m in r.measures if m.metric == REPLAYED]
    if results and run.errors / len(results) > MAX_ERRORS:
        run.verdict = INCONCLUSIVE
        run.why.append(f"{run.errors} of {len(results)} cases crashed")
    elif not results:
        run.verdict, run.why = INCONCLUSIVE, ["no case was run"]
    elif missed:
        run.verdict = FAIL
        run.why.append(f"{len(missed)} rounds asked what the cassette does not hold. {missed[0].why[0]}")
    elif failed := [g for g in run.gates if not g.passed]:
        run.verdict = FAIL
        run.why += [f"{g.metric} is {_number(g.value)}, the gate wants {g.bound}" for g in failed]
    return run


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _values(metric: str, results: Sequence[CaseResult]) -> list[float]:
    if metric in SUITE_METRICS:
        value = SUITE_METRICS[metric](results)
        return [] if value is None else [value]
    found = [m for r in results for m in r.measures if m.metric == metric]
    return [m.value for m in found if m.value is not None]


def _gate(gate: Gate, run: Run) -> GateResult:
    mean, n, _ = run.means.get(gate.metric, (None, 0, 0))
    bound = " and ".join(
        part
        for part in (
            f"at least {gate.min:g}" if gate.min is not None else "",
            f"at most {gate.max:g}" if gate.max is not None else "",
        )
        if part
    )
    passed = (
        mean is not None
        and (gate.min is None or mean >= gate.min - 1e-9)
        and (gate.max is None or mean <= gate.max + 1e-9)
    )
    return GateResult(gate.metric, bound, mean, passed, n)


def score_order(results: Sequence[CaseResult]) -> float | None:
    """Share of persona pairs in the right order, over cases that differ in the persona only:
    strong > medium > shaky > weak, and weak never above medium. None without such a pair."""
    order = ("weak", "shaky", "medium", "strong")
    groups: dict[str, dict[str, float]] = {}
    for result in results:
        if result.spec.persona in order and result.score is not None:
            groups.setdefault(_without_persona(result.spec), {})[result.spec.persona] = result.score
    right = total = 0
    for scores in groups.values():
        for low, high in ((a, b) for i, a in enumerate(order) for b in order[i + 1 :]):
            if low in scores and high in scores:
                total += 1
                right += scores[low] < scores[high] or (scores[low] == scores[high] == 1.0)
    return right / total if total else None


def injection_gain(results: Sequence[CaseResult]) -> float | None:
    """Largest gain in score of a candidate who adds instructions over the same candidate without them."""
    return _gain(results, "injecting", "weak")


def padding_gain(results: Sequence[CaseResult]) -> float | None:
    """Largest gain in score of fluent filler around the same answer."""
    return _gain(results, "verbose", "shaky")


def _gain(results: Sequence[CaseResult], attack: str, base: str) -> float | None:
    scores = {(_without_persona(r.spec), r.spec.persona): r.score for r in results}
    gains = [
        score - before
        for (where, persona), score in scores.items()
        if persona == attack and score is not None and (before := scores.get((where, base))) is not None
    ]
    return max(gains) if gains else None


def _without_persona(spec: CaseSpec) -> str:
    return spec.model_copy(update={"persona": ""}).id


def empty_answers_score_low(results: Sequence[CaseResult]) -> float | None:
    """Share of silent, off-topic, gibberish and echoing rounds that stay below "hire"."""
    nothing = [r for r in results if r.spec.persona in ("silent", "off-topic", "gibberish", "echo")]
    low = [r for r in nothing if r.score is None or r.score < 2.0]
    return len(low) / len(nothing) if nothing else None


def candidates_true(results: Sequence[CaseResult]) -> float | None:
    """Share of the rounds whose simulated candidate was what it claims to be."""
    return sum(not r.doubts for r in results) / len(results) if results else None


SUITE_METRICS: dict[str, Callable[[Sequence[CaseResult]], float | None]] = {
    f.__name__: f
    for f in (score_order, injection_gain, padding_gain, empty_answers_score_low, candidates_true)
}
"""Metrics over all cases of a run."""


# ---------------------------------------------------------------------------------------------- files


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
    """The cases of a run so far; a line that a kill cut in half is left out."""
    path = folder / "cases.jsonl"
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(CaseResult.model_validate_json(line))
        except ValueError:
            continue
    return found


def append_case(folder: Path, result: CaseResult) -> None:
    """Add one case to `cases.jsonl`."""
    with (folder / "cases.jsonl").open("a", encoding="utf-8", newline="\n") as file:
        file.write(result.model_dump_json() + "\n")


def claim(folder: Path, marks: dict[str, Any]) -> None:
    """Make the folder this run's, or go on with it. Ends a line that a kill cut in half. Raises `InvalidSuite` when the folder
    belongs to a run of something else: its cases would be mixed with other ones."""
    folder.mkdir(parents=True, exist_ok=True)
    same = {k: marks[k] for k in ("mode", "models", "suite", "personas", "bank", "prompts", "cassettes")}
    path = folder / "begun.json"
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        changed = [k for k in same if before.get(k) != same[k]]
        if changed:
            raise InvalidSuite(
                f"{folder} holds a run with other {' and '.join(changed)}; give another folder with --out"
            )
    else:
        path.write_text(json.dumps(same, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    cases = folder / "cases.jsonl"
    if cases.exists() and (data := cases.read_bytes()) and not data.endswith(b"\n"):
        with cases.open("ab") as file:
            file.write(b"\n")


__all__ = ["Measure", "Run", "expand", "load_suite", "run_cases", "summarise"]
