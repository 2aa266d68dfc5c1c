"""Random rounds and loops: the scorer against the same rules written a second time (`by_hand`)."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from bot.domain import events as ev
from bot.domain.base import Level, RoundId
from bot.domain.judgement import JudgeInfo, Judgement, Quote, Status, Verdict
from bot.domain.moves import Move, MoveKind
from bot.domain.scorecard import Label
from bot.scoring.code import CodeFacts
from bot.scoring.debrief import LoopRound, debrief
from bot.scoring.holistic import Reading
from bot.scoring.scorecard import score_round
from tests.support.bank import blank_scorecard, real_bank

from .by_hand import ROUNDS, WEIGHTS, Told, decide, mark, word
from .rounds import Script

pytestmark = pytest.mark.slow
BANK = real_bank()
PLAYED, LOOPS = 600, 4_000
TECHNICAL = (RoundId.PHONE_SCREEN, RoundId.CODING_A, RoundId.CODING_B, RoundId.ML_SYSTEM_DESIGN)


def play(rng: random.Random, round_id: RoundId) -> tuple[Script, Told]:
    """A round of random questions, probes, challenges, hints and verdicts, to the scorer and to the hand."""
    pool = sorted(BANK.of_round(round_id), key=lambda q: q.id)
    questions = rng.sample(pool, rng.randint(1, 4) if round_id is RoundId.PHONE_SCREEN else 1)
    script, told = Script(questions, BANK.rubric(round_id), round_id=round_id), Told(questions)
    mood = rng.random()
    for question in questions:
        script.ask(question.id)
        ids = [c.id for c in question.checkpoints]
        for _ in range(rng.randint(0, 5)):
            prompted = rng.random()
            if prompted < 0.35:
                point = rng.choice(ids)
                if prompted < 0.25:
                    script.probe(question.id, point)
                else:
                    move = Move(
                        kind=MoveKind.CHALLENGE,
                        reason="contradicted",
                        question=question.id,
                        checkpoint=point,
                        contra=0,
                    )
                    script.say(move, "Is it so?")
                told.confronted[question.id, point].append(len(script.state.utterances))
            elif prompted < 0.55:
                number = rng.randint(1, 5)
                script.hint(question.id, number)
                told.hint(question, number, question.hints[number - 1].helps)
            answer(rng, script, told, question.id, rng.sample(ids, rng.randint(0, len(ids))), mood)
    return script, told


def answer(
    rng: random.Random, script: Script, told: Told, question: str, ids: list[str], mood: float
) -> None:
    turn = len(script.state.utterances) + 1
    text = f"words number {turn} of the candidate, said here for sure"
    script.add(ev.CandidateSpoke(turn=turn, text=text))
    told.answered.add(question)
    told.last_answer = turn
    failed = rng.random() < 0.03
    verdicts = []
    for point in ids:
        status = Status.COVERED if rng.random() < mood else rng.choice(list(Status))
        start = rng.randrange(20)
        quote = Quote(turn=turn, start=start, end=start + 10, text=text[start : start + 10])
        quotes = () if status is Status.ABSENT else (quote,)
        verdicts.append(Verdict(checkpoint=point, status=status, quotes=quotes, why="w"))
        if not failed:
            told.hear((question, point), status.value, turn, start)
    if failed:
        told.failed.add(question)
    judgement = Judgement(
        question=question,
        turn=turn,
        status="failed" if failed else "scored",
        verdicts=() if failed else tuple(verdicts),
        judge=JudgeInfo(name="m", version="1"),
    )
    script.add(ev.Judged(turn=turn, judgement=judgement))


def program(rng: random.Random) -> CodeFacts:
    return CodeFacts(
        written=True,
        runs=1,
        visible_passed=rng.choice((0, 2, 3, 3, 3)),
        visible_total=3,
        hidden_share=rng.choice((None, 0.3, 0.4, 0.69, 0.7, 0.94, 0.95, 1.0)),
        forbidden=("sort",) if rng.random() < 0.1 else (),
        timed_out=rng.random() < 0.2,
        worse_complexity=rng.choice((None, True, False)),
        done_while_failing=rng.random() < 0.1,
    )


def test_random_rounds_come_out_as_by_hand() -> None:
    seen: Counter[str] = Counter()
    for seed in range(PLAYED):
        rng = random.Random(seed)
        round_id = rng.choice(TECHNICAL)
        rubric = BANK.rubric(round_id)
        script, told = play(rng, round_id)
        holistic = [d.id for d in rubric.dimensions if d.evidence == "holistic"] if rng.random() < 0.5 else []
        read = {d: rng.choice((None, 1, 2, 3, 4)) for d in holistic}
        facts = {q: program(rng) for q in sorted(told.answered)} if round_id.is_coding else {}
        card = score_round(
            script.state,
            script.questions,
            rubric,
            readings={d: Reading(d, level, "w", ()) for d, level in read.items()},
            facts=facts,
        )
        hand = mark(told, rubric, read, facts)
        assert {d.dimension: d.level for d in card.dimensions} == hand.levels, (seed, round_id)
        assert card.label.value == hand.label, (seed, round_id)
        assert card.score == (None if hand.score is None else pytest.approx(hand.score, abs=1e-4)), seed
        assert card.meets.startswith(hand.reached), (seed, card.meets)
        seen[hand.label] += 1
        seen[hand.reached] += 1
        seen["capped"] += bool(card.caps)
        seen["lost"] += bool(told.failed)
    labels = ("strong hire", "hire", "no hire", "strong no hire", "insufficient evidence")
    few = [k for k in (*labels, "meets junior", "meets mid", "meets senior", "capped", "lost") if seen[k] < 5]
    assert not few, f"too few to mean anything: {seen}"


def test_random_loops_come_out_as_by_hand() -> None:
    rng = random.Random(3)
    loop = BANK.loop("standard")
    blank = {r: blank_scorecard().model_copy(update={"round": RoundId(r)}) for r in ROUNDS}
    seen: Counter[str] = Counter()
    for number in range(LOOPS):
        level = rng.choice(list(WEIGHTS))
        mood, spread = rng.choice((1.5, 2.2, 2.8, 3.2, 3.6)), rng.choice((0.4, 1.2))
        scores = {
            r: None if rng.random() < 0.06 else min(4.0, max(1.0, round(rng.gauss(mood, spread) * 20) / 20))
            for r in ROUNDS
        }
        rounds = [
            LoopRound(
                "s",
                blank[r].model_copy(
                    update={
                        "score": s,
                        "label": Label.INSUFFICIENT if s is None else Label(word(s)),
                        "status": "insufficient" if s is None else "scored",
                    }
                ),
            )
            for r, s in scores.items()
        ]
        ours, hand = debrief(loop, Level(level), rounds), decide(level, scores)
        told = (number, level, scores)
        assert ours.label.value == hand.label, told
        for mine, theirs in ((ours.score, hand.score), (ours.low, hand.low), (ours.high, hand.high)):
            assert mine == (None if theirs is None else pytest.approx(theirs, abs=1e-4)), told
        seen[hand.label] += 1
    assert (
        min(seen[x] for x in ("strong hire", "hire", "borderline", "no hire", "insufficient evidence")) > 20
    )
