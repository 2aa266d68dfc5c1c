"""The real `ChatOpenAI` over a real socket against the local stand-in: what leaves, and what every fault becomes."""

from __future__ import annotations

import contextlib
import json
import random
from collections import deque
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel

from bot.model import errors as me
from bot.model.doubles import ScriptedModel
from bot.model.gateway import Again, Gateway, Limits, Piece, Reply
from bot.model.prompts import Params, Rendered
from bot.model.providers import connect, model_requests
from bot.model.standin import StandIn, Wire

pytestmark = pytest.mark.anyio

KEY = "sk-test-0123456789abcdef"
TEXT = "one two three four five six seven eight"


_OPEN: list[Gateway] = []


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    with StandIn(brain=lambda messages, body: TEXT, stall_s=5, key=KEY) as running:
        yield running
        while _OPEN:
            await _OPEN.pop().aclose()


def gateway_to(server: StandIn, *, model: str = "stand-in", key: str = KEY, **limits: float) -> Gateway:
    changes = {"deadline_s": 60.0, "first_s": 20.0, "idle_s": 20.0, "wait_s": 0.01, **limits}
    gateway = Gateway(
        connect(model, api_key=key, base_url=server.url, timeout_s=10),
        limits=Limits(**changes),  # type: ignore[arg-type]
        rng=random.Random(1),
    )
    _OPEN.append(gateway)
    return gateway


def rendered(**params: object) -> Rendered:
    return Rendered("probe", 1, "h", "You ask.", "Say something.", Params.model_validate(params))


async def test_a_stream_arrives_word_by_word_with_the_providers_own_count(server: StandIn) -> None:
    async with contextlib.aclosing(
        gateway_to(server).stream(rendered(temperature=0.4, max_tokens=77))
    ) as stream:
        items = [item async for item in stream]
    pieces = [i.text for i in items if isinstance(i, Piece)]
    assert len(pieces) > 4
    assert "".join(pieces) == TEXT
    reply = items[-1]
    assert isinstance(reply, Reply)
    assert not reply.record.estimated
    assert reply.record.usd == 0  # this machine's own server
    (body,) = server.requests
    assert body["stream"] is True
    assert body["temperature"] == 0.4
    assert body["max_tokens"] == 77
    assert [m["role"] for m in body["messages"]] == ["system", "user"]


RETRIED = {
    Wire.CUT: me.StreamCut,
    Wire.STALL: me.TimedOut,
    Wire.SLOW_START: me.TimedOut,
    Wire.RESET: me.Unreachable,
    Wire.GARBAGE: me.GarbledReply,
    Wire.HTML: me.GarbledReply,
    Wire.SERVER: me.ServerFailed,
    Wire.UNAVAILABLE: me.ServerFailed,
    Wire.ERROR_EVENT: me.ServerFailed,
    Wire.EMPTY: me.EmptyReply,
    Wire.REFUSAL: me.EmptyReply,  # a streamed refusal looks like an empty "stop"
}
FINAL = {
    Wire.QUOTA: me.QuotaSpent,
    Wire.AUTH: me.AuthFailed,
    Wire.NOT_FOUND: me.UnknownModel,
    Wire.CONTEXT: me.ContextOverflow,
    Wire.LENGTH: me.Truncated,
    Wire.CONTENT_FILTER: me.RefusedReply,
}


@pytest.mark.parametrize("wire", sorted(RETRIED))
async def test_a_passing_fault_is_mended_by_one_more_attempt(server: StandIn, wire: Wire) -> None:
    server.plan = deque([wire])
    waits = {"first_s": 1.0, "idle_s": 1.0} if wire in (Wire.STALL, Wire.SLOW_START) else {}
    reply = await gateway_to(server, **waits).text(rendered())
    assert reply.text == TEXT
    # on a busy machine the good answer may come later than somebody waits who waits for a second
    assert reply.record.attempts >= 2 if waits else reply.record.attempts == 2


@pytest.mark.parametrize("wire", sorted(RETRIED))
async def test_a_lasting_fault_has_its_own_name(server: StandIn, wire: Wire) -> None:
    server.always = wire
    waits = {"first_s": 0.15, "idle_s": 0.15} if wire in (Wire.STALL, Wire.SLOW_START) else {}
    with pytest.raises(RETRIED[wire]) as caught:
        await gateway_to(server, **waits).text(rendered())
    assert server.served <= 3
    assert KEY not in f"{caught.value} {caught.value.detail}"
    assert caught.value.hint


@pytest.mark.parametrize("wire", sorted(FINAL))
async def test_what_will_not_pass_is_not_tried_again(server: StandIn, wire: Wire) -> None:
    server.always = wire
    with pytest.raises(FINAL[wire]):
        await gateway_to(server).text(rendered())
    assert server.served == 1


async def test_retry_after_of_the_server_is_kept(server: StandIn) -> None:
    server.always, server.retry_after = Wire.RATE_LIMIT, "90"
    with pytest.raises(me.RateLimited) as caught:
        await gateway_to(server).text(rendered())
    assert caught.value.retry_after_s == 90
    assert server.served == 1
    server.always, server.retry_after, server.plan = Wire.NORMAL, "0.05", deque([Wire.RATE_LIMIT])
    assert (await gateway_to(server).text(rendered())).record.attempts == 2


async def test_a_wrong_key_is_never_repeated_back(server: StandIn) -> None:
    with pytest.raises(me.AuthFailed) as caught:
        await gateway_to(server, key="sk-wrong-0123456789").text(rendered())
    assert "wrong-0123" not in f"{caught.value} {caught.value.detail}"


async def test_words_shown_before_a_cut_are_withdrawn(server: StandIn) -> None:
    server.plan = deque([Wire.CUT])
    async with contextlib.aclosing(gateway_to(server).stream(rendered())) as stream:
        kinds = [type(item) async for item in stream]
    assert kinds.count(Again) == 1
    assert kinds[0] is Piece
    assert kinds[-1] is Reply


async def test_a_server_without_usage_gets_an_estimate(server: StandIn) -> None:
    server.always = Wire.NO_USAGE
    record = (await gateway_to(server).text(rendered())).record
    assert record.estimated
    assert record.output_tokens > 4


@pytest.mark.parametrize("parameter", ["temperature", "max_tokens", "stream_options"])
async def test_a_refused_parameter_is_left_out(server: StandIn, parameter: str) -> None:
    server.always, server.parameter = Wire.REFUSE_PARAMETER, parameter
    gateway = gateway_to(server)
    assert (await gateway.text(rendered(temperature=0.4))).text == TEXT
    assert (await gateway.text(rendered(temperature=0.4))).record.attempts == 1
    assert parameter not in server.requests[-1]
    if parameter == "max_tokens":
        assert server.requests[-1]["max_completion_tokens"] == 600


async def test_openais_own_models_get_their_own_parameters() -> None:
    """`api.openai.com` cannot be reached here, so the request is caught at the seam of the HTTP client."""
    from bot.model.providers import request_options

    params = Params(temperature=0.4, max_tokens=200)
    at_will = request_options(connect("gpt-6-luna", api_key=KEY), params, None, frozenset())
    assert at_will == {"reasoning_effort": "none", "temperature": 0.4, "max_completion_tokens": 200}
    always = request_options(connect("gpt-5-mini", api_key=KEY), params, None, frozenset())
    assert always == {"reasoning_effort": "minimal", "max_completion_tokens": 2200}
    plain = request_options(connect("gpt-4.1-mini", api_key=KEY), params, None, frozenset())
    assert plain == {"temperature": 0.4, "max_completion_tokens": 200}


class Verdict(BaseModel):
    checkpoint: str
    status: str


async def test_structured_output_asks_for_a_schema_and_steps_down(server: StandIn) -> None:
    server.brain = lambda messages, body: json.dumps({"checkpoint": "a", "status": "covered"})
    gateway = gateway_to(server)
    assert (await gateway.structured(rendered(), Verdict)).value.checkpoint == "a"
    form = server.requests[-1]["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    assert form["json_schema"]["schema"]["required"] == ["checkpoint", "status"]
    server.always, server.parameter = Wire.REFUSE_PARAMETER, "response_format"
    assert (await gateway.structured(rendered(), Verdict)).value.status == "covered"
    assert "response_format" not in server.requests[-1]
    assert "JSON Schema" in server.requests[-1]["messages"][0]["content"]


async def test_no_server_at_all(server: StandIn) -> None:
    gateway = gateway_to(server)
    server.stop()
    with pytest.raises(me.Unreachable):
        await gateway.text(rendered())


async def test_the_switch_keeps_every_request_at_home(server: StandIn) -> None:
    with model_requests(False), pytest.raises(me.RequestsForbidden):
        await gateway_to(server).text(rendered())
    assert server.served == 0


async def test_making_a_model_calls_nobody(server: StandIn) -> None:
    connect("stand-in", api_key=KEY, base_url=server.url)
    assert server.served == 0


def test_names_of_models() -> None:
    from bot.errors import SettingsError
    from bot.model.providers import _split

    assert _split("gpt-6-luna", "") == ("openai", "gpt-6-luna")
    assert _split("llama3.2:3b", "http://127.0.0.1:11434/v1") == ("openai", "llama3.2:3b")
    assert _split("anthropic:claude", "") == ("anthropic", "claude")
    assert _split("openai:gpt-6-luna", "http://x/v1") == ("openai", "gpt-6-luna")
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        connect("gpt-6-luna")
    with pytest.raises(SettingsError, match="package"):
        connect("anthropic:claude-x")
    with pytest.raises(SettingsError, match="not a provider"):
        connect("nosuchprovider:model")


def test_a_double_records_what_it_was_asked() -> None:
    model = ScriptedModel(replies=("hello",))
    assert model.invoke("hi").text == "hello"
    assert model.requests[0].text == "hi"
