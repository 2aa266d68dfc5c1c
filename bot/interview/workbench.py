"""Runs the candidate's code for an interview: while they work, and once more, in full, before the round is scored.

The engine is chosen and tested on first use, in a thread. Without a safe engine, everything but running goes on and
`why_not` says why. Knows the bank and the code runner; the session service keeps the results.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from bot.bank import Bank
from bot.domain import events as ev
from bot.domain.problem import Problem
from bot.domain.session import SessionState
from bot.errors import InputRefused, NoSafeEngine, SandboxError

if TYPE_CHECKING:
    from bot.coding import OwnCase, Report, Runner

_LOG = logging.getLogger(__name__)


class Workbench:
    """The place where candidate code runs. Make one for the application; `close` it at the end."""

    def __init__(self, bank: Bank, policy: str = "auto") -> None:
        self._bank = bank
        self._policy = policy
        self._runner: Runner | None = None
        self._why_not = (
            "Code cannot be run: it is switched off (BOT_CODE_ENGINE=off)." if policy == "off" else ""
        )
        self._choosing = asyncio.Lock()

    @property
    def chosen(self) -> Runner | None:
        """The runner, once an engine was chosen."""
        return self._runner

    @property
    def why_not(self) -> str:
        """Why code cannot be run; empty while it can, or was not tried yet."""
        return self._why_not

    async def runner(self) -> Runner:
        """The runner on a tested engine. Raises `NoSafeEngine` with the reasons."""
        async with self._choosing:
            if self._runner is None and not self._why_not:
                try:
                    self._runner = await asyncio.to_thread(_make_runner, self._policy)
                except NoSafeEngine as problem:
                    self._why_not = str(problem)
        if self._runner is None:
            raise NoSafeEngine(
                self._why_not,
                hint="Talk it through with the interviewer; the code is saved and they can read it.",
            )
        return self._runner

    async def run(
        self,
        question: str,
        source: str,
        *,
        scope: Literal["visible", "all"] = "visible",
        own: Sequence[OwnCase] = (),
        user: str = "",
        on_place: Callable[[int], None] | None = None,
    ) -> ev.CodeRan:
        """Run the code of one question; `on_place` is told the place in the queue (1 is next).

        Raises `NoSafeEngine`, `SandboxError`, `TooManyRuns`, `NotFound`.
        """
        problem = self._problem(question)
        runner = await self.runner()
        report: Report = await runner.run(source, problem, scope, own, user=user, on_position=on_place)
        return ev.CodeRan(
            question=question, source=source, scope=scope, report=report.model_dump(mode="json")
        )

    async def final_runs(self, state: SessionState) -> list[ev.CodeRan]:
        """The full run (hidden cases and growth) of the newest code of each question that has none yet.

        A sandbox that fails leaves the list empty: the scorecard then says that the code was not measured.
        """
        from bot.coding import TooManyRuns

        done = []
        for question in state.questions:
            source = state.code(question)
            if (
                not source.strip()
                or self._bank.question(question).problem is None
                or _ran_in_full(state, question)
            ):
                continue
            try:
                done.append(await self._in_full(question, source, f"the final run of {state.session}"))
            except (SandboxError, TooManyRuns) as problem:
                _LOG.warning("the final run of %s did not happen: %s", question, problem)
        return done

    async def _in_full(self, question: str, source: str, user: str) -> ev.CodeRan:
        problem = self._problem(question)
        runner = await self.runner()
        report = await runner.run(source, problem, "all", user=user)
        facts = report.model_dump(mode="json")
        if problem.complexity is not None and report.visible_passed:
            growth = await runner.measure_growth(source, problem, user=user)
            facts["growth"] = growth.model_dump(mode="json")
        return ev.CodeRan(question=question, source=source, scope="all", report=facts)

    def _problem(self, question: str) -> Problem:
        problem = self._bank.question(question).problem
        if problem is None:
            raise InputRefused("This question has no code to run.", hint="Answer it in words.")
        return problem

    def close(self) -> None:
        """Let go of the runner's threads."""
        if self._runner is not None:
            self._runner.close()


def observed(state: SessionState, question: str, bank: Bank) -> Mapping[str, object] | None:
    """What running and reading a question's code showed: the newest report as it is, with `facts` beside it (first
    error, forbidden names, own tests and cases, what changed since the interviewer last spoke). None before a run."""
    problem = bank.question(question).problem
    runs = [(at, body) for at, _, body in state.runs if body.question == question]
    if not runs or problem is None:
        return runs[-1][1].report if runs else None
    from bot.coding import Report, code_facts

    *earlier, newest = [Report.model_validate(_without_growth(body.report)) for _, body in runs]
    spoke = max((u.at for u in state.utterances if u.speaker == "interviewer"), default=None)
    seen = [body.source for at, body in runs if spoke is not None and at <= spoke]
    facts = code_facts(
        runs[-1][1].source, problem, newest, earlier=earlier, last_seen=seen[-1] if seen else problem.starter
    )
    return {**runs[-1][1].report, "facts": facts.model_dump(mode="json", exclude={"growth"})}


def _without_growth(report: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in report.items() if key != "growth"}


def _make_runner(policy: str) -> Runner:
    from bot.coding import Runner, pick_engine

    return Runner(pick_engine(policy))


def _ran_in_full(state: SessionState, question: str) -> bool:
    """Whether the newest code was run on the hidden cases already (a resumed scoring step must not run it twice)."""
    return any(
        body.question == question and body.scope == "all" and body.source == state.code(question)
        for _, _, body in state.runs
    )
