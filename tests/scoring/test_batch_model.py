"""Lines of a file scored with a model: what it is asked, what becomes of it, and what the run may cost."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.model.clock import ManualClock
from bot.model.doubles import Fault, FaultyModel, ScriptedModel, wired
from bot.model.gateway import Gateway
from bot.model.ledger import NO_CAPS, Caps, Ledger, Price
from bot.scoring.batch import Item
from bot.scoring.in_order import in_order
from bot.scoring.model import BatchJudge, ModelJudge
from tests.scoring.test_model_judge import FAST

pytestmark = pytest.mark.anyio
ANSWER = "The model memorises noise of the training data and does poorly on new data."
CACHES, NOISE = (
    "It is about caches of the processor.",
    "The model memorises noise and does poorly on new data.",
)


def covers(*, nice: str = "covered") -> Any:
    """A model that finds every checkpoint in the answer; `nice` is its word for those that are none of the musts."""

    def reply(messages: Sequence[Any], params: Any) -> str:
        text = "\n".join(str(m.content) for m in messages)
        points = re.findall(r"^- ([a-z]+-\d+) \((\w+)", text, re.MULTILINE)
        rows = [
            {"checkpoint": p, "status": "covered" if k == "must" else nice, "quotes": ["noise"], "why": "w"}
            for p, k in points
        ]
        return json.dumps({"verdicts": rows, "fact": None})

    return reply


def batch(*, caps: Caps | None = None, runs: int = 1, reply: Any = None) -> tuple[BatchJudge, ScriptedModel]:
    model = ScriptedModel(reply=reply or covers())
    bill = Ledger(caps or NO_CAPS)
    priced = replace(wired(model), price=Price(input=1.0, cached=0.1, output=6.0))
    judge = ModelJudge(Gateway(priced, limits=FAST), within=bill, runs=runs)
    return BatchJudge(judge, {}, {}, bill), model


async def test_of_several_references_the_nearest_is_asked_about() -> None:
    scorer, model = batch()
    found = await scorer(Item(id=1, question="Why?", answer=ANSWER, reference=(CACHES, NOISE)))
    assert (found.score, found.level) == (1.0, 4)
    assert len(model.requests) == 1
    assert "caches" not in model.requests[0].text


async def test_checkpoints_and_a_reference_count_half_each() -> None:
    points = [
        {"statement": "noise", "id": "own-name"},
        {"statement": "and more", "kind": "nice", "weight": 7},
    ]
    scorer, model = batch(reply=covers(nice="absent"))
    item = Item.model_validate({"id": 1, "answer": ANSWER, "reference": NOISE, "checkpoints": points})
    found = await scorer(item)
    assert len(model.requests) == 2
    assert [v.checkpoint for v in found.verdicts][:2] == ["own-name", "point-2"]
    assert (found.score, found.level) == (1.0, 3), "level 4 needs the bonus that was offered"


async def test_a_long_rubric_is_judged_in_several_calls_and_keeps_its_weights() -> None:
    points = [{"statement": f"noise number {i}", "weight": 8 if i == 29 else 1} for i in range(30)]

    def reply(messages: Sequence[Any], params: Any) -> str:
        said = json.loads(covers()(messages, params))
        for row in said["verdicts"]:
            row |= {"status": "absent", "quotes": []} if row["checkpoint"] != "point-30" else {}
        return json.dumps(said)

    scorer, model = batch(reply=reply)
    found = await scorer(Item.model_validate({"id": 1, "answer": ANSWER, "checkpoints": points}))
    assert len(model.requests) == 3
    assert all(len(r.text) <= 6_000 for r in model.requests)
    assert [v.checkpoint for v in found.verdicts] == [f"point-{i}" for i in range(1, 31)]
    assert found.score == pytest.approx(8 / 37, abs=1e-3)


async def test_nothing_to_read_and_nothing_to_compare_with_cost_no_call() -> None:
    scorer, model = batch()
    empty = await scorer(Item(id=1, answer=" ... ", reference=(NOISE,)))
    nothing = await scorer(Item(id=2, answer=ANSWER))
    unknown = await scorer(Item(id=3, question_id="ps-none-such", answer=ANSWER, reference=(NOISE,)))
    assert (empty.score, empty.flags) == (0, ("empty",))
    assert [f.status for f in (nothing, unknown)] == ["failed", "failed"]
    assert not model.requests


async def test_how_often_it_was_read_and_where_the_readings_differed_come_out() -> None:
    replies = iter([covers(), covers(nice="absent"), covers()])

    def reply(messages: Sequence[Any], params: Any) -> str:
        return str(next(replies)(messages, params))

    scorer, _ = batch(runs=3, reply=reply)
    points = [{"statement": "noise"}, {"statement": "more", "kind": "nice"}]
    found = await scorer(Item.model_validate({"id": 1, "answer": ANSWER, "checkpoints": points}))
    out = json.loads(found.as_json())
    assert (out["runs"], out["spread"]) == (3, 0.5)
    assert "the readings differed: absent 1 ×, covered 2 ×" in out["verdicts"][1]["why"]


async def test_the_cap_is_that_of_the_whole_run_and_what_it_stops_has_no_number() -> None:
    scorer, model = batch()
    await scorer(Item(id=0, answer=ANSWER, reference=(NOISE,)))
    one = scorer.bill.session.total
    scorer, model = batch(caps=Caps(session_tokens=5_000))
    found = [await scorer(Item(id=i, answer=ANSWER, reference=(NOISE,))) for i in range(40)]
    statuses = [f.status for f in found]
    assert 0 < one < 2_000
    assert statuses == sorted(statuses, reverse=True), "first what is scored, then what the cap stopped"
    assert {"scored", "failed"} == set(statuses)
    assert all((f.score is None) == (f.status == "failed") for f in found)
    assert scorer.bill.session.total <= 5_000
    assert len(model.requests) == statuses.count("scored")


@pytest.mark.parametrize(
    "caps", [Caps(session_tokens=5_000), Caps(session_usd=0.01)], ids=["tokens", "money"]
)
async def test_the_cap_holds_with_lines_under_way_and_stops_no_more_than_it_must(caps: Caps) -> None:
    """Eight at a time set aside far more than they use: they wait for what the others really used."""
    one_by_one, _ = batch(caps=caps)
    alone = [await one_by_one(Item(id=i, answer=ANSWER, reference=(NOISE,))) for i in range(40)]
    scorer, model = batch(caps=caps)
    items = (Item(id=i, answer=ANSWER, reference=(NOISE,)) for i in range(40))
    async with contextlib.aclosing(in_order(items, scorer, at_once=8)) as outcomes:
        together = [found async for found in outcomes]
    assert [f.id for f in together] == list(range(40))
    assert scorer.bill.session.total <= (caps.session_tokens or 10**9)
    assert scorer.bill.session_usd <= (caps.session_usd or 10**9)
    assert 0 < [f.status for f in together].count("failed") < 40
    assert [f.status for f in together].count("scored") == [f.status for f in alone].count("scored")
    assert len(model.requests) == [f.status for f in together].count("scored")


@pytest.mark.parametrize("fault", [Fault.SERVER, Fault.TIMEOUT, Fault.BAD_JSON])
async def test_a_line_that_fails_holds_up_no_other(fault: Fault) -> None:
    clock = ManualClock()
    model = ScriptedModel(reply=covers())
    broken = FaultyModel(
        inner=model, fault=fault, when=lambda _, said: "caches" in str(said[-1].content), clock=clock
    )
    bill = Ledger()
    scorer = BatchJudge(ModelJudge(Gateway(wired(broken), clock=clock), within=bill), {}, {}, bill)
    items = [Item(id=i, answer=CACHES if i % 4 == 1 else ANSWER, reference=(NOISE,)) for i in range(12)]
    async with contextlib.aclosing(in_order(items, scorer, at_once=4)) as outcomes:
        found = [(f.id, f.status) async for f in outcomes]
    assert found == [(i, "failed" if i % 4 == 1 else "scored") for i in range(12)]
