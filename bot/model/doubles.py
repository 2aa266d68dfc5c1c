"""Models for tests, evals and offline work: scripted, faulty, recorded. They ship with the product.

All are LangChain chat models, so that everything above the seam runs as in production.

    ScriptedModel   answers by a function of (messages, params), or from a list; loud when it runs out
    FaultyModel     another model with one fault of the list below, on chosen calls
    CassetteModel   answers of a real model, recorded once and replayed by content

Misuse (script at its end, a cassette without that request) raises `DoubleMisused`, an `AssertionError`: the
gateway lets it through, so that no test passes because an outage was handled well.
"""

from __future__ import annotations

import asyncio
import difflib
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from langchain_core import exceptions as lc
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field, PrivateAttr

from bot.model.clock import SystemClock
from bot.model.providers import Wired
from bot.model.redact import scrub
from bot.model.tokens import estimate


class DoubleMisused(AssertionError):
    """A test double was asked for something that it does not have."""


@dataclass(frozen=True, slots=True)
class Scripted:
    """One reply of a double. `pieces` are the chunk boundaries (default: word by word); `before` seconds pass
    on the model's clock until the first word, `between` from word to word."""

    text: str
    finish: str = "stop"
    pieces: tuple[str, ...] = ()
    usage: bool = True
    before: float = 0.0
    between: float = 0.0
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a double was asked."""

    messages: tuple[BaseMessage, ...]
    params: Mapping[str, Any]

    @property
    def text(self) -> str:
        """All messages as one text."""
        return "\n\n".join(str(m.content) for m in self.messages)


Script = Callable[[list[BaseMessage], dict[str, Any]], "Scripted | str | Exception"]


class _Double(BaseChatModel):
    """Base of the doubles: subclasses say what is answered (`_answer`), this turns it into LangChain's shapes."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    clock: Any = Field(default_factory=SystemClock)

    @property
    def _llm_type(self) -> str:
        return type(self).__name__

    async def _answer(self, messages: list[BaseMessage], params: dict[str, Any]) -> Scripted:
        raise NotImplementedError

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return _result(messages, _wait_for(self._answer(messages, kwargs)))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = await self._answer(messages, kwargs)
        await self._pause(reply.before)
        return _result(messages, reply)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from _chunks(messages, _wait_for(self._answer(messages, kwargs)))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        reply = await self._answer(messages, kwargs)
        await self._pause(reply.before)
        for chunk in _chunks(messages, reply):
            await self._pause(reply.between)
            yield chunk

    async def _pause(self, seconds: float) -> None:
        if seconds:
            await self.clock.sleep(seconds)


def _wait_for(work: Coroutine[Any, Any, Scripted]) -> Scripted:
    """The result of a coroutine for a caller that is not async (also one inside a running loop)."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _usage(messages: Sequence[BaseMessage], text: str) -> UsageMetadata:
    asked = sum(estimate(str(m.content)) + 4 for m in messages)
    answered = estimate(text)
    return UsageMetadata(input_tokens=asked, output_tokens=answered, total_tokens=asked + answered)


def _result(messages: Sequence[BaseMessage], reply: Scripted) -> ChatResult:
    message = AIMessage(
        reply.text,
        response_metadata={"finish_reason": reply.finish} if reply.finish else {},
        usage_metadata=_usage(messages, reply.text) if reply.usage else None,
        additional_kwargs={"refusal": reply.refusal} if reply.refusal else {},
    )
    return ChatResult(generations=[ChatGeneration(message=message)])


def _words(text: str) -> Iterator[str]:
    for number, word in enumerate(text.split(" ")):
        yield f" {word}" if number else word


def _chunks(messages: Sequence[BaseMessage], reply: Scripted) -> Iterator[ChatGenerationChunk]:
    for piece in reply.pieces or tuple(_words(reply.text)):
        yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
    last = AIMessageChunk(
        content="",
        response_metadata={"finish_reason": reply.finish} if reply.finish else {},
        usage_metadata=_usage(messages, reply.text) if reply.usage else None,
        additional_kwargs={"refusal": reply.refusal} if reply.refusal else {},
    )
    yield ChatGenerationChunk(message=last)


def wired(
    chat: BaseChatModel, name: str = "scripted", dialect: Literal["openai", "compatible", "plain"] = "openai"
) -> Wired:
    """A double (or any chat model) ready for a gateway. It is not subject to the switch for real calls."""
    from bot.model.ledger import FREE

    return Wired(chat, name, dialect=dialect, price=FREE)


# ----------------------------------------------------------------------------------------------- scripted


class ScriptedModel(_Double):
    """Answers by `reply(messages, params)`, or the items of `replies` one after the other.

    An item or a result may be a text, a `Scripted`, or an exception, which is raised. Every request is kept
    in `requests`. When `replies` is at its end the next call raises `DoubleMisused`.
    """

    reply: Script | None = None
    replies: tuple[Any, ...] = ()
    requests: list[Request] = Field(default_factory=list)

    async def _answer(self, messages: list[BaseMessage], params: dict[str, Any]) -> Scripted:
        self.requests.append(Request(tuple(messages), dict(params)))
        if self.reply is not None:
            answer = self.reply(messages, params)
        elif len(self.requests) <= len(self.replies):
            answer = self.replies[len(self.requests) - 1]
        else:
            raise DoubleMisused(
                f"the script has {len(self.replies)} replies, this is request {len(self.requests)}: "
                f"{str(messages[-1].content)[:200]!r}"
            )
        if isinstance(answer, Exception):
            raise answer
        return Scripted(answer) if isinstance(answer, str) else answer


# ------------------------------------------------------------------------------------------------- faults


class Fault(StrEnum):
    """Everything that a provider does to its callers."""

    RATE_LIMIT = "rate_limit"
    RATE_LIMIT_AFTER = "rate_limit_after"  # with Retry-After: 2
    RATE_LIMIT_LONG = "rate_limit_long"  # with Retry-After: 120
    QUOTA = "quota"
    TIMEOUT = "timeout"
    CONNECT = "connect"
    SERVER = "server"
    AUTH = "auth"
    PERMISSION = "permission"
    UNKNOWN_MODEL = "unknown_model"
    BAD_REQUEST = "bad_request"
    CONTEXT = "context"
    STREAM_CUT = "stream_cut"
    STALL = "stall"
    RESET = "reset"
    ERROR_EVENT = "error_event"
    GARBAGE = "garbage"
    HTML = "html"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    REFUSAL = "refusal"
    EMPTY = "empty"
    WHITESPACE = "whitespace"
    # what it says: structured output
    BAD_JSON = "bad_json"
    FENCED_JSON = "fenced_json"
    PROSE_JSON = "prose_json"
    WRONG_ENUM = "wrong_enum"
    EXTRA_FIELD = "extra_field"
    DUPLICATE_IDS = "duplicate_ids"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_CRITERION = "unknown_criterion"
    INVENTED_QUOTE = "invented_quote"
    # what it says: the interviewer out of its role
    SAYS_JSON = "says_json"
    SAYS_RUBRIC = "says_rubric"
    TWO_QUESTIONS = "two_questions"
    AS_CANDIDATE = "as_candidate"
    TELLS_MARK = "tells_mark"
    LEAKS = "leaks"  # needs `leak`


OUTAGES = frozenset(Fault) - {f for f in Fault if list(Fault).index(f) >= list(Fault).index(Fault.BAD_JSON)}
"""The faults of transport and completion, as opposed to what is said."""
STRUCTURE_FAULTS = frozenset(
    list(Fault)[list(Fault).index(Fault.BAD_JSON) : list(Fault).index(Fault.SAYS_JSON)]
)
SPEECH_FAULTS = frozenset(list(Fault)[list(Fault).index(Fault.SAYS_JSON) :])

_HTML = "<!doctype html><html><body><h1>It works!</h1></body></html>"


class FaultyModel(_Double):
    """`inner` with `fault` on the calls that `when` picks (by number from 1, and messages); else untouched."""

    inner: Any
    fault: Fault
    when: Callable[[int, list[BaseMessage]], bool] = lambda number, messages: True
    leak: str = ""
    calls: int = 0
    hits: int = 0

    @classmethod
    def once(cls, inner: BaseChatModel, fault: Fault, *, at: int = 1, **more: Any) -> FaultyModel:
        """The fault on call number `at` only."""
        return cls(inner=inner, fault=fault, when=lambda number, _: number == at, **more)

    @classmethod
    def always(cls, inner: BaseChatModel, fault: Fault, *, since: int = 1, **more: Any) -> FaultyModel:
        """The fault on every call from number `since` on."""
        return cls(inner=inner, fault=fault, when=lambda number, _: number >= since, **more)

    def _hit(self, messages: list[BaseMessage]) -> bool:
        self.calls += 1
        hit = bool(self.when(self.calls, messages))
        self.hits += hit
        return hit

    async def _answer(self, messages: list[BaseMessage], params: dict[str, Any]) -> Scripted:
        hit = self._hit(messages)
        return await self._faulty(messages, params) if hit else await self._inner(messages, params)

    async def _inner(self, messages: list[BaseMessage], params: dict[str, Any]) -> Scripted:
        reply = await self.inner.ainvoke(messages, **params)
        return Scripted(str(reply.text), finish=str(reply.response_metadata.get("finish_reason", "stop")))

    async def _faulty(self, messages: list[BaseMessage], params: dict[str, Any]) -> Scripted:
        if (error := _raised(self.fault)) is not None:
            raise error
        match self.fault:
            case Fault.EMPTY:
                return Scripted("", pieces=("",))
            case Fault.WHITESPACE:
                return Scripted(" \n\n ", pieces=(" \n", "\n "))
            case Fault.REFUSAL:
                return Scripted("", pieces=("",), refusal="I can't help with that.")
            case Fault.STALL:
                await self.clock.sleep(3600)
        text = (await self._inner(messages, params)).text
        half = text[: max(1, len(text) // 2)]
        match self.fault:
            case Fault.STREAM_CUT:
                return Scripted(half, finish="")
            case Fault.LENGTH:
                return Scripted(half, finish="length")
            case Fault.CONTENT_FILTER:
                return Scripted(half, finish="content_filter")
        return Scripted(_said(self.fault, text, self.leak))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        middle = {Fault.STALL, Fault.RESET, Fault.ERROR_EVENT}
        if self.fault not in middle:
            async for chunk in super()._astream(messages, stop, run_manager, **kwargs):
                yield chunk
            return
        hit = self._hit(messages)
        reply = await self._inner(messages, kwargs)
        chunks = list(_chunks(messages, reply))
        for number, chunk in enumerate(chunks):
            if hit and number >= len(chunks) // 2:
                if (error := _raised(self.fault)) is not None:
                    raise error
                await self.clock.sleep(3600)
            yield chunk


def _after(error: Exception, seconds: str) -> Exception:
    error.response = SimpleNamespace(headers={"retry-after": seconds})  # type: ignore[attr-defined]
    return error


def _raised(fault: Fault) -> Exception | None:
    """The exception that this fault has at the seam, None for those that are replies."""
    match fault:
        case Fault.RATE_LIMIT:
            return lc.ModelRateLimitError("429 Too Many Requests")
        case Fault.RATE_LIMIT_AFTER:
            return _after(lc.ModelRateLimitError("429 Too Many Requests"), "2")
        case Fault.RATE_LIMIT_LONG:
            return _after(lc.ModelRateLimitError("429 Too Many Requests"), "120")
        case Fault.QUOTA:
            return lc.ModelRateLimitError("429 insufficient_quota: check your plan and billing details")
        case Fault.TIMEOUT:
            return lc.ModelTimeoutError("Request timed out.")
        case Fault.CONNECT:
            return lc.ModelConnectionError("Connection error.")
        case Fault.SERVER:
            return lc.ModelAPIError("503 Service Unavailable")
        case Fault.AUTH:
            return lc.ModelAuthenticationError("401 Incorrect API key provided: sk-abcdefghijklmnop")
        case Fault.PERMISSION:
            return lc.ModelPermissionDeniedError("403 Forbidden")
        case Fault.UNKNOWN_MODEL:
            return lc.ModelNotFoundError("404 The model does not exist")
        case Fault.BAD_REQUEST:
            return lc.ModelInvalidRequestError("400 Invalid request")
        case Fault.CONTEXT:
            return lc.ContextOverflowError("400 maximum context length is 4096 tokens")
        case Fault.RESET:
            return ConnectionResetError("Connection reset by peer")
        case Fault.ERROR_EVENT:
            return lc.ModelAPIError("The server had an error while processing your request")
        case Fault.GARBAGE:
            return json.JSONDecodeError("Expecting value", "data: %%%", 6)
        case Fault.HTML:
            return ValueError("Received response with null value for `choices`.")
        case _:
            return None


def _said(fault: Fault, text: str, leak: str) -> str:
    match fault:
        case Fault.BAD_JSON:
            return text.replace("}", "", 1).replace('"', "", 1) if "{" in text else '{"half": "a'
        case Fault.FENCED_JSON:
            return f"```json\n{text}\n```"
        case Fault.PROSE_JSON:
            return f"Here is my assessment.\n\n{text}\n\nLet me know if you need more."
        case Fault.SAYS_JSON:
            return '{"move": "probe", "verdict": "partial"}'
        case Fault.SAYS_RUBRIC:
            return "Checkpoint two is still missing according to the rubric. Go on."
        case Fault.TWO_QUESTIONS:
            return "What is the first step? And how would you test it?"
        case Fault.AS_CANDIDATE:
            return "Candidate: I would use a hash map for this."
        case Fault.TELLS_MARK:
            return "That is correct, 4 out of 4. What else?"
        case Fault.LEAKS:
            return leak or text
        case _:
            return _mutated(fault, text)


def _mutated(fault: Fault, text: str) -> str:
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return text
    keys = {
        Fault.WRONG_ENUM: (("status", "verdict", "level"), "splendid"),
        Fault.UNKNOWN_CRITERION: (("checkpoint", "criterion", "id"), "no-such-checkpoint"),
        Fault.INVENTED_QUOTE: (("quote", "quotes", "text"), "words that the candidate never said at all"),
    }
    if fault is Fault.EXTRA_FIELD and isinstance(value, dict):
        value["score"] = 10
    elif fault is Fault.DUPLICATE_IDS:
        _double_first(value)
    elif fault is Fault.OUT_OF_RANGE:
        value = _map(
            value, lambda _, v: 9_999 if isinstance(v, int | float) and not isinstance(v, bool) else v
        )
    elif fault in keys:
        names, instead = keys[fault]
        value = _map(value, lambda k, v: _replaced(v, instead) if k in names else v)
    return json.dumps(value)


def _replaced(value: Any, instead: str) -> Any:
    if isinstance(value, list):
        return [instead for _ in value] if all(isinstance(v, str) for v in value) else value
    return instead if isinstance(value, str) else value


def _map(value: Any, change: Callable[[str, Any], Any], key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _map(change(k, v), change, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_map(v, change, key) if isinstance(v, dict | list) else change(key, v) for v in value]
    return value


def _double_first(value: Any) -> None:
    for inner in value.values() if isinstance(value, dict) else ():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            inner.append(inner[0])
            return


# ----------------------------------------------------------------------------------------------- cassette

CassetteMode = Literal["none", "record", "refresh"]


class CassetteMiss(DoubleMisused):
    """The cassette has no answer to this request; the message names the first line that differs."""


@dataclass
class _Tape:
    """What a cassette file holds, by key."""

    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)


class CassetteModel(_Double):
    """Answers of `inner`, kept in a JSON file and found again by content.

    The key is the sha256 of model name, messages, parameters and how often the same request came before, so a
    changed prompt misses instead of matching an old answer. Modes: `none` (default: never records, a miss
    raises), `record` (asks `inner` on a miss), `refresh` (asks `inner` always). Secrets and e-mail addresses
    are scrubbed before anything is compared or written. Call `save` to write.
    """

    file: Path
    name: str
    inner: Any = None
    mode: CassetteMode = "none"
    secrets: tuple[str, ...] = ()
    _tape: _Tape = PrivateAttr(default_factory=_Tape)

    def model_post_init(self, context: Any) -> None:
        """Read the file."""
        super().model_post_init(context)
        if self.file.is_file():
            self._tape.entries = json.loads(self.file.read_text(encoding="utf-8"))["calls"]

    async def _answer(self, messages: list[BaseMessage], params: dict[str, Any]) -> Scripted:
        request = self._canonical(messages, params)
        digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        number = self._tape.seen[digest] = self._tape.seen.get(digest, 0) + 1
        key = hashlib.sha256(f"{digest}:{number}".encode()).hexdigest()
        self._tape.used.add(key)
        if self.mode == "refresh" or key not in self._tape.entries:
            if self.mode == "none":
                raise CassetteMiss(self._nearest(request))
            self._tape.entries[key] = {
                "request": request,
                "number": number,
                "reply": await self._ask(messages, params),
            }
        reply = self._tape.entries[key]["reply"]
        return Scripted(
            "".join(reply["pieces"]),
            finish=reply["finish"],
            pieces=tuple(reply["pieces"]),
            usage=reply["usage"],
        )

    async def _ask(self, messages: list[BaseMessage], params: dict[str, Any]) -> dict[str, Any]:
        if self.inner is None:
            raise DoubleMisused("a cassette that records needs a model")
        started, pieces, finish, usage = time.monotonic(), [], "", False
        async for chunk in self.inner.astream(messages, **params):
            if words := str(chunk.text):
                pieces.append(words)
            finish = str(chunk.response_metadata.get("finish_reason") or finish)
            usage = usage or chunk.usage_metadata is not None
        seconds = round(time.monotonic() - started, 3)
        text = "".join(pieces)
        clean = scrub(text, self.secrets)  # of the whole: a key may arrive in pieces that show none
        kept = pieces if clean == text else [clean]
        return {"pieces": kept, "finish": finish, "usage": usage, "latency_s": seconds}

    def _canonical(self, messages: Sequence[BaseMessage], params: Mapping[str, Any]) -> dict[str, Any]:
        said = [{"role": m.type, "lines": scrub(str(m.content), self.secrets).split("\n")} for m in messages]
        return {
            "model": self.name,
            "messages": said,
            "params": json.loads(json.dumps(dict(params), sort_keys=True)),
        }

    def _nearest(self, request: dict[str, Any]) -> str:
        if not self.file.is_file():
            return f"there is no cassette {self.file.name}; record it first"
        asked = _lines(request)
        best: tuple[float, list[str]] = (0.0, [])
        for entry in self._tape.entries.values():
            known = _lines(entry["request"])
            ratio = difflib.SequenceMatcher(None, asked, known, autojunk=False).ratio()
            best = max(best, (ratio, known), key=lambda pair: pair[0])
        if not best[1]:
            return f"cassette {self.file.name} has nothing like this request"
        for number, (now, then) in enumerate(zip(asked, best[1], strict=False), 1):
            if now != then:
                return (
                    f"cassette {self.file.name}: the request changed at line {number}\n"
                    f"  recorded: {then[:200]!r}\n  now:      {now[:200]!r}"
                )
        return (
            f"cassette {self.file.name}: the request has {len(asked)} lines, the recorded one {len(best[1])}"
        )

    def unused(self) -> tuple[str, ...]:
        """Keys of recorded answers that nobody asked for."""
        return tuple(sorted(set(self._tape.entries) - self._tape.used))

    def save(self, *, prune: bool = False) -> None:
        """Write the file (sorted, readable diffs); with `prune` only what was used."""
        keep = {k: v for k, v in self._tape.entries.items() if not prune or k in self._tape.used}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"calls": keep}, indent=1, sort_keys=True, ensure_ascii=False)
        self.file.write_text(scrub(text, self.secrets) + "\n", encoding="utf-8")


def _lines(request: Mapping[str, Any]) -> list[str]:
    out = [f"model: {request['model']}", f"params: {json.dumps(request['params'], sort_keys=True)}"]
    for message in request["messages"]:
        out += [f"{message['role']}: {line}" for line in message["lines"]]
    return out
