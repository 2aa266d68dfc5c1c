"""Does the configured model work? One tiny real call to each, and what is wrong in a person's words.

`mock-interview check-model` and the settings page show the same findings. Knows settings, the gateway and how faults are
explained; does not know the interview. Nothing else in the project calls a model before somebody starts an interview.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.errors import SettingsError
from bot.model import errors as me
from bot.model.gateway import Gateway, gateway_from
from bot.model.prompts import Params, Rendered
from bot.settings import Settings

Role = Literal["interviewer", "judge"]

_SPEAK = Rendered(
    id="check_model",
    version=1,
    hash="",
    system="You are a connection test.",
    user="Reply with the single word: ready",
    params=Params(max_tokens=60),
)
_JSON = Rendered(
    id="check_model_json",
    version=1,
    hash="",
    system="You are a connection test. You answer in JSON.",
    user='Reply with this JSON object and nothing else: {"ready": true}',
    params=Params(max_tokens=80),
)


class _Ready(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ready: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer. `good` False: this has to be mended; None: worth knowing."""

    good: bool | None
    text: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The whole answer. `ok` when an interview with these settings will work."""

    ok: bool
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """For a terminal."""
        marks = {True: "ok  ", False: "FAIL", None: "note"}
        lines = []
        for found in self.findings:
            lines.append(f"{marks[found.good]}  {found.text}")
            if found.todo:
                lines.append(f"      -> {found.todo}")
        return "\n".join(lines)


def check_model(settings: Settings) -> Checked:
    """Call the interviewer's model, and the judge's when it is another one. Never raises for a fault of theirs."""
    return asyncio.run(check_models(settings))


async def check_models(settings: Settings) -> Checked:
    """The same from inside an event loop."""
    if not settings.has_model:
        return Checked(
            True,
            (
                Finding(
                    None,
                    "No model is set: the interview runs on authored material and the offline judge scores it.",
                    "To add one, set OPENAI_API_KEY, or BOT_MODEL and OPENAI_BASE_URL (docs/models.md).",
                ),
            ),
        )
    findings = list(await _check("interviewer", settings))
    same = settings.judge_model == settings.model
    if settings.judge != "offline" and not (same and findings[-1].good is False):
        findings += await _check("judge", settings, speak=not same)
    return Checked(all(f.good is not False for f in findings), tuple(findings))


async def _check(role: Role, settings: Settings, *, speak: bool = True) -> list[Finding]:
    name = settings.judge_model if role == "judge" else settings.model
    where = settings.openai_base_url or ("OpenAI" if ":" not in name else name.partition(":")[0])
    try:
        gateway = gateway_from(settings, role)
    except SettingsError as error:
        return [Finding(False, f"{role}: {error.message}", error.hint)]
    findings: list[Finding] = []
    try:
        if speak:
            findings += await _speaks(gateway, f"{role} ({name} at {where})", settings)
        if role == "judge" and all(f.good for f in findings):
            findings.append(await _structures(gateway, f"judge ({name} at {where})", settings))
    finally:
        await gateway.aclose()
    return findings


async def _speaks(gateway: Gateway, who: str, settings: Settings) -> list[Finding]:
    try:
        reply = await gateway.text(_SPEAK)
    except me.ModelFault as fault:
        return [explain(fault, who, settings)]
    record = reply.record
    price = "price not known" if record.usd is None else f"${record.usd:.6f}"
    guess = ", estimated" if record.estimated else ""
    tokens = f"{record.input_tokens} + {record.output_tokens} tokens{guess}, {price}"
    return [Finding(True, f"{who} answers in {record.latency_s:.1f} s ({tokens}).")]


async def _structures(gateway: Gateway, who: str, settings: Settings) -> Finding:
    try:
        parsed = await gateway.structured(_JSON, _Ready)
    except me.BadStructure:
        return Finding(
            False,
            f"{who} answers, but not in the form that judging needs (structured output).",
            "Choose a larger model as BOT_JUDGE_MODEL, or set BOT_JUDGE=offline.",
        )
    except me.ModelFault as fault:
        return explain(fault, who, settings)
    note = " after one correction" if parsed.repaired else ""
    return Finding(True, f"{who} gives structured output{note}.")


def explain(fault: me.ModelFault, who: str, settings: Settings) -> Finding:
    """A fault in the words of somebody who has to mend it."""
    url = settings.openai_base_url
    said = f" It said: {fault.detail}" if fault.detail else ""
    key = "OPENAI_API_KEY" if settings.openai_api_key.get_secret_value() else "OPENAI_API_KEY (it is not set)"
    slash_v1 = (
        "" if not url or url.endswith("/v1") else f" The address of most servers ends in /v1: {url}/v1."
    )
    match fault:
        case me.AuthFailed():
            return Finding(
                False, f"{who}: the key is wrong, expired or for another service.{said}", f"Check {key}."
            )
        case me.NotPermitted():
            return Finding(False, f"{who}: the key is valid but may not use this model.{said}", fault.hint)
        case me.UnknownModel():
            todo = f"Check the model's name.{slash_v1}" if url else "Check BOT_MODEL and BOT_JUDGE_MODEL."
            if url:
                todo += " A local server must have downloaded the model (for Ollama: `ollama pull NAME`)."
            return Finding(False, f"{who}: the server does not have it.{said}", todo)
        case me.Unreachable() if "proxy" in fault.detail.lower():
            todo = "Check HTTPS_PROXY (its address, its user and password), or name the host in NO_PROXY."
            return Finding(False, f"{who}: a proxy on the way does not let us through.{said}", todo)
        case me.Unreachable():
            todo = (
                f"Is the server at {url} running?{slash_v1}"
                if url
                else "Check this machine's network, and HTTPS_PROXY if a proxy is set."
            )
            return Finding(False, f"{who}: nobody answers.{said}", todo)
        case me.TimedOut():
            todo = "A local model may still be loading: try again. BOT_MODEL_TIMEOUT allows more seconds."
            return Finding(False, f"{who}: no answer in time.", todo)
        case me.QuotaSpent():
            return Finding(False, f"{who}: the account has no credit left.", fault.hint)
        case me.RateLimited():
            return Finding(False, f"{who}: too many requests just now.", "Wait a minute, then try again.")
        case me.GarbledReply():
            todo = f"OPENAI_BASE_URL must be the address of the API, not of a web page.{slash_v1}"
            return Finding(False, f"{who}: what answers is not a model.{said}", todo)
        case me.EmptyReply():
            return Finding(
                False,
                f"{who}: the server accepts the request, but the model's answer is empty.",
                "Models that only think aloud do this; choose another, or switch its thinking off.",
            )
        case me.Truncated():
            return Finding(
                False,
                f"{who}: the model used up its output before it said anything useful.",
                "It thinks too long for a conversation; choose another, or switch its thinking off.",
            )
        case me.ContextOverflow():
            return Finding(False, f"{who}: its context is too short even for a test.", fault.hint)
        case me.RefusedReply():
            return Finding(
                False, f"{who}: it declines to answer a harmless request.", "Choose another model."
            )
        case me.StreamCut():
            return Finding(
                False,
                f"{who}: its answers never come to a proper end.{said}",
                "The server, or a proxy on the way, cuts streams short: look into its log, or try a newer version.",
            )
        case me.ServerFailed():
            return Finding(False, f"{who}: the server fails while it answers.{said}", "Look into its log.")
        case me.BudgetSpent():
            return Finding(False, f"{who}: {fault.message}", fault.hint)
        case _:
            return Finding(False, f"{who}: {fault.message}{said}", fault.hint or "See docs/models.md.")
