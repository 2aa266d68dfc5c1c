"""The session service: start, answer, resume, finish, as streams of typed updates.

Every step (accept, judge, decide, phrase, score, end) is committed to the log before the next begins, so that a process
that died re-enters at the missing step and never buys a committed step twice. Knows the seams (log, judge, interviewer,
scorer, library); does not know a page, a provider or a file.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

import bot
from bot.bank import Bank
from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.domain.judgement import Intent, JudgeInfo, Judgement, Status
from bot.domain.library import Citation
from bot.domain.moves import Move, MoveKind
from bot.domain.ports import Delta, Interviewer, Judge, JudgeRequest, Line, Scene, Spoken
from bot.domain.ports import Judged as JudgedAnswer
from bot.domain.session import SessionState, fold
from bot.errors import (
    Conflict,
    InputRefused,
    KnowledgeError,
    ModelError,
    NotFound,
    SandboxError,
    ScoringError,
    SessionClosed,
)
from bot.interview.flow import next_move
from bot.interview.intents import intent_of
from bot.interview.material import material_for
from bot.interview.planning import make_plan
from bot.interview.updates import (
    Accepted,
    Clock,
    Closed,
    Notice,
    Result,
    Said,
    ScoredRound,
    Scorer,
    StartRequest,
    Thinking,
    Update,
)
from bot.interview.workbench import Workbench, observed
from bot.model.errors import ModelFault
from bot.store.log import EventLog, SessionRow

if TYPE_CHECKING:
    from bot.coding import OwnCase

MAX_ANSWER = 16_000
"""Characters of one message: about 2,700 words, far more than anybody says in one turn."""
MAX_WORK = 65_536
"""Characters of code, notes or diagram."""
_KEPT_STATES = 256
_LINES_SHOWN = 8
"""Utterances that an interviewer's prompt may carry."""
_Payer = Literal["judge", "interviewer", "scorer"]
RULES = JudgeInfo(name="rules", version="1")


class Passages(Protocol):
    """The part of the article library that an interview needs."""

    def passage_for(self, text: str) -> Citation | None:
        """The passage nearest to the candidate's words, None when nothing is near enough."""
        ...


@dataclass
class _Room:
    """A session that this process has open: its state and the lock of its turn."""

    state: SessionState
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    stop: asyncio.Event = field(default_factory=asyncio.Event)


class SessionService:
    """Runs the sessions of one process. All methods are called from one event loop."""

    def __init__(
        self,
        *,
        log: EventLog,
        bank: Bank,
        judge: Judge,
        interviewer: Interviewer,
        scorer: Scorer,
        fallback: Judge | None = None,
        passages: Passages | None = None,
        workbench: Workbench | None = None,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self.bank = bank
        self._log = log
        self._judge = judge
        self._fallback = fallback
        self._interviewer = interviewer
        self._scorer = scorer
        self._passages = passages
        self._workbench = workbench
        self._clock = clock
        self._rooms: OrderedDict[str, _Room] = OrderedDict()
        self._places: dict[str, int] = {}  # sessions whose code waits for its turn

    # ------------------------------------------------------------------ reading

    def state(self, session: str, owner: str) -> SessionState:
        """The state of one's own session. Raises `NotFound` for any other."""
        state = self._room(session).state
        if state.owner != owner:
            raise NotFound("There is no such session.", hint="Open one from the list of your sessions.")
        return state

    def events(self, session: str, owner: str) -> list[ev.Event]:
        """The whole log of one's own session. Raises `NotFound`."""
        self.state(session, owner)
        return self._log.read(session)

    def sessions(self, owner: str) -> list[SessionRow]:
        """One's own sessions, newest first."""
        return self._log.sessions(owner)

    @property
    def judge_name(self) -> str:
        """Who judges new answers, for people."""
        return self._judge.name

    def now(self) -> datetime:
        """The service's clock."""
        return self._clock()

    # ------------------------------------------------------------------ acting

    def create(self, request: StartRequest) -> str:
        """Commit a new session and give its id; `resume` makes the interviewer speak. Raises `InputRefused`,
        `NotFound`. A `key` makes it idempotent: the same key gives the same session."""
        session = _session_id(request)
        if request.key is not None and self._log.exists(session):
            return session
        loop = self.bank.loop(request.loop)
        seed = request.seed if request.seed is not None else secrets.randbelow(2**31)
        plan = make_plan(
            loop=loop,
            round_id=request.round,
            questions=self.bank.of_round(request.round),
            rubric=self.bank.rubric(request.round),
            level=request.level,
            mode=request.mode,
            seed=seed,
            minutes=request.minutes,
            recent=self._recent(request.owner, request.round),
            wanted=request.questions,
            only=request.only,
            loop_run=request.loop_run,
            bank=self.bank.digest,
        )
        title = f"{request.round.label}, {request.level.value}"
        body = ev.Started(plan=plan, owner=request.owner, title=title, app_version=bot.__version__)
        self._log.create(session, body, self._clock(), key=request.key)
        return session

    async def start(self, request: StartRequest) -> AsyncGenerator[Update, None]:
        """Create a session and let the interviewer open it. The id is in `Said.move` no more than in any update:
        use `create` and `resume` when the id is needed first."""
        session = self.create(request)
        async with aclosing(self.resume(session, request.owner)) as updates:
            async for update in updates:
                yield update

    def accept(
        self,
        session: str,
        owner: str,
        text: str,
        *,
        key: str | None = None,
        seen: int | None = None,
        via: Literal["text", "button", "voice"] = "text",
    ) -> Accepted:
        """Commit the candidate's message; `resume` then answers it.

        `key` makes a double send one turn. `seen` is the number of the last utterance on the sender's screen:
        when the transcript is longer, somebody answered in another window and `Conflict` is raised. Raises
        `InputRefused` for an empty or endless message, `SessionClosed` after the end. Nothing is lost: on an
        error the page keeps the text.
        """
        state = self.state(session, owner)
        if key is not None and (earlier := self._sent(session, key)) is not None:
            return earlier
        message = clean_text(text)
        if state.ended:
            raise SessionClosed("This round has ended.", hint="Open its review, or start another round.")
        if not message:
            raise InputRefused("The message is empty.", hint="Write an answer, or use Hint or Skip.")
        if len(message) > MAX_ANSWER:
            raise InputRefused(
                f"The message has {len(message):,} characters; one turn may have {MAX_ANSWER:,}.",
                hint="Shorten it, or put code and long notes into the workspace. Your text is still in the box.",
            )
        if seen is not None and seen != len(state.utterances):
            raise Conflict(
                "The interview moved on in another window.", hint="Read on, then send your text again."
            )
        if state.pending != "candidate":
            raise Conflict(
                "The interviewer is still speaking.", hint="Your text is kept; send it in a moment."
            )
        if state.paused:
            self._commit(state, ev.Resumed())
        turn = len(state.utterances) + 1
        appended = self._commit(state, ev.CandidateSpoke(turn=turn, text=message, via=via), key=key)
        return Accepted(turn, message, appended.seq)

    async def answer(
        self, session: str, owner: str, text: str, *, key: str | None = None, seen: int | None = None
    ) -> AsyncGenerator[Update, None]:
        """Commit a message and stream what follows: `Accepted`, then the interviewer's turn, then the result when
        it was the last one."""
        yield self.accept(session, owner, text, key=key, seen=seen)
        async with aclosing(self.resume(session, owner)) as updates:
            async for update in updates:
                yield update

    async def finish(self, session: str, owner: str) -> AsyncGenerator[Update, None]:
        """End the round: the interviewer closes, the round is scored. Does nothing to one that has ended."""
        self.ask_finish(session, owner)
        async with aclosing(self.resume(session, owner)) as updates:
            async for update in updates:
                yield update

    def ask_finish(self, session: str, owner: str, by: Literal["candidate", "clock"] = "candidate") -> None:
        """Commit the wish to end; `resume` carries it out."""
        state = self.state(session, owner)
        if not state.ended and not state.finish_asked:
            self._commit(state, ev.FinishAsked(by=by))

    async def resume(self, session: str, owner: str) -> AsyncGenerator[Update, None]:
        """Carry out the steps that are missing until it is the candidate's turn (or the end). Does nothing when
        none is missing; a second caller waits for the first and then finds nothing to do."""
        self.state(session, owner)
        room = self._room(session)
        async with room.turn:
            room.stop.clear()
            while (step := self._step(room)) is not None:
                async with aclosing(step) as updates:
                    async for update in updates:
                        yield update

    def stop_speaking(self, session: str, owner: str) -> None:
        """Cut the interviewer's utterance short; what was said stays and is marked as stopped."""
        self.state(session, owner)
        self._room(session).stop.set()

    def save_work(
        self,
        session: str,
        owner: str,
        what: Literal["code", "tests", "notes", "diagram"],
        question: str,
        text: str,
    ) -> None:
        """Commit the workspace's text when it changed. Raises `InputRefused` when it is too long,
        `SessionClosed` after the end."""
        state = self.state(session, owner)
        if state.ended:
            raise SessionClosed("This round has ended.", hint="The code as it was then is in the review.")
        if len(text) > MAX_WORK:
            raise InputRefused(
                f"The text has {len(text):,} characters; {MAX_WORK:,} are kept.", hint="Shorten it."
            )
        if question not in state.the_plan.questions + state.the_plan.reserve:
            raise NotFound("This session has no such question.")
        clean = clean_text(text, strip=False)
        if state.work.get((what, question), "") != clean:
            self._commit(state, ev.WorkSaved(what=what, question=question, text=clean))

    async def run_code(
        self, session: str, owner: str, question: str, source: str, own: Sequence[OwnCase] = ()
    ) -> ev.CodeRan:
        """Keep the code, run it on the visible cases and on the candidate's own ones, and keep what that showed.

        Raises `SessionClosed`, `NoSafeEngine`, `SandboxError`, `TooManyRuns`.
        """
        self.save_work(session, owner, "code", question, source)
        if self._workbench is None:
            raise SandboxError("Code cannot be run here.", hint="Talk it through; the code is saved.")
        places = self._places
        try:
            body = await self._workbench.run(
                question,
                source,
                own=own,
                user=owner or session,
                on_place=lambda place: places.__setitem__(session, place),
            )
        finally:
            places.pop(session, None)
        self.note_run(session, owner, body)
        return body

    def place_in_queue(self, session: str, owner: str) -> int:
        """Where a run of this session's code waits: 1 is next, 0 when none waits."""
        self.state(session, owner)
        return self._places.get(session, 0)

    def note_run(self, session: str, owner: str, body: ev.CodeRan) -> None:
        """Commit what running the candidate's code showed."""
        state = self.state(session, owner)
        if not state.ended:
            self._commit(state, body)

    def pause(self, session: str, owner: str) -> None:
        """Stop the clock. Does nothing when it stands."""
        state = self.state(session, owner)
        if not state.paused and not state.ended:
            self._commit(state, ev.Paused())

    def unpause(self, session: str, owner: str) -> None:
        """Let the clock run again."""
        state = self.state(session, owner)
        if state.paused and not state.ended:
            self._commit(state, ev.Resumed())

    def self_assess(self, session: str, owner: str, levels: Mapping[str, int]) -> None:
        """Commit the candidate's own levels (empty: skipped)."""
        state = self.state(session, owner)
        if state.self_assessed is None:
            self._commit(state, ev.SelfAssessed(levels=dict(levels)))

    def add_assessment(self, session: str, owner: str, scored: ScoredRound) -> None:
        """Commit another assessment of a session (re-score); earlier ones are kept."""
        state = self.state(session, owner)
        self._commit(state, _scored(state, scored))

    def note_trouble(self, session: str, owner: str, trouble: ev.Trouble) -> None:
        """Commit that something outside failed, or is tried again."""
        self._commit(self.state(session, owner), trouble)

    def note_asked(self, session: str, owner: str, judge: str) -> None:
        """Commit that another assessment by that judge is wanted, or begun again."""
        self._commit(self.state(session, owner), ev.RescoreAsked(judge=judge))

    def note_bill(self, session: str, owner: str, calls: tuple[ev.CallRecord, ...]) -> None:
        """Commit calls that were paid for an assessment that came to nothing."""
        if calls:
            self._commit(self.state(session, owner), ev.Billed(where="scorer", calls=calls))

    def troubled(self, most: int) -> list[tuple[str, str]]:
        """The newest ended sessions (id, owner), of everybody, in which judging or scoring met trouble."""
        return self._log.troubled(most)

    def asked_again(self, since: datetime, most: int) -> list[tuple[str, str]]:
        """The newest sessions (id, owner), of everybody, that somebody wanted to have scored again since then."""
        return self._log.asked_again(since, most)

    def delete(self, session: str, owner: str) -> None:
        """Remove one's own session for good."""
        self.state(session, owner)
        self._log.delete([session])
        self._rooms.pop(session, None)

    # ------------------------------------------------------------------ steps

    def _step(self, room: _Room) -> AsyncGenerator[Update, None] | None:
        match room.state.pending:
            case "judge":
                return self._do_judge(room.state)
            case "decide":
                return self._do_decide(room.state)
            case "phrase":
                return self._do_phrase(room)
            case "score":
                return self._do_score(room.state)
            case "end":
                return self._do_end(room.state)
        return None

    async def _do_judge(self, state: SessionState) -> AsyncGenerator[Update, None]:
        turn = state.last_candidate_turn
        text = state.utterance(turn).text
        intent = intent_of(text)
        if intent is Intent.DONE and self._workbench is not None:
            # what the code really does must be known before the interviewer answers "I am done"
            yield Thinking("judge")
            for run in await self._workbench.final_runs(state):
                self._commit(state, run)
        if state.wrapped or state.question == "" or intent not in (Intent.ANSWER, Intent.CLARIFY):
            judgement = Judgement(
                question=state.question,
                turn=turn,
                status="insufficient",
                intent=intent,
                judge=RULES,
                why="a request",
            )
            self._commit(state, ev.Judged(turn=turn, judgement=judgement))
            return
        yield Thinking("judge")
        request = self._judge_request(state, turn)
        with self._billed(state, "judge", request.paid):
            judged, trouble = await self._judged(request)
        if trouble is not None:
            told = any(t.where == "judge" and t.line == trouble.line for t in state.trouble[-2:])
            self._commit(state, trouble)
            if not told:
                yield Notice(trouble.line)
        judgement = _with_intent(judged.judgement, intent)
        self._commit(state, ev.Judged(turn=turn, judgement=judgement, calls=judged.calls))

    @contextmanager
    def _billed(self, state: SessionState, where: _Payer, paid: list[ev.CallRecord]) -> Iterator[None]:
        """A step that is broken off (a shutdown, a bug) leaves the bill for its model calls in the log: the session is
        taken up again later, and the calls are made anew."""
        try:
            yield
        except BaseException:
            if paid:
                self._commit(state, ev.Billed(where=where, calls=tuple(paid)))
            raise

    async def _judged(self, request: JudgeRequest) -> tuple[JudgedAnswer, ev.Trouble | None]:
        """The judge's word; the fallback's when the judge fails; an explicit "failed" when both do."""
        try:
            return await self._judge.judge(request), None
        except (ModelError, ScoringError) as problem:
            line = "The judging model cannot be reached just now. The offline judge takes over; you can re-score later."
            trouble = ev.Trouble(where="judge", kind=type(problem).__name__, line=line)
            spent = tuple(request.paid)
        if self._fallback is not None:
            try:
                judged = await self._fallback.judge(request)
                return JudgedAnswer(judged.judgement, spent + judged.calls), trouble
            except ScoringError:
                pass
        failed = Judgement(
            question=request.question.id,
            turn=request.turn,
            status="failed",
            judge=JudgeInfo(name=self._judge.name, version=""),
            why=trouble.kind,
        )
        line = "This answer could not be judged just now. It is kept, and you can re-score the round later."
        return JudgedAnswer(failed, spent), trouble.model_copy(update={"line": line})

    def _judge_request(self, state: SessionState, turn: int) -> JudgeRequest:
        question = state.question
        lines = tuple(
            Line(u.turn, u.speaker, u.text)
            for u in state.utterances
            if u.question == question and u.turn <= turn
        )
        return JudgeRequest(
            question=self.bank.question(question),
            rubric=self.bank.rubric(state.the_plan.round),
            level=state.the_plan.level,
            lines=lines,
            turn=turn,
            code=state.code(),
            code_facts=observed(state, question, self.bank),
            notes=state.work.get(("notes", question), ""),
            spent=state.spent(),
        )

    async def _do_decide(self, state: SessionState) -> AsyncGenerator[Update, None]:
        move = next_move(state, self.bank.questions, self._clock())
        self._commit(state, ev.Decided(turn=state.last_candidate_turn, move=move))
        return
        yield  # a step is a stream, also one that says nothing

    async def _do_phrase(self, room: _Room) -> AsyncGenerator[Update, None]:
        state, move = room.state, room.state.pending_move
        assert move is not None, "a phrase step has a move"
        yield Thinking("phrase")
        material = material_for(move, state, self.bank.questions, await self._passage(state, move))
        scene = self._scene(state)
        said, heard, stopped = None, "", False
        with self._billed(state, "interviewer", scene.paid):
            stream = self._interviewer.phrase(material, scene)
            async with aclosing(stream), aclosing(_until(stream, room.stop)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Spoken):
                        said = piece
                        break
                    heard = heard + piece.text if isinstance(piece, Delta) else ""
                    yield piece
        if said is None:
            stopped = True
            by_model = bool(heard.strip() and scene.paid)
            said = Spoken(
                text=heard.strip() or material.authored,
                source="model" if by_model else "authored",
                calls=tuple(scene.paid),
            )
        if said.trouble:
            trouble = ev.Trouble(
                where="interviewer",
                kind=said.trouble,
                line="The model cannot be reached just now. The interview goes on with prepared questions.",
            )
            told = _fell_back(state)
            self._commit(state, trouble)
            if not told:
                yield Notice(trouble.line)
        body = ev.InterviewerSpoke(
            turn=len(state.utterances) + 1,
            reply_to=state.last_candidate_turn,
            move=move,
            text=said.text,
            source=said.source,
            why_fallback=said.why_fallback,
            guard=said.guard,
            stopped=stopped,
            citations=said.citations,
            calls=said.calls,
        )
        self._commit(state, body)
        yield Said(body.turn, body.text, move, body.source, state.seq)

    async def _passage(self, state: SessionState, move: Move) -> Citation | None:
        """The passage nearest to the candidate's last words; a broken index never stops an interview."""
        if self._passages is None or move.kind not in (MoveKind.PROBE, MoveKind.CHALLENGE):
            return None
        turn = state.last_candidate_turn
        if not turn:
            return None
        try:
            return await asyncio.to_thread(self._passages.passage_for, state.utterance(turn).text)
        except KnowledgeError:
            return None

    def _scene(self, state: SessionState) -> Scene:
        plan, question = state.the_plan, self.bank.questions.get(state.question)
        return Scene(
            round=plan.round,
            level=plan.level,
            mode=plan.mode,
            loop=plan.loop,
            question_title=question.title if question else "",
            question_opening=question.opening if question else "",
            lines=tuple(Line(u.turn, u.speaker, u.text) for u in state.utterances[-_LINES_SHOWN:]),
            notes=_notes(state, self.bank),
            code=state.code(),
            code_facts=observed(state, state.question, self.bank) if state.question else None,
            diagram=state.work.get(("diagram", state.question), ""),
            minutes_left=max(0.0, state.remaining_s(self._clock()) / 60),
            phase=state.phase,
            spent=state.spent(),
        )

    async def _do_score(self, state: SessionState) -> AsyncGenerator[Update, None]:
        yield Thinking("score")
        if self._workbench is not None:
            for run in await self._workbench.final_runs(state):
                self._commit(state, run)
        try:
            scored = await self._scorer(state)
        except (ModelError, ScoringError) as problem:
            if isinstance(problem, ModelFault) and problem.calls:
                self._commit(state, ev.Billed(where="scorer", calls=problem.calls))
            line = (
                "The round could not be scored just now. Everything is kept; score it again from its review."
            )
            self._commit(state, ev.Trouble(where="scorer", kind=type(problem).__name__, line=line))
            yield Notice(line)
            self._commit(state, _ended(state))
            yield Closed(state.ended, state.seq)
            return
        for trouble in scored.trouble:
            self._commit(state, trouble)
        self._commit(state, _scored(state, scored))
        if scored.trouble:
            yield Notice(scored.trouble[0].line)
        yield Result(scored.scorecard, state.seq)

    async def _do_end(self, state: SessionState) -> AsyncGenerator[Update, None]:
        self._commit(state, _ended(state))
        yield Closed(state.ended, state.seq)

    # ------------------------------------------------------------------ inside

    def _room(self, session: str) -> _Room:
        room = self._rooms.get(session)
        if room is None:
            log = self._log.read(session)
            if not log:
                raise NotFound("There is no such session.", hint="Open one from the list of your sessions.")
            room = self._rooms[session] = _Room(fold(log))
            while len(self._rooms) > _KEPT_STATES:
                oldest = next(iter(self._rooms))
                if self._rooms[oldest].turn.locked():
                    self._rooms.move_to_end(oldest)
                    break
                del self._rooms[oldest]
        self._rooms.move_to_end(session)
        return room

    def _commit(self, state: SessionState, body: ev.Body, *, key: str | None = None) -> ev.Event:
        """Append and take in. On a conflict (another process wrote) the cached state is dropped, so that the next look
        reads the log as it is."""
        try:
            appended = self._log.append(state.session, body, self._clock(), expected_seq=state.seq, key=key)
        except (Conflict, NotFound):
            self._rooms.pop(state.session, None)
            raise
        if appended.fresh:
            state.apply(appended.event)
        return appended.event

    def _sent(self, session: str, key: str) -> Accepted | None:
        """The message that was committed with this key before."""
        event = self._log.by_key(session, key)
        if event is None or not isinstance(event.body, ev.CandidateSpoke):
            return None
        return Accepted(event.body.turn, event.body.text, event.seq)

    def _recent(self, owner: str, round_id: RoundId) -> set[str]:
        """Questions of the last three sessions of this round, to be avoided."""
        rows = [row for row in self._log.sessions(owner) if row.round == round_id.value][:3]
        return {q for row in rows for q in self._room(row.id).state.the_plan.questions}


def clean_text(text: str, *, strip: bool = True) -> str:
    """Text that every store and page can hold: no NUL, no lone surrogates, unix line ends."""
    clean = (
        text.encode("utf-8", "replace").decode().replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    )
    return clean.strip() if strip else clean


async def _until(stream: AsyncIterator[Any], stop: asyncio.Event) -> AsyncGenerator[Any]:
    """The stream's items until it ends or `stop` is set, whichever comes first, also in the middle of a wait. However
    it is left, nothing of the stream goes on running."""
    stopping = asyncio.ensure_future(stop.wait())
    item: asyncio.Future[Any] | None = None
    try:
        while not stop.is_set():
            item = asyncio.ensure_future(anext(stream, None))
            await asyncio.wait({item, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not item.done() or (value := item.result()) is None:
                return
            yield value
    finally:
        stopping.cancel()
        if item is not None and not item.done():
            item.cancel()
            await asyncio.wait({item})


def _with_intent(judgement: Judgement, intent: Intent) -> Judgement:
    """A short question is a clarifying question when a fact answers it or when it holds no evidence."""
    if intent is not Intent.CLARIFY:
        return judgement
    says_something = any(
        v.status in (Status.COVERED, Status.PARTIAL, Status.WRONG) for v in judgement.verdicts
    )
    if judgement.fact is None and says_something:
        return judgement
    return judgement.model_copy(update={"intent": Intent.CLARIFY})


def _fell_back(state: SessionState) -> bool:
    """Whether the interviewer's last words that a model was asked for were authored ones already: an outage is told
    once, not at every turn of it."""
    spoken = (u.source for u in reversed(state.utterances) if u.source in ("model", "fallback"))
    return next(spoken, "") == "fallback"


def _notes(state: SessionState, bank: Bank) -> tuple[str, ...]:
    """One short line for each question that is behind us, so that the prompt needs no old turns."""
    done: Sequence[str] = [q.id for q in state.questions.values() if q.closed_s is not None]
    return tuple(f"Talked about: {bank.questions[q].title}" for q in done if q in bank.questions)[-6:]


def _scored(state: SessionState, scored: ScoredRound) -> ev.Scored:
    return ev.Scored(
        assessment=f"a{len(state.assessments) + 1}",
        scorecard=scored.scorecard,
        judgements=scored.judgements,
        calls=scored.calls,
    )


def _ended(state: SessionState) -> ev.Ended:
    last = state.utterances[-1].move if state.utterances else None
    reason = last.reason if last is not None else "done"
    return ev.Ended(reason="time" if reason == "time" else "stopped" if reason == "stop" else "finished")


def _session_id(request: StartRequest) -> str:
    """Unguessable, or derived from the key so that a double click starts one session."""
    if request.key is None:
        return secrets.token_hex(12)
    import hashlib

    return hashlib.sha256(f"{request.owner}\0{request.key}".encode()).hexdigest()[:24]
