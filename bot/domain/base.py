"""The base of all our values, and the few names that everything shares.

Does not know any behaviour of the interview.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError


class Value(BaseModel):
    """A frozen value; unknown fields are refused so that a typo in a data file cannot pass silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def misplaced(message: str, *where: str | int) -> PydanticCustomError:
    """The error of a check over several fields, with the field inside the value where the mistake is mended."""
    return PydanticCustomError("misplaced", "{message}", {"message": message, "where": list(where)})


class RoundId(StrEnum):
    """The five rounds of the loop, in their usual order."""

    PHONE_SCREEN = "phone_screen"
    CODING_A = "coding_a"
    CODING_B = "coding_b"
    ML_SYSTEM_DESIGN = "ml_system_design"
    BEHAVIORAL = "behavioral"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return _ROUND_NAMES[self]

    @property
    def is_coding(self) -> bool:
        """Whether candidate code runs in this round."""
        return self in (RoundId.CODING_A, RoundId.CODING_B)


_ROUND_NAMES = {
    RoundId.PHONE_SCREEN: "Phone screen",
    RoundId.CODING_A: "Coding A: algorithms",
    RoundId.CODING_B: "Coding B: ML coding",
    RoundId.ML_SYSTEM_DESIGN: "ML system design",
    RoundId.BEHAVIORAL: "Behavioural",
}


class Level(StrEnum):
    """The level that the candidate interviews for."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


class Mode(StrEnum):
    """Practice: hints and feedback after each question. Real: neither until the end."""

    PRACTICE = "practice"
    REAL = "real"


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Authored text: never blank."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""Identifier of an authored item: lower-case words joined by hyphens."""

CompetencyId = Annotated[str, StringConstraints(pattern=r"^C(0[1-9]|1\d|2[0-5])$")]
"""C01 .. C25, see corpus/competencies.yaml."""

DimensionId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z]{2,8}$")]
"""Identifier of a rubric dimension, e.g. PS-CORR."""
