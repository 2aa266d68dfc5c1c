"""Golden renders of the interviewer's prompts: what is sent, in full, for reviewers of a change.

python -m tests.interview.golden      write them anew
"""

from __future__ import annotations

from pathlib import Path

from bot.domain.library import Citation
from bot.domain.moves import MoveKind
from bot.domain.ports import Line, Material
from tests.model.hostile import MOVES, interviewer, scene

FOLDER = Path(__file__).parent / "golden"
HEARD = "I'd keep a dict from user to the open session and extend it when an event comes in."


def name_of(number: int) -> str:
    """File of one move."""
    return f"{number:02d}-{MOVES[number].kind.value}-{MOVES[number].reason}.txt"


def text_of(number: int) -> str:
    """System and user message of one move, in one fixed scene."""
    move = MOVES[number]
    free = move.kind in (MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.REDIRECT) or (
        move.kind is MoveKind.CLARIFY and move.fact is None
    )
    words = "What happens to a user who never comes back?"
    material = Material(
        move=move,
        authored=words,
        keep="" if free else words,
        claim="a dict from user to the open session" if move.kind is MoveKind.CHALLENGE else "",
        passage=Citation(
            article="caches",
            title="Caches",
            section="Expiry",
            start=0,
            end=60,
            text="A cache that never forgets grows with every key it has seen.",
            score=0.8,
        )
        if move.kind is MoveKind.PROBE
        else None,
    )
    where = scene(
        HEARD,
        lines=(
            Line(3, "interviewer", "How would you keep track of the sessions?"),
            Line(4, "candidate", HEARD),
        ),
        notes=("Talked about: Hash functions",),
        question_opening="Events of users arrive one by one. Hand out each session as soon as it is over.",
        code="class Sessions:\n    def add(self, user, time):\n        ...\n",
        code_facts={"verdict": "wrong", "visible": [{"verdict": "accepted"}, {"verdict": "wrong"}]},
        diagram="",
    )
    rendered = interviewer().render(material, where)
    return f"# system\n{rendered.system}\n\n# user\n{rendered.user}\n"


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for number in range(len(MOVES)):
        (FOLDER / name_of(number)).write_text(text_of(number), encoding="utf-8")


if __name__ == "__main__":
    main()
