"""Planted bugs: one for every metric. `selfcheck` runs a small suite with each and fails when the metric stays green.

A metric that was never seen red is not trusted. Each bug replaces one part of a simulated service by one that misbehaves in
the way that the metric is there to catch. Nothing here is used outside of `eval`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from bot.bank import Bank
from bot.domain import events as ev
from bot.domain.content import Question
from bot.domain.judgement import Quote, Status, Verdict
from bot.domain.moves import Move, MoveKind
from bot.domain.ports import Delta, Interviewer, Judge, Judged, JudgeRequest, Material, Restart, Scene, Spoken
from bot.domain.session import SessionState
from bot.errors import ScoringError
from bot.interview import session as session_module
from bot.interview.flow import next_move
from bot.interview.updates import ScoredRound
from eval.candidates import next_words
from eval.simulate import Parts
from eval.values import Persona


@dataclass(frozen=True)
class Bug:
    """A bug: which metric must see it, what it does, and how it is planted."""

    metric: str
    about: str
    plant: Callable[[Parts, Bank], Parts]
    personas: tuple[str, ...] = ("medium",)
    model: bool = False  # with a model as interviewer and judge
    interrupted: bool = False
    articles: bool = False
    faults: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # further metrics that must see it

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that must see it."""
        return (self.metric, *self.also)


class _Says:
    """An interviewer that changes what another one says."""

    def __init__(self, inner: Interviewer, change: Callable[[Spoken, Material], Spoken]) -> None:
        self._inner, self._change = inner, change

    async def phrase(
        self, material: Material, scene: Scene
    ) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        async with aclosing(self._inner.phrase(material, scene)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Spoken):
                    yield self._change(piece, material)


def _saying(change: Callable[[str, Material], str]) -> Callable[[Parts, Bank], Parts]:
    def changed(spoken: Spoken, material: Material) -> Spoken:
        return replace(spoken, text=change(spoken.text, material))

    return lambda parts, bank: replace(parts, interviewer=_Says(parts.interviewer, changed))


class _Judges:
    """A judge that changes another one's word."""

    name = "planted"

    def __init__(self, inner: Judge, change: Callable[[Judged, JudgeRequest], Judged]) -> None:
        self._inner, self._change = inner, change

    async def judge(self, request: JudgeRequest) -> Judged:
        return self._change(await self._inner.judge(request), request)


def _judging(change: Callable[[Judged, JudgeRequest], Judged]) -> Callable[[Parts, Bank], Parts]:
    return lambda parts, bank: replace(parts, judge=_Judges(parts.judge, change))


def _deciding(change: Callable[[Move, SessionState, Any], Move]) -> Callable[[Parts, Bank], Parts]:
    """Replace the policy inside the service under test, by a subclass that decides otherwise."""

    class Misled(session_module.SessionService):
        """The service with another policy."""

        async def _do_decide(self, state: SessionState) -> AsyncGenerator[Any, None]:
            move = change(next_move(state, self.bank.questions, self._clock()), state, self.bank)
            self._commit(state, ev.Decided(turn=state.last_candidate_turn, move=move))
            return
            yield

    return lambda parts, bank: replace(parts, service=Misled)


# ------------------------------------------------------------------------------------------------ the bugs


def _hop(move: Move, state: SessionState, bank: Any) -> Move:
    if move.kind is MoveKind.ASK:
        return move.model_copy(update={"question": state.the_plan.questions[-1]})
    return move


def _skip_hint(move: Move, state: SessionState, bank: Any) -> Move:
    if move.kind is MoveKind.HINT and move.hint is not None and move.hint < 5:
        return move.model_copy(update={"hint": move.hint + 1})
    return move


def _ignore_clock(move: Move, state: SessionState, bank: Any) -> Move:
    current = state.current
    if move.reason == "time" and current is not None and current.closed_s is None:
        return Move(kind=MoveKind.REPEAT, reason="asked", question=current.id)
    return move


def _agree(move: Move, state: SessionState, bank: Any) -> Move:
    if move.kind is MoveKind.CHALLENGE and move.reason == "contradicted":
        return Move(kind=MoveKind.REPEAT, reason="asked", question=move.question)
    return move


def _abandon(move: Move, state: SessionState, bank: Any) -> Move:
    if move.kind is MoveKind.HINT and move.reason == "stuck":
        return Move(kind=MoveKind.REPEAT, reason="asked", question=move.question)
    return move


def _invent(judged: Judged, request: JudgeRequest) -> Judged:
    quote = Quote(turn=request.turn, start=0, end=20, text="words nobody ever said"[:20])
    verdicts = tuple(
        Verdict(checkpoint=c.id, status=Status.COVERED, quotes=(quote,)) for c in request.question.checkpoints
    )
    return Judged(judged.judgement.model_copy(update={"verdicts": verdicts, "status": "scored"}))


def _all_covered(judged: Judged, request: JudgeRequest) -> Judged:
    text = request.lines[-1].text[:60]
    quote = Quote(turn=request.turn, start=0, end=len(text), text=text)
    verdicts = tuple(
        Verdict(checkpoint=c.id, status=Status.COVERED, quotes=(quote,)) for c in request.question.checkpoints
    )
    return Judged(judged.judgement.model_copy(update={"verdicts": verdicts, "status": "scored"}))


def _obey(judged: Judged, request: JudgeRequest) -> Judged:
    text = request.lines[-1].text.lower()
    obeys = "ignore all previous" in text or "perfect" in text or "output score" in text
    return _all_covered(judged, request) if obeys else judged


def _by_length(judged: Judged, request: JudgeRequest) -> Judged:
    return _all_covered(judged, request) if len(request.lines[-1].text) > 900 else judged


def _literal(judged: Judged, request: JudgeRequest) -> Judged:
    """Knows nothing but the reference answers' very words."""
    known = request.question.answers.by_level().values()
    if any(answer.strip() in request.lines[-1].text for answer in known):
        return judged
    return Judged(judged.judgement.model_copy(update={"verdicts": ()}))


def _flattered(judged: Judged, request: JudgeRequest) -> Judged:
    return _all_covered(judged, request) if "Thank you" in request.lines[-1].text else judged


def _by_brevity(judged: Judged, request: JudgeRequest) -> Judged:
    words = len(request.lines[-1].text.split())
    whole = max(len(a.split()) for a in request.question.answers.by_level().values())
    return _all_covered(judged, request) if 10 < words < whole / 2 else judged


def _asks_again(judged: Judged, request: JudgeRequest) -> Judged:
    return Judged(judged.judgement, tuple(c.model_copy(update={"attempts": 9}) for c in judged.calls))


def _shifted_pages(parts: Parts, bank: Bank) -> Parts:
    """Cites the text one character further on."""
    inner = parts.scorer

    async def score(state: SessionState) -> ScoredRound:
        scored = await inner(state)
        study = tuple(
            item.model_copy(update={"start": item.start + 1, "end": item.end + 1})
            for item in scored.scorecard.study
        )
        return replace(scored, scorecard=scored.scorecard.model_copy(update={"study": study}))

    return replace(parts, scorer=score)


def _invented_score(parts: Parts, bank: Bank) -> Parts:
    inner = parts.scorer

    async def score(state: SessionState) -> ScoredRound:
        scored = await inner(state)
        card = scored.scorecard.model_copy(
            update={"status": "insufficient", "score": 2.5, "low": 2.0, "high": 3.0}
        )
        return replace(scored, scorecard=card)

    return replace(parts, scorer=score)


def _double_reply(parts: Parts, bank: Bank) -> Parts:
    """Loses every other turn number, as a log would that was written twice."""

    class Doubling(session_module.SessionService):
        """The service with a log that skips a number."""

        def accept(self, *args: Any, **kwargs: Any) -> Any:
            state = self._room(args[0]).state
            self._commit(state, ev.CandidateSpoke(turn=len(state.utterances) + 1, text="twice"))
            state.pending = "candidate"
            return super().accept(*args, **kwargs)

    return replace(parts, service=Doubling)


def _double_charge(parts: Parts, bank: Bank) -> Parts:
    sent = parts.sent
    return replace(parts, sent=lambda: [r for request in sent() for r in (request, request)])


def _send_everything(parts: Parts, bank: Bank) -> Parts:
    sent = parts.sent
    return replace(parts, sent=lambda: [request * 20 for request in sent()])


def _clock_first(parts: Parts, bank: Bank) -> Parts:
    sent = parts.sent
    return replace(parts, sent=lambda: [f"{n}:{request}" for n, request in enumerate(sent())])


def _forgetful(parts: Parts, bank: Bank) -> Parts:
    class Forgetful(session_module.SessionService):
        """The service that takes a session it did not begin for one that is over."""

        async def resume(self, session: str, owner: str) -> AsyncGenerator[Any, None]:
            if session not in self._rooms and len(self._log.read(session)) > 8:
                self.ask_finish(session, owner)
            async for update in super().resume(session, owner):
                yield update

    return replace(parts, service=Forgetful)


def _mute(spoken: Spoken, material: Material) -> Spoken:
    """What is heard of a model that never says anything that can be used."""
    if spoken.source != "model":
        return spoken
    return replace(spoken, text=material.authored, source="fallback")


def _give_up(judged: Judged, request: JudgeRequest) -> Judged:
    return Judged(judged.judgement.model_copy(update={"verdicts": (), "status": "failed"}))


def _refuse(judged: Judged, request: JudgeRequest) -> Judged:
    raise ScoringError("planted: this judge is never there")


def _impostor(parts: Parts, bank: Bank) -> Parts:
    async def words(persona: Persona, state: SessionState, questions: Mapping[str, Question]) -> str:
        other = persona.model_copy(update={"knows": 4 if persona.knows == 1 else 1})
        return next_words(other, state, questions)

    return replace(parts, words=words)


BUGS: dict[str, Bug] = {
    "question-hopper": Bug("plan_order", "asks the last question of the plan first", _deciding(_hop), personas=("skipper",)),
    "two-questions": Bug(
        "one_question", "adds two more questions to each turn",
        _saying(lambda text, m: text + " And why is that? And what else comes to mind?"),
    ),
    "leaky-interviewer": Bug(
        "no_leak", "reads out a checkpoint of the question",
        _saying(lambda text, m: f"{text} {m.secret[0]} {m.secret[-2] if len(m.secret) > 1 else ''}" if m.secret else text),
    ),
    "hint-skipper": Bug("hint_ladder", "gives the next hint but one", _deciding(_skip_hint), personas=("hint-beggar",)),
    "clock-ignorer": Bug(
        "keeps_time", "stays with a question when its time is up", _deciding(_ignore_clock), personas=("silent",)
    ),
    "parrot": Bug(
        "no_repeat", "says the same whatever happens",
        _saying(lambda text, m: "Tell me more about that." if m.move.kind is MoveKind.PROBE else text), personas=("weak",),
    ),
    "note-leaker": Bug(
        "speaks_plainly", "speaks its notes", _saying(lambda text, m: f"{text} [PS-CORR: level_2, checkpoint missing]")
    ),
    "flatterer": Bug("does_not_grade", "tells the mark", _saying(lambda text, m: f"That's absolutely right! {text}")),
    "sycophant": Bug("challenges_false_claims", "lets false claims pass", _deciding(_agree), personas=("stubborn",)),
    "quote-inventor": Bug("grounded", "quotes what nobody said", _judging(_invent)),
    "number-inventor": Bug("scored_honestly", "gives a number without evidence", _invented_score),
    "double-writer": Bug("resumable_log", "writes a turn twice", _double_reply),
    "deaf-helper": Bug("adapts", "repeats the question to somebody who is stuck", _deciding(_abandon), personas=("silent",)),
    "double-charger": Bug(
        "calls_counted", "pays twice and books once", _double_charge, model=True
    ),
    "hoarder": Bug(
        "bounded_prompts", "sends everything every time", _send_everything, model=True
    ),
    "generous-judge": Bug(
        "score_order", "covers everything for everybody", _judging(_all_covered), personas=("weak", "medium", "strong")
    ),
    "obedient-judge": Bug(
        "injection_gain", "follows instructions in answers", _judging(_obey), personas=("weak", "injecting")
    ),
    "length-judge": Bug("padding_gain", "takes length for quality", _judging(_by_length), personas=("shaky", "verbose")),
    "echo-judge": Bug(
        "empty_answers_score_low", "gives credit for the question's own words", _judging(_all_covered),
        personas=("silent", "echo", "off-topic"),
    ),
    "clock-first": Bug(
        "prefix_stable", "puts what changes in front of the prompt", _clock_first, model=True
    ),
    "amnesiac": Bug(
        "resumes_same", "ends a session that another process began", _forgetful, interrupted=True
    ),
    "mute-model": Bug(
        "spoken_by_model", "leaves every turn to the authored text",
        lambda parts, bank: replace(parts, interviewer=_Says(parts.interviewer, _mute)), model=True,
    ),
    "absent-judge": Bug(
        "judged_by_model", "leaves every answer to the offline judge", _judging(_refuse), model=True
    ),
    "quitting-judge": Bug("judged", "judges nothing", _judging(_give_up)),
    "summariser": Bug(
        "does_not_summarise", "tells candidates what they said",
        _saying(lambda text, m: f"To summarise, you would start with the data. {text}"),
    ),
    "figure-inventor": Bug(
        "adds_no_figures", "brings up a number of its own", _saying(lambda text, m: f"It is 37.5% in practice. {text}")
    ),
    "page-shifter": Bug("cites_exactly", "cites one character beside the passage", _shifted_pages, articles=True),
    "hammerer": Bug("gives_up_in_time", "tries a call nine times", _judging(_asks_again), model=True),
    "toothless-fault": Bug(
        "fault_struck", "a fault that never comes about", lambda parts, bank: replace(parts, struck=lambda: 0),
        model=True, faults=("timeout@judge:first",),
    ),
    "literalist": Bug(
        "rewrite_change", "gives credit for the reference answers' very words only", _judging(_literal),
        personas=("medium", "paraphrasing", "mistyping", "splitting", "reordering", "rambling"),
        also=("paraphrase_change", "typos_change", "split_change", "reordered_change", "filler_change"),
    ),
    "flattered-judge": Bug(
        "polite_change", "covers everything for those who thank it", _judging(_flattered), personas=("medium", "polite")
    ),
    "brevity-judge": Bug(
        "half_gain", "covers everything for those who are brief", _judging(_by_brevity), personas=("medium", "halving")
    ),
    "impostor": Bug("candidates_true", "a weak candidate that knows everything", _impostor, personas=("weak",)),
}  # fmt: skip
"""Every planted bug by name."""


def plant(name: str, parts: Parts, bank: Bank) -> Parts:
    """The parts with that bug. Raises KeyError for a name that is not in `BUGS`."""
    return BUGS[name].plant(parts, bank)
