"""What became of a submission: frozen, JSON-able values for the event log, the page, the interviewer, the scorer.

Every text in here that began in the candidate's process is capped and cleaned (`wire.clean`), and still
hostile: a page escapes it, a prompt fences it. Holds no hidden input and no hidden expected value, ever.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.domain.base import Value
from bot.domain.problem import Big, Verdict

Scope = Literal["visible", "all"]

TEXT = 400
TRACE = 2_000
STDOUT = 20_000


class CaseReport(Value):
    """A visible case: everything about it may be shown to the candidate."""

    name: str
    verdict: Verdict
    args: str = ""
    expected: str = ""
    got: str = ""
    note: str = Field(default="", description="our words: what is wrong, what to look at")
    error: str = Field(default="", description="traceback, the candidate's own frames only")
    line: int | None = Field(default=None, description="line of the candidate's source, from 1")
    stdout: str = ""
    lost_chars: int = Field(default=0, description="printed beyond the cap and dropped")
    ms: float = Field(default=0.0, description="processor milliseconds, measured from outside")

    @property
    def passed(self) -> bool:
        """True when this case is right."""
        return self.verdict is Verdict.ACCEPTED


class OwnCase(Value):
    """A case of the candidate's own: arguments as Python text, and what they predict (empty: no prediction).

    script: `args` is the text of the input. sql: `args` is the setup statements."""

    args: str
    predicted: str = ""


class OwnReport(Value):
    """What became of an own case. Nobody says whether it is right: that is the candidate's to know."""

    args: str
    predicted: str = ""
    agrees: bool | None = Field(
        default=None, description="prediction held; None: nothing was predicted, or it did not run"
    )
    verdict: Verdict
    got: str = ""
    note: str = ""
    error: str = ""
    line: int | None = None
    stdout: str = ""


class HiddenReport(Value):
    """All that is ever said about hidden cases."""

    total: int
    passed: int
    first_failure: Verdict | None = None


class Report(Value):
    """One run of one submission."""

    problem: str
    digest: str = Field(description="of the problem: what the verdict was made with")
    source_sha256: str
    scope: Scope
    verdict: Verdict
    note: str = Field(default="", description="our words, when the submission as a whole has a problem")
    error: str = Field(default="", description="traceback when the source does not load")
    line: int | None = None
    stdout: str = Field(default="", description="printed while the source was loaded")
    visible: tuple[CaseReport, ...] = ()
    own: tuple[OwnReport, ...] = ()
    hidden: HiddenReport | None = None
    forbidden: tuple[str, ...] = Field(default=(), description="forbidden names that the source uses")
    engine: str
    python: str = ""
    ms: float = Field(default=0.0, description="wall milliseconds until the visible cases were done")
    peak_mb: float = Field(default=0.0, description="highest resident size of the visible cases' process")

    @property
    def accepted(self) -> bool:
        """True when every case of the scope passed."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def visible_passed(self) -> int:
        """How many visible cases passed."""
        return sum(case.passed for case in self.visible)

    @property
    def hidden_share(self) -> float | None:
        """Share of hidden cases passed; None when they were not run."""
        return (
            None if self.hidden is None or not self.hidden.total else self.hidden.passed / self.hidden.total
        )


class GrowthPoint(Value):
    """One measured size."""

    n: int
    ms: float = Field(description="processor milliseconds of one call, best of several")
    ops: float | None = Field(default=None, description="counted basic operations of one call")


class Growth(Value):
    """How the submission grows with its input.

    `plausible` are the classes that the data do not exclude, from slow-growing to fast-growing; `best` is one of
    them, or None when nothing could be measured. `certain` only when exactly one is left and clock and count agree.
    """

    problem: str
    source_sha256: str
    required: Big | None = None
    best: Big | None = None
    plausible: tuple[Big, ...] = ()
    certain: bool = False
    exponent: float | None = Field(default=None, description="slope of log time over log n")
    exponent_low: float | None = None
    exponent_high: float | None = None
    doubling: float | None = Field(default=None, description="time grows by this factor when n doubles")
    points: tuple[GrowthPoint, ...] = ()
    method: Literal["operations", "time", "none"] = "none"
    engine: str = ""
    note: str = ""

    @property
    def worse_than_required(self) -> bool | None:
        """True: every plausible class is worse than asked; False: none is; None: the data do not say."""
        if self.required is None or not self.plausible:
            return None
        from bot.domain.problem import BIGS

        asked = BIGS.index(self.required)
        worse = [BIGS.index(big) > asked for big in self.plausible]
        return True if all(worse) else False if not any(worse) else None

    def contradicts(self, claim: Big) -> bool:
        """True when the data exclude a claimed class."""
        return bool(self.plausible) and claim not in self.plausible
