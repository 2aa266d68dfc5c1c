"""The settings: one table, read from the environment once. No other module reads the environment.

Explicit arguments win over the environment, the environment over the defaults. Secrets are `SecretStr`, so
that they never show in a log, a repr or an error.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the field of `Settings`, the environment variable, default and meaning."""

    field: str
    env: str
    default: str
    help: str


TABLE: tuple[Setting, ...] = (
    Setting(
        "home",
        "BOT_HOME",
        "",
        "Folder for all data: database, index, caches. Default: the platform's data folder.",
    ),
    Setting("host", "BOT_HOST", "127.0.0.1", "Address that the app listens on."),
    Setting("port", "PORT", "7860", "Port that the app listens on."),
    Setting(
        "database_url",
        "DATABASE_URL",
        "",
        "SQLAlchemy URL; default: a SQLite file in BOT_HOME. PostgreSQL works too.",
    ),
    Setting(
        "chroma_url",
        "CHROMA_URL",
        "",
        "URL of a Chroma server; default: Chroma inside this process, in BOT_HOME.",
    ),
    Setting(
        "openai_api_key",
        "OPENAI_API_KEY",
        "",
        "Key for OpenAI or a compatible server. Without it everything authored still works.",
    ),
    Setting(
        "openai_base_url",
        "OPENAI_BASE_URL",
        "",
        "URL of an OpenAI-compatible server (Ollama, LM Studio, vLLM, a gateway).",
    ),
    Setting(
        "model",
        "BOT_MODEL",
        "",
        "Interviewer's model, e.g. gpt-6.1-terra, or provider:model. Default when a key is set: gpt-6.1-terra.",
    ),
    Setting("judge_model", "BOT_JUDGE_MODEL", "", "Judge's model; default: the same as BOT_MODEL."),
    Setting(
        "judge", "BOT_JUDGE", "auto", "auto (the model when one is set, else offline), offline or model."
    ),
    Setting(
        "judge_runs",
        "BOT_JUDGE_RUNS",
        "1",
        "How often the model judges each answer; the median counts (1, 3 or 5).",
    ),
    Setting(
        "judge_at_once",
        "BOT_JUDGE_AT_ONCE",
        "4",
        "Lines of a file that `score --judge model` has judged at the same time (1 to 64).",
    ),
    Setting(
        "max_usd",
        "BOT_MAX_USD",
        "",
        "Cap on the money that one session may cost; calls stop before it. Empty: no cap.",
    ),
    Setting(
        "max_tokens",
        "BOT_MAX_TOKENS",
        "400000",
        "Cap on the tokens that one session may use; calls stop before it.",
    ),
    Setting("model_timeout_s", "BOT_MODEL_TIMEOUT", "60", "Seconds that one model call may take."),
    Setting(
        "embedder",
        "BOT_EMBEDDER",
        "auto",
        "auto (minilm when its files are there, else wordllama), wordllama, minilm, or openai:MODEL.",
    ),
    Setting(
        "articles",
        "BOT_ARTICLES",
        "",
        "More article folders to index beside the project's own, separated like PATH.",
    ),
    Setting("questions", "BOT_QUESTIONS", "", "Folder with own questions, laid out like prompts/questions."),
    Setting(
        "engine", "BOT_CODE_ENGINE", "auto", "Sandbox for candidate code: auto, native, bwrap, deno or off."
    ),
    Setting(
        "auth",
        "BOT_AUTH",
        "none",
        "Who may use the app: none (a laptop), passwords (BOT_USERS) or proxy (BOT_AUTH_HEADER).",
    ),
    Setting("users", "BOT_USERS", "", "Password file: one `name:argon2-hash` a line (see docs/hosting.md)."),
    Setting(
        "auth_header",
        "BOT_AUTH_HEADER",
        "X-Forwarded-User",
        "Header with the user's name that a trusted proxy sets.",
    ),
    Setting("log_level", "BOT_LOG", "warning", "debug, info, warning or error."),
)
"""Every setting. A test holds that the README documents each."""

DEFAULT_MODEL = "gpt-6.1-terra"


@dataclass(frozen=True)
class Settings:
    """The settings of one run. Paths are absolute; empty strings mean "not set"."""

    home: Path
    host: str
    port: int
    database_url: str
    chroma_url: str
    openai_api_key: SecretStr
    openai_base_url: str
    model: str
    judge_model: str
    judge: str
    judge_runs: int
    judge_at_once: int
    max_usd: float | None
    max_tokens: int
    model_timeout_s: float
    embedder: str
    articles: tuple[Path, ...]
    questions: Path | None
    engine: str
    auth: str
    users: Path | None
    auth_header: str
    log_level: str

    @property
    def has_model(self) -> bool:
        """Whether a model is configured; without one the authored material and the offline judge work."""
        return bool(self.model)

    def __repr__(self) -> str:
        shown = {f.name: getattr(self, f.name) for f in fields(self)}
        shown["database_url"] = shown["database_url"].split("@")[-1]
        return f"Settings({', '.join(f'{k}={v!r}' for k, v in shown.items())})"


def load_settings(environ: Mapping[str, str] | None = None, **explicit: Any) -> Settings:
    """The settings from explicit arguments (None means "not given"), then the environment, then defaults.

    Raises `SettingsError` that names the setting and what it may be; unknown `BOT_*` names are errors too,
    with the nearest known name.
    """
    env = os.environ if environ is None else environ
    _refuse_unknown(env)
    raw = {s.field: str(_first(explicit.get(s.field), env.get(s.env) or None, s.default)) for s in TABLE}
    unknown = set(explicit) - {s.field for s in TABLE}
    if unknown:
        raise SettingsError(f"There is no setting {sorted(unknown)[0]!r}.")
    home = Path(raw["home"]).expanduser().resolve() if raw["home"] else _platform_home()
    key, url = raw["openai_api_key"], raw["openai_base_url"]
    model = raw["model"] or (DEFAULT_MODEL if key and not url else "")
    return Settings(
        home=home,
        host=raw["host"],
        port=_number("port", raw["port"], int, 0, 65535),
        database_url=raw["database_url"] or f"sqlite:///{home / 'rehearsal.db'}",
        chroma_url=_url("chroma_url", raw["chroma_url"]),
        openai_api_key=SecretStr(key),
        openai_base_url=_url("openai_base_url", url),
        model=model,
        judge_model=raw["judge_model"] or model,
        judge=_choice("judge", raw["judge"], ("auto", "offline", "model")),
        judge_runs=_number("judge_runs", raw["judge_runs"], int, 1, 9),
        judge_at_once=_number("judge_at_once", raw["judge_at_once"], int, 1, 64),
        max_usd=_number("max_usd", raw["max_usd"], float, 0, 1e6) if raw["max_usd"] else None,
        max_tokens=_number("max_tokens", raw["max_tokens"], int, 1_000, 100_000_000),
        model_timeout_s=_number("model_timeout_s", raw["model_timeout_s"], float, 1, 3600),
        embedder=raw["embedder"],
        articles=tuple(Path(p).expanduser().resolve() for p in raw["articles"].split(os.pathsep) if p),
        questions=Path(raw["questions"]).expanduser().resolve() if raw["questions"] else None,
        engine=_choice("engine", raw["engine"], ("auto", "native", "bwrap", "deno", "off")),
        auth=_choice("auth", raw["auth"], ("none", "passwords", "proxy")),
        users=Path(raw["users"]).expanduser().resolve() if raw["users"] else None,
        auth_header=raw["auth_header"],
        log_level=_choice("log_level", raw["log_level"].lower(), ("debug", "info", "warning", "error")),
    )


def _first(*values: object) -> object:
    return next(v for v in values if v is not None)


def _platform_home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("rehearsal", appauthor=False))


def _refuse_unknown(env: Mapping[str, str]) -> None:
    known = {s.env for s in TABLE}
    for name in sorted(env):
        if name.startswith("BOT_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
            raise SettingsError(f"The environment sets {name}, which is not a setting.", hint=hint)


def _name(field: str) -> str:
    return next(s.env for s in TABLE if s.field == field)


def _number(field: str, text: str, kind: type[Any], low: float, high: float) -> Any:
    try:
        value = kind(text)
    except ValueError:
        raise SettingsError(
            f"{_name(field)} is {text!r}, which is not a number.", hint="Set it to a number."
        ) from None
    if not low <= value <= high:
        raise SettingsError(
            f"{_name(field)} is {text}, out of range.", hint=f"It may be {low:g} to {high:g}."
        )
    return value


def _choice(field: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise SettingsError(f"{_name(field)} is {text!r}.", hint=f"It may be {', '.join(allowed)}.")
    return text


def _url(field: str, text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise SettingsError(
            f"{_name(field)} is {text!r}, which is no URL.", hint="It starts with http:// or https://."
        )
    return text.rstrip("/")
