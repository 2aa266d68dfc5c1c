"""`check-model`: every fault in words that say what to do, and no secret among them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.model.check import check_model
from bot.model.clock import SystemClock
from bot.model.standin import StandIn, Wire
from bot.settings import Settings, load_settings
from tests.support.thinned import thinned

KEY = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long is waited between two attempts is the gateway's matter, and tested there."""

    async def at_once(clock: SystemClock, seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(SystemClock, "sleep", at_once)


@pytest.fixture
def server() -> Iterator[StandIn]:
    def brain(messages: object, body: object) -> str:
        return '{"ready": true}' if "JSON" in str(messages) else "ready"

    with StandIn(brain=brain, stall_s=3) as running:
        yield running


def settings_for(server: StandIn | str, **more: object) -> Settings:
    url = server if isinstance(server, str) else server.url
    given = {"model": "stand-in", "openai_base_url": url, "openai_api_key": KEY, **more}
    return load_settings({}, **given)


def test_a_working_server(server: StandIn) -> None:
    checked = check_model(settings_for(server))
    assert checked.ok
    assert [f.good for f in checked.findings] == [True, True]
    assert "structured output" in checked.text
    assert server.served == 2


def test_no_model_is_fine_and_says_so() -> None:
    checked = check_model(load_settings({}))
    assert checked.ok
    assert "authored material" in checked.text


def test_another_judge_is_asked_as_well(server: StandIn) -> None:
    check_model(settings_for(server, judge_model="small-judge"))
    assert [r["model"] for r in server.requests] == ["stand-in", "small-judge", "small-judge"]


EXPLAINED = {
    Wire.AUTH: "OPENAI_API_KEY",
    Wire.NOT_FOUND: "ollama pull",
    Wire.HTML: "not a model",
    Wire.GARBAGE: "not a model",
    Wire.CUT: "proper end",
    Wire.RATE_LIMIT: "Wait a minute",
    Wire.RESET: "running",
    Wire.ERROR_EVENT: "log",
    Wire.STALL: "BOT_MODEL_TIMEOUT",
    Wire.REFUSAL: "empty",
    Wire.EMPTY: "empty",
    Wire.LENGTH: "output",
    Wire.QUOTA: "no credit",
    Wire.SERVER: "log",
    Wire.CONTENT_FILTER: "declines",
    Wire.CONTEXT: "context",
}


@pytest.mark.parametrize("wire", thinned(sorted(EXPLAINED), 4))
def test_a_fault_is_explained(server: StandIn, wire: Wire) -> None:
    server.always, server.retry_after = wire, "60"
    checked = check_model(settings_for(server, model_timeout_s="1" if wire is Wire.STALL else "60"))
    assert not checked.ok
    assert "HTTPStatusError" not in checked.text
    assert EXPLAINED[wire] in checked.text
    assert "->" in checked.text
    assert KEY not in checked.text


def test_nobody_there(server: StandIn) -> None:
    settings = settings_for(server.url.removesuffix("/v1"))
    server.stop()
    checked = check_model(settings)
    assert "running" in checked.text
    assert "/v1" in checked.text


def test_a_proxy_in_the_way(server: StandIn) -> None:
    server.raw = lambda body: (407, {"error": "Proxy Authentication Required"})
    checked = check_model(settings_for(server))
    assert "HTTPS_PROXY" in checked.text


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    checked = check_model(load_settings({}, openai_api_key=KEY))
    assert not checked.ok
    assert "HTTPS_PROXY" in checked.text
    assert KEY not in checked.text


def test_a_model_that_cannot_do_structured_output(server: StandIn) -> None:
    server.brain = lambda messages, body: "ready"
    checked = check_model(settings_for(server))
    assert not checked.ok
    assert "BOT_JUDGE" in checked.text


def test_wrong_settings_are_a_finding() -> None:
    checked = check_model(load_settings({}, model="gpt-6-luna"))
    assert not checked.ok
    assert "OPENAI_API_KEY" in checked.text
    checked = check_model(load_settings({}, model="anthropic:claude-x"))
    assert "package" in checked.text


def test_a_cap_without_a_price_is_a_finding() -> None:
    settings = load_settings(
        {}, model="some-model", openai_base_url="https://models.example.org/v1", max_usd="1"
    )
    checked = check_model(settings)
    assert not checked.ok
    assert "price" in checked.text
