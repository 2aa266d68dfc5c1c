"""Checkpoints that an author keeps in a file of their own: proposed from a model answer, edited, scored with.

A draft is written by hand for this program, so a slip in it (a field or a kind that there is not, a weight of 0) is an
error that names its line, while a rubric that came with an answer is read in whatever form it has. Knows no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from bot.bank.yamlfile import value_of
from bot.domain.base import Text, Value, misplaced
from bot.domain.content import Contra, Wording
from bot.errors import ContentError, InputRefused
from bot.scoring.batch import Item, Point, points_in
from bot.scoring.essence import essence
from bot.scoring.references import propose
from bot.scoring.rubric_marks import NotARubric
from bot.scoring.text import read

_CHANGE = "Change it and score again."
_BEGIN = "Begin again with `mock-interview propose`."
_HELP = """\
# Proposed from a model answer. Cut, join and rewrite: each checkpoint should be one thing that a full answer says.
# weight: what it counts. kind: must, or nice for what only the best answers have.
# Optional for each: any_of (accepted wordings), contra (false statements); docs/authoring.md has their language.
# Then: mock-interview score --input answers.jsonl --output scored.jsonl --checkpoints THIS_FILE
"""


class ItemDraft(BaseModel):
    """What an author keeps about a question of their own: its text and the checkpoints of a full answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = ""
    checkpoints: tuple[Point, ...]

    def fill(self, item: Item) -> Item:
        """The item with the draft's question and checkpoints, where it has nothing to be compared with itself."""
        if item.reference or item.checkpoints or item.question_id:
            return item
        return item.model_copy(
            update={"question": item.question or self.question, "checkpoints": self.checkpoints}
        )

    def as_yaml(self) -> str:
        """The draft as a file to edit."""
        points = [{"statement": p.statement, "weight": p.weight, "kind": p.kind} for p in self.checkpoints]
        body = yaml.safe_dump(
            {"question": self.question, "checkpoints": points}, sort_keys=False, allow_unicode=True, width=100
        )
        return _HELP + body


def draft_of(question: str, reference: str) -> ItemDraft:
    """Checkpoints proposed from a model answer; none when it holds too few words."""
    found = propose(question, reference, dimension="BA-TCH")
    return ItemDraft(question=question, checkpoints=tuple(Point(statement=c.statement) for c in found))


def _earns(weight: float) -> float:
    if not 0 < weight < float("inf"):
        raise ValueError(
            f"{weight:g} earns nothing: write a number above 0, or leave the checkpoint out "
            "(what is false belongs under contra of the point that it contradicts)"
        )
    return weight


class _Written(Value):
    """A checkpoint as it stands in the file."""

    id: Annotated[Text, BeforeValidator(lambda v: str(v) if type(v) is int else v)] | None = None
    statement: Text
    weight: Annotated[float, AfterValidator(_earns)] = 1.0
    kind: Literal["must", "nice"] = "must"
    any_of: Annotated[tuple[Wording, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)] = ()
    all_of: tuple[tuple[Wording, ...], ...] = ()
    contra: tuple[Contra, ...] = ()


class _File(Value):
    """The file, where its checkpoints are a list of fields."""

    question: str = ""
    checkpoints: tuple[_Written, ...]

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for number, point in enumerate(self.checkpoints):
            if not point.any_of and not read(essence(point.statement)).stems:
                raise misplaced("holds no word to look for in an answer", "checkpoints", number, "statement")
        return self

    @model_validator(mode="after")
    def _can_be_earned(self) -> Self:
        if self.checkpoints and all(c.kind == "nice" for c in self.checkpoints):
            raise misplaced("no checkpoint is a must, so that no answer could earn anything", "checkpoints")
        seen: dict[tuple[str, str], int] = {}
        for number, point in enumerate(self.checkpoints):
            for name, value in (("id", point.id), ("statement", point.statement)):
                first = seen.setdefault((name, value), number) if value else number
                if first != number:
                    raise misplaced(
                        f"is the {name} of checkpoint {first + 1} as well", "checkpoints", number, name
                    )
        return self


class _Loose(Value):
    """The file, where its checkpoints are a rubric in another form: a text, texts, {text: points}."""

    question: str = ""
    checkpoints: object = None


def read_draft(text: str, name: str = "") -> ItemDraft:
    """An edited draft, `name` being its file's. Raises `InputRefused` with the line and what to change."""
    try:
        draft = value_of(text, Path(name), _Loose)
        if isinstance(draft.checkpoints, list) and any(isinstance(p, Mapping) for p in draft.checkpoints):
            value_of(text, Path(name), _File)
        found = cast("tuple[Any, ...] | None", points_in(draft.checkpoints))
        if not found:
            raise InputRefused(f"{name}: it has no checkpoints.", hint=_BEGIN)
        return ItemDraft.model_validate({"question": draft.question, "checkpoints": found})
    except ContentError as problem:
        hint = "Write it." if problem.problem.startswith("is missing") else problem.hint
        raise InputRefused(problem.message.rstrip(".") + ".", hint=hint or _CHANGE) from problem
    except NotARubric as problem:
        raise InputRefused(f"{name}: {problem}.", hint=_BEGIN) from problem
