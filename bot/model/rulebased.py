"""A stand-in for a language model that reads the prompt it is given and answers by rules.

It serves development, load tests and offline evals: as the brain of the local server (`bot/model/standin.py`) or
of a `ScriptedModel`. It knows only what the prompt says: a template that stops including the question, the
candidate's words or the checkpoints makes its answers useless, and the tests that rest on it fail. It is no
interviewer and no judge; nothing of it is ever shown as one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

Turn = tuple[str, str]
"""(role, text)"""


def answer(messages: Sequence[Any], params: Mapping[str, Any] | None = None) -> str:
    """The reply to a conversation: LangChain messages or OpenAI's dictionaries. Usable as a script of
    `ScriptedModel` and of the stand-in server."""
    turns = [_turn(m) for m in messages]
    text = "\n\n".join(words for _, words in turns)
    if "Your move" in text:
        return _interviewer(text)
    if "connection test" in text:
        return '{"ready": true}' if "JSON" in text else "ready"
    if re.search(r"\bJSON\b", text) or _wants_json(params or {}):
        return _judge(turns)
    return "ok"


def _turn(message: Any) -> Turn:
    if isinstance(message, Mapping):
        return str(message.get("role", "")), _words(message.get("content"))
    return str(message.type), _words(message.content)


def _words(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return str(content or "")


def _wants_json(params: Mapping[str, Any]) -> bool:
    return "response_format" in params or "response_format" in params.get("extra_body", {})


def fenced(text: str, tag: str) -> list[str]:
    """The contents of all `<tag>` fences of a prompt, in order."""
    return [found.strip() for found in re.findall(rf"<{tag}>\n(.*?)\n?</{tag}>", text, re.DOTALL)]


# -------------------------------------------------------------------------------------------- interviewer


def _interviewer(text: str) -> str:
    heard = (fenced(text, "candidate") or [""])[-1]
    move = text[text.rindex("Your move") :]
    ask = (fenced(move, "ask") or [""])[-1]
    topic = _topic(heard)
    if "give them hint" in move:
        return f"Okay, from {topic}, let me help a little."
    if "they asked you something" in move:
        if fenced(move, "answer"):
            return "On that one:"
        return ask
    if "leave this topic" in move:
        return f"Okay, I have noted {topic}."
    if "leads away from the question" in move:
        return ask
    return f"I see, {topic}. {ask}" if topic else ask


def _topic(heard: str) -> str:
    """A few words of the candidate's own, as an acknowledgement would take them up."""
    sentences = re.split(r"(?<=[.!?])\s+|\n", heard.strip())
    words = re.findall(r"[\w'-]+", sentences[-1] if sentences else "")[:5]
    return f"“{' '.join(words)}”" if words else "that"


# -------------------------------------------------------------------------------------------------- judge

_FUNCTION_WORDS = """
a an and are as at be because by can do does for from has have how if in into is it its more most no not of on one
only or so than that the their them then there they this to too was what when where which who why will with you
"""
_STOP = frozenset(_FUNCTION_WORDS.split())


def _content(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return [w[:5] for w in words if w not in _STOP and len(w) > 2]


def _judge(turns: Sequence[Turn]) -> str:
    """Verdicts by word overlap with each checkpoint that the prompt lists as `id: statement`."""
    text = "\n\n".join(words for role, words in turns if role not in ("assistant", "ai"))
    if '"readings"' in text:
        return _readings(text)
    listed = "\n".join(fenced(text, "checkpoints")) or text
    points = re.findall(
        r"^[-*\s]*`?([a-z0-9]+(?:-[a-z0-9]+)*)`?\s*(?:\([^)]*\))?:\s+(\S.*)$", listed, re.MULTILINE
    )
    spoken = (fenced(text, "answer") or fenced(text, "candidate") or [""])[-1]
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n", spoken) if s.strip()]
    verdicts = []
    for name, statement in points:
        wanted = set(_content(statement))
        best = max(sentences, key=lambda s: len(wanted & set(_content(s))), default="")
        share = len(wanted & set(_content(best))) / max(1, len(wanted))
        status = "covered" if share >= 0.4 else "partial" if share >= 0.25 else "absent"
        quotes = [] if status == "absent" else [best.strip()[:200]]
        verdicts.append(
            {"checkpoint": name, "status": status, "quotes": quotes, "why": f"overlap {share:.2f}"}
        )
    return json.dumps({"verdicts": verdicts})


def _readings(text: str) -> str:
    """The second anchor for each dimension that the prompt lists, with the candidate's first sentence as its quote."""
    heard = fenced(text, "candidate") or fenced(text, "evidence")
    first = re.split(r"(?<=[.!?])\s+|\n", heard[0].strip())[0][:200] if heard else ""
    names = dict.fromkeys(re.findall(r"^([A-Z]{2}-[A-Z]{2,8})\b", text, re.MULTILINE))
    quotes = [first] if first else []
    readings = [
        {"dimension": n, "anchor": "b" if first else "none", "quotes": quotes, "why": "rule"} for n in names
    ]
    return json.dumps({"readings": readings, "recital": False if "is true when" in text else None})
