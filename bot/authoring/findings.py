"""What a check found: where it is and what to write. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `error` findings make the check fail, others are advice. `item` is a file, mostly with a line,
    or an id."""

    item: str
    field: str
    problem: str
    advice: str = ""
    error: bool = True

    def __str__(self) -> str:
        place = f"{self.item} [{self.field}]" if self.field else self.item
        stop = "" if self.problem.endswith((".", "!", "?")) or not self.advice else "."
        return f"{place}: {self.problem}{stop} {self.advice}".rstrip()


@dataclass
class Findings:
    """Everything one run found, and the figures it computed."""

    found: list[Finding] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)  # questions that were checked, by round

    def add(self, item: str, where: str, problem: str, advice: str = "", *, error: bool = True) -> None:
        """Note one finding."""
        self.found.append(Finding(item, where, problem, advice, error))

    @property
    def errors(self) -> list[Finding]:
        """The findings that must be mended."""
        return [f for f in self.found if f.error]
