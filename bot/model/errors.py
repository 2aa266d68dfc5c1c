"""What can go wrong with a model call, as one tree below `bot.errors.ModelError`.

    ModelError                     `.kind` names the leaf, `.calls` bills the tokens that were spent all the same
    └── ModelFault                 base of everything here
        ├── Unavailable            the provider did not answer; trying again may help
        │   ├── RateLimited        429 (`retry_after_s` when the provider said how long)
        │   ├── TimedOut           our deadline passed, before or in the middle of the answer
        │   ├── Unreachable        no connection, or it was lost
        │   ├── ServerFailed       5xx, or an error event inside a stream
        │   ├── StreamCut          the stream ended without a proper end
        │   └── GarbledReply       not the protocol: an HTML page, broken JSON, nonsense
        ├── Rejected               the provider refuses the request; the same request will fail again
        │   ├── AuthFailed         401: the key is wrong or missing
        │   ├── NotPermitted       403
        │   ├── UnknownModel       404: no such model (or a wrong base URL)
        │   ├── BadRequest         400 (`param` when the provider named the parameter)
        │   └── ContextOverflow    the prompt is longer than the model takes
        ├── Unusable               the provider answered, but with nothing we can use
        │   ├── EmptyReply         no text at all
        │   ├── Truncated          it ran into the output limit
        │   ├── RefusedReply       the content filter, or the model refused
        │   └── BadStructure       structured output that one repair round could not mend
        ├── BudgetSpent            the call would pass a cap of money or tokens; it was not made
        └── RequestsForbidden      real calls are switched off in this process

`translate` turns whatever a LangChain model raised into a leaf; nothing above the gateway sees a provider's
own exception. Messages are for people and carry neither secrets nor prompts.
"""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.errors import ModelError
from bot.model.redact import redact

if TYPE_CHECKING:
    from bot.domain.events import CallRecord


class ModelFault(ModelError):
    """Base of the leaves. `detail` is what the provider said, redacted and short; for logs and check-model."""

    kind = "model"
    retryable = False
    default_hint = ""

    def __init__(
        self, message: str, *, hint: str = "", detail: str = "", calls: tuple[CallRecord, ...] = ()
    ) -> None:
        super().__init__(message, hint=hint or self.default_hint)
        self.detail = detail
        self.calls = calls


class Unavailable(ModelFault):
    """The provider did not answer properly; the same request may work later."""

    kind = "unavailable"
    retryable = True
    default_hint = "Try again in a moment."


class RateLimited(Unavailable):
    """The provider wants fewer requests. `retry_after_s` is what it asked for, None when it did not say."""

    kind = "rate_limit"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float | None = None,
        hint: str = "",
        detail: str = "",
        calls: tuple[CallRecord, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint, detail=detail, calls=calls)
        self.retry_after_s = retry_after_s


class QuotaSpent(RateLimited):
    """The account has no credit left: waiting does not help."""

    kind = "quota"
    retryable = False
    default_hint = "Check the plan and the billing page of your provider."


class TimedOut(Unavailable):
    """The deadline passed before the answer was complete."""

    kind = "timeout"
    default_hint = "Try again; BOT_MODEL_TIMEOUT sets how long a call may take."


class Unreachable(Unavailable):
    """No connection to the provider, or it was lost."""

    kind = "connection"
    default_hint = "Check that the server runs and that OPENAI_BASE_URL is right."


class ServerFailed(Unavailable):
    """The provider itself failed."""

    kind = "server"


class StreamCut(Unavailable):
    """The stream ended without saying that it is complete."""

    kind = "stream_cut"


class GarbledReply(Unavailable):
    """What came back is not the protocol of a model server."""

    kind = "garbled"
    default_hint = "Check that OPENAI_BASE_URL is the address of the API itself (it often ends in /v1)."


class Rejected(ModelFault):
    """The provider refuses this request."""

    kind = "rejected"


class AuthFailed(Rejected):
    """The key is wrong, expired or missing."""

    kind = "auth"
    default_hint = "Check OPENAI_API_KEY."


class NotPermitted(Rejected):
    """The key may not use this model or endpoint."""

    kind = "permission"
    default_hint = "Check what your key may use, or choose another BOT_MODEL."


class UnknownModel(Rejected):
    """The server does not have the model."""

    kind = "unknown_model"
    default_hint = "Check BOT_MODEL and OPENAI_BASE_URL."


class BadRequest(Rejected):
    """The provider finds the request invalid. `param` is the parameter it named, or empty."""

    kind = "bad_request"

    def __init__(
        self,
        message: str,
        *,
        param: str = "",
        hint: str = "",
        detail: str = "",
        calls: tuple[CallRecord, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint, detail=detail, calls=calls)
        self.param = param


class ContextOverflow(Rejected):
    """The prompt is longer than the model can take."""

    kind = "context"
    default_hint = "Choose a model with a longer context (8,000 tokens are enough)."


class Unusable(ModelFault):
    """The provider answered, but with nothing that can be used."""

    kind = "unusable"
    retryable = True


class EmptyReply(Unusable):
    """The reply has no text."""

    kind = "empty"
    default_hint = "If it happens every time, choose another BOT_MODEL."


class Truncated(Unusable):
    """The reply ran into the output limit before it was complete."""

    kind = "length"
    retryable = False
    default_hint = "A model that thinks for long needs a setting that makes it think less."


class RefusedReply(Unusable):
    """The model or its content filter refused."""

    kind = "refused"
    retryable = False


class BadStructure(Unusable):
    """Structured output that stayed wrong after the repair round. `problems` says what is wrong with it."""

    kind = "structure"
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        problems: tuple[str, ...] = (),
        hint: str = "",
        detail: str = "",
        calls: tuple[CallRecord, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint, detail=detail, calls=calls)
        self.problems = problems


class BudgetSpent(ModelFault):
    """The next call would pass a cap, so it was not made."""

    kind = "budget"
    default_hint = "BOT_MAX_USD and BOT_MAX_TOKENS set the caps."


class RequestsForbidden(ModelFault):
    """Real model calls are switched off in this process (tests, offline evals)."""

    kind = "forbidden"


# ------------------------------------------------------------------------------------------- translation


def translate(error: Exception, *, secrets: tuple[str, ...] = (), now: float | None = None) -> ModelFault:
    """The leaf for anything that a chat model raised.

    Order matters: LangChain's neutral classes first, then what bypasses them (an error event inside a stream,
    broken JSON, an HTML page). Whatever is left came out of the provider's library while it read the reply,
    so it is a garbled reply. `now` is the wall clock (for Retry-After dates), for tests.
    """
    from langchain_core import exceptions as lc

    if isinstance(error, ModelFault):
        return error
    detail = redact(_words(error), secrets)[:400]
    status = _status(error)
    if (
        isinstance(error, TimeoutError | lc.ModelTimeoutError)
        or status == 408
        or type(error).__name__ == "StreamChunkTimeoutError"
    ):
        return TimedOut("The model did not answer in time.", detail=detail)
    if (
        status == 413
        or isinstance(error, lc.ContextOverflowError)
        or _mentions(error, "context_length_exceeded", "context length", "context window")
    ):
        return ContextOverflow("The prompt is too long for this model.", detail=detail)
    if isinstance(error, lc.ModelRateLimitError) or status in (402, 429):
        if status == 402 or _mentions(error, "insufficient_quota", "billing_hard_limit"):
            return QuotaSpent("The account at the provider has no credit left.", detail=detail)
        return RateLimited(
            "The provider asks us to slow down.", retry_after_s=_retry_after(error, now), detail=detail
        )
    if isinstance(error, lc.ModelAuthenticationError) or status == 401:
        return AuthFailed("The provider does not accept the key.", detail=detail)
    if isinstance(error, lc.ModelPermissionDeniedError) or status == 403:
        return NotPermitted("The key is not allowed to use this model.", detail=detail)
    if isinstance(error, lc.ModelNotFoundError) or status in (404, 405):
        return UnknownModel("The server does not know this model.", detail=detail)
    if status == 407:
        return Unreachable("A proxy on the way refuses to let us through.", detail=f"proxy: {detail}")
    if isinstance(error, lc.ModelInvalidRequestError) or (status is not None and 400 <= status < 500):
        return BadRequest("The provider finds the request invalid.", param=_param(error), detail=detail)
    if status in (500, 501) and _param(error) == "response_format":
        # local servers fail on a schema that their grammar cannot express instead of refusing it
        return BadRequest("The server cannot do this form of output.", param="response_format", detail=detail)
    if isinstance(error, lc.ModelAPIError) or (status is not None and status >= 500):
        return ServerFailed("The provider failed on its side.", detail=detail)
    if type(error).__name__ == "LengthFinishReasonError":
        return Truncated("The reply was cut off by the output limit.", detail=detail)
    if type(error).__name__ == "ContentFilterFinishReasonError":
        return RefusedReply("The provider's content filter stopped the reply.", detail=detail)
    if isinstance(error, lc.ModelConnectionError | ConnectionError) or _module(error) in (
        "httpx",
        "httpcore",
        "httpx2",
        "httpcore2",
    ):
        return Unreachable("The connection to the model server failed.", detail=detail)
    if _module(error) == "openai":  # an error event inside a stream: openai.APIError without a status
        return ServerFailed("The provider reported an error in the middle of its answer.", detail=detail)
    if isinstance(error, ValueError) and _mentions(error, "no generation chunks", "no generations found"):
        return GarbledReply("The server sent nothing that is a reply of a model.", detail=detail)
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return GarbledReply("The server sent something that is not a reply of a model.", detail=detail)
    return GarbledReply("The reply could not be read.", detail=detail)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _module(error: BaseException) -> str:
    return next((c.__module__.split(".")[0] for c in type(error).__mro__ if c.__module__ != "builtins"), "")


def _foreign(error: BaseException, name: str) -> Any:
    """An attribute of somebody else's exception: their shape differs by provider and is not ours to know."""
    return getattr(error, name, None)


def _status(error: Exception) -> int | None:
    status = _foreign(error, "status_code")
    return status if isinstance(status, int) else None


def _words(error: Exception) -> str:
    """The error in its own words, with those of what lies at its bottom ("Connection error." says little)."""
    told: list[str] = []
    bottom = list(_chain(error))[-1] if _status(error) is None else error
    for link in (error, bottom):
        message = _foreign(link, "message")
        text = " ".join((message if isinstance(message, str) and message else str(link)).split())
        if not any(text in earlier for earlier in told):
            told.append(f"{type(link).__name__}: {text}")
    return "; ".join(told)


def _mentions(error: Exception, *words: str) -> bool:
    text = f"{error} {_foreign(error, 'body')} {_foreign(error, 'code')}".lower()
    return any(word in text for word in words)


def _param(error: Exception) -> str:
    """The parameter that a 400 complains about: named by the provider, else the first that its words mention."""
    named = _foreign(error, "param")
    if isinstance(named, str) and named:
        return named.split(".")[0]
    text = f"{error} {_foreign(error, 'body')}".lower()
    known = (
        "response_format",
        "reasoning_effort",
        "max_completion_tokens",
        "max_tokens",
        "temperature",
        "stream_options",
        "seed",
    )
    if any(word in text for word in ("json_schema", "json_object", "response format", "grammar")):
        return "response_format"
    mentioned = [(text.find(name), name) for name in known if name in text]
    return min(mentioned)[1] if mentioned else ""


def _retry_after(error: Exception, now: float | None) -> float | None:
    """Seconds from `retry-after-ms` or `retry-after` (seconds or an HTTP date) anywhere in the cause chain."""
    for link in _chain(error):
        headers = _foreign(_foreign(link, "response"), "headers")
        if headers is None:
            headers = _foreign(link, "headers")
        if headers is None:
            continue
        if (ms := _number(headers.get("retry-after-ms"))) is not None:
            return max(0.0, ms / 1000)
        value = headers.get("retry-after") or headers.get("Retry-After")
        if (seconds := _number(value)) is not None:
            return max(0.0, seconds)
        if value and (date := email.utils.parsedate_tz(str(value))):
            return max(0.0, email.utils.mktime_tz(date) - (time.time() if now is None else now))
    return None


def _number(text: object) -> float | None:
    try:
        value = float(str(text))
    except ValueError:
        return None
    return value if value == value and value != float("inf") else None
