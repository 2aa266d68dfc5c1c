"""The gateway: what it retries, what it books, what it believes of structured output."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from bot.domain.events import CallRecord
from bot.errors import SettingsError
from bot.model import errors as me
from bot.model.clock import ManualClock
from bot.model.doubles import (
    OUTAGES,
    STRUCTURE_FAULTS,
    DoubleMisused,
    Fault,
    FaultyModel,
    Scripted,
    ScriptedModel,
    wired,
)
from bot.model.gateway import Again, Gateway, Limits, Piece, Reply
from bot.model.ledger import Caps, Ledger, Price, Usage
from bot.model.prompts import Params, Rendered, shipped
from bot.model.providers import Wired, model_requests
from bot.settings import load_settings

pytestmark = pytest.mark.anyio


def rendered(**params: object) -> Rendered:
    return Rendered("probe", 1, "h" * 64, "You ask.", "Say something.", Params.model_validate(params))


def gateway_for(
    model: object,
    *,
    clock: ManualClock | None = None,
    ledger: Ledger | None = None,
    deadline_s: float = 30,
    **more: object,
) -> Gateway:
    clock = clock or ManualClock()
    if isinstance(model, FaultyModel | ScriptedModel):
        model.clock = clock
    return Gateway(
        wired(model, **more),  # type: ignore[arg-type]
        ledger=ledger,
        clock=clock,
        rng=random.Random(1),
        limits=Limits(deadline_s=deadline_s),
    )


class Finding(BaseModel):
    model_config = ConfigDict(extra="forbid")
    checkpoint: str
    status: Literal["covered", "absent"]
    quotes: list[str] = []
    weight: int = Field(default=1, le=10)


class Findings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    findings: list[Finding]


GOOD = json.dumps({"findings": [{"checkpoint": "a", "status": "covered", "quotes": ["yes"], "weight": 1}]})


def check_findings(value: Findings) -> list[str]:
    ids = [f.checkpoint for f in value.findings]
    wrong = [f"unknown checkpoint {i}" for i in ids if i != "a"]
    wrong += ["a checkpoint occurs twice"] if len(set(ids)) != len(ids) else []
    return wrong + [f"quote not found: {q}" for f in value.findings for q in f.quotes if q != "yes"]


async def everything(gateway: Gateway, prompt: Rendered | None = None) -> list[Piece | Again | Reply]:
    async with contextlib.aclosing(gateway.stream(prompt or rendered())) as items:
        return [item async for item in items]


async def test_a_stream_ends_with_the_whole_reply_and_its_bill() -> None:
    model = ScriptedModel(replies=("Tell me about the split.",))
    gateway = gateway_for(model)
    items = await everything(gateway)
    assert "".join(i.text for i in items if isinstance(i, Piece)) == "Tell me about the split."
    last = items[-1]
    assert isinstance(last, Reply)
    assert last.text == "Tell me about the split."
    assert last.record.input_tokens > 0
    assert last.record.output_tokens > 0
    assert not last.record.estimated
    assert list(gateway.ledger.records) == [last.record]


async def test_usage_that_the_provider_does_not_tell_is_estimated_and_marked() -> None:
    gateway = gateway_for(ScriptedModel(replies=(Scripted("Go on.", usage=False),)))
    reply = await gateway.text(rendered())
    assert reply.record.estimated
    assert reply.record.output_tokens >= 2


# --------------------------------------------------------------------------------------------- faults

RETRIED = {
    Fault.RATE_LIMIT,
    Fault.RATE_LIMIT_AFTER,
    Fault.TIMEOUT,
    Fault.CONNECT,
    Fault.SERVER,
    Fault.STREAM_CUT,
    Fault.STALL,
    Fault.RESET,
    Fault.ERROR_EVENT,
    Fault.GARBAGE,
    Fault.HTML,
    Fault.EMPTY,
    Fault.WHITESPACE,
}


@pytest.mark.parametrize("fault", sorted(OUTAGES))
async def test_a_fault_that_happens_once_is_mended_or_named(fault: Fault) -> None:
    clock = ManualClock()
    inner = ScriptedModel(reply=lambda m, p: "one two three four five six")
    gateway = gateway_for(FaultyModel.once(inner, fault, clock=clock), clock=clock)
    if fault in RETRIED:
        reply = await gateway.text(rendered())
        assert reply.text == "one two three four five six"
        assert reply.record.attempts == 2
    else:
        with pytest.raises(me.ModelFault) as caught:
            await gateway.text(rendered())
        assert caught.value.kind != "model"
        assert len(caught.value.calls) == 1
    assert gateway.ledger.calls == 1
    assert clock.now() <= 30


@pytest.mark.parametrize("fault", sorted(OUTAGES))
async def test_a_fault_that_stays_ends_in_one_error_within_the_deadline(fault: Fault) -> None:
    clock = ManualClock()
    model = FaultyModel.always(ScriptedModel(reply=lambda m, p: "one two three four"), fault, clock=clock)
    gateway = gateway_for(model, clock=clock)
    with pytest.raises(me.ModelFault) as caught:
        await gateway.text(rendered())
    assert model.hits <= 3
    assert clock.now() <= 30
    assert caught.value.message
    assert "sk-abcdefgh" not in f"{caught.value} {caught.value.detail}"
    assert caught.value.calls[0].finish == caught.value.kind


async def test_words_of_a_failed_attempt_are_withdrawn() -> None:
    clock = ManualClock()
    model = FaultyModel.once(
        ScriptedModel(reply=lambda m, p: "one two three four"), Fault.STREAM_CUT, clock=clock
    )
    items = await everything(gateway_for(model, clock=clock))
    kinds = [type(i).__name__ for i in items]
    assert kinds.index("Again") < kinds.index("Reply")
    again = kinds.index("Again")
    assert "".join(i.text for i in items[again:] if isinstance(i, Piece)) == "one two three four"


async def test_retry_after_is_waited_for_and_a_long_one_is_not() -> None:
    clock = ManualClock()
    inner = ScriptedModel(reply=lambda m, p: "fine")
    await gateway_for(FaultyModel.once(inner, Fault.RATE_LIMIT_AFTER), clock=clock).text(rendered())
    assert 2.0 <= clock.slept[0] < 2.5
    clock = ManualClock()
    with pytest.raises(me.RateLimited) as caught:
        await gateway_for(FaultyModel.always(inner, Fault.RATE_LIMIT_LONG), clock=clock).text(rendered())
    assert caught.value.retry_after_s == 120
    assert clock.slept == []


async def test_pauses_grow_and_are_not_all_alike() -> None:
    clock = ManualClock()
    with pytest.raises(me.ServerFailed):
        await gateway_for(FaultyModel.always(ScriptedModel(), Fault.SERVER), clock=clock).text(rendered())
    first, second = clock.slept
    assert 0.25 <= first <= 0.5
    assert 0.5 <= second <= 1.0


async def test_an_outage_is_waited_out_once_and_its_end_is_noticed() -> None:
    clock = ManualClock()
    down = True
    inner = ScriptedModel(reply=lambda m, p: "back again")
    model = FaultyModel(inner=inner, fault=Fault.SERVER, when=lambda number, messages: down)
    gateway = gateway_for(model, clock=clock)
    attempts = []
    for _ in range(3):
        with pytest.raises(me.ServerFailed) as caught:
            await gateway.bound(Ledger()).text(rendered())
        attempts.append(caught.value.calls[0].attempts)
    assert attempts == [3, 1, 1]
    waited = len(clock.slept)
    clock.advance(120)
    with pytest.raises(me.ServerFailed) as caught:
        await gateway.text(rendered())
    assert caught.value.calls[0].attempts == 3, "after a while it is tried in earnest again"
    down = False
    assert (await gateway.text(rendered())).text == "back again"
    down = True
    with pytest.raises(me.ServerFailed) as caught:
        await gateway.text(rendered())
    assert caught.value.calls[0].attempts == 3
    assert waited == 2


async def test_a_hanging_provider_is_waited_for_briefly_the_second_time() -> None:
    clock = ManualClock()
    gateway = gateway_for(
        FaultyModel.always(ScriptedModel(reply=lambda m, p: "a b c d"), Fault.STALL), clock=clock
    )
    with pytest.raises(me.TimedOut):
        await gateway.text(rendered())
    before = clock.now()
    with pytest.raises(me.TimedOut):
        await gateway.text(rendered())
    assert clock.now() - before <= 6.5


async def test_a_slow_stream_is_stopped_at_the_deadline_of_the_whole_call() -> None:
    clock = ManualClock()
    slow = ScriptedModel(reply=lambda m, p: Scripted("a " * 100, between=1.0))
    with pytest.raises(me.TimedOut):
        await gateway_for(slow, clock=clock, deadline_s=12).text(rendered())
    assert clock.now() <= 13


async def test_misuse_of_a_double_is_not_an_outage() -> None:
    with pytest.raises(DoubleMisused):
        await gateway_for(ScriptedModel(replies=())).text(rendered())


async def test_a_reader_who_leaves_is_billed_for_what_was_used() -> None:
    gateway = gateway_for(ScriptedModel(reply=lambda m, p: "one two three four"))
    async with contextlib.aclosing(gateway.stream(rendered())) as items:
        async for _ in items:
            break
    assert [r.finish for r in gateway.ledger.records] == ["cancelled"]


UNPAID = {
    *(Fault.RATE_LIMIT, Fault.RATE_LIMIT_AFTER, Fault.RATE_LIMIT_LONG, Fault.QUOTA, Fault.CONNECT, Fault.SERVER),
    *(Fault.AUTH, Fault.PERMISSION, Fault.UNKNOWN_MODEL, Fault.BAD_REQUEST, Fault.CONTEXT, Fault.GARBAGE, Fault.HTML),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(OUTAGES))
async def test_what_a_provider_worked_on_is_paid_and_what_it_refused_is_not(fault: Fault) -> None:
    model = FaultyModel.always(ScriptedModel(reply=lambda m, p: "one two three four"), fault)
    gateway = gateway_for(model)
    with pytest.raises(me.ModelFault) as caught:
        await gateway.text(rendered())
    (call,) = caught.value.calls
    assert bool(call.input_tokens) == (fault not in UNPAID), fault
    assert list(gateway.ledger.records) == [call]


def test_the_setting_says_how_long_a_call_may_take_and_can_lengthen_it() -> None:
    def limits(seconds: str) -> Limits:
        from bot.model.gateway import gateway_from

        settings = load_settings(
            {}, model="m", openai_base_url="http://127.0.0.1:1/v1", model_timeout_s=seconds
        )
        return gateway_from(settings, "judge").limits

    short, slow = limits("60"), limits("600")
    assert (short.deadline_s, slow.deadline_s) == (60, 600)
    assert slow.brief_s == 60, "a slow machine gets more time for its short attempts, too"
    assert short.brief_s == 6


@pytest.mark.parametrize("prompt", ["judge_answer", "judge_round", "judge_committee"])
async def test_no_prompt_cuts_the_time_that_the_setting_allows(prompt: str) -> None:
    params = shipped().get(prompt).head.params
    slow = ScriptedModel(reply=lambda m, p: Scripted(GOOD, before=500.0))
    found = await gateway_for(slow, deadline_s=600).structured(
        rendered(**params.model_dump()), Findings, check=check_findings
    )
    assert found.value.findings


async def test_a_thought_at_the_start_is_not_part_of_the_reply() -> None:
    pieces = ("<th", "ink>The answer", " is</thi", "nk>\n\nWhat", " then?")
    model = ScriptedModel(replies=(Scripted("", pieces=pieces), Scripted("<think>for ever")))
    items = await everything(gateway_for(model))
    assert isinstance(items[-1], Reply)
    assert items[-1].text == "What then?"
    assert all("think" not in i.text for i in items if isinstance(i, Piece))
    with pytest.raises((me.EmptyReply, DoubleMisused)):
        await gateway_for(ScriptedModel(replies=(Scripted("<think>for ever"),) * 2)).text(rendered())


# ------------------------------------------------------------------------------- parameters that servers refuse


async def test_a_refused_parameter_is_left_out_from_then_on() -> None:
    refusals: list[str] = []

    def picky(messages: object, params: dict[str, object]) -> str | Exception:
        for name in ("temperature", "reasoning_effort"):
            if name in params:
                refusals.append(name)
                from langchain_core.exceptions import ModelInvalidRequestError

                return ModelInvalidRequestError(
                    f"Unsupported parameter: '{name}' is not supported with this model."
                )
        return "fine"

    model = ScriptedModel(reply=picky)
    gateway = gateway_for(model, name="gpt-6-luna")
    assert (await gateway.text(rendered(temperature=0.4))).text == "fine"
    assert refusals == ["temperature", "reasoning_effort"]
    assert (await gateway.text(rendered(temperature=0.4))).record.attempts == 1


async def test_structured_output_steps_down_to_what_the_server_takes() -> None:
    def without_schema(messages: list[object], params: dict[str, object]) -> str | Exception:
        if "response_format" in json.dumps(params.get("extra_body", {})):
            from langchain_core.exceptions import ModelInvalidRequestError

            return ModelInvalidRequestError("response_format is not supported")
        return GOOD

    model = ScriptedModel(reply=without_schema)
    found = await gateway_for(model).structured(rendered(), Findings, check=check_findings)
    assert found.value.findings[0].checkpoint == "a"
    assert [
        r.params.get("extra_body", {}).get("response_format", {}).get("type") for r in model.requests
    ] == [
        "json_schema",
        "json_object",
        None,
    ]
    assert '"checkpoint"' in model.requests[-1].text  # the schema, in words instead


async def test_a_provider_with_parameters_of_its_own_gets_none_and_the_schema_in_words() -> None:
    model = ScriptedModel(replies=("Go on.", GOOD, Scripted("It has no finish reason.", finish="")))
    gateway = gateway_for(model, dialect="plain")
    await gateway.text(rendered(temperature=0.4))
    await gateway.structured(rendered(), Findings)
    assert all(not r.params for r in model.requests)
    assert '"checkpoint"' in model.requests[1].text
    assert (await gateway.text(rendered())).text == "It has no finish reason."


async def test_a_bad_request_about_nothing_we_could_leave_out_is_an_error() -> None:
    with pytest.raises(me.BadRequest):
        await gateway_for(FaultyModel.always(ScriptedModel(), Fault.BAD_REQUEST)).text(rendered())


# ------------------------------------------------------------------------------------------ structured output


@pytest.mark.parametrize("fault", sorted(STRUCTURE_FAULTS))
async def test_bad_structure_is_repaired_once(fault: Fault) -> None:
    inner = ScriptedModel(reply=lambda m, p: GOOD)
    model = FaultyModel.once(inner, fault)
    found = await gateway_for(model).structured(rendered(), Findings, check=check_findings)
    assert found.value.model_dump_json() == Findings.model_validate_json(GOOD).model_dump_json()
    lenient = {Fault.FENCED_JSON, Fault.PROSE_JSON}
    assert found.repaired == (fault not in lenient)
    assert len(found.calls) == (1 if fault in lenient else 2)


@pytest.mark.parametrize("fault", sorted(STRUCTURE_FAULTS - {Fault.FENCED_JSON, Fault.PROSE_JSON}))
async def test_structure_that_stays_bad_is_an_error_and_never_a_value(fault: Fault) -> None:
    model = FaultyModel.always(ScriptedModel(reply=lambda m, p: GOOD), fault)
    with pytest.raises(me.BadStructure) as caught:
        await gateway_for(model).structured(rendered(), Findings, check=check_findings)
    assert caught.value.problems
    assert len(caught.value.calls) == 2
    assert model.calls == 2


async def test_two_different_objects_are_not_a_choice() -> None:
    other = GOOD.replace("covered", "absent")
    model = ScriptedModel(replies=(f"{other}\n{GOOD}", GOOD))
    found = await gateway_for(model).structured(rendered(), Findings)
    assert found.repaired


async def test_the_repair_names_the_problem_and_shows_the_draft() -> None:
    model = ScriptedModel(replies=('{"findings": [{"checkpoint": "a", "status": "great"}]}', GOOD))
    await gateway_for(model).structured(rendered(), Findings)
    assert "findings.0.status" in model.requests[1].text
    assert "great" in model.requests[1].text


# ------------------------------------------------------------------------------------------------ budget


def record(usd: float | None = 0.5, tokens: int = 1000) -> CallRecord:
    return CallRecord(prompt="p", prompt_hash="h", model="m", input_tokens=tokens, usd=usd)


async def test_a_cap_stops_before_the_call() -> None:
    for caps in (
        Caps(session_tokens=100),
        Caps(turn_tokens=100),
        Caps(call_tokens=100),
        Caps(turn_calls=0),
        Caps(session_usd=0.0001),
        Caps(turn_usd=0.0001),
    ):
        model = ScriptedModel(reply=lambda m, p: "never said")
        priced = Wired(model, "m", price=Price(1, 0.1, 5))
        with pytest.raises(me.BudgetSpent):
            await Gateway(priced, ledger=Ledger(caps)).text(rendered())
        assert model.requests == []


async def test_a_cap_on_money_without_a_price_is_an_error() -> None:
    model = ScriptedModel(reply=lambda m, p: "never said")
    with pytest.raises(SettingsError, match="price"):
        await Gateway(Wired(model, "m"), ledger=Ledger(Caps(session_usd=1))).text(rendered())
    assert model.requests == []


async def test_failed_attempts_cost_and_a_retry_cannot_pass_the_cap() -> None:
    inner = ScriptedModel(reply=lambda m, p: "word " * 200)
    model = FaultyModel.always(inner, Fault.STREAM_CUT)
    gateway = gateway_for(model, ledger=Ledger(Caps(session_tokens=250)))
    with pytest.raises(me.BudgetSpent):
        await gateway.text(rendered(max_tokens=200))
    assert model.calls == 1
    assert gateway.ledger.session.total > 90


def test_a_resumed_session_remembers_what_it_spent() -> None:
    ledger = Ledger.resumed(Caps(session_usd=1.0), [record(), record(None)])
    assert ledger.session_usd == 0.5
    assert ledger.session.total == 2000
    assert ledger.unpriced == 1
    assert ledger.turn.total == 0
    with pytest.raises(me.BudgetSpent):
        ledger.hold("m", Price(1, 1, 1), Usage(input=600_000))


def test_calls_in_parallel_cannot_pass_a_cap_together() -> None:
    ledger = Ledger(Caps(session_tokens=1000))
    hold = ledger.hold("m", None, Usage(input=600))
    with pytest.raises(me.BudgetSpent):
        ledger.hold("m", None, Usage(input=600))
    ledger.settle(hold, None)
    ledger.hold("m", None, Usage(input=600))


def test_the_parts_of_a_whole_cannot_pass_its_cap_together() -> None:
    whole = Ledger(Caps(session_tokens=1000))
    one, other = Ledger(within=whole), Ledger(within=whole)
    hold = one.hold("m", None, Usage(input=600))
    with pytest.raises(me.BudgetSpent):
        other.hold("m", None, Usage(input=600))
    one.settle(hold, record(tokens=300))
    other.settle(other.hold("m", None, Usage(input=600)), record(tokens=600))
    assert (one.session.total, other.session.total, whole.session.total) == (300, 600, 900)
    with pytest.raises(me.BudgetSpent):
        one.hold("m", None, Usage(input=101))


async def test_a_call_waits_for_what_those_in_flight_really_use() -> None:
    whole = Ledger(Caps(session_tokens=1000))
    hold = whole.hold("m", None, Usage(input=900))
    part = Ledger(within=whole)
    fits = asyncio.create_task(part.room("m", None, Usage(input=700)))
    never = asyncio.create_task(Ledger(within=whole).room("m", None, Usage(input=1001)))
    left = asyncio.create_task(Ledger(within=whole).room("m", None, Usage(input=700)))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.sleep(0)
    assert not fits.done()
    assert not never.done()
    whole.settle(hold, record(tokens=300))
    mine = await fits
    assert not never.done(), "the other is in flight now"
    part.settle(mine, record(tokens=700))
    with pytest.raises(me.BudgetSpent):
        await never
    assert left.cancelled()
    assert whole.session.total == 1000


async def test_real_models_are_off_when_the_switch_is_off() -> None:
    model = ScriptedModel(reply=lambda m, p: "never said")
    with model_requests(False), pytest.raises(me.RequestsForbidden):
        await Gateway(Wired(model, "m", real=True)).text(rendered())
    assert model.requests == []
