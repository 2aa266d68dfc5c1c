"""Runs a suite: cases in worker processes, results appended as they come.

Knows how cases are made, shared out and recorded. Does not know what a run's folder looks like inside (`eval/runs.py`), nor
what the verdict is (`eval/summary.py`).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bot
from bot.bank import Bank, load_bank
from bot.bank.yamlfile import load_value
from bot.domain import events as ev
from bot.domain.moves import Move, MoveKind
from bot.errors import ContentError
from bot.resources import corpus_dir, data_root, prompts_dir
from eval import audit, planted
from eval.cassettes import digest
from eval.cast import PERSONAS, load_personas
from eval.faults import calls_by_site, expanded, read_fault
from eval.metrics import METRICS, calls_of
from eval.overall import OVERALL
from eval.parts import MOCK, Source, parts_for
from eval.runs import keep_log
from eval.simulate import Parts, Played, Stage
from eval.summary import REPLAYED
from eval.values import Call, CaseResult, CaseSpec, InvalidSuite, Measure, Said, Suite

if TYPE_CHECKING:
    from eval.shelf import Shelf

HERE = Path(__file__).resolve().parent


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
    _check(suite, path.name)
    return suite


def _check(suite: Suite, file: str) -> None:
    """Raise `InvalidSuite` for what the shape alone does not tell."""
    known, cast = {*METRICS, *OVERALL}, load_personas()
    if unknown := sorted({*suite.metrics, *(g.metric for g in suite.gates)} - known):
        raise InvalidSuite(f"{file}: unknown metric {unknown[0]!r}; there are {', '.join(sorted(known))}")
    if not_taken := sorted({g.metric for g in suite.gates} - set(suite.metrics)):
        raise InvalidSuite(f"{file}: the gate on {not_taken[0]!r} needs it among the metrics too")
    if missing := sorted(set(suite.personas) - set(cast)):
        raise InvalidSuite(
            f"{file}: there is no persona {missing[0]!r} in eval/personas; there are {', '.join(sorted(cast))}"
        )
    for fault in suite.faults:
        if fault != "*":
            try:
                read_fault(fault)
            except InvalidSuite as problem:
                raise InvalidSuite(f"{file}: {problem}") from problem


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
        for fault in expanded(suite.faults) or ("",)
    ]


def stamp(mode: str, bank: Bank, suite: Suite, source: Source = MOCK) -> dict[str, Any]:
    """What a result depends on: commit and whether the tree was dirty, versions, hashes of code, prompts, bank and articles."""
    return {
        "mode": mode,
        "version": bot.__version__,
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain")),
        "code": code_hash(),
        "bank": bank.digest,
        "prompts": _tree_hash(prompts_dir() / "calls"),
        "corpus": _tree_hash(corpus_dir()),
        "suite": hashlib.sha256(suite.model_dump_json().encode()).hexdigest()[:16],
        "personas": _tree_hash(PERSONAS),
        "cassettes": digest(suite.id) if mode == "replay" else "",
        "models": _models(suite, source),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _models(suite: Suite, source: Source) -> str:
    actor = source.actor_live.model if source.actor_live is not None else "rule-based double"
    played = f", candidates {actor}" if source.actor else ""
    if suite.interviewer == "authored" and suite.judge == "offline":
        return f"none{played}"
    if source.live is not None:
        return f"{source.live.model}, judge {source.live.judge_model}{played}"
    if source.cassettes is not None:
        voices = source.cassettes.voices
        return f"{voices['interviewer'].name}, judge {voices['judge'].name}{played}"
    return f"rule-based double{played}"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=data_root(), check=False)
    return done.stdout.strip()


def code_hash() -> str:
    """One hash over the Python files of the product and of the evals."""
    return _hash_of(p for package in (Path(bot.__file__).parent, HERE) for p in package.rglob("*.py"))


def _tree_hash(folder: Path) -> str:
    return _hash_of(p for p in folder.rglob("*") if p.is_file())


def _hash_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


# ---------------------------------------------------------------------------------------------- running


@dataclass
class _Work:
    """What a worker needs for its cases."""

    suite: Suite
    bank: Bank
    stage: Stage
    bug: str
    source: Source
    shelf: Shelf | None
    folder: Path | None


_work: list[_Work] = []
"""The worker's own, as its only entry: processes of a pool share nothing else."""


def _leave_with_parent() -> None:
    """End this worker when the run that began it is gone: a killed one cannot tell."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _begin_worker(*work: Any) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _begin(*work)


def _begin(suite: Suite, bug: str, source: Source, articles: Path | None, folder: Path | None) -> None:
    bank = load_bank(prompts_dir(), corpus_dir())
    shelf = None
    if articles is not None:
        from eval.shelf import Shelf

        shelf = Shelf(articles)
    _work[:] = [_Work(suite, bank, Stage(bank, load_personas(), suite), bug, source, shelf, folder)]
    _calls_undisturbed.cache_clear()


def _one(spec: CaseSpec, usd: float | None = None) -> CaseResult:
    from bot.model.doubles import CassetteMiss

    work = _work[0]
    try:
        played = work.stage.play(spec, lambda: _parts(work, spec, usd))
        if work.folder is not None:
            keep_log(work.folder, played)
        return measured(played, work.bank, work.suite.metrics)
    except CassetteMiss as miss:
        # the recorded model was asked something else: today's prompts are not those of then
        lost = Measure(metric=REPLAYED, value=0, why=(str(miss),))
        return CaseResult(id=spec.id, spec=spec, outcome="fail", measures=(lost,))
    except Exception:  # a crash of ours or of the harness is an error of this case, kept apart from failures
        return CaseResult(id=spec.id, spec=spec, outcome="error", error=traceback.format_exc(limit=-6))


def _parts(work: _Work, spec: CaseSpec, usd: float | None) -> Parts:
    calls = _calls_undisturbed(spec.model_copy(update={"fault": ""})) if ":" in spec.fault else {}
    source = replace(work.source, usd=usd)
    parts = parts_for(work.suite, spec, work.bank, source, shelf=work.shelf, calls=calls)
    return planted.plant(work.bug, parts, work.bank) if work.bug else parts


@lru_cache(maxsize=256)
def _calls_undisturbed(spec: CaseSpec) -> Mapping[str, int]:
    """How many calls a case makes at each site when nothing goes wrong: what "first", "middle" and "last" mean. Played with
    the double, also for a live run: its moments are near enough, and cost nothing."""
    work = _work[0]
    parts = parts_for(work.suite, spec, work.bank, MOCK, shelf=work.shelf)
    return calls_by_site(work.stage.play(spec, lambda: parts).requests)


def measured(played: Played, bank: Bank, metrics: Iterable[str]) -> CaseResult:
    """The record of a played case: every metric taken, what was said, the calls, and doubts about the candidate."""
    measures = tuple(METRICS[m](played, bank) for m in metrics if m in METRICS)
    card = played.state.scorecard
    calls = _calls(played)
    persona = load_personas().get(played.spec.persona)  # None: a person
    return CaseResult(
        id=played.spec.id,
        spec=played.spec,
        outcome="fail" if any(m.value == 0 for m in measures) else "pass",
        measures=measures,
        doubts=() if persona is None else audit.doubts(played, persona, bank),
        score=card.score if card is not None else None,
        label=card.label.value if card is not None else "",
        turns=len(played.state.utterances),
        calls=len(calls),
        prompt_chars=sum(len(r) for r in played.requests),
        tokens=sum(c.input_tokens + c.output_tokens for c in calls),
        usd=sum(c.usd or 0.0 for c in calls),
        candidate_usd=played.candidate_usd,
        model_s=round(sum(c.latency_s for c in calls), 3),
        transcript=_transcript(played),
        model_calls=calls,
    )


def _calls(played: Played) -> tuple[Call, ...]:
    return tuple(
        Call(
            turn=event.body.turn if isinstance(event.body, ev.Judged | ev.InterviewerSpoke) else 0,
            **c.model_dump(include=set(Call.model_fields) - {"turn"}),
        )
        for event in played.log
        for c in calls_of(event.body)
    )


def _transcript(played: Played) -> tuple[Said, ...]:
    card = played.state.scorecard
    spans: dict[int, set[tuple[int, int]]] = {}
    for row in card.dimensions if card is not None else ():
        for found in row.evidence:
            spans.setdefault(found.quote.turn, set()).add((found.quote.start, found.quote.end))
    return tuple(
        Said(
            turn=u.turn,
            speaker=u.speaker,
            text=u.text,
            at_s=round(u.at_s, 1),
            question=u.question,
            did=_did(u.move) if u.move else "",
            source=u.source,
            quotes=tuple(sorted(spans.get(u.turn, ()))),
            cites=tuple(f"{c.title}, {c.section}" for c in u.citations),
        )
        for u in played.state.utterances
    )


def _did(move: Move) -> str:
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
    folder: Path | None = None,
) -> Iterator[CaseResult]:
    """The results as they come; their logs go to `folder`.

    With `max_usd` no case can spend more than its share of what is left, and none is begun when the rest would not pay for one
    as dear as the dearest so far.
    """
    with ExitStack() as stack:
        articles = None
        if suite.articles:
            from eval import shelf

            articles = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            shelf.build(articles)
        begin = (suite, bug, source, articles, folder)
        purse = _Purse(max_usd)
        if workers <= 1:
            _begin(*begin)
            yield from _alone(specs, purse)
        else:
            # fresh processes: one that is forked off inherits the locks of threads (of the tokenizer) that it does not have
            pool = ProcessPoolExecutor(
                workers, mp_context=get_context("spawn"), initializer=_begin_worker, initargs=begin
            )
            yield from _together(stack.enter_context(pool), specs, purse, workers)


def _alone(specs: Sequence[CaseSpec], purse: _Purse) -> Iterator[CaseResult]:
    for spec in specs:
        share = purse.take(1)
        if purse.capped and share is None:
            return
        result = _one(spec, share)
        purse.pay(share, result)
        yield result


def _together(
    pool: ProcessPoolExecutor, specs: Sequence[CaseSpec], purse: _Purse, workers: int
) -> Iterator[CaseResult]:
    queue = iter(specs)
    waiting: dict[Future[CaseResult], float | None] = {}
    slots = workers if purse.capped else 2 * workers
    while True:
        while len(waiting) < slots:
            share = purse.take(slots - len(waiting))
            following = next(queue, None) if not purse.capped or share is not None else None
            if following is None:
                purse.pay(share, None)
                break
            waiting[pool.submit(_one, following, share)] = share
        if not waiting:
            return
        ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in ready:
            result = future.result()
            purse.pay(waiting.pop(future), result)
            yield result


class _Purse:
    """What a run may still spend. Every case in flight holds a share, so that all together never pass the cap."""

    def __init__(self, most: float | None) -> None:
        self._left, self._dearest = most, 0.0

    @property
    def capped(self) -> bool:
        """Whether there is a cap at all."""
        return self._left is not None

    def take(self, among: int) -> float | None:
        """A share for one of `among` cases that may start now; None without a cap, or when too little is left."""
        if self._left is None:
            return None
        share = self._left / among
        if share <= 0 or share < self._dearest:
            return None
        self._left -= share
        return share

    def pay(self, share: float | None, result: CaseResult | None) -> None:
        """A case (None: none was left to begin) has cost so much of its share; the rest goes back. One that crashed may have
        spent all of it without telling."""
        if self._left is None or share is None:
            return
        usd = (
            0.0
            if result is None
            else share
            if result.outcome == "error"
            else result.usd + result.candidate_usd
        )
        self._left += share - usd
        self._dearest = max(self._dearest, usd if result is None or result.outcome != "error" else 0.0)
