"""From verdicts to a scorecard: checkpoint -> dimension -> round, every number with its reason and its quotes.

A pure function of the folded session, the questions and the rubric (rubrics 3-5). A dimension nobody could show is "not
assessed", a round with too little assessed is "insufficient evidence", and an answer that could not be judged is
reported and never counted. Does not judge, does not speak to a model, does not read files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.content import Checkpoint, Dimension, Question, Rubric
from bot.domain.judgement import Intent, JudgeInfo, Judgement, Status
from bot.domain.moves import MoveKind
from bot.domain.scorecard import (
    CapApplied,
    CheckpointResult,
    DimensionResult,
    Evidence,
    Label,
    Scorecard,
)
from bot.domain.session import Progress, QuestionState, SessionState
from bot.scoring import feedback, levelling
from bot.scoring.caps import Facts, apply, holds
from bot.scoring.code import CodeFacts, code_facts
from bot.scoring.holistic import Reading
from bot.scoring.levels import MID, MIN_ASSESSED, Thresholds, credit, interval, label_of, level_of, share
from bot.scoring.story import (
    Story,
    stories,
    story_drills,
    story_evidence,
    structure_level,
    structure_report,
)

Key = tuple[str, str]

_ANSWERS = (Intent.ANSWER, Intent.CLARIFY, Intent.DONT_KNOW, Intent.SKIP, Intent.DONE)
"""What a candidate does with a question that was put to them; a request for help or for the end is none of these."""


@dataclass
class Round:
    """Everything that the dimensions are computed from."""

    state: SessionState
    questions: Mapping[str, Question]
    rubric: Rubric
    results: tuple[CheckpointResult, ...]
    confirmed_wrong: frozenset[Key]
    confronted: Mapping[Key, int]
    code: Mapping[str, CodeFacts]
    readings: Mapping[str, Reading]
    thresholds: Thresholds
    blind: bool = False  # too many answers could not be judged
    notes: list[str] = field(default_factory=list)

    @property
    def judged(self) -> list[Judgement]:
        """All usable judgements, in order."""
        return [j for q in self.state.questions.values() for j in q.judgements if j.status == "scored"]

    @property
    def stories(self) -> list[Story]:
        """The form of what was told, question by question (behavioural rounds)."""
        return stories(self.judged, self.state, {q.id: q.title for q in self.questions.values()})


def score_round(
    state: SessionState,
    questions: Mapping[str, Question],
    rubric: Rubric,
    *,
    facts: Mapping[str, CodeFacts] | None = None,
    readings: Mapping[str, Reading] | None = None,
    recital: bool | None = None,
    thresholds: Thresholds = MID,
    judge: JudgeInfo | None = None,
) -> Scorecard:
    """The assessment of a round.

    `facts` (question id -> what executing the code showed) defaults to the stored runs; `readings` (dimension id ->
    level by anchors, from a judge that read the whole round) fill holistic dimensions; `recital` is such a reader's
    finding for the cap of that name. Raises ValueError for a state without a start.
    """
    plan = state.the_plan
    unjudged = _unjudged_turns(state)
    asked = [q for q in state.questions.values() if q.id in questions and _had_the_chance(q, state)]
    if _nothing_readable(asked):
        asked = []
    lost = {q.id for q in asked if _lost_answers(q)}
    blind = _too_much_lost(lost, asked, questions, rubric)
    confronted = _confronted(state)
    results = tuple(
        r
        for q in asked
        if not blind and q.id not in lost
        for r in _checkpoint_results(q, questions[q.id], state)
    )
    code = {} if not plan.round.is_coding else _code(state, asked, facts)
    work = Round(
        state=state,
        questions=questions,
        rubric=rubric,
        results=results,
        confirmed_wrong=frozenset(
            (r.question, r.checkpoint)
            for r in results
            if r.status is Status.WRONG and _survived(r, confronted, state)
        ),
        confronted=confronted,
        code=code,
        readings=readings or {},
        thresholds=thresholds,
        blind=blind,
    )
    if gone := [q for q in state.questions if q not in questions]:
        work.notes.append(
            f"{len(gone)} of {len(state.questions)} questions are no longer there and count neither for nor against."
        )
    if lost:
        work.notes.append(
            f"{len(lost)} of {len(asked)} questions could not be judged in full and count neither for nor against."
        )
    only_hypothetical = _hypotheticals_only(work)
    dimensions = [_dimension(work, d, only_hypothetical) for d in rubric.dimensions]
    dimensions, applied = _cap_dimensions(work, dimensions, recital, only_hypothetical)
    return _assemble(work, dimensions, applied, recital, only_hypothetical, unjudged, judge or _judge(state))


def _assemble(
    work: Round,
    dimensions: list[DimensionResult],
    applied: list[CapApplied],
    recital: bool | None,
    only_hypothetical: bool,
    unjudged: tuple[int, ...],
    judge: JudgeInfo,
) -> Scorecard:
    plan = work.state.the_plan
    assessed = [d for d in dimensions if d.level is not None]
    weight = sum(d.weight for d in assessed)
    score: float | None = None
    if assessed and weight >= MIN_ASSESSED - 1e-9:
        score = sum(d.weight * (d.level or 0) for d in assessed) / weight
        score, more = _cap_round(work, score, dimensions, recital, only_hypothetical)
        applied = [*applied, *more]
    answered = any(u.speaker == "candidate" for u in work.state.utterances)
    failed = score is None and bool(unjudged) and (work.blind or not work.judged) and answered
    low, high = interval(score) if score is not None else (None, None)
    label = label_of(score) if score is not None else Label.INSUFFICIENT
    work.notes.extend(_repeats(work.judged))
    work.notes.extend(feedback.left_out(work.state))
    by_form = [d for d in work.rubric.dimensions if d.evidence == "structure"]
    form_only = [d.id for d in by_form if d.id not in work.readings]
    if by_form:
        work.notes.extend(structure_report(work.stories, by_form_only=bool(form_only)))
    work.notes.append("One mock round is practice, not a prognosis.")
    card = Scorecard(
        round=plan.round,
        level=plan.level,
        rubric=work.rubric.id,
        rubric_version=work.rubric.version,
        status="scored" if score is not None else "failed" if failed else "insufficient",
        score=None if score is None else round(score, 4),
        low=None if low is None else round(low, 4),
        high=None if high is None else round(high, 4),
        label=label,
        assessed_weight=round(min(1.0, weight), 4),
        dimensions=tuple(dimensions),
        checkpoints=work.results,
        caps=tuple(applied),
        hints_used=sum(q.hints for q in work.state.questions.values()),
        meets="" if score is None else levelling.meets(score, dimensions, work.results),
        apart="" if score is None else levelling.apart(score, dimensions, work.results),
        verdict="",
        judge=judge,
        unjudged_turns=unjudged,
        held=tuple(
            c.id for c in work.rubric.caps if holds(c, _facts(work, dimensions, recital, only_hypothetical))
        ),
        notes=tuple(work.notes),
    )
    return card.model_copy(
        update={
            "verdict": feedback.verdict(card),
            "drills": feedback.drills(
                card,
                work.questions,
                _last_answers(work),
                first=[drill for name in form_only for drill in story_drills(work.stories, name)],
            ),
        }
    )


def _last_answers(work: Round) -> dict[str, int]:
    """Question -> turn of its last answer."""
    return {q.id: q.answers[-1] for q in work.state.questions.values() if q.answers}


def _dimension(work: Round, dimension: Dimension, only_hypothetical: bool) -> DimensionResult:
    reading = work.readings.get(dimension.id)
    if work.blind and dimension.evidence != "tests":
        return _not_assessed(dimension, "too many answers could not be judged")
    if only_hypothetical and dimension.evidence != "structure":
        return _not_assessed(dimension, "nothing that really happened was told")
    if dimension.evidence == "tests":
        return _from_tests(work, dimension)
    if reading is not None and dimension.evidence in ("holistic", "structure"):
        return _from_reading(dimension, reading)
    if dimension.evidence == "structure":
        return _from_structure(work, dimension)
    if dimension.evidence == "holistic":
        return _not_assessed(
            dimension, "needs a judge that reads the whole round; the offline judge does not"
        )
    return _from_checkpoints(work, dimension)


def _from_checkpoints(work: Round, dimension: Dimension) -> DimensionResult:
    own = [r for r in work.results if r.dimension == dimension.id]
    must_share = share(own, work.confirmed_wrong)
    shown, reason = _verified_by_running(work) if dimension.running_counts else (1, "")
    if must_share is None and shown > 1:
        return _assessed(dimension, shown, f"not asked for, but {reason}")
    if must_share is None:
        return _not_assessed(dimension, "no question that was answered asked for it")
    beyond = _went_beyond(own, work.results)
    level = level_of(must_share, beyond=beyond, thresholds=work.thresholds)
    musts = [r for r in own if r.kind == "must"]
    why = f"{_earned(musts, work.confirmed_wrong)} = {must_share:.0%}: level {level}"
    if level == 3 and must_share >= work.thresholds.four and not beyond:
        why += " (level 4 needs something beyond the musts)"
    if level >= 3 and (lack := _too_thin(own)):
        level, why = 2, f"{why}; held at 2 because {lack}"
    if shown > level:
        level, why = shown, f"{why}; raised to {shown} because {reason}"
    return _assessed(
        dimension,
        level,
        why,
        share=round(must_share, 4),
        evidence=_evidence(own),
        confidence="low" if len(musts) < 3 else "medium",
    )


def _earned(musts: Sequence[CheckpointResult], confirmed_wrong: frozenset[Key]) -> str:
    """The share of the musts as a sum that can be checked by hand."""
    full = sum(r.status is Status.COVERED for r in musts)
    counts = Counter(r.weight * r.credit for r in musts)
    terms = " + ".join(f"{n} × {_short(c)}" if n > 1 else _short(c) for c, n in sorted(counts.items())[::-1])
    lost = sum(r.weight for r in musts if (r.question, r.checkpoint) in confirmed_wrong)
    less = f", less {_short(lost)} for false statements that stayed after a probe" if lost else ""
    total = sum(r.weight for r in musts)
    return f"{full} of {len(musts)} musts covered; credited after help: ({terms}){less} of {_short(total)}"


def _short(number: float) -> str:
    return f"{number:.4g}"


def _verified_by_running(work: Round) -> tuple[int, str]:
    """The level that own cases and predictions show by themselves, with the reason: at most 3, for a machine cannot
    tell whether they were chosen well."""
    cases = sum(facts.own_cases for facts in work.code.values())
    right = sum(facts.predictions_right for facts in work.code.values())
    if cases >= 2 and right:
        return 3, f"{cases} cases of their own were run, {right} with the output predicted before and right"
    return (2, "a case of their own was run") if cases else (1, "")


def _went_beyond(own: Sequence[CheckpointResult], everything: Sequence[CheckpointResult]) -> bool:
    """A nice-to-have of this dimension, or of any when the questions offer none in this one."""
    nice = [r for r in own if r.kind == "nice"] or [r for r in everything if r.kind == "nice"]
    return any(r.status is Status.COVERED and r.credit > 0 for r in nice)


def _too_thin(own: Sequence[CheckpointResult]) -> str:
    """Levels 3 and 4 need two positive quotes, from two turns where more than one question asked for them."""
    quotes = {(q.turn, q.start, q.end) for r in own if r.credit > 0 for q in r.quotes}
    if len(quotes) < 2 and len([r for r in own if r.kind == "must"]) > 1:
        return "one quote is not enough for more"
    several = len({r.question for r in own if r.kind == "must"}) > 1
    if several and len({turn for turn, _, _ in quotes}) < 2:
        return "its evidence comes from one turn only"
    return ""


def _from_tests(work: Round, dimension: Dimension) -> DimensionResult:
    facts = list(work.code.values())
    if not facts:
        return _not_assessed(dimension, "no coding question was opened")
    levels = [code_level(f) for f in facts]
    known = [pair for pair in levels if pair is not None]
    if len(known) < len(levels):
        return _not_assessed(dimension, "the code was not run on the hidden tests")
    level = min(level for level, _ in known)
    return _assessed(dimension, level, "; ".join(why for _, why in known), confidence="high")


def code_level(facts: CodeFacts) -> tuple[int, str] | None:
    """Level of an implementation by executed tests, with the reason; None when that was not measured."""
    if facts.forbidden:
        return 1, f"uses what the task forbids: {', '.join(facts.forbidden)}"
    if not facts.written:
        return 1, "no code was written"
    if facts.hidden_share is None:
        if facts.visible_total and facts.visible_passed == 0:
            return 1, "fails every sample"
        return None
    passed = f"{facts.hidden_share:.0%} of the hidden tests pass"
    if facts.samples_pass is False and facts.visible_passed == 0:
        return 1, f"fails every sample; {passed}"
    if facts.hidden_share < 0.40:
        return 1, passed
    if facts.hidden_share < 0.70:
        return 2, passed
    if facts.hidden_share < 0.95:
        return 3, passed
    if facts.worse_complexity is True:
        return 3, f"{passed}, but it grows faster than asked"
    return 4, passed


def _from_reading(dimension: Dimension, reading: Reading) -> DimensionResult:
    if reading.level is None:
        return _not_assessed(dimension, reading.why or "the judge found too little to tell")
    return _assessed(
        dimension,
        reading.level,
        reading.why or "read against the anchors",
        evidence=tuple(
            Evidence(quote=q, about=dimension.id, positive=reading.level >= 3) for q in reading.quotes
        ),
        confidence="medium" if len(reading.quotes) > 1 else "low",
    )


def _from_structure(work: Round, dimension: Dimension) -> DimensionResult:
    found = structure_level(work.stories)
    if found is None:
        return _not_assessed(dimension, "no story was told")
    level, why = found
    evidence = story_evidence(work.judged, work.state)
    return _assessed(dimension, level, f"by form only, not by content: {why}", evidence=evidence)


def _assessed(
    dimension: Dimension,
    level: int,
    why: str,
    *,
    share: float | None = None,
    evidence: tuple[Evidence, ...] = (),
    confidence: Literal["low", "medium", "high"] = "low",
) -> DimensionResult:
    """A level with its anchor and the anchor one level up."""
    return DimensionResult(
        dimension=dimension.id,
        name=dimension.name,
        weight=dimension.weight,
        level=level,
        share=share,
        why=why,
        anchor=dimension.anchors.at(level),
        next_anchor=dimension.anchors.at(min(4, level + 1)),
        evidence=evidence,
        confidence=confidence,
    )


def _not_assessed(dimension: Dimension, why: str) -> DimensionResult:
    return DimensionResult(
        dimension=dimension.id, name=dimension.name, weight=dimension.weight, why=f"not assessed: {why}"
    )


def _cap_dimensions(
    work: Round, dimensions: list[DimensionResult], recital: bool | None, only_hypothetical: bool
) -> tuple[list[DimensionResult], list[CapApplied]]:
    facts = _facts(work, dimensions, recital, only_hypothetical)
    capped, applied = [], []
    for result in dimensions:
        mine: list[CapApplied] = []
        level = result.level
        for cap in work.rubric.caps:
            if level is None or cap.target != result.dimension or not holds(cap, facts):
                continue
            level, record = apply(cap, level)
            mine += [record] if record else []
        if mine and level is not None:
            anchors = work.rubric.dimension(result.dimension).anchors
            at = max(1, int(level))
            result = result.model_copy(
                update={
                    "level": level,
                    "capped": tuple(mine),
                    "why": f"{result.why}; capped at {level:g}: {mine[-1].why}",
                    "anchor": anchors.at(at),
                    "next_anchor": anchors.at(min(4, at + 1)),
                }
            )
        applied += mine
        capped.append(result)
    return capped, applied


def _cap_round(
    work: Round,
    score: float,
    dimensions: list[DimensionResult],
    recital: bool | None,
    only_hypothetical: bool,
) -> tuple[float, list[CapApplied]]:
    facts = _facts(work, dimensions, recital, only_hypothetical)
    applied: list[CapApplied] = []
    for cap in work.rubric.caps:
        if cap.target == "round" and holds(cap, facts):
            score, record = apply(cap, score)
            applied += [record] if record else []
    return score, applied


def _facts(
    work: Round, dimensions: Iterable[DimensionResult], recital: bool | None, only_hypothetical: bool
) -> Facts:
    return Facts(
        state=work.state,
        results=work.results,
        confirmed_wrong=work.confirmed_wrong,
        confronted=frozenset(work.confronted),
        code=work.code,
        levels={d.dimension: d.level for d in dimensions if d.level is not None},
        recital=recital,
        hypotheticals_only=only_hypothetical,
    )


def _checkpoint_results(
    current: QuestionState, question: Question, state: SessionState
) -> list[CheckpointResult]:
    """Results for the checkpoints that the candidate had a chance to show; the others are not assessed."""
    return [
        _checkpoint_result(current, question.id, c)
        for c in question.checkpoints
        if _gave_the_chance(current, question, c, state)
    ]


def _gave_the_chance(
    current: QuestionState, question: Question, checkpoint: Checkpoint, state: SessionState
) -> bool:
    """Whether a checkpoint was within reach: its dimension was talked about, or asked for.

    A long question goes through steps that ask for one dimension after another; a step that was never reached (the
    candidate ended early, time was short) gave no chance.
    """
    dimensions = {c.id: c.dimension for c in question.checkpoints}  # a stored session may know others
    talked_about = {dimensions.get(c) for c in (*current.progress, *current.probed)}
    if checkpoint.dimension in talked_about:
        return True
    steps = [p for p in state.the_plan.phases if p.kind == "work" and checkpoint.dimension in p.dimensions]
    reached = {u.phase for u in state.utterances if u.question == current.id}
    return not steps or any(p.id in reached for p in steps)


def _checkpoint_result(current: QuestionState, question: str, checkpoint: Checkpoint) -> CheckpointResult:
    found = current.progress.get(checkpoint.id) or Progress(
        Status.ABSENT,
        current.prompting_for(checkpoint.id),
        turn=0,
        why="asked, and not found in any answer",
    )
    counts, why = _best_earning(found, checkpoint)
    return CheckpointResult(
        question=question,
        checkpoint=checkpoint.id,
        statement=checkpoint.statement,
        dimension=checkpoint.dimension,
        kind=checkpoint.kind,
        weight=checkpoint.weight,
        status=counts.status,
        asked=True,
        prompting=counts.prompting,
        credit=credit(counts.status, counts.prompting),
        quotes=counts.quotes,
        why=why,
    )


def _best_earning(found: Progress, checkpoint: Checkpoint) -> tuple[Progress, str]:
    """The evidence that counts, with its reason: a part that was said before a deep hint can earn more than the whole
    after it, and saying more must never cost anything."""
    before = found.partly
    if before is None or checkpoint.kind != "must":
        return found, found.why
    if credit(before.status, before.prompting) <= credit(found.status, found.prompting):
        return found, found.why
    return before, f"{before.why}; said in full only with more help, which earns less than this part"


def _evidence(results: Iterable[CheckpointResult]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(quote=q, about=r.checkpoint, prompting=r.prompting, positive=r.status is not Status.WRONG)
        for r in results
        if r.status is not Status.ABSENT
        for q in r.quotes
    )


def _had_the_chance(current: QuestionState, state: SessionState) -> bool:
    """Whether the candidate answered, passed, or wrote code: a question that was only opened does not count."""
    if state.code(current.id).strip():
        return True
    judged = {j.turn for j in current.judgements}
    return any(j.intent in _ANSWERS for j in current.judgements) or any(
        t not in judged for t in current.answers
    )


def _nothing_readable(asked: Sequence[QuestionState]) -> bool:
    """Whether no answer at all could be read (another language throughout): that is not a row of misses."""
    answers = [j for q in asked for j in q.judgements if j.intent is Intent.ANSWER]
    return bool(answers) and all(j.status == "insufficient" for j in answers)


def _lost_answers(current: QuestionState) -> bool:
    """Whether an answer was not judged, so that what is absent may only be unseen."""
    return any(j.status == "failed" for j in current.judgements) or len(current.judgements) < len(
        current.answers
    )


def _too_much_lost(
    lost: Collection[str], asked: Sequence[QuestionState], questions: Mapping[str, Question], rubric: Rubric
) -> bool:
    """Whether more of the musts' weight could not be judged than a round may leave open. Only answers are lost to a
    failure, an "I don't know" never is: what is left would be a picture of what the candidate could not do."""
    if not any(d.evidence == "checkpoints" for d in rubric.dimensions):
        return False
    weights = {q.id: sum(c.weight for c in questions[q.id].checkpoints if c.kind == "must") for q in asked}
    return sum(weights[q] for q in lost) > (1 - MIN_ASSESSED) * sum(weights.values()) + 1e-9


def _unjudged_turns(state: SessionState) -> tuple[int, ...]:
    judged = {j.turn for q in state.questions.values() for j in q.judgements if j.status != "failed"}
    return tuple(t for q in state.questions.values() for t in q.answers if t not in judged)


def _confronted(state: SessionState) -> dict[Key, int]:
    """Checkpoints that were probed or challenged with time to answer -> the last turn in which they were."""
    found: dict[Key, int] = {}
    last = state.last_candidate_turn
    for utterance in state.utterances:
        move = utterance.move
        if move is None or utterance.turn > last or not move.checkpoint:
            continue
        if move.kind in (MoveKind.PROBE, MoveKind.CHALLENGE):
            found[utterance.question, move.checkpoint] = utterance.turn
    return found


def _survived(result: CheckpointResult, confronted: Mapping[Key, int], state: SessionState) -> bool:
    """Whether a false statement was confronted after it was made, and stayed."""
    said_at = state.questions[result.question].progress[result.checkpoint].turn
    return confronted.get((result.question, result.checkpoint), 0) > said_at


def _code(
    state: SessionState, asked: Iterable[QuestionState], given: Mapping[str, CodeFacts] | None
) -> dict[str, CodeFacts]:
    given = given or {}
    return {q.id: given.get(q.id) or code_facts(state, q.id) for q in asked}


def _hypotheticals_only(work: Round) -> bool:
    """Two probes or more, and nothing but what one would do (behavioural rounds)."""
    if not _has_structure(work.rubric) or not work.judged:
        return False
    probes = sum(len(q.probed) for q in work.state.questions.values())
    happened = sum(j.signals.get("action", 0) + j.signals.get("situation", 0) for j in work.judged)
    imagined = sum(j.signals.get("hypothetical", 0) for j in work.judged)
    return probes >= 2 and happened == 0 and imagined > 0


def _repeats(judged: Sequence[Judgement]) -> list[str]:
    """How often answers were read, and how far the readings agreed; nothing for a judge that reads once."""
    runs = {j.judge.runs for j in judged}
    if max(runs, default=1) < 2:
        return []
    times = f"{max(runs)}" if len(runs) == 1 else f"{min(runs)} to {max(runs)}"
    spread = sum(j.judge.spread for j in judged) / len(judged)
    return [
        f"Each answer was read {times} times and the median verdict counts; the readings differed on {spread:.0%} of "
        f"the verdicts."
    ]


def _has_structure(rubric: Rubric) -> bool:
    return any(d.evidence == "structure" for d in rubric.dimensions)


def _judge(state: SessionState) -> JudgeInfo:
    """The judge of the last judged answer; a spread is the mean over the answers."""
    judged = [j for q in state.questions.values() for j in q.judgements if j.status == "scored"]
    if not judged:
        return JudgeInfo(name="nobody", version="")
    names = sorted({j.judge.name for j in judged})
    last = judged[-1].judge
    spread = sum(j.judge.spread for j in judged) / len(judged)
    return last.model_copy(update={"name": " + ".join(names), "spread": round(spread, 4)})
