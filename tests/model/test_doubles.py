"""The doubles: loud where they must be, and a cassette that notices a changed prompt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from bot.model.doubles import (
    OUTAGES,
    SPEECH_FAULTS,
    STRUCTURE_FAULTS,
    CassetteMiss,
    CassetteModel,
    DoubleMisused,
    Fault,
    FaultyModel,
    Scripted,
    ScriptedModel,
)

pytestmark = pytest.mark.anyio


def test_every_fault_has_its_class() -> None:
    assert set(Fault) == OUTAGES | STRUCTURE_FAULTS | SPEECH_FAULTS
    assert not OUTAGES & STRUCTURE_FAULTS
    assert not OUTAGES & SPEECH_FAULTS


async def test_one_model_serves_every_way_of_asking() -> None:
    model = ScriptedModel(reply=lambda messages, params: f"{len(messages)} {params.get('temperature')}")
    assert model.invoke("hi", temperature=1).text == "1 1"
    assert (await model.ainvoke("hi")).text == "1 None"
    assert "".join(str(c.text) for c in model.stream("hi")) == "1 None"
    chunks = [c async for c in model.bind(temperature=2).astream("hi")]
    assert "".join(str(c.text) for c in chunks) == "1 2"
    usage = model.invoke("hi").usage_metadata
    assert usage is not None
    assert usage["total_tokens"] > 0
    assert len(model.requests) == 5


async def test_a_script_is_loud_at_its_end() -> None:
    model = ScriptedModel(replies=("one", Scripted("two", finish="length")))
    await model.ainvoke("a")
    assert (await model.ainvoke("b")).response_metadata["finish_reason"] == "length"
    with pytest.raises(DoubleMisused, match="2 replies, this is request 3"):
        await model.ainvoke("c")


async def test_a_fault_comes_where_it_is_wanted() -> None:
    model = FaultyModel.once(ScriptedModel(reply=lambda m, p: "fine"), Fault.EMPTY, at=2)
    assert [(await model.ainvoke("x")).text for _ in range(3)] == ["fine", "", "fine"]
    assert (model.calls, model.hits) == (3, 1)
    picky = FaultyModel(
        inner=ScriptedModel(reply=lambda m, p: "fine"),
        fault=Fault.EMPTY,
        when=lambda number, messages: "judge" in str(messages[-1].content),
    )
    assert [(await picky.ainvoke(t)).text for t in ("judge this", "ask this")] == ["", "fine"]


# ------------------------------------------------------------------------------------------------- cassettes


def record(file: Path, *asked: str, **more: object) -> CassetteModel:
    inner = ScriptedModel(
        reply=lambda m, p: f"answer to {m[-1].content} for sk-secret-12345678 me@example.org"
    )
    tape = CassetteModel(file=file, name="m", inner=inner, mode="record", **more)
    for text in asked:
        tape.invoke([SystemMessage("You ask.\nBe brief."), HumanMessage(text)], temperature=0.1)
    tape.save()
    return tape


def ask(tape: CassetteModel, text: str, system: str = "You ask.\nBe brief.", temperature: float = 0.1) -> str:
    return str(tape.invoke([SystemMessage(system), HumanMessage(text)], temperature=temperature).text)


def test_a_cassette_replays_without_a_model(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    record(file, "one", "two", "one")
    tape = CassetteModel(file=file, name="m")
    assert ask(tape, "two").startswith("answer to two")
    assert ask(tape, "one").startswith("answer to one")
    assert len(tape.unused()) == 1, "the second `one` is another answer"
    ask(tape, "one")
    assert tape.unused() == ()
    with pytest.raises(CassetteMiss):
        ask(tape, "one")


def test_a_changed_prompt_misses_and_names_the_first_line_that_differs(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    record(file, "one")
    tape = CassetteModel(file=file, name="m")
    with pytest.raises(CassetteMiss, match=r"line 4[\s\S]*Be brief[\s\S]*Be long"):
        ask(tape, "one", system="You ask.\nBe long.")
    with pytest.raises(CassetteMiss, match="line 2"):
        ask(tape, "one", temperature=0.9)
    with pytest.raises(CassetteMiss, match="line 1"):
        ask(CassetteModel(file=file, name="another"), "one")


def test_nothing_is_recorded_by_default(tmp_path: Path) -> None:
    tape = CassetteModel(file=tmp_path / "none.json", name="m", inner=ScriptedModel(reply=lambda m, p: "x"))
    with pytest.raises(DoubleMisused, match="record it first"):
        ask(tape, "one")


def test_cassettes_hold_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    record(file, "one with my-own-secret in it", secrets=("my-own-secret",))
    text = file.read_text()
    for secret in ("sk-secret", "me@example.org", "my-own-secret"):
        assert secret not in text
    assert json.loads(text)["calls"]


def test_pruning_keeps_what_is_used(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    record(file, "one", "two")
    tape = CassetteModel(file=file, name="m")
    ask(tape, "two")
    tape.save(prune=True)
    assert len(json.loads(file.read_text())["calls"]) == 1


def test_refresh_asks_again(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    record(file, "one")
    tape = CassetteModel(file=file, name="m", inner=ScriptedModel(reply=lambda m, p: "anew"), mode="refresh")
    assert ask(tape, "one") == "anew"
