"""Ceilings of a rubric: when a rule holds for a round, and what it does to a level. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.content import Cap, CapRule
from bot.domain.judgement import Status
from bot.domain.scorecard import CapApplied, CheckpointResult
from bot.domain.session import SessionState
from bot.scoring.code import CodeFacts


@dataclass(frozen=True)
class Facts:
    """What the rules look at. `confirmed_wrong`: (question, checkpoint) whose false statement survived a probe;
    `confronted`: those that were probed or challenged at all; `recital` is known only when a model read the round."""

    state: SessionState
    results: Sequence[CheckpointResult]
    confirmed_wrong: frozenset[tuple[str, str]]
    confronted: frozenset[tuple[str, str]]
    code: Mapping[str, CodeFacts]
    levels: Mapping[str, float] = field(default_factory=dict)
    recital: bool | None = None
    hypotheticals_only: bool = False


def holds(cap: Cap, facts: Facts) -> bool:
    """Whether the cap's rule is met. A rule about something that nobody measured is not met."""
    return _RULES[cap.rule](cap, facts)


def apply(cap: Cap, level: float) -> tuple[float, CapApplied | None]:
    """The level under the ceiling, with a record when that changes it."""
    if level <= cap.at_most:
        return level, None
    return cap.at_most, CapApplied(
        cap=cap.id, target=cap.target, at_most=cap.at_most, before=level, why=cap.why
    )


def _false_claims(cap: Cap, facts: Facts) -> bool:
    surviving = [
        r
        for r in facts.results
        if r.kind == "must"
        and (r.question, r.checkpoint) in facts.confirmed_wrong
        and cap.dimension in (None, r.dimension)
    ]
    return len(surviving) >= cap.count


def _dimension_at_most(cap: Cap, facts: Facts) -> bool:
    level = facts.levels.get(cap.dimension or "")
    return level is not None and level <= cap.count


def _base_not_solved(cap: Cap, facts: Facts) -> bool:
    return bool(facts.code) and any(f.solved is False for f in facts.code.values())


def _hint_at_least(cap: Cap, facts: Facts) -> bool:
    """A hint that deep bore on a must of the dimension (a hint that names no checkpoint bears on all)."""
    wanted = {(r.question, r.checkpoint) for r in facts.results if cap.dimension in (None, r.dimension)}
    for question in facts.state.questions.values():
        for number, helps in question.hint_helps.items():
            concerned = any((question.id, c) in wanted for c in helps) or not helps
            if number >= cap.count and concerned:
                return True
    return False


def _worse_complexity(cap: Cap, facts: Facts) -> bool:
    return any(f.worse_complexity is True and f.solved is not False for f in facts.code.values())


def _done_while_failing(cap: Cap, facts: Facts) -> bool:
    return any(f.done_while_failing for f in facts.code.values())


def _forbidden(cap: Cap, facts: Facts) -> bool:
    return any(f.forbidden for f in facts.code.values())


def _timeout(cap: Cap, facts: Facts) -> bool:
    """It timed out, and that was not merely the growth with large input: fewer tests passed than a slow but right
    program passes."""
    return any(f.timed_out and f.solved is False for f in facts.code.values())


def _named(cap: Cap, result: CheckpointResult) -> bool:
    """A cap's checkpoint is the beginning of an id: `metric` also means `metric-offline`."""
    name = cap.checkpoint or ""
    return result.checkpoint == name or result.checkpoint.startswith(f"{name}-")


def _missing_after_probe(cap: Cap, facts: Facts) -> bool:
    concerned = [r for r in facts.results if _named(cap, r)]
    return bool(concerned) and all(
        r.status is Status.ABSENT and (r.question, r.checkpoint) in facts.confronted for r in concerned
    )


def _wrong_after_probe(cap: Cap, facts: Facts) -> bool:
    return any(_named(cap, r) and (r.question, r.checkpoint) in facts.confirmed_wrong for r in facts.results)


_RULES: dict[CapRule, Callable[[Cap, Facts], bool]] = {
    "false_claims_survive": _false_claims,
    "dimension_at_most": _dimension_at_most,
    "base_not_solved": _base_not_solved,
    "hint_at_least": _hint_at_least,
    "worse_complexity": _worse_complexity,
    "done_while_samples_fail": _done_while_failing,
    "forbidden_used": _forbidden,
    "timeout_on_valid_input": _timeout,
    "checkpoint_missing_after_probe": _missing_after_probe,
    "checkpoint_wrong_after_probe": _wrong_after_probe,
    "hypotheticals_only": lambda cap, facts: facts.hypotheticals_only,
    "recital": lambda cap, facts: facts.recital is True,
}
