"""No secret enters a cassette, whatever field it comes in: prompts, parameters, replies (also in pieces), how a reply ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from bot.model.doubles import CassetteModel, Scripted, ScriptedModel

SECRETS = {
    "of the settings": "correct-horse-battery",
    "OpenAI": "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789",
    "Hugging Face": "hf_abcdefghijklmnopqrstuvwxyz",
    "Google": "AIzaSyA1234567890abcdefghijklmnopqrstu",
    "bearer": "Bearer abcdef1234567890abcdef",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijkl",
    "e-mail": "jane.doe@example.org",
    "password in a URL": "https://jane:hunter2222@host.example/x",
}
FIELDS = (
    "system",
    "user",
    "assistant",
    "name of a parameter's value",
    "reply",
    "reply in pieces",
    "end of the reply",
)


def request(field: str, secret: str) -> tuple[list[BaseMessage], dict[str, Any], Scripted]:
    """A request and its reply with the secret in one field."""

    def here(name: str) -> str:
        return f"before {secret} after" if field == name else "nothing"

    messages = [
        SystemMessage(here("system")),
        HumanMessage(here("user")),
        AIMessage(here("assistant")),
        HumanMessage("Go on."),
    ]
    words = here("reply") if field == "reply" else here("reply in pieces")
    pieces = tuple(words[i : i + 3] for i in range(0, len(words), 3)) if field == "reply in pieces" else ()
    finish = secret if field == "end of the reply" else "stop"
    params = {
        "user": here("name of a parameter's value"),
        "nested": {"list": [here("name of a parameter's value")]},
    }
    return messages, params, Scripted(words, pieces=pieces, finish=finish)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.anyio
async def test_a_planted_secret_is_in_no_recorded_file(tmp_path: Path, field: str, kind: str) -> None:
    secret = SECRETS[kind]
    messages, params, reply = request(field, secret)
    inner = ScriptedModel(reply=lambda messages, params: reply)
    file = tmp_path / "c.json"
    model = CassetteModel(
        file=file, name="m", inner=inner, mode="refresh", secrets=(SECRETS["of the settings"],)
    )
    await model.ainvoke(messages, **params)
    model.save()
    kept = file.read_text(encoding="utf-8")
    joined = "".join(p for call in json.loads(kept)["calls"].values() for p in call["reply"]["pieces"])
    hidden = "hunter2222" if kind == "password in a URL" else secret
    assert hidden not in kept
    assert hidden not in joined, "not even put together again"
    replayed = CassetteModel(file=file, name="m", secrets=(SECRETS["of the settings"],))
    assert (await replayed.ainvoke(messages, **params)).text == joined, (
        "the scrubbed request still finds its reply"
    )
