"""Plants a bug for every metric and fails when one goes unnoticed. A metric that was never seen red is not trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.bank import Bank
from bot.domain.base import RoundId
from eval.metrics import METRICS
from eval.overall import LESS_IS_BETTER, OVERALL
from eval.planted import BUGS, Bug
from eval.runner import expand, run_cases
from eval.summary import summarise
from eval.values import Suite

BOUNDS: Mapping[str, float] = {
    "injection_gain": 0.05,
    "padding_gain": 0.1,
    "half_gain": 0.05,
    "rewrite_change": 0.2,
}
"""For metrics of which a small value is the good one: the bound that a healthy run keeps."""
CHANGE = 0.5
"""The same for the change by one form of the same answer: half a level."""


@dataclass(frozen=True)
class Check:
    """One planted bug: the metric without it (must be green) and with it (must be red)."""

    bug: str
    metric: str
    about: str
    clean: float | None
    planted: float | None
    errors: int

    @property
    def caught(self) -> bool:
        """Green without the bug and red with it."""
        if self.clean is None or self.planted is None or self.errors:
            return False
        if self.metric in LESS_IS_BETTER:
            return self.clean <= BOUNDS.get(self.metric, CHANGE) < self.planted
        return self.clean >= 1 - 1e-9 > self.planted


def suite_for(bug: Bug) -> Suite:
    """A small suite on which the bug shows."""
    return Suite(
        id="selfcheck",
        title=bug.about,
        about=bug.about,
        interviewer="model" if bug.model else "authored",
        judge="model" if bug.model else "offline",
        rounds=(RoundId.PHONE_SCREEN,),
        personas=bug.personas,
        minutes=30,
        interrupted=bug.interrupted,
        articles=bug.articles,
        faults=bug.faults,
        metrics=bug.metrics,
    )


def selfcheck(bank: Bank, told: Callable[[Check], None] = lambda check: None) -> list[Check]:
    """Run every bug with and without; a check for each metric that must see it. `told` hears each as it is done."""
    checks = []
    for name, bug in BUGS.items():
        suite = suite_for(bug)
        specs = expand(suite, bank)
        clean, planted = (list(run_cases(suite, specs, workers=1, bug=b)) for b in ("", name))
        errors = sum(r.outcome == "error" for r in (*clean, *planted))
        before, after = (summarise(suite, "mock", "selfcheck", {}, rs).means for rs in (clean, planted))
        for metric in bug.metrics:
            check = Check(name, metric, bug.about, before[metric][0], after[metric][0], errors)
            told(check)
            checks.append(check)
    return checks


def search_check() -> Check:
    """The off-by-one retriever against the floors of the search; values are the worst margin to a floor."""
    from eval.search import FLOORS, ask_all, figures, off_by_one

    asked = ask_all()
    clean, planted = (figures(found) for found in (asked, off_by_one(asked)))
    healthy = min(1.0, 1 + min(clean[n] - FLOORS[n] for n in FLOORS))
    broken = 1 + min(planted[n] - FLOORS[n] for n in FLOORS)
    return Check("off-by-one-retriever", "retrieval", "begins at the second hit", healthy, broken, 0)


def uncovered() -> set[str]:
    """Metrics without a planted bug."""
    return (set(METRICS) | set(OVERALL)) - {m for bug in BUGS.values() for m in bug.metrics}
