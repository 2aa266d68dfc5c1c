"""The oddities of servers that are not OpenAI's, each over a real socket: what we ask of them, what we make of it."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import pytest
from pydantic import BaseModel

from bot.errors import SettingsError
from bot.model import errors as me
from bot.model.gateway import Again, Gateway, Limits, Piece, Reply
from bot.model.prompts import Params, Rendered
from bot.model.providers import THINKING_ROOM, connect
from bot.model.standin import Raw, StandIn
from bot.model.thoughts import WithoutThoughts

pytestmark = pytest.mark.anyio
PROMPT = Rendered("probe", 1, "h", "You ask.", "Say something.", Params(max_tokens=100, temperature=0.4))
Answering = Callable[[dict[str, Any]], Raw]


class Verdict(BaseModel):
    checkpoint: str
    status: str


GOOD = json.dumps({"checkpoint": "a", "status": "covered"})


class Lab:
    """A server that replies as it is told, and a gateway to it."""

    def __init__(self, server: StandIn, gateway: Gateway) -> None:
        self.server, self.gateway = server, gateway

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was asked of the server."""
        return list(self.server.requests)

    async def stream(self) -> tuple[list[Piece | Again | Reply], str]:
        """The items of a streamed reply, and what a page would show at the end."""
        shown = ""
        items = []
        async with contextlib.aclosing(self.gateway.stream(PROMPT)) as stream:
            async for item in stream:
                items.append(item)
                shown = (
                    shown + item.text if isinstance(item, Piece) else "" if isinstance(item, Again) else shown
                )
        return items, shown


@contextlib.asynccontextmanager
async def lab(reply: Answering, model: str = "local-7b") -> AsyncIterator[Lab]:
    with StandIn(raw=reply) as server:
        gateway = Gateway(
            connect(model, base_url=server.url, timeout_s=10),
            limits=Limits(deadline_s=5, wait_s=0.001),
            rng=random.Random(1),
        )
        try:
            yield Lab(server, gateway)
        finally:
            await gateway.aclose()


def event(delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [choice],
        **more,
    }


def words(pieces: Iterable[str], finish: str | None = "stop") -> list[dict[str, Any]]:
    return [*(event({"content": p}) for p in pieces), event({}, finish)]


def whole(text: str, finish: str = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": text, **message}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "message": said, "finish_reason": finish}],
    }


def refusal(text: str, status: int = 400, **more: Any) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"message": text, "type": "invalid_request_error", **more}}


# ------------------------------------------------------------------------------------------------ parameters


async def test_a_refusal_that_names_no_parameter_is_read_in_order() -> None:
    """Gateways to reasoning models name both spellings in one sentence; the first is the one that is refused."""

    def reply(body: dict[str, Any]) -> Raw:
        if "max_tokens" in body:
            return refusal(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'."
            )
        return words(["fine"])

    async with lab(reply) as it:
        assert (await it.gateway.text(PROMPT)).text == "fine"
        assert it.bodies[-1]["max_completion_tokens"] == 100
        assert "max_tokens" not in it.bodies[-1]


@pytest.mark.parametrize(
    "said",
    [
        "Unsupported value: 'temperature' does not support 0.4 with this model. Only the default (1) value is supported.",
        "[{'type': 'extra_forbidden', 'loc': ('body', 'temperature'), 'msg': 'Extra inputs are not permitted'}]",
    ],
)
async def test_a_refused_temperature_is_left_out(said: str) -> None:
    def reply(body: dict[str, Any]) -> Raw:
        return refusal(said, 422 if said.startswith("[") else 400) if "temperature" in body else words(["ok"])

    async with lab(reply) as it:
        assert (await it.gateway.text(PROMPT)).text == "ok"
        assert (await it.gateway.text(PROMPT)).record.attempts == 1


async def test_who_refuses_to_be_told_how_much_to_think_gets_room_for_it() -> None:
    def reply(body: dict[str, Any]) -> Raw:
        return (
            refusal("Unsupported value: 'reasoning_effort' does not support 'none'.")
            if "reasoning_effort" in body
            else words(["ok"])
        )

    async with lab(reply, "qwen3:8b") as it:
        assert (await it.gateway.text(PROMPT)).text == "ok"
        assert it.bodies[0]["max_tokens"] == 100
        assert it.bodies[-1]["max_tokens"] == 100 + THINKING_ROOM


SCHEMA_REFUSALS = {
    "ollama, vllm: by name": refusal("response_format json_schema is not supported"),
    "deepseek: without a name": refusal("This response_format type is unavailable now"),
    "groq: in prose": refusal("This model does not support response format `json_schema`."),
    "llama.cpp: a grammar that fails": refusal("Failed to initialize samplers: failed to parse grammar", 500),
}


@pytest.mark.parametrize("said", SCHEMA_REFUSALS.values(), ids=SCHEMA_REFUSALS)
async def test_a_schema_that_a_server_cannot_do_goes_into_words(said: Raw) -> None:
    def reply(body: dict[str, Any]) -> Raw:
        return (
            said if body.get("response_format", {}).get("type") == "json_schema" else whole(f"Here: {GOOD}")
        )

    async with lab(reply) as it:
        assert (await it.gateway.structured(PROMPT, Verdict)).value.checkpoint == "a"
        assert it.bodies[-1]["response_format"] == {"type": "json_object"}
        assert '"checkpoint"' in it.bodies[-1]["messages"][0]["content"]
        assert (await it.gateway.structured(PROMPT, Verdict)).calls[0].attempts == 1


async def test_a_verdict_inside_a_tool_call_is_a_verdict() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "Verdict", "arguments": GOOD}}

    async with lab(lambda body: whole("", "tool_calls", tool_calls=[call])) as it:
        assert (await it.gateway.structured(PROMPT, Verdict)).value.status == "covered"


async def test_a_spoken_reply_that_is_a_tool_call_is_empty() -> None:
    call = {"index": 0, "id": "1", "type": "function", "function": {"name": "ask", "arguments": "{}"}}

    async with lab(lambda body: [event({"tool_calls": [call]}), event({}, "tool_calls")]) as it:
        with pytest.raises(me.EmptyReply):
            await it.gateway.text(PROMPT)


# -------------------------------------------------------------------------------------------------- thoughts


@pytest.mark.parametrize(
    "thought",
    [
        "<think>{t}</think>\n\n",
        "<thinking>{t}</thinking>",
        "[THINK]{t}[/THINK]",
        "<|channel|>analysis<|message|>{t}<|end|><|start|>assistant<|channel|>final<|message|>",
    ],
)
async def test_thoughts_in_tags_are_neither_shown_nor_read(thought: str) -> None:
    aloud = thought.format(t='They want {"checkpoint": "z", "status": "wrong"}. Hm.')
    async with lab(lambda body: words([*aloud, *"What then?"])) as it:
        items, shown = await it.stream()
        assert shown == "What then?"
        assert not any(isinstance(i, Again) for i in items)
    async with lab(lambda body: whole(aloud + GOOD)) as it:
        assert (await it.gateway.structured(PROMPT, Verdict)).value.checkpoint == "a"


async def test_a_thought_without_an_opening_tag_is_withdrawn_and_never_shown_again() -> None:
    def reply(body: dict[str, Any]) -> Raw:
        return words(["Okay, ", "so they ", "want.", "\n</thi", "nk>", "\n\nWhat ", "then?"])

    async with lab(reply) as it:
        items, shown = await it.stream()
        assert shown == "What then?"
        assert sum(isinstance(i, Again) for i in items) == 1
        items, shown = await it.stream()
        assert shown == "What then?"
        assert [type(i) for i in items if not isinstance(i, Piece)] == [Reply], "it was learned"
    async with lab(lambda body: whole(f"Okay, so...</think>{GOOD}")) as it:
        assert (await it.gateway.structured(PROMPT, Verdict)).value.checkpoint == "a"


async def test_a_thought_in_a_field_of_its_own_is_not_the_reply() -> None:
    def reply(body: dict[str, Any]) -> Raw:
        return [
            event({"role": "assistant", "content": None}),
            event({"reasoning_content": "Hm, "}),
            event({"reasoning": "well."}),
            *words(["What ", "then?"]),
        ]

    async with lab(reply) as it:
        assert (await it.stream())[1] == "What then?"


async def test_a_model_that_thinks_until_its_output_ends_gets_room_once_and_for_all() -> None:
    def reply(body: dict[str, Any]) -> Raw:
        if body["max_tokens"] < 1_000:
            return words(["<think>", "well"], "length")
        return words(["<think>well", "</think>", "Yes."])

    async with lab(reply) as it:
        first = await it.gateway.text(PROMPT)
        assert (first.text, first.record.attempts) == ("Yes.", 2)
        assert (await it.gateway.text(PROMPT)).record.attempts == 1
        assert [b["max_tokens"] for b in it.bodies] == [100, 100 + THINKING_ROOM, 100 + THINKING_ROOM]


async def test_a_model_that_never_comes_to_a_point_is_truncated() -> None:
    async with lab(lambda body: words(["<think>", "well"], "length")) as it:
        with pytest.raises(me.Truncated):
            await it.gateway.text(PROMPT)
        assert len(it.bodies) == 2


def test_no_cut_of_a_stream_shows_a_thought() -> None:
    text = "<think>secret</think>\n\nSpoken."
    for a in range(len(text)):
        for b in range(a, len(text)):
            visible = WithoutThoughts()
            shown = "".join(visible.feed(part) for part in (text[:a], text[a:b], text[b:])) + visible.rest()
            assert (shown.strip(), visible.stray_end) == ("Spoken.", False)


# ------------------------------------------------------------------------------------------- ends and chunks


async def test_chunks_without_choices_are_no_trouble() -> None:
    """Azure begins with its filter's findings, and everybody's usage comes in such a chunk."""
    nothing = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": []}
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}

    async with lab(lambda body: [nothing, *words(["What ", "then?"]), {**nothing, "usage": usage}]) as it:
        reply = await it.gateway.text(PROMPT)
        assert reply.text == "What then?"
        assert (reply.record.input_tokens, reply.record.output_tokens) == (7, 2)
        assert not reply.record.estimated


async def test_a_reply_without_usage_is_estimated_and_marked() -> None:
    async with lab(lambda body: whole(GOOD)) as it:
        (call,) = (await it.gateway.structured(PROMPT, Verdict)).calls
        assert call.estimated
        assert call.input_tokens > 5


async def test_an_end_without_a_reason_is_no_end() -> None:
    async with lab(lambda body: words(["What ", "then?"], None)) as it:
        with pytest.raises(me.StreamCut):
            await it.gateway.text(PROMPT)


# ---------------------------------------------------------------------------------------------- other refusals

STATUS = {
    402: me.QuotaSpent,
    405: me.UnknownModel,
    408: me.TimedOut,
    409: me.BadRequest,
    413: me.ContextOverflow,
    418: me.BadRequest,
    502: me.ServerFailed,
    529: me.ServerFailed,
}


@pytest.mark.parametrize("status", STATUS)
async def test_every_status_has_a_name(status: int) -> None:
    async with lab(lambda body: refusal("It will not do.", status)) as it:
        with pytest.raises(STATUS[status]) as caught:
            await it.gateway.text(PROMPT)
        assert len(it.bodies) == (3 if caught.value.retryable else 1)


@pytest.mark.parametrize("key", ["sk-abc def", "sk-abc\n", "“sk-abc”"])
def test_a_key_with_something_around_it_is_told_before_it_leaves(key: str) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY holds"):
        connect("gpt-6-luna", api_key=key)


async def test_a_server_of_this_machine_is_not_asked_for_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with lab(lambda body: words(["fine"])) as it:
        assert (await it.gateway.text(PROMPT)).text == "fine"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy)
    with pytest.raises(SettingsError, match="proxy"):
        connect("gpt-6-luna", api_key="sk-abc")
