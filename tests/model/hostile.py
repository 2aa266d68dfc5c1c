"""Every interviewer prompt with the same hostile text in every place that somebody else fills."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.base import Level, Mode, RoundId
from bot.domain.library import Citation
from bot.domain.moves import Move
from bot.domain.ports import Line, Material, Scene
from bot.interview.interviewer import ModelInterviewer
from bot.model.doubles import ScriptedModel, wired
from bot.model.gateway import Gateway
from bot.model.prompts import Rendered

MOVES = (
    Move(kind="probe", reason="missing", checkpoint="c"),  # type: ignore[arg-type]
    Move(kind="challenge", reason="contradicted", checkpoint="c", contra=0),  # type: ignore[arg-type]
    Move(kind="challenge", reason="further", challenge=0),  # type: ignore[arg-type]
    Move(kind="challenge", reason="twist"),  # type: ignore[arg-type]
    Move(kind="hint", reason="stuck", hint=2),  # type: ignore[arg-type]
    Move(kind="hint", reason="asked", hint=1),  # type: ignore[arg-type]
    Move(kind="clarify", reason="asked", fact=0),  # type: ignore[arg-type]
    Move(kind="clarify", reason="asked"),  # type: ignore[arg-type]
    Move(kind="redirect", reason="off_topic"),  # type: ignore[arg-type]
    Move(kind="ask", reason="covered", question="q"),  # type: ignore[arg-type]
    Move(kind="phase", reason="time", phase="p"),  # type: ignore[arg-type]
    Move(kind="wrap", reason="done"),  # type: ignore[arg-type]
    Move(kind="close", reason="stop"),  # type: ignore[arg-type]
)


def interviewer() -> ModelInterviewer:
    """An interviewer whose model is never asked."""
    return ModelInterviewer(Gateway(wired(ScriptedModel())))


def scene(text: str, **changes: object) -> Scene:
    """A scene with `text` wherever a person or a file fills something in."""
    given: dict[str, object] = {
        "round": RoundId.CODING_A,
        "level": Level.STAFF,
        "mode": Mode.PRACTICE,
        "loop": "standard",
        "question_title": "A title",
        "question_opening": "What would you do?",
        "lines": (
            Line(1, "interviewer", "What would you do?"),
            Line(2, "candidate", text),
            Line(4, "candidate", text),
        ),
        "code": text,
        "diagram": text,
        "minutes_left": 12.0,
    }
    return Scene(**{**given, **changes})  # type: ignore[arg-type]


def everywhere(text: str) -> Iterator[tuple[str, Rendered]]:
    """Each move's prompt with `text` in every foreign place."""
    speaker = interviewer()
    for move in MOVES:
        free = move.kind in ("probe", "challenge", "redirect") or (
            move.kind == "clarify" and move.fact is None
        )
        material = Material(
            move=move,
            authored="Tell me about the split?",
            keep="" if free else "Tell me about the split?",
            claim=text,
            passage=Citation(
                article="a", title="A", section="s", start=0, end=1, text=text or "x", score=1.0
            ),
        )
        yield move.kind.value, speaker.render(material, scene(text))
