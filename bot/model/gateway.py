"""The only way to a model: deadlines, retries, budgets, parsing and errors in one place.

    prompt -> caps (before the call) -> attempt -> [retry with jitter, Retry-After] -> complete? -> usable? -> reply

What somebody watches is streamed; what is only parsed is fetched in one piece, which costs a third of the
work. Either must end with a finish reason and non-blank text. Structured output is parsed and validated here,
with one repair round. Whatever a provider raises leaves as a leaf of `bot.model.errors`; every call, also a
failed or a cancelled one, is booked in the ledger. Does not know what is being said or judged.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal

from bot.domain.events import CallRecord
from bot.model import structured
from bot.model.clock import Clock, SystemClock
from bot.model.errors import (
    BadRequest,
    BadStructure,
    EmptyReply,
    GarbledReply,
    ModelFault,
    RateLimited,
    RefusedReply,
    StreamCut,
    TimedOut,
    Truncated,
    Unavailable,
    translate,
)
from bot.model.ledger import Caps, Ledger, Usage
from bot.model.prompts import Rendered, clip
from bot.model.providers import Wired, from_settings, output_cap, request_options, response_format
from bot.model.structured import Check, T
from bot.model.thoughts import WithoutThoughts
from bot.model.tokens import TokenCounter, default_counter

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

    from bot.settings import Settings

log = logging.getLogger("bot.model")
log.addHandler(logging.NullHandler())  # silent until the application sets logging up

Aside = tuple[Literal["assistant", "user"], str]
"""One more message after the prompt: the draft that is to be mended, and what to mend."""


MAX_DRAFT, MAX_MEND = 3_000, 4_000
"""Characters of a draft that a correction round sends back, and by how many such a request is longer than its prompt."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often. Seconds; `deadline_s` is for the whole call with its retries."""

    attempts: int = 3
    deadline_s: float = 60.0
    first_s: float = 30.0  # until something arrives
    idle_s: float = 15.0  # between two arrivals
    wait_s: float = 0.5  # first pause; doubles
    max_wait_s: float = 8.0  # a person is waiting: a longer pause is a failure
    soft_retries: int = 1  # of an empty or garbled reply
    cooldown_s: float = 60.0  # after an outage: one short attempt a call for this long, until one succeeds
    brief_s: float = 6.0  # how long such an attempt may take until something arrives


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Again:
    """The attempt failed after words were shown: they are void, the reply starts anew. `why` is a fault's kind."""

    why: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The complete reply. Last item of a stream."""

    text: str
    record: CallRecord


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """A validated value and the calls that it took (two when it had to be repaired)."""

    value: T
    calls: tuple[CallRecord, ...]
    repaired: bool = False


@dataclass
class _Run:
    """One call under way."""

    prompt: Rendered
    messages: list[BaseMessage]
    schema: dict[str, Any] | None
    input_tokens: Usage
    started: float = 0.0
    deadline: float = 0.0
    attempts: int = 0
    soft: int = 0
    used: Usage = field(default_factory=Usage)
    finish: str = ""
    wordless: bool = True  # the last attempt brought nothing but thoughts


@dataclass
class _Known:
    """What the calls so far have taught about a server. Shared by all copies of a gateway."""

    refuses: set[str] = field(default_factory=set)  # request parameters
    thinks: bool = False  # spends its output on thinking, so that it needs room for that
    thinks_unmarked: bool = False  # its replies begin inside a thought that only the closing tag tells
    down_until: float = -math.inf

    def is_down(self, now: float) -> bool:
        """Whether to try only once and briefly: a person should not wait out the same outage at every turn."""
        return now < self.down_until


class Gateway:
    """One model with its manners. Cheap to copy for a session: see `bound`."""

    def __init__(
        self,
        wired: Wired,
        *,
        limits: Limits = Limits(),
        ledger: Ledger | None = None,
        clock: Clock | None = None,
        counter: TokenCounter | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self.wired = wired
        self.limits = limits
        self.ledger = ledger if ledger is not None else Ledger()
        self._clock: Clock = clock or SystemClock()
        self._counter = counter or default_counter()
        self._rng = rng or random.Random()
        self._known = _Known()

    @property
    def name(self) -> str:
        """The model's name, as shown to people and kept in every record."""
        return self.wired.name

    def bound(self, ledger: Ledger) -> Gateway:
        """The same gateway, booking into another ledger (one per session). What was learned is shared."""
        other = Gateway(
            self.wired,
            limits=self.limits,
            ledger=ledger,
            clock=self._clock,
            counter=self._counter,
            rng=self._rng,
        )
        other._known = self._known
        return other

    async def aclose(self) -> None:
        """Let go of the connections to the provider."""
        if self.wired.close is not None:
            await self.wired.close()

    # -------------------------------------------------------------------------------------------- calls

    async def text(self, prompt: Rendered, *, more: tuple[Aside, ...] = ()) -> Reply:
        """The whole reply at once. Raises a `ModelFault`."""
        return await self._whole(prompt, more, None)

    async def structured(
        self, prompt: Rendered, shape: type[T], *, check: Check[T] | None = None
    ) -> Parsed[T]:
        """The reply as a validated `shape`.

        `check` may find more wrong with it than its shape (unknown ids, quotes that are not there). A reply
        with problems gets one repair round that names them. Raises `BadStructure` after that, or any other
        `ModelFault`.
        """
        schema = structured.schema_for(shape)
        first = await self._whole(prompt, (), schema)
        outcome = structured.parse(first.text, shape, check)
        if outcome.value is not None:
            return Parsed(outcome.value, (first.record,))
        mend = (
            "Your reply cannot be used:\n- "
            + clip("\n- ".join(outcome.problems), MAX_MEND - MAX_DRAFT - 100)
            + "\nSend the whole corrected JSON object and nothing else."
        )
        try:
            second = await self._whole(
                prompt, (("assistant", clip(first.text, MAX_DRAFT)), ("user", mend)), schema
            )
        except ModelFault as fault:
            fault.calls = (first.record, *fault.calls)
            raise
        calls = (first.record, second.record)
        mended = structured.parse(second.text, shape, check)
        if mended.value is None:
            raise BadStructure(
                "The model's answer does not have the form that was asked for.",
                problems=mended.problems,
                detail="; ".join(mended.problems)[:400],
                calls=calls,
            )
        return Parsed(mended.value, calls, repaired=True)

    async def stream(
        self, prompt: Rendered, *, more: tuple[Aside, ...] = ()
    ) -> AsyncGenerator[Piece | Again | Reply]:
        """The reply as it arrives, ending with `Reply`. Raises a `ModelFault` instead of the end.

        Close it (`contextlib.aclosing`) when you stop reading early; what was used is booked all the same.
        """
        async with contextlib.aclosing(self._call(prompt, more, None)) as items:
            async for item in items:
                yield item

    async def _whole(self, prompt: Rendered, more: tuple[Aside, ...], schema: dict[str, Any] | None) -> Reply:
        async with contextlib.aclosing(self._call(prompt, more, schema)) as items:
            async for item in items:
                if isinstance(item, Reply):
                    return item
        raise GarbledReply("The model's answer had no end.")  # unreachable: `_call` ends with Reply or raises

    async def _call(
        self, prompt: Rendered, more: tuple[Aside, ...], schema: dict[str, Any] | None
    ) -> AsyncGenerator[Piece | Again | Reply]:
        self.wired.check_allowed()
        run = self._begin(prompt, more, schema)
        hold = await self.ledger.room(self.name, self.wired.price, self._most(run))
        run.started = self._clock.now()  # it may have waited for others to end
        run.deadline = run.started + self.limits.deadline_s
        record: CallRecord | None = None
        try:
            while True:
                shown = False
                text: list[str] = []
                try:
                    if (
                        run.attempts
                    ):  # what the earlier attempts used counts as well: it cannot wait without a hold
                        self.ledger.settle(hold, None)
                        hold = self.ledger.hold(self.name, self.wired.price, self._most(run))
                    async with contextlib.aclosing(self._attempt(run)) as pieces:
                        async for piece in pieces:
                            text.append(piece)
                            shown = True
                            yield Piece(piece)
                    reply = "".join(text).strip()
                    self._known.down_until = -math.inf
                    record = self._record(run)
                    break
                except ModelFault as fault:
                    wait = self._wait_before_retry(run, fault)
                    if wait is None:
                        if isinstance(fault, Unavailable):
                            self._known.down_until = self._clock.now() + self.limits.cooldown_s
                        run.finish = fault.kind
                        record = self._record(run)
                        fault.calls = (*fault.calls, record)
                        log.warning("%s: %s (%s)", prompt.id, fault.kind, fault.detail)
                        raise
                    log.info("%s: %s, trying again in %.1f s", prompt.id, fault.kind, wait)
                if shown:
                    yield Again(run.finish)
                if wait > 0:
                    await self._clock.sleep(wait)
        finally:
            if record is None and run.used.total:  # the reader left in the middle
                run.finish = "cancelled"
                record = self._record(run)
            self.ledger.settle(hold, record)
        log.info(
            "%s model=%s in=%d out=%d attempts=%d finish=%s %.2f s",
            *(prompt.id, record.model, record.input_tokens, record.output_tokens),
            *(record.attempts, record.finish, record.latency_s),
        )
        yield Reply(reply, record)

    # --------------------------------------------------------------------------------------- one attempt

    async def _attempt(self, run: _Run) -> AsyncGenerator[str]:
        """The words of one attempt. Ends only when the reply is complete and usable; else raises."""
        run.attempts += 1
        run.finish = ""
        options = self._options(run.prompt, run.schema)
        messages = run.messages
        if run.schema is not None and self._needs_schema_text(run.schema):
            messages = _with_schema(messages, run.schema)
        seen = _Seen(whole=run.schema is not None)
        visible = WithoutThoughts(unmarked=self._known.thinks_unmarked)
        worked_on = True  # one who leaves or loses patience pays for what was asked, answered or not
        try:
            async for chunk in self._chunks(run, messages, options, seen):
                if words := visible.feed(seen.take(chunk)):
                    yield words
            if words := visible.rest():
                yield words
        except ModelFault as fault:
            worked_on = seen.any or isinstance(fault, TimedOut)
            raise
        finally:
            if worked_on:
                run.used += self._usage(run, seen)
            run.wordless = not visible.text.strip()
        if visible.stray_end:
            self._known.thinks_unmarked = True
            raise GarbledReply(
                "The reply began with the model's thoughts.", detail="a stray end of a thought"
            )
        run.finish = self._check_end(seen, visible.text)

    async def _chunks(
        self, run: _Run, messages: list[BaseMessage], options: dict[str, Any], seen: _Seen
    ) -> AsyncIterator[AIMessage]:
        if run.schema is not None:
            options.pop("stream_usage", None)
            work = self.wired.chat.ainvoke(messages, **options)
            yield await self._waited(run, work, self.limits.deadline_s)
            return
        source = self.wired.chat.astream(messages, **options)
        try:
            while True:
                patience = self.limits.idle_s if seen.any else self.limits.first_s
                try:
                    yield await self._waited(run, anext(source), patience)
                except StopAsyncIteration:
                    return
        finally:
            if isinstance(source, AsyncGenerator):
                with contextlib.suppress(Exception):  # the connection may be gone: nothing is left to read
                    await source.aclose()

    async def _waited(self, run: _Run, work: Awaitable[AIMessage], patience: float) -> AIMessage:
        """What the provider sends next, within `patience` and the call's deadline; its errors as ours."""
        left = run.deadline - self._clock.now()
        if self._known.is_down(self._clock.now()):
            # What is fetched in one piece has to be complete by then, so it gets twice the time.
            patience = min(patience, self.limits.brief_s * (1 if run.schema is None else 2))
        try:
            return await self._clock.within(min(patience, max(0.0, left)), work)
        except (StopAsyncIteration, AssertionError, ModelFault):
            raise  # the end; a double that was misused; a fault that is translated already
        except Exception as exc:
            raise translate(exc, secrets=self.wired.secrets) from exc

    def _check_end(self, seen: _Seen, text: str) -> str:
        """The finish reason of a complete, usable reply; raises for any other end."""
        finish = seen.finish.lower()
        if seen.refusal or finish in _FILTERED:
            raise RefusedReply("The model declined to answer.", detail=f"finish reason {finish or 'refusal'}")
        if finish in _CUT_SHORT:
            raise Truncated("The reply was cut off by the output limit.", detail="finish reason length")
        if not finish and self.wired.dialect != "plain":
            raise StreamCut(
                "The model's answer broke off.", detail="the stream ended without a finish reason"
            )
        if not text.strip():
            raise EmptyReply("The model gave an empty answer.", detail=f"finish reason {finish or 'none'}")
        return finish or "stop"

    # ------------------------------------------------------------------------------------------- manners

    def _begin(self, prompt: Rendered, more: tuple[Aside, ...], schema: dict[str, Any] | None) -> _Run:
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        messages: list[BaseMessage] = [SystemMessage(prompt.system)] if prompt.system else []
        messages.append(HumanMessage(prompt.user))
        messages += [AIMessage(t) if role == "assistant" else HumanMessage(t) for role, t in more]
        count = self._counter.count(*(str(m.content) for m in messages))
        return _Run(
            prompt=prompt,
            messages=messages,
            schema=schema,
            input_tokens=Usage(input=count.tokens, estimated=count.estimated),
        )

    def _most(self, run: _Run) -> Usage:
        """The most that this call can have used after its next attempt: an estimate is taken with a tenth on top."""
        tokens = run.input_tokens.input
        if run.input_tokens.estimated:
            tokens = round(tokens * 1.1) + 1
        output = output_cap(self.wired, run.prompt.params, thinks=self._known.thinks)
        return run.used + Usage(input=tokens, output=output)

    def _options(self, prompt: Rendered, schema: dict[str, Any] | None) -> dict[str, Any]:
        known = self._known
        return request_options(
            self.wired, prompt.params, schema, frozenset(known.refuses), thinks=known.thinks
        )

    def _wait_before_retry(self, run: _Run, fault: ModelFault) -> float | None:
        """Seconds until the next attempt, None when there is none."""
        run.finish = fault.kind
        if isinstance(fault, BadRequest):
            return 0.0 if self._learn(fault, run) else None
        if isinstance(fault, Truncated) and (run.wordless or run.schema is not None):
            # It thought until the end of its output: once more with room for that, from now on always.
            learned, self._known.thinks = not self._known.thinks, True
            return 0.0 if learned else None
        if not fault.retryable or run.attempts >= self.limits.attempts:
            return None
        if self._known.is_down(self._clock.now()):
            return None
        if isinstance(fault, EmptyReply | GarbledReply):
            run.soft += 1
            if run.soft > self.limits.soft_retries:
                return None
        wait = self.limits.wait_s * 2 ** (run.attempts - 1) * self._rng.uniform(0.5, 1.0)
        if isinstance(fault, RateLimited) and fault.retry_after_s is not None:
            wait = max(wait, fault.retry_after_s + self._rng.uniform(0.0, 0.25))
        left = run.deadline - self._clock.now()
        return wait if wait <= self.limits.max_wait_s and wait < left else None

    def _learn(self, fault: BadRequest, run: _Run) -> bool:
        """Remember a parameter that this server refuses; whether there was something new to leave out."""
        name, refuses = fault.param, self._known.refuses
        if name == "response_format" and run.schema is not None and "json_schema" not in refuses:
            name = "json_schema"
        if name not in _OPTIONAL or name in refuses:
            return False
        refuses.add(name)
        log.info("the server refuses %s; going on without it", name)
        return True

    def _needs_schema_text(self, schema: dict[str, Any]) -> bool:
        if self.wired.dialect == "plain":
            return True
        form = response_format(schema, frozenset(self._known.refuses))
        return form is None or form["type"] != "json_schema"

    def _usage(self, run: _Run, seen: _Seen) -> Usage:
        """What the attempt used: the provider's figures, else ours (marked)."""
        if seen.usage is not None:
            return seen.usage
        return Usage(
            input=run.input_tokens.input, output=self._counter.count(seen.text).tokens, estimated=True
        )

    def _record(self, run: _Run) -> CallRecord:
        price = self.wired.price
        return CallRecord(
            prompt=run.prompt.id,
            prompt_hash=run.prompt.hash,
            model=self.name,
            input_tokens=run.used.input,
            output_tokens=run.used.output,
            estimated=run.used.estimated,
            usd=None if price is None else round(price.usd(run.used), 8),
            latency_s=round(self._clock.now() - run.started, 3),
            attempts=run.attempts,
            finish=run.finish,
        )


_OPTIONAL = frozenset(
    {
        "json_schema",
        "response_format",
        "reasoning_effort",
        "temperature",
        "max_tokens",
        "max_completion_tokens",
        "stream_options",
    }
)
_CUT_SHORT = frozenset({"length", "max_tokens", "max_output_tokens"})
_FILTERED = frozenset(
    {"content_filter", "safety", "refusal", "blocklist", "prohibited_content", "recitation"}
)


class _Seen:
    """What arrived in one attempt. `whole`: in one piece, where a tool call counts as the JSON that it carries."""

    def __init__(self, *, whole: bool = False) -> None:
        self._whole = whole
        self.any = False
        self.text = ""
        self.finish = ""
        self.refusal = ""
        self.usage: Usage | None = None

    def take(self, chunk: AIMessage) -> str:
        """Note one chunk or a whole message; its words."""
        words = str(chunk.text)
        if self._whole and not words.strip() and chunk.tool_calls:
            words = json.dumps(chunk.tool_calls[0]["args"])
        self.text += words
        meta = chunk.response_metadata
        self.finish = str(
            meta.get("finish_reason") or meta.get("stop_reason") or meta.get("done_reason") or self.finish
        )
        self.refusal += str(chunk.additional_kwargs.get("refusal") or "")
        if usage := chunk.usage_metadata:
            self.usage = (self.usage or Usage()) + Usage(
                input=usage["input_tokens"],
                output=usage["output_tokens"],
                cached=int(usage.get("input_token_details", {}).get("cache_read", 0)),
            )
        self.any = self.any or bool(words or self.finish)
        return words


def _with_schema(messages: list[BaseMessage], schema: dict[str, Any]) -> list[BaseMessage]:
    """The messages with the schema in words, for a server that cannot enforce it."""
    from langchain_core.messages import SystemMessage

    words = "Answer with one JSON object and nothing else. It must fit this JSON Schema:\n" + json.dumps(
        schema["schema"], separators=(",", ":")
    )
    if messages and isinstance(messages[0], SystemMessage):
        return [SystemMessage(f"{messages[0].content}\n\n{words}"), *messages[1:]]
    return [SystemMessage(words), *messages]


def gateway_from(settings: Settings, role: Literal["interviewer", "judge"] = "interviewer") -> Gateway:
    """The gateway to the model that the settings name for a role. Calls nobody. Raises `SettingsError`, also when
    a cap on money is set and the model's price is not known."""
    wired = from_settings(settings, role=role)
    Ledger(caps_from(settings)).hold(wired.name, wired.price, Usage())
    limit = settings.model_timeout_s
    return Gateway(
        wired,
        # Half of the time for the first word (a local model may have to be loaded), a quarter between two; somebody
        # who allowed more time has a slow machine, and its short attempts during an outage need more as well.
        limits=Limits(deadline_s=limit, first_s=limit / 2, idle_s=limit / 4, brief_s=max(6.0, limit / 10)),
        counter=TokenCounter(settings.home / "tokens"),
    )


def caps_from(settings: Settings) -> Caps:
    """The caps of a session that the settings ask for."""
    return Caps(session_usd=settings.max_usd, session_tokens=settings.max_tokens)
