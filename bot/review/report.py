"""One session as a value that people and programs read: transcript, clock, work, assessments.

`report_of` projects it from the folded log; `bot/review/export.py` writes it as JSON, Markdown and HTML; the
page draws it. `Report` is a published format (`prompts/schema/session-report.schema.json`): fields are added,
never changed. Does not know a page nor a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from bot.domain.base import Level, Mode, RoundId, Value
from bot.domain.content import Question
from bot.domain.events import CodeRan, Event
from bot.domain.judgement import Status
from bot.domain.library import Citation
from bot.domain.moves import Move, MoveKind
from bot.domain.scorecard import CheckpointResult, Scorecard
from bot.domain.session import SessionState, Utterance

FORMAT = "rehearsal-session/1"

_MOVES = {
    MoveKind.OPEN: "opened the round",
    MoveKind.ASK: "asked the next question",
    MoveKind.CLARIFY: "answered your question",
    MoveKind.PROBE: "probed for what was missing",
    MoveKind.CHALLENGE: "challenged",
    MoveKind.REPEAT: "repeated the question",
    MoveKind.LISTEN: "let you work",
    MoveKind.REDIRECT: "came back to the question",
    MoveKind.PHASE: "moved on, on time",
    MoveKind.WRAP: "asked for your questions",
    MoveKind.CLOSE: "closed the round",
}


def move_label(move: Move | None) -> str:
    """What the interviewer did, in words; empty for the candidate's own turns."""
    if move is None:
        return ""
    if move.kind is MoveKind.HINT:
        return f"gave hint {move.hint} of 5"
    return _MOVES[move.kind]


class Turn(Value):
    """One message. `at_s` is seconds on the round's clock; `did` says which move the interviewer made."""

    turn: int
    speaker: Literal["interviewer", "candidate"]
    text: str
    at_s: float
    question: str = ""
    phase: str = ""
    did: str = ""
    source: str = ""
    stopped: bool = False
    citations: tuple[Citation, ...] = ()


class PhaseTime(Value):
    """A stretch of the round, in seconds on its clock, with the seconds that the plan gave it."""

    name: str
    start_s: float
    end_s: float
    planned_s: float = 0.0


class Moment(Value):
    """Something worth a mark on the time line."""

    at_s: float
    kind: Literal["hint", "probe", "challenge", "tests"]
    label: str
    turn: int | None = None


class Run(Value):
    """The candidate's code was run: the code itself and what came out (`bot.coding.Report` as JSON)."""

    at_s: float
    question: str
    scope: str
    passed: int
    total: int
    source: str
    report: dict[str, Any]


class Assessed(Value):
    """An assessment with its name and time; the last of several is the one that the page shows."""

    assessment: str
    at: datetime
    scorecard: Scorecard


class Report(Value):
    """A whole session. `events` is the log itself, so that an export can be read back without loss."""

    format: Literal["rehearsal-session/1"] = "rehearsal-session/1"
    session: str
    title: str
    round: RoundId
    level: Level
    mode: Mode
    loop: str
    created: datetime | None
    updated: datetime | None
    ended: str  # how it ended; empty while it runs
    minutes: float = Field(gt=0)  # planned
    used_s: float
    hints: int
    questions: dict[str, str]  # id -> title, in the order in which they were asked
    turns: tuple[Turn, ...]
    phases: tuple[PhaseTime, ...]
    moments: tuple[Moment, ...]
    runs: tuple[Run, ...]
    work: dict[str, dict[str, str]]  # question -> {"code" | "tests" | "notes" | "diagram": text}
    self_assessed: dict[str, int] | None
    assessments: tuple[Assessed, ...]
    events: tuple[Event, ...] = ()

    @property
    def scorecard(self) -> Scorecard | None:
        """The newest assessment, if there is one."""
        return self.assessments[-1].scorecard if self.assessments else None

    def turn(self, number: int) -> Turn:
        """The turn of that number. Raises KeyError."""
        if 1 <= number <= len(self.turns):
            return self.turns[number - 1]
        raise KeyError(number)


def report_of(
    state: SessionState, now: datetime, titles: Mapping[str, str], events: tuple[Event, ...] = ()
) -> Report:
    """The report of a session at `now`. `titles` gives question ids their titles (ids are shown without)."""
    plan = state.the_plan
    return Report(
        session=state.session,
        title=state.title or plan.round.label,
        round=plan.round,
        level=plan.level,
        mode=plan.mode,
        loop=plan.loop,
        created=state.created,
        updated=state.updated,
        ended=state.ended,
        minutes=plan.minutes,
        used_s=round(state.elapsed_s(now), 1),
        hints=sum(question.hints for question in state.questions.values()),
        questions={key: titles.get(key, key) for key in state.questions},
        turns=tuple(_turn(u) for u in state.utterances),
        phases=_phases(state, now, titles),
        moments=_moments(state),
        runs=tuple(_run(at_s, ran) for _, at_s, ran in state.runs),
        work=_work(state),
        self_assessed=state.self_assessed,
        assessments=tuple(Assessed(assessment=n, at=at, scorecard=s) for n, at, s in state.assessments),
        events=events,
    )


def titles_of(questions: Mapping[str, Question]) -> dict[str, str]:
    """Question id -> title."""
    return {key: question.title for key, question in questions.items()}


def _turn(utterance: Utterance) -> Turn:
    return Turn(
        turn=utterance.turn,
        speaker=utterance.speaker,
        text=utterance.text,
        at_s=round(utterance.at_s, 1),
        question=utterance.question,
        phase=utterance.phase,
        did=move_label(utterance.move),
        source=utterance.source,
        stopped=utterance.stopped,
        citations=utterance.citations,
    )


def _phases(state: SessionState, now: datetime, titles: Mapping[str, str]) -> tuple[PhaseTime, ...]:
    """Stretches between changes of phase; a phase of several questions is cut at each of them."""
    plan = state.the_plan
    names = {phase.id: phase for phase in plan.phases}
    boxes = dict(zip(plan.questions, plan.question_s, strict=False))
    cuts: list[tuple[float, str, float]] = []
    last: tuple[str, str] | None = None
    for utterance in state.utterances:
        phase = names.get(utterance.phase)
        cut_by_question = phase is not None and phase.kind in ("questions", "intro") and utterance.question
        here = (utterance.phase, utterance.question if cut_by_question else "")
        if here == last:
            continue
        last = here
        if cut_by_question:
            cuts.append(
                (utterance.at_s, titles.get(utterance.question, utterance.question), boxes.get(here[1], 0.0))
            )
        elif phase is not None:
            cuts.append((utterance.at_s, phase.name, phase.ends_s - phase.starts_s))
    ends = [start for start, _, _ in cuts[1:]] + [state.elapsed_s(now)]
    return tuple(
        PhaseTime(name=name, start_s=round(start, 1), end_s=round(max(start, end), 1), planned_s=planned)
        for (start, name, planned), end in zip(cuts, ends, strict=True)
    )


def _moments(state: SessionState) -> tuple[Moment, ...]:
    marks: list[Moment] = []
    for utterance in state.utterances:
        move = utterance.move
        if move is None:
            continue
        kinds: dict[MoveKind, Literal["hint", "probe", "challenge"]] = {
            MoveKind.HINT: "hint",
            MoveKind.PROBE: "probe",
            MoveKind.CHALLENGE: "challenge",
        }
        if move.kind in kinds:
            label = {"hint": f"Hint {move.hint}", "probe": "Probed", "challenge": "Challenged"}[
                kinds[move.kind]
            ]
            marks.append(
                Moment(at_s=round(utterance.at_s, 1), kind=kinds[move.kind], label=label, turn=utterance.turn)
            )
    for _, at_s, ran in state.runs:
        passed, total = tests_passed(ran)
        marks.append(Moment(at_s=round(at_s, 1), kind="tests", label=f"Tests: {passed} of {total} pass"))
    return tuple(sorted(marks, key=lambda m: m.at_s))


def tests_passed(ran: CodeRan) -> tuple[int, int]:
    """Cases accepted and cases in all of one run."""
    visible = ran.report.get("visible") or []
    hidden = ran.report.get("hidden") or {}
    passed = sum(case.get("verdict") == "accepted" for case in visible) + int(hidden.get("passed") or 0)
    return passed, len(visible) + int(hidden.get("total") or 0)


def _run(at_s: float, ran: CodeRan) -> Run:
    passed, total = tests_passed(ran)
    return Run(
        at_s=round(at_s, 1),
        question=ran.question,
        scope=ran.scope,
        passed=passed,
        total=total,
        source=ran.source,
        report=ran.report,
    )


def _work(state: SessionState) -> dict[str, dict[str, str]]:
    work: dict[str, dict[str, str]] = {}
    for (what, question), text in state.work.items():
        if text:
            work.setdefault(question, {})[what] = text
    return work


class Gap(Value):
    """Own view against the assessment, in levels; `delta` is own minus assessed."""

    dimension: str
    name: str
    own: int
    assessed: float
    delta: float


def gaps(report: Report) -> tuple[Gap, ...]:
    """Where the candidate's own levels and the assessed ones differ; dimensions without either are left out."""
    card = report.scorecard
    if card is None or not report.self_assessed:
        return ()
    return tuple(
        Gap(
            dimension=d.dimension,
            name=d.name,
            own=report.self_assessed[d.dimension],
            assessed=d.level,
            delta=round(report.self_assessed[d.dimension] - d.level, 1),
        )
        for d in card.dimensions
        if d.level is not None and d.dimension in report.self_assessed
    )


def weakest_question(card: Scorecard) -> str:
    """The question that lost the most credit; empty when nothing was lost or nothing was asked."""
    lost: dict[str, float] = {}
    for result in card.checkpoints:
        if result.kind == "must":
            lost[result.question] = lost.get(result.question, 0.0) + result.weight * (1 - result.credit)
    worst = max(lost, key=lambda q: lost[q], default="")
    return worst if worst and lost[worst] > 0 else ""


def missed(card: Scorecard) -> tuple[CheckpointResult, ...]:
    """Checkpoints that were not shown in full, those that matter most first."""
    open_ones = [c for c in card.checkpoints if c.status is not Status.COVERED]
    return tuple(sorted(open_ones, key=lambda c: (c.kind != "must", -c.weight * (1 - c.credit))))


@dataclass(frozen=True, slots=True)
class Repeated:
    """A question that was answered in an earlier session as well. `rows`: (statement, status then, status now)."""

    question: str
    title: str
    at: datetime
    rows: tuple[tuple[str, Status, Status], ...]
    before: str  # the first answer then
    now: str  # the first answer now


def repeated(report: Report, earlier: Report) -> tuple[Repeated, ...]:
    """The questions that both sessions asked and assessed."""
    card, old = report.scorecard, earlier.scorecard
    if card is None or old is None or earlier.created is None:
        return ()
    then = {(c.question, c.checkpoint): c for c in old.checkpoints}
    found = []
    for question, title in report.questions.items():
        rows = tuple(
            (c.statement, then[question, c.checkpoint].status, c.status)
            for c in card.checkpoints
            if c.question == question and (question, c.checkpoint) in then
        )
        if rows:
            answers = _first_answer(earlier, question), _first_answer(report, question)
            found.append(Repeated(question, title, earlier.created, rows, *answers))
    return tuple(found)


def _first_answer(report: Report, question: str) -> str:
    return next((t.text for t in report.turns if t.speaker == "candidate" and t.question == question), "")
