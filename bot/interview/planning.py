"""Makes the plan of a round: questions, time boxes, phases. Pure; the seed decides every choice.

Does not know the store; the caller says which questions the candidate met recently.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from bot.domain.base import Level, Mode, RoundId
from bot.domain.content import Loop, Phase, Question, RoundSpec, Rubric
from bot.domain.plan import Plan, PlannedPhase
from bot.errors import InputRefused

SHORT_BELOW_MINUTES = 30
"""Rounds shorter than this ask the short number of questions."""
_ORDER = list(Level)


def make_plan(
    *,
    loop: Loop,
    round_id: RoundId,
    questions: Sequence[Question],
    rubric: Rubric,
    level: Level,
    mode: Mode,
    seed: int,
    minutes: float | None = None,
    recent: Collection[str] = (),
    wanted: Sequence[str] = (),
    only: bool = False,
    loop_run: str = "",
    bank: str = "",
) -> Plan:
    """A plan for one round.

    `questions` are those of the round; `wanted` ids come first, in their order, and alone with `only`. Questions met
    recently are asked only when the others run out. Raises `InputRefused` when the bank has none, or a wanted one is
    not of this round.
    """
    try:
        spec = loop.spec(round_id)
    except KeyError:
        raise InputRefused(
            f"The loop {loop.title!r} has no round {round_id.value}.",
            hint=f"It has: {', '.join(s.round.value for s in loop.rounds)}.",
        ) from None
    length = float(minutes or spec.minutes)
    if not 5 <= length <= 120:
        raise InputRefused(
            f"A round of {length:g} minutes cannot be planned.", hint="Choose 5 to 120 minutes."
        )
    count = spec.short_questions if length < SHORT_BELOW_MINUTES else spec.questions
    if only and wanted:
        count = len(wanted)
    chosen, reserve = _choose(questions, count, level, seed, recent, wanted, loop)
    phases = _phases(spec, length, len(chosen))
    return Plan(
        round=round_id,
        level=level,
        mode=mode,
        loop=loop.id,
        loop_run=loop_run,
        minutes=length,
        questions=tuple(q.id for q in chosen),
        question_s=_boxes(chosen, phases),
        reserve=() if only else tuple(q.id for q in reserve),
        phases=phases,
        max_probes=3 if count > 1 else 10,
        seed=seed,
        rubric=rubric.id,
        rubric_version=rubric.version,
        bank=bank,
        greeting=spec.greeting,
        closing=spec.closing,
    )


def _choose(
    questions: Sequence[Question],
    count: int,
    level: Level,
    seed: int,
    recent: Collection[str],
    wanted: Sequence[str],
    loop: Loop,
) -> tuple[list[Question], list[Question]]:
    by_id = {q.id: q for q in questions}
    if unknown := [w for w in wanted if w not in by_id]:
        raise InputRefused(
            f"There is no question {unknown[0]!r} in this round.", hint="See `mock-interview check --list`."
        )
    if not by_id:
        raise InputRefused(
            "The bank has no question for this round.", hint="Run `mock-interview check` to see why."
        )
    rng = random.Random(seed)
    pool = [q for _, q in sorted(by_id.items()) if q.id not in wanted]
    rng.shuffle(pool)
    pool.sort(key=lambda q: (level not in q.levels, q.id in recent))
    picked = [by_id[w] for w in wanted]
    while pool and len(picked) < count:
        picked.append(pool.pop(_most_new(pool, picked, loop, level, recent)))
    return picked, pool[:2] if len(picked) > 1 else []


def _most_new(
    pool: Sequence[Question], picked: Sequence[Question], loop: Loop, level: Level, recent: Collection[str]
) -> int:
    """Index of the question that adds most dimensions and competencies; earlier ones win ties."""
    seen_c = {c for q in picked for c in q.competencies}
    seen_d = {c.dimension for q in picked for c in q.checkpoints}
    best = (level not in pool[0].levels, pool[0].id in recent)

    def gain(question: Question) -> float:
        new = sum(loop.emphasis.get(c, 1.0) for c in set(question.competencies) - seen_c)
        return new + len({c.dimension for c in question.checkpoints} - seen_d)

    same = [i for i, q in enumerate(pool) if (level not in q.levels, q.id in recent) == best]
    return max(same, key=lambda i: (gain(pool[i]), -i))


def _phases(spec: RoundSpec, minutes: float, questions: int) -> tuple[PlannedPhase, ...]:
    """The spec's phases scaled to the length of the round; the steps of long questions are gone through for each."""
    scale = minutes * 60 / sum(p.minutes for p in spec.phases)
    work = [p for p in spec.phases if p.kind == "work"]
    order: list[tuple[Phase, float, int | None]] = [
        (p, 1.0, None) for p in spec.phases if p.kind in ("intro", "questions")
    ]
    order += [(p, 1 / questions, n) for n in range(questions) for p in work]
    order += [(p, 1.0, None) for p in spec.phases if p.kind == "wrap"]
    out: list[PlannedPhase] = []
    start = 0.0
    for phase, part, of in order:
        end = start + phase.minutes * scale * part
        out.append(
            PlannedPhase(
                id=phase.id if not of else f"{phase.id}-{of + 1}",
                name=phase.name,
                kind=phase.kind,
                starts_s=round(start, 3),
                ends_s=round(end, 3),
                announce=phase.announce,
                dimensions=phase.dimensions,
                of=of,
            )
        )
        start = end
    return tuple(out)


def _boxes(chosen: Sequence[Question], phases: Sequence[PlannedPhase]) -> tuple[float, ...]:
    """Seconds for each question: the time for questions, shared out by the minutes that each asks for."""
    room = sum(p.ends_s - p.starts_s for p in phases if p.kind in ("questions", "work"))
    asked = sum(q.minutes for q in chosen)
    return tuple(round(room * q.minutes / asked, 3) for q in chosen)
