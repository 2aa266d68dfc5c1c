"""Measures what the interviewer's calls cost in characters, tokens and money, on fixed material.

    python -m bot.interview.measure
    python -m bot.interview.measure --first-word

Fourteen candidate turns of a coding round (`fourteen_turns.yaml`) go through the real interviewer with a scripted
model; what that model was sent is counted. With --first-word a real round runs against the local stand-in server,
judge and interviewer over a real socket, and the time until the first visible word is measured. Prints the figures of
docs/benchmarks.md. Does not call a provider.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.domain.base import Level, Mode, RoundId
from bot.domain.moves import Move
from bot.domain.ports import Delta, Line, Material, Scene, Spoken
from bot.interview.interviewer import ModelInterviewer
from bot.model.gateway import Gateway
from bot.model.ledger import Usage, shipped_prices
from bot.model.tokens import TokenCounter, default_counter

CACHE_MINIMUM = 1_024
"""Tokens that a prompt must share with an earlier one before OpenAI's cache serves any of it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One call: its prompt in characters, tokens, and how much of it begins like the call before."""

    move: str
    chars: int
    tokens: int
    shared_chars: int
    shared_tokens: int
    reply_tokens: int
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """All calls of the material."""

    turns: tuple[Turn, ...]
    speech_chars: int
    code_chars: int
    exact: bool

    @property
    def chars(self) -> int:
        """Prompt characters of the session."""
        return sum(t.chars for t in self.turns)

    @property
    def share(self) -> float:
        """Share of all prompt characters that a prefix cache without a minimum can reuse."""
        return sum(t.shared_chars for t in self.turns) / self.chars

    @property
    def share_from_minimum(self) -> float:
        """The same for a cache that serves nothing below `CACHE_MINIMUM` tokens (by tokens)."""
        cached = sum(t.shared_tokens for t in self.turns if t.shared_tokens >= CACHE_MINIMUM)
        return cached / sum(t.tokens for t in self.turns)

    def usd(self, model: str) -> float | None:
        """What these calls cost at a model's price without any cache, None when the price is unknown."""
        price = shipped_prices().price(model)
        if price is None:
            return None
        return price.usd(Usage(sum(t.tokens for t in self.turns), sum(t.reply_tokens for t in self.turns)))


def load_material(file: Path | None = None) -> dict[str, Any]:
    """The fixed material."""
    path = file or Path(__file__).with_name("fourteen_turns.yaml")
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def scenes(data: dict[str, Any]) -> list[tuple[Material, Scene, str]]:
    """For each candidate turn the material and the scene that the session service would make, and the reply."""
    opening = " ".join(data["opening"].split())
    lines: list[Line] = [Line(1, "interviewer", opening)]
    code = data["code"].splitlines(keepends=True)
    out: list[tuple[Material, Scene, str]] = []
    for number, turn in enumerate(data["turns"], 1):
        lines.append(Line(len(lines) + 1, "candidate", turn["candidate"]))
        keep = " ".join(turn.get("keep", "").split())
        material = Material(
            move=Move.model_validate(turn["move"]),
            authored=keep or turn["ask"],
            keep=keep,
            secret=(*data["secret"], *data["hints"][1:]),
        )
        scene = Scene(
            round=RoundId.CODING_A,
            level=Level.SENIOR,
            mode=Mode.PRACTICE,
            loop="standard",
            question_title="Sessions from a stream",
            question_opening=opening,
            lines=tuple(lines[-8:]),
            code="".join(code[: round(len(code) * number / len(data["turns"]))]),
            minutes_left=45 - 3 * number,
        )
        out.append((material, scene, turn["said"]))
        lines.append(Line(len(lines) + 1, "interviewer", f"{turn['said']} {keep}".strip()))
    return out


async def measure(counter: TokenCounter | None = None) -> Measured:
    """Run the material through the interviewer and count what its model was sent."""
    from bot.model.doubles import ScriptedModel, wired

    counter = counter or default_counter()
    data = load_material()
    steps = scenes(data)
    model = ScriptedModel(replies=tuple(said for _, _, said in steps))
    interviewer = ModelInterviewer(Gateway(wired(model)))
    turns: list[Turn] = []
    before = ""
    for number, (material, scene, said) in enumerate(steps):
        spoken = await last_word(interviewer, material, scene)
        prompt = model.requests[number].text
        shared = _common(before, prompt)
        turns.append(
            Turn(
                move=material.move.kind.value,
                chars=len(prompt),
                tokens=counter.count(prompt).tokens,
                shared_chars=shared,
                shared_tokens=counter.count(prompt[:shared]).tokens if shared else 0,
                reply_tokens=counter.count(said).tokens,
                source=spoken.source,
            )
        )
        before = prompt
    if len(model.requests) != len(steps):
        raise AssertionError(
            f"{len(model.requests)} calls for {len(steps)} turns: a scripted reply was caught"
        )
    speech = sum(len(turn["candidate"]) for turn in data["turns"])
    return Measured(tuple(turns), speech, len(data["code"]), counter.exact)


async def last_word(interviewer: ModelInterviewer, material: Material, scene: Scene) -> Spoken:
    """The finished utterance of a move."""
    async with contextlib.aclosing(interviewer.phrase(material, scene)) as items:
        spoken = [item async for item in items if isinstance(item, Spoken)]
    return spoken[-1]


async def measure_judge(counter: TokenCounter | None = None) -> Measured:
    """The same for the judge's calls: the candidate's fourteen messages, judged by a question of the bank."""
    from bot.bank import load_bank
    from bot.domain.ports import JudgeRequest
    from bot.model.doubles import ScriptedModel, wired
    from bot.model.rulebased import answer
    from bot.resources import corpus_dir, prompts_dir
    from bot.scoring.model import ModelJudge

    counter = counter or default_counter()
    data = load_material()
    bank = load_bank(prompts_dir(), corpus_dir())
    question = bank.question(data["judged_as"])
    model = ScriptedModel(reply=answer)
    judge = ModelJudge(Gateway(wired(model)))
    lines = [Line(1, "interviewer", question.opening)]
    turns: list[Turn] = []
    before = ""
    for turn in data["turns"]:
        lines.append(Line(len(lines) + 1, "candidate", turn["candidate"]))
        judged = await judge.judge(
            JudgeRequest(
                question=question,
                rubric=bank.rubric(question.round),
                level=Level.SENIOR,
                lines=tuple(lines),
                turn=len(lines),
            )
        )
        prompt = model.requests[-1].text
        shared = _common(before, prompt)
        turns.append(
            Turn(
                move="judge",
                chars=len(prompt),
                tokens=counter.count(prompt).tokens,
                shared_chars=shared,
                shared_tokens=counter.count(prompt[:shared]).tokens if shared else 0,
                reply_tokens=sum(call.output_tokens for call in judged.calls),
                source="model",
            )
        )
        before = prompt
        lines.append(Line(len(lines) + 1, "interviewer", turn["said"]))
        if turn["move"]["kind"] == "wrap":
            break  # what follows is the candidate's own questions, which nobody judges
    speech = sum(len(turn["candidate"]) for turn in data["turns"])
    return Measured(tuple(turns), speech, 0, counter.exact)


async def judge_prompts() -> dict[str, int]:
    """Characters of the judge's longest prompt for every question of the bank, its answers of levels 1 to 3 said one
    after the other."""
    from bot.bank import load_bank
    from bot.domain.ports import JudgeRequest
    from bot.model.doubles import ScriptedModel, wired
    from bot.model.rulebased import answer
    from bot.resources import corpus_dir, prompts_dir
    from bot.scoring.model import ModelJudge

    bank = load_bank(prompts_dir(), corpus_dir())
    sizes: dict[str, int] = {}
    for question in bank.questions.values():
        model = ScriptedModel(reply=answer)
        judge = ModelJudge(Gateway(wired(model)))
        lines = [Line(1, "interviewer", question.opening)]
        for said in list(question.answers.by_level().values())[:3]:
            lines.append(Line(len(lines) + 1, "candidate", said))
            request = JudgeRequest(question, bank.rubric(question.round), Level.MID, tuple(lines), len(lines))
            await judge.judge(request)
            lines.append(Line(len(lines) + 1, "interviewer", question.checkpoints[0].probe))
        asked = [r.messages for r in model.requests if len(r.messages) == 2]  # no correction rounds
        sizes[question.id] = max(sum(len(str(m.content)) for m in messages) for messages in asked)
    return sizes


ROUND_TURNS = 25
"""Candidate turns of a lively 45-minute round."""
THOUGHT_TOKENS = 300
"""Output tokens that a judge with little reasoning spends on thinking before it answers: an assumption."""
ROUND_READING = Usage(input=3_500, output=2_000)
"""The two readings of the whole round at its end: their bounds of 6,000 characters each, and an assumed output."""


def round_usd(interviewer: Measured, judge: Measured, model: str, judge_model: str) -> float | None:
    """What a 45-minute round costs when every turn is judged and spoken by a model, without any cache."""
    speaks, judges = shipped_prices().price(model), shipped_prices().price(judge_model)
    if speaks is None or judges is None:
        return None
    return (
        speaks.usd(_mean(interviewer, 0)) * ROUND_TURNS
        + judges.usd(_mean(judge, THOUGHT_TOKENS)) * ROUND_TURNS
        + judges.usd(ROUND_READING)
    )


def _mean(measured: Measured, more: int) -> Usage:
    n = len(measured.turns)
    return Usage(
        input=round(sum(t.tokens for t in measured.turns) / n),
        output=round(sum(t.reply_tokens for t in measured.turns) / n) + more,
    )


def _common(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


MODELS = ("gpt-6.1-terra", "gpt-6-luna")


def report(measured: Measured, judge: Measured) -> str:
    """The figures as text."""
    rows = [f"{'turn':>4} {'move':<10} {'chars':>6} {'tokens':>6} {'begins like the last':>22}"]
    for number, turn in enumerate(measured.turns, 1):
        share = turn.shared_chars / turn.chars
        rows.append(f"{number:>4} {turn.move:<10} {turn.chars:>6,} {turn.tokens:>6,} {share:>21.0%}")
    rows += ["", f"speech {measured.speech_chars:,} characters, code {measured.code_chars:,}"]
    for who, calls in (("interviewer", measured), ("judge", judge)):
        tokens = sum(t.tokens for t in calls.turns)
        rows += [
            f"{who}: {len(calls.turns)} calls; last prompt {calls.turns[-1].chars:,} characters, largest "
            f"{max(t.chars for t in calls.turns):,}; session {calls.chars:,} characters, {tokens:,} tokens "
            f"({'tiktoken' if calls.exact else 'estimated'})",
            f"{who}: a prefix cache can reuse {calls.share:.0%} of the characters "
            f"({calls.share_from_minimum:.0%} of the tokens where it wants {CACHE_MINIMUM:,} alike)",
        ]
    for model in MODELS:
        for judge_model in MODELS:
            usd = round_usd(measured, judge, model, judge_model)
            cost = "price unknown" if usd is None else f"${usd:.3f}"
            rows.append(f"45-minute round, {ROUND_TURNS} turns, {model} speaks, {judge_model} judges: {cost}")
    return "\n".join(rows)


@contextlib.contextmanager
def _server(delay_s: float, rate: float) -> Iterator[str]:
    """The stand-in in a process of its own, so that its work is not counted as ours; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bot.model.standin", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--delay", str(delay_s), "--rate", str(rate)], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


async def first_word(delay_s: float = 0.2, rate: float = 0.0, turns: int = 14) -> list[tuple[float, float]]:
    """(seconds from sending an answer to the first visible word, seconds of processor time) for each turn of a
    phone screen in which the model judges and speaks over a socket; the stand-in waits `delay_s` before each of
    its two replies."""
    import tempfile

    from bot.bank import load_bank
    from bot.domain.session import SessionState
    from bot.errors import ScoringError
    from bot.interview.session import SessionService
    from bot.interview.updates import ScoredRound, StartRequest
    from bot.model.providers import connect
    from bot.resources import corpus_dir, prompts_dir
    from bot.scoring.model import ModelJudge
    from bot.store.engine import open_engine
    from bot.store.log import EventLog

    async def unscored(state: SessionState) -> ScoredRound:
        raise ScoringError("not part of this measurement")

    waits: list[tuple[float, float]] = []
    with _server(delay_s, rate) as url, tempfile.TemporaryDirectory() as folder:
        gateways = [Gateway(connect("stand-in", base_url=url)) for _ in range(2)]
        engine = open_engine(f"sqlite:///{Path(folder) / 'log.db'}")
        service = SessionService(
            log=EventLog(engine),
            bank=load_bank(prompts_dir(), corpus_dir()),
            judge=ModelJudge(gateways[0]),
            interviewer=ModelInterviewer(gateways[1]),
            scorer=unscored,
        )
        session = service.create(StartRequest(round=RoundId.PHONE_SCREEN, owner="", seed=1))
        async for _ in service.resume(session, ""):
            pass
        said = [turn["candidate"] for turn in load_material()["turns"]]
        for number in range(turns):
            if service.state(session, "").ended:
                break
            calls = len(service.state(session, "").calls)
            started, worked, first = time.perf_counter(), time.process_time(), (0.0, 0.0)
            async for update in service.answer(session, "", f"{said[number % len(said)]} ({number})"):
                if isinstance(update, Delta) and not first[0]:
                    first = (time.perf_counter() - started, time.process_time() - worked)
            if len(service.state(session, "").calls) - calls == 2:  # a turn that needed both calls
                waits.append(first)
        for gateway in gateways:
            await gateway.aclose()
        engine.dispose()
    return waits


def first_word_report(delay_s: float, waits: Sequence[tuple[float, float]]) -> str:
    """The figures as text."""
    ours = sorted((wall - 2 * delay_s) * 1000 for wall, _ in waits)
    work = statistics.median(cpu * 1000 for _, cpu in waits)
    return (
        f"{len(ours)} turns with both calls, {delay_s * 1000:.0f} ms until each reply\n"
        f"first visible word after two round trips + {statistics.median(ours):.0f} ms (median), "
        f"{ours[0]:.0f} to {ours[-1]:.0f} ms; processor time of ours until then {work:.0f} ms"
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bot.interview.measure")
    parser.add_argument("--first-word", action="store_true", help="time until the first word, over a socket")
    parser.add_argument(
        "--judge-prompts", action="store_true", help="longest judge's prompt of each question"
    )
    given = parser.parse_args(argv)
    if given.first_word:
        print(first_word_report(0.2, asyncio.run(first_word())))
        return
    if given.judge_prompts:
        sizes = asyncio.run(judge_prompts())
        least, most = min(sizes, key=lambda q: sizes[q]), max(sizes, key=lambda q: sizes[q])
        print(f"{len(sizes)} questions: {sizes[least]} characters ({least}) to {sizes[most]} ({most})")
        return
    print(report(asyncio.run(measure()), asyncio.run(measure_judge())))


if __name__ == "__main__":
    main()
