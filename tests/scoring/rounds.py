"""Builds folded sessions for scoring tests: a log as the session service writes it, judged by the offline judge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain import events as ev
from bot.domain.base import Level, Mode, RoundId
from bot.domain.content import Question, Rubric
from bot.domain.judgement import Intent, JudgeInfo, Judgement
from bot.domain.moves import Move, MoveKind
from bot.domain.plan import Plan, PlannedPhase
from bot.domain.ports import JudgeRequest, Line
from bot.domain.session import SessionState, fold
from bot.scoring.offline import judge_answer

START = datetime(2026, 1, 1, tzinfo=UTC)


class Script:
    """A session under construction. `say` and `hear` add one utterance each, in turn."""

    def __init__(
        self, questions: list[Question], rubric: Rubric, *, round_id: RoundId = RoundId.PHONE_SCREEN
    ) -> None:
        self.questions = {q.id: q for q in questions}
        self.rubric = rubric
        self.log: list[ev.Event] = []
        plan = Plan(
            round=round_id,
            level=Level.MID,
            mode=Mode.PRACTICE,
            loop="standard",
            minutes=45,
            questions=tuple(self.questions),
            question_s=tuple(300.0 for _ in self.questions),
            phases=(
                PlannedPhase(
                    id="work", name="Work", kind="questions", starts_s=0, ends_s=2700, announce="Go."
                ),
            ),
            rubric=rubric.id,
            rubric_version=rubric.version,
            greeting="Hello.",
            closing="Thanks.",
        )
        self.add(ev.Started(plan=plan))

    def add(self, body: ev.Body) -> Script:
        """Append one event."""
        seq = len(self.log) + 1
        self.log.append(ev.Event(session="s", seq=seq, at=START + timedelta(seconds=10 * seq), body=body))
        return self

    @property
    def state(self) -> SessionState:
        return fold(self.log)

    def say(self, move: Move, text: str) -> Script:
        """The interviewer makes a move."""
        turn = len(self.state.utterances) + 1
        return self.add(ev.InterviewerSpoke(turn=turn, reply_to=turn - 1, move=move, text=text))

    def ask(self, question: str) -> Script:
        """The interviewer opens a question of the plan."""
        kind = MoveKind.ASK if self.state.utterances else MoveKind.OPEN
        return self.say(Move(kind=kind, reason="start", question=question), self.questions[question].opening)

    def probe(self, question: str, checkpoint: str) -> Script:
        move = Move(kind=MoveKind.PROBE, reason="missing", question=question, checkpoint=checkpoint)
        return self.say(move, self.questions[question].checkpoint(checkpoint).probe)

    def hint(self, question: str, number: int) -> Script:
        hint = self.questions[question].hints[number - 1]
        move = Move(kind=MoveKind.HINT, reason="stuck", question=question, hint=number, helps=hint.helps)
        return self.say(move, hint.text)

    def hear(self, text: str, *, fail: bool = False, intent: Intent = Intent.ANSWER) -> Script:
        """The candidate answers; judged offline, by rule for a request, or not at all (`fail`)."""
        state = self.state
        turn = len(state.utterances) + 1
        self.add(ev.CandidateSpoke(turn=turn, text=text))
        judgement = self._judge(state.question, turn, fail, intent)
        return self.add(ev.Judged(turn=turn, judgement=judgement))

    def _judge(self, question: str, turn: int, fail: bool, intent: Intent) -> Judgement:
        rules = JudgeInfo(name="rules", version="1")
        if fail:
            return Judgement(question=question, turn=turn, status="failed", judge=rules, why="ModelError")
        if intent is not Intent.ANSWER:
            return Judgement(question=question, turn=turn, status="insufficient", intent=intent, judge=rules)
        lines = tuple(
            Line(u.turn, u.speaker, u.text) for u in self.state.utterances if u.question == question
        )
        return judge_answer(JudgeRequest(self.questions[question], self.rubric, Level.MID, lines, turn))
