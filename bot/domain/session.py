"""The state of a session, folded from its events. Pure: same events, same state.

Knows how evidence accumulates over a question (which prompting came before it) and how the clock runs;
does not decide anything (`bot/interview/flow.py`) nor score (`bot/scoring`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.domain import events as ev
from bot.domain.judgement import Intent, Judgement, Prompting, Quote, Status, Verdict
from bot.domain.library import Citation
from bot.domain.moves import Move, MoveKind
from bot.domain.plan import Plan
from bot.domain.ports import Spent
from bot.domain.scorecard import Scorecard

Pending = Literal["start", "judge", "decide", "phrase", "score", "end", "candidate", "nothing"]
"""The step that is missing: what `resume` must do next. `candidate`: it is the candidate's turn."""

_PROMPT_ORDER: tuple[Prompting, ...] = ("none", "probe", "hint1", "hint2", "hint3", "hint4", "hint5")


_NO_ANSWER = frozenset(
    {Intent.REPEAT, Intent.CLARIFY, Intent.WAIT, Intent.CONFUSED, Intent.SCORE_TALK, Intent.SKIP}
)
"""What a message can be without being an answer that brought nothing."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message of the transcript. `at_s` is seconds on the round's clock."""

    turn: int
    speaker: Literal["interviewer", "candidate"]
    text: str
    at: datetime
    at_s: float
    question: str
    phase: str = ""
    move: Move | None = None
    source: str = ""
    stopped: bool = False
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """The best evidence so far for one checkpoint. `prompting` is the help that came before it; `partly` is partial
    evidence from before that help, which this one completes."""

    status: Status
    prompting: Prompting
    turn: int
    quotes: tuple[Quote, ...] = ()
    why: str = ""
    contra: int | None = None
    partly: Progress | None = None


@dataclass
class QuestionState:
    """What happened around one question of the plan."""

    id: str
    opened_s: float
    closed_s: float | None = None
    answers: list[int] = field(default_factory=list)  # turns of the candidate
    judgements: list[Judgement] = field(default_factory=list)
    progress: dict[str, Progress] = field(default_factory=dict)
    probed: list[str] = field(default_factory=list)
    challenged: list[tuple[str, int]] = field(
        default_factory=list
    )  # (checkpoint, contra) that were confronted
    pushed: list[int] = field(default_factory=list)  # indices of the question's own challenges
    hints: int = 0
    hint_helps: dict[int, tuple[str, ...]] = field(default_factory=dict)
    redirects: int = 0
    dry: int = 0  # answers in a row without new evidence
    twisted: bool = False
    measured: bool = False  # the measured growth was put to the candidate

    def prompting_for(self, checkpoint: str) -> Prompting:
        """The strongest help given so far that bears on this checkpoint."""
        deepest = max(
            (k for k, helps in self.hint_helps.items() if not helps or checkpoint in helps), default=0
        )
        if deepest:
            return _PROMPT_ORDER[deepest + 1]
        asked = checkpoint in self.probed or any(c == checkpoint for c, _ in self.challenged)
        return "probe" if asked else "none"

    def covered(self, checkpoint: str) -> bool:
        """Whether this checkpoint has full evidence."""
        found = self.progress.get(checkpoint)
        return found is not None and found.status is Status.COVERED

    def learn(self, judgement: Judgement) -> bool:
        """Take a judgement in; tells whether it brought new evidence."""
        self.judgements.append(judgement)
        new = False
        for verdict in judgement.verdicts:
            before = self.progress.get(verdict.checkpoint)
            after = merge(before, verdict, self.prompting_for(verdict.checkpoint), judgement.turn)
            if after is not None and after != before:
                self.progress[verdict.checkpoint] = after
                new = new or verdict.status is not Status.WRONG
        if judgement.intent not in _NO_ANSWER:
            self.dry = 0 if new else self.dry + 1
        return new


def merge(before: Progress | None, verdict: Verdict, prompting: Prompting, turn: int) -> Progress | None:
    """The evidence for a checkpoint after one more verdict.

    Absence changes nothing. A later false statement overrides earlier evidence and a later correction
    overrides a false statement (with the help that came before it); more of the same changes nothing, so that
    credit keeps the prompting of the first full evidence.
    """
    if verdict.status is Status.ABSENT:
        return before
    after = Progress(verdict.status, prompting, turn, verdict.quotes, verdict.why, verdict.contra)
    if before is None or before.status is verdict.status is Status.WRONG:
        return after if before is None else before
    if verdict.status is Status.WRONG or before.status is Status.WRONG:
        return after
    if before.status is Status.PARTIAL and verdict.status is Status.COVERED:
        return replace(after, partly=before)
    return before


@dataclass
class SessionState:
    """Everything that the policy, the scorer and the page need to know. Built by `fold` only."""

    session: str = ""
    owner: str = ""
    title: str = ""
    plan: Plan | None = None
    seq: int = 0
    created: datetime | None = None
    updated: datetime | None = None
    utterances: list[Utterance] = field(default_factory=list)
    questions: dict[str, QuestionState] = field(default_factory=dict)
    question: str = ""  # the current one
    phase: str = ""
    phase_since_s: float = 0.0
    pending: Pending = "start"
    pending_move: Move | None = None
    last_judgement: Judgement | None = None
    work: dict[tuple[str, str], str] = field(default_factory=dict)  # (what, question) -> newest text
    runs: list[tuple[datetime, float, ev.CodeRan]] = field(default_factory=list)
    trouble: list[ev.Trouble] = field(default_factory=list)
    self_assessed: dict[str, int] | None = None
    assessments: list[tuple[str, datetime, Scorecard]] = field(default_factory=list)
    finish_asked: bool = False
    finish_by: str = ""
    wrapped: bool = False
    ended: str = ""
    paused: bool = False
    calls: list[ev.CallRecord] = field(default_factory=list)  # every model call of the session
    calls_before_turn: int = 0  # how many of them were made before the candidate's last message
    _clock_from: datetime | None = None
    _clock_s: float = 0.0

    def elapsed_s(self, now: datetime) -> float:
        """Seconds on the round's clock at `now`; pauses and the time after the end do not count."""
        if self._clock_from is None:
            return self._clock_s
        return self._clock_s + max(0.0, (now - self._clock_from).total_seconds())

    def remaining_s(self, now: datetime) -> float:
        """Seconds left of the round, negative once it runs over."""
        return self.the_plan.minutes * 60 - self.elapsed_s(now)

    @property
    def the_plan(self) -> Plan:
        """The plan of a session that was started. Raises ValueError on an empty log."""
        if self.plan is None:
            raise ValueError("the session has no start event")
        return self.plan

    @property
    def current(self) -> QuestionState | None:
        """The state of the question that is being asked."""
        return self.questions.get(self.question)

    @property
    def scorecard(self) -> Scorecard | None:
        """The newest assessment."""
        return self.assessments[-1][2] if self.assessments else None

    def spent(self) -> Spent:
        """What the model calls of the session used, as the caps count it."""
        turn = self.calls[self.calls_before_turn :]
        return Spent(
            tokens=sum(c.input_tokens + c.output_tokens for c in self.calls),
            usd=sum(c.usd or 0.0 for c in self.calls),
            turn_tokens=sum(c.input_tokens + c.output_tokens for c in turn),
            turn_usd=sum(c.usd or 0.0 for c in turn),
            turn_calls=len(turn),
        )

    @property
    def last_candidate_turn(self) -> int:
        """Number of the candidate's last utterance, 0 before the first."""
        return next((u.turn for u in reversed(self.utterances) if u.speaker == "candidate"), 0)

    def utterance(self, turn: int) -> Utterance:
        """The utterance of that number. Raises KeyError."""
        if 1 <= turn <= len(self.utterances):
            return self.utterances[turn - 1]
        raise KeyError(turn)

    def code(self, question: str = "") -> str:
        """The newest code for a question (default: the current one)."""
        return self.work.get(("code", question or self.question), "")

    def last_run(self, question: str = "") -> ev.CodeRan | None:
        """The newest run of a question's code (default: the current one)."""
        wanted = question or self.question
        return next((body for _, _, body in reversed(self.runs) if body.question == wanted), None)

    def apply(self, event: ev.Event) -> None:
        """Take one event in. Events must come in order of `seq`."""
        self.session = event.session
        self.seq = event.seq
        self.updated = event.at
        body = event.body
        match body:
            case ev.Started():
                self.plan, self.owner, self.title, self.created = body.plan, body.owner, body.title, event.at
                self.phase = body.plan.phases[0].id
                self.pending = "decide"
            case ev.CandidateSpoke():
                self._hear(body, event.at)
            case ev.Judged():
                self.calls += body.calls
                self.last_judgement = body.judgement
                if (current := self.current) is not None and current.closed_s is None:
                    current.learn(body.judgement)
                self.pending = "decide"
            case ev.Decided():
                self.pending_move, self.pending = body.move, "phrase"
            case ev.InterviewerSpoke():
                self._speak(body, event.at)
            case ev.WorkSaved():
                self.work[body.what, body.question] = body.text
            case ev.CodeRan():
                self.runs.append((event.at, self.elapsed_s(event.at), body))
            case ev.Paused():
                self._clock_s, self._clock_from, self.paused = self.elapsed_s(event.at), None, True
            case ev.Resumed():
                if self.paused and not self.ended:
                    self._clock_from = event.at
                self.paused = False
            case ev.Trouble():
                self.trouble.append(body)
            case ev.Billed():
                self.calls += body.calls
            case ev.FinishAsked():
                self.finish_asked, self.finish_by = True, body.by
                if self.pending == "candidate":
                    self.pending = "decide"
            case ev.SelfAssessed():
                self.self_assessed = dict(body.levels)
            case ev.Scored():
                self.calls += body.calls
                self.assessments.append((body.assessment, event.at, body.scorecard))
                if self.pending == "score":
                    self.pending = "end"
            case ev.Ended():
                self._clock_s, self._clock_from = self.elapsed_s(event.at), None
                self.ended, self.pending = body.reason, "nothing"

    def _hear(self, body: ev.CandidateSpoke, at: datetime) -> None:
        self.calls_before_turn = len(self.calls)
        self.utterances.append(
            Utterance(
                turn=body.turn,
                speaker="candidate",
                text=body.text,
                at=at,
                at_s=self.elapsed_s(at),
                question=self.question,
                phase=self.phase,
            )
        )
        if (current := self.current) is not None and current.closed_s is None:
            current.answers.append(body.turn)
        self.pending = "judge"

    def _speak(self, body: ev.InterviewerSpoke, at: datetime) -> None:
        if self._clock_from is None and not self.paused and not self.ended:
            self._clock_from = at
        self.calls += body.calls
        move, now_s = body.move, self.elapsed_s(at)
        self._note_move(move, now_s)
        self.utterances.append(
            Utterance(
                turn=body.turn,
                speaker="interviewer",
                text=body.text,
                at=at,
                at_s=now_s,
                question=self.question,
                phase=self.phase,
                move=move,
                source=body.source,
                stopped=body.stopped,
                citations=body.citations,
            )
        )
        self.pending_move = None
        if move.kind is MoveKind.CLOSE:
            self.pending = "score"
        else:
            self.pending = "decide" if self.finish_asked else "candidate"

    def _note_move(self, move: Move, now_s: float) -> None:
        if move.phase and move.phase != self.phase:
            self.phase, self.phase_since_s = move.phase, now_s
        if move.kind in (MoveKind.OPEN, MoveKind.ASK):
            self._close_current(now_s)
            self.question = move.question
            self.questions.setdefault(move.question, QuestionState(move.question, now_s))
            return
        if move.kind in (MoveKind.WRAP, MoveKind.CLOSE):
            self._close_current(now_s)
            self.wrapped = True
        current = self.current
        if current is None:
            return
        if move.kind is MoveKind.PROBE:
            current.probed.append(move.checkpoint)
        elif move.kind is MoveKind.HINT and move.hint is not None:
            current.hints = max(current.hints, move.hint)
            current.hint_helps[move.hint] = move.helps
        elif move.kind is MoveKind.REDIRECT:
            current.redirects += 1
        elif move.kind is MoveKind.CHALLENGE:
            self._note_challenge(current, move)

    @staticmethod
    def _note_challenge(current: QuestionState, move: Move) -> None:
        if move.reason == "twist":
            current.twisted = True
        elif move.reason == "measured":
            current.measured = True
        elif move.challenge is not None:
            current.pushed.append(move.challenge)
        else:
            current.challenged.append((move.checkpoint, move.contra or 0))

    def _close_current(self, now_s: float) -> None:
        if (current := self.current) is not None and current.closed_s is None:
            current.closed_s = now_s


def fold(log: Iterable[ev.Event]) -> SessionState:
    """The state after a whole log. An empty log gives a state whose `pending` is `start`."""
    state = SessionState()
    for event in log:
        state.apply(event)
    return state
