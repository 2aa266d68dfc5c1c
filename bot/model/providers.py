"""Makes chat models from settings: OpenAI, any OpenAI-compatible server, any LangChain provider.

The only module that names a provider. Everything heavy is imported when a model is made, and making one calls
nobody. `Wired` pairs the model with what the gateway must know to speak to it (dialect, price, key to hide).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from bot.errors import SettingsError
from bot.model.errors import RequestsForbidden
from bot.model.ledger import Price, is_loopback, shipped_prices
from bot.model.prompts import Params

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from openai import DefaultAsyncHttpxClient

    from bot.settings import Settings

Dialect = Literal["openai", "compatible", "plain"]
"""`openai`: takes OpenAI's parameters with each request. `compatible`: the same with the older name for the
output cap, which every compatible server knows. `plain`: takes none (they were given when it was made)."""

NO_KEY = "no-key-needed"
PLAIN_MAX_TOKENS = 1500
"""Cap on every reply of a provider that gets its parameters once."""


class _Requests:
    """Whether real model calls are allowed in this process."""

    allowed = True


def requests_allowed() -> bool:
    """Whether real model calls may leave this process."""
    return _Requests.allowed


def allow_model_requests(allowed: bool) -> None:
    """Switch real model calls on or off for the process. Tests and offline evals switch them off."""
    _Requests.allowed = allowed


@contextlib.contextmanager
def model_requests(allowed: bool) -> Iterator[None]:
    """The same for a while."""
    before, _Requests.allowed = _Requests.allowed, allowed
    try:
        yield
    finally:
        _Requests.allowed = before


@dataclass(frozen=True)
class Wired:
    """A chat model ready for a gateway.

    `real` models are subject to the switch above; doubles are not. `secrets` never appear in a message.
    """

    chat: BaseChatModel
    name: str
    dialect: Dialect = "openai"
    price: Price | None = None
    real: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)
    thinking: bool = False  # always thinks before it answers, so that its output needs room for that
    close: Callable[[], Awaitable[None]] | None = None  # lets go of its connections

    def check_allowed(self) -> None:
        """Raise `RequestsForbidden` for a real model while calls are switched off."""
        if self.real and not _Requests.allowed:
            raise RequestsForbidden(
                f"Model calls are switched off in this process, so {self.name!r} was not called.",
                hint="Use a scripted model here.",
            )


def from_settings(settings: Settings, *, role: Literal["interviewer", "judge"] = "interviewer") -> Wired:
    """The chat model that the settings name for a role. Calls nobody. Raises `SettingsError`."""
    name = settings.judge_model if role == "judge" else settings.model
    if not name:
        raise SettingsError(
            "No model is configured.", hint="Set OPENAI_API_KEY, or BOT_MODEL and OPENAI_BASE_URL."
        )
    return connect(
        name,
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
        timeout_s=settings.model_timeout_s,
    )


def connect(name: str, *, api_key: str = "", base_url: str = "", timeout_s: float = 60.0) -> Wired:
    """A chat model by name: `gpt-6-luna`, `llama3.2:3b` (with a base URL), or `provider:model`.

    With a base URL a colon belongs to the model's name (Ollama's tags) unless the prefix is `openai:`.
    """
    provider, model = _split(name, base_url)
    if provider == "openai":
        return _openai(model, api_key, base_url, timeout_s)
    return _other(provider, model, timeout_s)


def _split(name: str, base_url: str) -> tuple[str, str]:
    provider, colon, model = name.partition(":")
    if colon and (provider == "openai" or (not base_url and re.fullmatch(r"[a-z][a-z0-9_]+", provider))):
        return provider, model
    return "openai", name


def _openai(model: str, api_key: str, base_url: str, timeout_s: float) -> Wired:
    if not api_key and not base_url:
        raise SettingsError(
            "OPENAI_API_KEY is not set.", hint="Set it, or set OPENAI_BASE_URL to a server that needs no key."
        )
    if not re.fullmatch(r"[!-~]*", api_key):
        raise SettingsError(
            "OPENAI_API_KEY holds something that no key has: a space, a line break or a typographic quote.",
            hint="Copy the key again, without anything around it.",
        )
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    client = _client(base_url, timeout_s)
    chat = ChatOpenAI(
        model=model,
        api_key=SecretStr(api_key or NO_KEY),
        base_url=base_url or "https://api.openai.com/v1",
        max_retries=0,  # the gateway has the one retry loop
        timeout=timeout_s,
        http_async_client=client,
        stream_usage=True,
        stream_chunk_timeout=None,  # the gateway has the one deadline
        use_responses_api=False,
        organization="",
        openai_proxy=None,  # proxies are the client's business; LangChain refuses both, and would warn
        http_socket_options=(),
    )
    return Wired(
        chat,
        name=model,
        dialect="compatible" if base_url and urlsplit(base_url).hostname != "api.openai.com" else "openai",
        price=shipped_prices().price(model, base_url),
        real=True,
        secrets=(api_key,) if api_key else (),
        thinking=bool(_THINKS_ALWAYS.match(model)),
        close=client.aclose,
    )


def _client(base_url: str, timeout_s: float) -> DefaultAsyncHttpxClient:
    """A client of our own: LangChain's default one is shared by the whole process and can never be closed.

    A server on this machine is never asked for through a proxy. Raises `SettingsError` for a proxy that cannot be used.
    """
    from openai import DefaultAsyncHttpxClient

    try:
        return DefaultAsyncHttpxClient(
            timeout=timeout_s, trust_env=not is_loopback(urlsplit(base_url).hostname or "")
        )
    except (ImportError, ValueError) as exc:
        raise SettingsError(
            "The proxy that this machine's settings name cannot be used.",
            hint="Mend HTTPS_PROXY or ALL_PROXY (http://host:port), or unset it for this program.",
        ) from exc


def _other(provider: str, model: str, timeout_s: float) -> Wired:
    from langchain.chat_models import init_chat_model

    given: dict[str, Any] = {
        "timeout": timeout_s,
        "max_retries": 0,
        "max_tokens": PLAIN_MAX_TOKENS,
        "temperature": 0.3,
    }
    try:
        try:
            chat = init_chat_model(model, model_provider=provider, **given)
        except (TypeError, ValidationError):  # a provider with other names for these
            chat = init_chat_model(model, model_provider=provider)
    except ImportError as exc:
        package = re.search(r"pip install -?U? ?([\w-]+)", str(exc))
        raise SettingsError(
            f"The provider {provider!r} needs another package.",
            hint=f"Install {package.group(1) if package else 'its LangChain package'}, then start again.",
        ) from exc
    except ValueError as exc:
        if "Unsupported provider" in str(exc) or "Unsupported model_provider" in str(exc):
            raise SettingsError(
                f"{provider!r} is not a provider that LangChain knows.",
                hint="For a server of your own, set OPENAI_BASE_URL and give only the model's name.",
            ) from exc
        raise SettingsError(
            f"The model {provider}:{model} could not be set up.", hint="Is its key set?"
        ) from exc
    return Wired(chat, name=f"{provider}:{model}", dialect="plain", real=True)


# ------------------------------------------------------------------------------------------------ dialect

_THINKS_ALWAYS = re.compile(r"(?:.*/)?(?:o[134](?:-|$)|gpt-5(?:-mini|-nano)?(?:-\d{4}|$))")
_THINKS_AT_WILL = re.compile(r"(?:.*/)?(?:gpt-(?:5\.\d|[6-9])|qwen3|gpt-oss|deepseek-r|magistral)")
THINKING_ROOM = 2_000
"""Tokens added to the output cap of a model that thinks before it answers."""


def request_options(
    wired: Wired,
    params: Params,
    schema: dict[str, Any] | None,
    unsupported: frozenset[str],
    *,
    thinks: bool = False,
) -> dict[str, Any]:
    """Keyword arguments of one request. Names in `unsupported` were refused by this server before; `thinks` says that
    the model was seen to spend its output on thinking.

    `response_format` travels in `extra_body`: given directly, LangChain takes another code path with helpers
    of the SDK that raise errors of their own.
    """
    if wired.dialect == "plain":
        return {}
    effort = params.reasoning
    thinks_at_will = bool(_THINKS_AT_WILL.match(wired.name))
    options: dict[str, Any] = {}
    body: dict[str, Any] = {}
    if wired.thinking:
        options["reasoning_effort"] = "minimal" if effort == "none" and "gpt-5" in wired.name else "low"
    elif thinks_at_will:
        options["reasoning_effort"] = effort
    if params.temperature is not None and not wired.thinking and not (thinks_at_will and effort != "none"):
        options["temperature"] = params.temperature
    # who refuses to be told how much to think does as it likes
    cap = output_cap(wired, params, thinks=thinks or (thinks_at_will and "reasoning_effort" in unsupported))
    if wired.dialect == "compatible" and "max_tokens" not in unsupported:
        body["max_tokens"] = cap
    elif "max_completion_tokens" not in unsupported:
        options["max_completion_tokens"] = cap
    if schema is not None and (form := response_format(schema, unsupported)):
        body["response_format"] = form
    for name in unsupported & set(options):
        del options[name]
    if "stream_options" in unsupported:
        options["stream_usage"] = False
    if body:
        options["extra_body"] = body
    return options


def output_cap(wired: Wired, params: Params, *, thinks: bool = False) -> int:
    """The most tokens that a reply may have, the room for thinking included."""
    if wired.dialect == "plain":
        return max(params.max_tokens, PLAIN_MAX_TOKENS)
    at_will = bool(_THINKS_AT_WILL.match(wired.name)) and params.reasoning != "none"
    return params.max_tokens + (THINKING_ROOM if thinks or wired.thinking or at_will else 0)


def response_format(schema: dict[str, Any], unsupported: frozenset[str]) -> dict[str, Any] | None:
    """The strictest form of structured output that this server has not refused; None when it has none."""
    if "json_schema" not in unsupported:
        return {"type": "json_schema", "json_schema": schema}
    return None if "response_format" in unsupported else {"type": "json_object"}
