"""The interviewer with a model: what its prompts hold, what reaches the page, and that every failure ends in words."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import events as ev
from bot.domain.base import Level, Mode
from bot.domain.content import Question
from bot.domain.library import Citation
from bot.domain.moves import Move, MoveKind
from bot.domain.ports import Delta, Line, Material, Restart, Scene, Spent, Spoken
from bot.interview.interviewer import MAX_PROMPT, ModelInterviewer, code_line
from bot.interview.measure import measure
from bot.model.clock import ManualClock
from bot.model.doubles import OUTAGES, SPEECH_FAULTS, Fault, FaultyModel, Scripted, ScriptedModel, wired
from bot.model.gateway import Gateway, Limits
from bot.model.ledger import Caps, Price
from bot.model.providers import Wired, connect
from bot.model.rulebased import answer
from bot.model.standin import StandIn, Wire
from tests.model.hostile import MOVES, everywhere, interviewer, scene
from tests.support.bank import real_bank
from tests.support.thinned import thinned

pytestmark = pytest.mark.anyio

PROBE = Material(
    move=Move(kind=MoveKind.PROBE, reason="missing", checkpoint="c"),
    authored="What does that cost with a million users?",
    secret=("An ordered structure by last activity finds the oldest session in constant time.",),
)
SCENE = scene("I keep a dict from user to the open session.")


async def perform(
    model: object, material: Material = PROBE, where: Scene = SCENE, **more: object
) -> tuple[list[Delta | Restart | Spoken], Spoken]:
    clock = ManualClock()
    if isinstance(model, FaultyModel | ScriptedModel):
        model.clock = clock
    gateway = Gateway(wired(model), clock=clock, limits=Limits(deadline_s=30))  # type: ignore[arg-type]
    return await listen(ModelInterviewer(gateway, **more), material, where)  # type: ignore[arg-type]


async def listen(
    speaker: ModelInterviewer, material: Material, where: Scene
) -> tuple[list[Delta | Restart | Spoken], Spoken]:
    async with contextlib.aclosing(speaker.phrase(material, where)) as stream:
        items = [item async for item in stream]
    last = items[-1]
    assert isinstance(last, Spoken)
    assert sum(isinstance(i, Spoken) for i in items) == 1
    assert last.text.strip()
    assert shown(items) == last.text, "what the page showed is what the log keeps"
    return items, last


def shown(items: list[Delta | Restart | Spoken]) -> str:
    """What is on the page at the end."""
    text = ""
    for item in items:
        if isinstance(item, Delta):
            text += item.text
        elif isinstance(item, Restart):
            text = ""
    return text.strip()


# ------------------------------------------------------------------------------------------------- speaking


async def test_a_probe_is_spoken_sentence_by_sentence_and_billed() -> None:
    said = "So a dict from user to session. What does that cost with a million users?"
    items, last = await perform(ScriptedModel(replies=(said,)))
    assert next(i.text for i in items if isinstance(i, Delta)) == "So a dict from user to session. "
    assert last.text == said
    assert (last.source, last.guard, last.trouble) == ("model", (), "")
    (call,) = last.calls
    assert call.prompt == "interviewer_followup"
    assert len(call.prompt_hash) == 64


async def test_kept_text_is_spoken_word_for_word_after_the_lead() -> None:
    keep = "Walk through a handful of events by hand."
    material = Material(
        move=Move(kind=MoveKind.HINT, reason="asked", hint=1),
        authored=f"Sure. {keep}",
        keep=keep,
        secret=PROBE.secret,
    )
    model = ScriptedModel(replies=("Okay, from your dict let us slow down.",))
    _, last = await perform(model, material)
    assert last.text == f"Okay, from your dict let us slow down. {keep}"
    assert keep not in model.requests[0].text, "the hint itself needs no model"


@pytest.mark.parametrize("kind", [MoveKind.OPEN, MoveKind.REPEAT])
async def test_an_opening_and_a_repetition_cost_nothing(kind: MoveKind) -> None:
    material = Material(
        move=Move(kind=kind, reason="start"), authored="Hello. What would you do?", keep="What would you do?"
    )
    model = ScriptedModel(replies=())
    _, last = await perform(model, material)
    assert (last.source, last.text, last.calls) == ("authored", "Hello. What would you do?", ())
    assert model.requests == []


async def test_a_name_or_a_quote_before_the_words_goes() -> None:
    _, last = await perform(ScriptedModel(replies=('Interviewer: "I see. What does that cost?"',)))
    assert last.text == "I see. What does that cost?"


async def test_the_citation_is_in_the_log_and_not_in_the_words() -> None:
    cited = Citation(
        article="caches", title="Caches", section="Expiry", start=0, end=9, text="Entries age out.", score=0.8
    )
    model = ScriptedModel(replies=("I see. What does that cost?",))
    _, last = await perform(model, replace(PROBE, passage=cited))
    assert last.citations == (cited,)
    assert "Caches" not in last.text
    assert "Entries age out." in model.requests[0].text


# --------------------------------------------------------------------------------------------------- guard


@pytest.mark.parametrize("fault", sorted(SPEECH_FAULTS))
async def test_a_caught_draft_is_said_again_once(fault: Fault) -> None:
    inner = ScriptedModel(reply=lambda m, p: "I see. What does that cost?")
    model = FaultyModel.once(inner, fault, leak=PROBE.secret[0])
    _, last = await perform(model)
    assert last.source == "model"
    assert last.text == "I see. What does that cost?"
    assert last.guard
    assert len(last.calls) == 2
    assert not any(r.text.count(PROBE.secret[0]) for r in inner.requests), (
        "the draft does not go back into a prompt"
    )


@pytest.mark.parametrize("fault", sorted(SPEECH_FAULTS))
async def test_a_model_that_never_learns_is_replaced_by_the_authored_words(fault: Fault) -> None:
    inner = ScriptedModel(reply=lambda m, p: "I see. What does that cost?")
    _, last = await perform(FaultyModel.always(inner, fault, leak=PROBE.secret[0]))
    assert last.source == "fallback"
    assert last.text == PROBE.authored
    assert last.why_fallback.startswith("guard: ")
    assert last.trouble == "", "a babbling model is no outage"
    assert len(last.calls) == 2


async def test_what_was_shown_of_a_caught_draft_is_withdrawn() -> None:
    model = ScriptedModel(
        replies=("I see your dict. What is it for? And why?", "I see. What does that cost?")
    )
    items, last = await perform(model)
    assert [i.why for i in items if isinstance(i, Restart)] == ["two_questions"]
    assert last.text == "I see. What does that cost?"
    assert "asked more than it may" in model.requests[1].text


# ------------------------------------------------------------------------------------------------- outages

LASTING = OUTAGES


@pytest.mark.parametrize("fault", sorted(LASTING))
@pytest.mark.parametrize("move", [MOVES[0], MOVES[4], MOVES[9], MOVES[12]], ids=lambda m: m.kind.value)
async def test_no_fault_gets_through(fault: Fault, move: Move) -> None:
    keep = "" if move.kind is MoveKind.PROBE else "That is the next thing."
    material = Material(move=move, authored=f"Okay. {keep}".strip(), keep=keep, secret=PROBE.secret)
    inner = ScriptedModel(reply=lambda m, p: "I see, your dict, okay then.")
    _, always = await perform(FaultyModel.always(inner, fault), material)
    assert always.source == "fallback"
    assert always.text == material.authored
    assert always.why_fallback
    assert bool(always.trouble) == (fault not in QUIET)
    _, once = await perform(FaultyModel.once(inner, fault), material)
    assert once.source in ("model", "fallback")


QUIET = {Fault.EMPTY, Fault.WHITESPACE, Fault.LENGTH, Fault.CONTENT_FILTER, Fault.REFUSAL}
"""The provider can be reached; only this utterance is authored."""


async def test_a_cut_stream_withdraws_what_it_showed() -> None:
    long = "I see your dict. It has users. They have sessions. What does that cost?"
    items, last = await perform(FaultyModel.once(ScriptedModel(reply=lambda m, p: long), Fault.STREAM_CUT))
    assert [i.why for i in items if isinstance(i, Restart)] == ["stream_cut"]
    assert last.text == long


async def test_a_spent_budget_is_an_outage_without_a_call() -> None:
    model = ScriptedModel(reply=lambda m, p: "never")
    where = replace(SCENE, spent=Spent(tokens=10_000))
    _, last = await perform(model, where=where, caps=Caps(session_tokens=10_500))
    assert (last.source, last.trouble) == ("fallback", "budget")
    assert model.requests == []
    priced = Gateway(Wired(model, "m", price=Price(1, 0.1, 5)))
    where = replace(SCENE, spent=Spent(usd=0.9999))
    _, last = await listen(ModelInterviewer(priced, caps=Caps(session_usd=1.0)), PROBE, where)
    assert last.trouble == "budget"
    assert model.requests == []


async def test_a_listener_who_leaves_stops_the_model() -> None:
    model = ScriptedModel(reply=lambda m, p: Scripted("I see. " * 50))
    speaker = ModelInterviewer(Gateway(wired(model)))
    async with contextlib.aclosing(speaker.phrase(PROBE, SCENE)) as stream:
        async for _ in stream:
            break


async def test_a_cancelled_turn_leaves_no_task_behind() -> None:
    class Never(ManualClock):
        async def sleep(self, seconds: float) -> None:
            await asyncio.sleep(3600)

    model = ScriptedModel(reply=lambda m, p: Scripted("I see. What now?", before=1.0), clock=Never())
    speaker = ModelInterviewer(Gateway(wired(model)))
    before = asyncio.all_tasks()
    task = asyncio.create_task(listen(speaker, PROBE, SCENE))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert {t for t in asyncio.all_tasks() if not t.done()} <= before


# ------------------------------------------------------------------------------------------------ the prompt


@given(st.text(max_size=4000), st.text(max_size=4000))
@settings(max_examples=60, deadline=None)
def test_no_prompt_grows_beyond_its_bound(text: str, authored: str) -> None:
    for size in (text, text * 20):
        for _, rendered in everywhere(size):
            assert rendered.chars <= MAX_PROMPT
    where = scene(
        text * 20,
        notes=(text,) * 9,
        question_opening=authored * 9,
        lines=tuple(Line(i, "candidate", text * 9) for i in range(1, 30)),
    )
    for move in MOVES:
        material = Material(move=move, authored=authored * 9 or "x", keep=authored * 9, claim=text * 9)
        assert interviewer().render(material, where, again="it was too long").chars <= MAX_PROMPT


def test_the_system_text_is_the_same_for_every_move_of_a_session() -> None:
    assert len({rendered.system for _, rendered in everywhere("words")}) == 1


def test_it_adapts_to_level_mode_and_round() -> None:
    speaker = interviewer()
    systems = {
        speaker.render(PROBE, replace(SCENE, level=level, mode=mode)).system
        for level in Level
        for mode in Mode
    }
    assert len(systems) == 8
    styles = {speaker.render(PROBE, replace(SCENE, loop=loop)).system for loop in BANK.loops}
    assert len(styles) == len(BANK.loops)
    assert not any("is known for" in system for system in styles), (
        "every shipped loop has a manner of its own"
    )


async def test_fourteen_turns_stay_within_the_bounds() -> None:
    measured = await measure()
    assert 2_600 <= measured.speech_chars <= 2_800
    assert 1_150 <= measured.code_chars <= 1_250
    assert measured.turns[-1].chars <= 6_000
    assert measured.chars <= 70_000
    assert len(measured.turns) == 14
    assert all(t.source == "model" for t in measured.turns)
    assert measured.share >= 0.5


def test_a_run_is_told_in_counts_only() -> None:
    report = {
        "verdict": "wrong",
        "visible": [{"verdict": "accepted", "name": "one"}, {"verdict": "wrong", "name": "two", "got": "17"}],
        "hidden": {"passed": 3, "total": 9, "failed": ["empty stream"]},
    }
    line = code_line(report)
    assert line == "Last run: wrong; 1 of 2 visible examples pass; 3 of 9 further tests pass"
    assert code_line(None) == ""


# ---------------------------------------------------------------------------------- nothing secret in a prompt

BANK = real_bank()


def moves_of(question: Question) -> list[tuple[Move, Material]]:
    """Every move that a question can lead to, with the material that the interview makes for it."""
    from bot.domain.session import fold
    from bot.interview.material import material_for
    from bot.interview.planning import make_plan

    loop = BANK.loop("standard")
    plan = make_plan(
        loop=loop,
        round_id=question.round,
        questions=BANK.of_round(question.round),
        rubric=BANK.rubric(question.round),
        level=question.levels[0],
        mode=Mode.PRACTICE,
        seed=1,
        wanted=(question.id,),
    )
    state = fold([])
    at = datetime(2026, 11, 20, tzinfo=UTC)
    opening = Move(kind=MoveKind.OPEN, reason="start", question=question.id)
    bodies = (
        ev.Started(plan=plan),
        ev.Decided(turn=0, move=opening),
        ev.InterviewerSpoke(turn=1, reply_to=0, move=opening, text=question.opening),
        ev.CandidateSpoke(turn=2, text=CANDIDATE),
    )
    for seq, body in enumerate(bodies, 1):
        state.apply(ev.Event(session="s", seq=seq, at=at, body=body))

    def move(kind: MoveKind, reason: str, **fields: object) -> Move:
        return Move(kind=kind, reason=reason, question=question.id, **fields)  # type: ignore[arg-type]

    moves = [
        opening,
        move(MoveKind.REPEAT, "asked"),
        move(MoveKind.REDIRECT, "off_topic"),
        move(MoveKind.CLARIFY, "asked"),
    ]
    moves += [move(MoveKind.CLARIFY, "asked", fact=i) for i in range(len(question.facts))]
    moves += [move(MoveKind.HINT, "stuck", hint=k) for k in range(1, 6)]
    moves += [move(MoveKind.CHALLENGE, "further", challenge=i) for i in range(len(question.challenges))]
    moves += [move(MoveKind.ASK, "covered")]
    moves += [move(MoveKind.PHASE, "time", phase=p.id) for p in plan.phases]
    for point in question.checkpoints:
        moves.append(move(MoveKind.PROBE, "missing", checkpoint=point.id))
        moves += [
            move(MoveKind.CHALLENGE, "contradicted", checkpoint=point.id, contra=i)
            for i in range(len(point.contra))
        ]
    if question.twist is not None:
        moves.append(move(MoveKind.CHALLENGE, "twist"))
    wrap = next((p for p in plan.phases if p.kind == "wrap"), None)
    if wrap is not None:
        moves.append(Move(kind=MoveKind.WRAP, reason="done", phase=wrap.id))
    moves.append(Move(kind=MoveKind.CLOSE, reason="done", phase=plan.phases[-1].id))
    return [(m, material_for(m, state, BANK.questions, passage_of(question))) for m in moves]


CANDIDATE = "I would begin with something simple and look at what happens, then go on from there."


def passage_of(question: Question) -> Citation:
    """The worst passage that a search could find: one that says a checkpoint and the answer word for word."""
    text = f"Some background first. {question.checkpoints[0].statement} {question.answers.level_4}"
    return Citation(article="a", title="T", section="S", start=0, end=len(text), text=text, score=1.0)


def runs(text: str, n: int = 6) -> set[tuple[str, ...]]:
    """Runs of n words: the independent way to find a text inside another."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def secrets_of(question: Question, move: Move) -> set[tuple[str, ...]]:
    later = question.hints[move.hint or 0 :] if move.kind is MoveKind.HINT else question.hints
    texts = [c.statement for c in question.checkpoints] + [h.text for h in later]
    texts += list(question.answers.by_level().values())
    texts += [question.problem.reference] if question.problem else []
    texts += [e.worked for e in question.estimates] + ([question.twist.listens_for] if question.twist else [])
    return set().union(*map(runs, texts))


@pytest.mark.parametrize("question", thinned(BANK.questions.values(), 4), ids=lambda q: q.id)
def test_no_prompt_of_the_bank_holds_what_must_stay_secret(question: Question) -> None:
    speaker = interviewer()
    where = replace(
        scene(CANDIDATE),
        round=question.round,
        question_title=question.title,
        question_opening=question.opening,
        code=question.problem.starter if question.problem else "",
        diagram="",
    )
    public = (
        runs(question.opening)
        | runs(CANDIDATE)
        | (runs(question.problem.starter) if question.problem else set())
    )
    for move, material in moves_of(question):
        if move.kind in (MoveKind.OPEN, MoveKind.REPEAT):
            continue
        rendered = speaker.render(material, where)
        allowed = public | runs(material.authored) | runs(material.keep)
        leaked = (runs(rendered.text) & secrets_of(question, move)) - allowed
        assert not leaked, (move, sorted(leaked)[:3])
        assert rendered.chars <= MAX_PROMPT


def test_the_leak_test_can_fail() -> None:
    question = next(iter(BANK.questions.values()))
    statement = max((c.statement for c in question.checkpoints), key=len)
    leaky = replace(PROBE, authored="Well?", claim=statement)
    rendered = interviewer().render(leaky, scene(CANDIDATE))
    assert runs(rendered.text) & secrets_of(question, leaky.move)


# ------------------------------------------------------------------------------- what leaves, over a real socket


async def test_every_steering_element_is_in_the_request_that_leaves() -> None:
    cited = Citation(
        article="a", title="T", section="S", start=0, end=9, text="Entries age out one by one.", score=0.8
    )
    material = replace(PROBE, passage=cited, claim="from user to the open session")
    where = replace(
        SCENE,
        notes=("Talked about: hashing",),
        code="class Sessions: ...",
        code_facts={"verdict": "wrong"},
        loop="frontier",
    )
    with StandIn() as server:
        gateway = Gateway(connect("stand-in", base_url=server.url))
        _, last = await listen(ModelInterviewer(gateway), material, where)
        await gateway.aclose()
    (body,) = server.requests
    system, user = (m["content"] for m in body["messages"])
    for steer in ("staff", "Coding A", "practice", "frontier"):
        assert steer in system, steer
    for steer in (
        PROBE.authored,
        "from user to the open session",
        "Entries age out one by one.",
        "Talked about: hashing",
        "class Sessions",
        "Last run: wrong",
        "I keep a dict from user",
        "What would you do?",
        "12 minutes left",
    ):
        assert steer in user, steer
    assert body["temperature"] == 0.5
    assert body["max_tokens"] == 160
    assert body["stream"] is True
    assert PROBE.secret[0] not in json.dumps(body)
    assert last.source == "model"
    assert PROBE.authored in last.text


@pytest.mark.parametrize("wire", sorted(set(Wire) - {Wire.NORMAL, Wire.NO_USAGE, Wire.REFUSE_PARAMETER}))
async def test_a_wire_fault_ends_in_authored_words(wire: Wire) -> None:
    with StandIn(always=wire, stall_s=2, retry_after="60") as server:
        gateway = Gateway(
            connect("stand-in", base_url=server.url), limits=Limits(first_s=0.1, idle_s=0.1, wait_s=0.01)
        )
        _, last = await listen(ModelInterviewer(gateway), PROBE, SCENE)
        assert last.source == "fallback"
        assert last.text == PROBE.authored
        server.always, server.plan = Wire.NORMAL, deque([wire])
        _, last = await listen(ModelInterviewer(gateway), PROBE, SCENE)
        assert last.text
        await gateway.aclose()


def test_the_rule_based_brain_reads_the_prompt() -> None:
    for name, rendered in everywhere("I keep a dict from user to session."):
        messages = [
            {"role": "system", "content": rendered.system},
            {"role": "user", "content": rendered.user},
        ]
        said = answer(messages)
        assert said
        if name in ("probe", "challenge", "redirect"):
            assert "Tell me about the split?" in said


GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("number", range(len(MOVES)), ids=[f"{m.kind.value}-{m.reason}" for m in MOVES])
def test_golden_render(number: int) -> None:
    from tests.interview.golden import name_of, text_of

    file = GOLDEN / name_of(number)
    assert file.read_text(encoding="utf-8") == text_of(number), (
        "if the change is meant: python -m tests.interview.golden"
    )
