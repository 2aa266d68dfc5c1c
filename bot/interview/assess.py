"""Assesses a round: live at its end, and again later with another judge. Adds the readings that only a model can give,
the committee's second look, and the study list.

A model that fails takes away what only it can see (and a note says so); it never takes away the score that rests on the
judged answers. Does not know pages, the store or how a gateway is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.bank import Bank
from bot.domain import events as ev
from bot.domain.content import Rubric
from bot.domain.judgement import Judgement
from bot.domain.ports import NOTHING_SPENT, Judge, Judged, JudgeRequest, Spent
from bot.domain.scorecard import Label, Scorecard
from bot.domain.session import SessionState, fold
from bot.errors import InputRefused, ModelError
from bot.interview.study import Search, with_study_list
from bot.interview.updates import ScoredRound
from bot.model.ledger import NO_CAPS, Caps, Ledger
from bot.scoring import feedback
from bot.scoring.reader import CommitteeReading, RoundReading, committee, read_round
from bot.scoring.rescore import rejudge
from bot.scoring.scorecard import score_round

if TYPE_CHECKING:
    from bot.model.gateway import Gateway


Unread = Literal["round", "committee"]
_UNREAD: dict[Unread, str] = {
    "round": "Dimensions that need a reader of the whole round could not be judged just now; score again later.",
    "committee": "The second reader, who sees only quotes and anchors, could not be heard just now; score again later.",
}


@dataclass(frozen=True)
class Assessor:
    """Scores rounds. `judges` by name: `offline` always, `model` when one is set; `gateway` is the judging model's and
    `caps` those of a session (None: the gateway's own)."""

    bank: Bank
    search: Search
    judges: dict[str, Judge]
    live: str
    gateway: Callable[[], Gateway] | None = None
    caps: Caps | None = None

    async def score(self, state: SessionState) -> ScoredRound:
        """The assessment at the end of a round, from the judgements made on the way."""
        gateway, paid = self._bound(state.spent(), self.live)
        return await self._assess(state, self.bank.rubric(state.the_plan.round), gateway, paid)

    async def again(
        self, log: Sequence[ev.Event], judge: str, spent: Spent | None = None, rubric: Rubric | None = None
    ) -> ScoredRound:
        """Another assessment of a stored session by the judge of that name. Raises `InputRefused` when there is none
        of that name, and for a rubric of another round; answers that cannot be judged now stay unjudged.

        What somebody asks for anew, after the session, is not held against the session's own caps; with `spent` it is.
        `rubric`: another version than the bank's.
        """
        chosen = self.named(judge)
        held = fold(log).the_plan.round
        rubric = rubric or self.bank.rubric(held)
        if rubric.round is not held:
            raise InputRefused(f"That rubric is for {rubric.round.label}; the session was {held.label}.")
        within = chosen if spent is None else _Within(chosen, spent)
        fresh = await rejudge(log, within, self.bank.questions, rubric)
        paid = list(fresh.calls)
        before = NOTHING_SPENT if spent is None else _and(spent, paid)
        gateway, paid = self._bound(before, judge, paid)
        return await self._assess(fresh.state, rubric, gateway, paid, fresh.judgements)

    def affords(self, spent: Spent) -> bool:
        """Whether a session that has spent this much is below its caps."""
        caps = self.caps or NO_CAPS
        tokens, usd = caps.session_tokens, caps.session_usd
        return (tokens is None or spent.tokens < tokens) and (usd is None or spent.usd < usd)

    def named(self, judge: str) -> Judge:
        """The judge of that name. Raises `InputRefused` when there is none."""
        if judge not in self.judges:
            raise InputRefused(
                f"There is no judge {judge!r} here.",
                hint=f"There are: {', '.join(self.judges)}. A model needs a key.",
            )
        return self.judges[judge]

    def _bound(
        self, spent: Spent, judge: str, paid: list[ev.CallRecord] | None = None
    ) -> tuple[Gateway | None, list[ev.CallRecord]]:
        """The gateway for the readings of a whole round, None offline; and where their calls are booked."""
        paid = [] if paid is None else paid
        if judge != "model" or self.gateway is None:
            return None, paid
        base = self.gateway()
        if self.caps is None:
            return base.bound(Ledger(base.ledger.caps, paid=paid)), paid
        return base.bound(Ledger.after(self.caps, spent, paid)), paid

    async def _assess(
        self,
        state: SessionState,
        rubric: Rubric,
        gateway: Gateway | None,
        paid: list[ev.CallRecord],
        judgements: Sequence[Judgement] = (),
    ) -> ScoredRound:
        """The round's card with the two readings that only a model can give. A reading that fails leaves its place
        empty, and the card and a trouble say so."""
        reading, second = RoundReading({}), None
        failed: dict[Unread, ModelError] = {}
        if gateway is not None and _anything_judged(state):
            try:
                reading = await read_round(gateway, state, self.bank.questions, rubric)
            except ModelError as problem:
                failed["round"] = problem
        card = score_round(
            state, self.bank.questions, rubric, readings=reading.readings, recital=reading.recital
        )
        if gateway is not None and card.status == "scored":
            try:
                second = await committee(gateway, card, rubric)
            except ModelError as problem:
                failed["committee"] = problem
        card = with_committee(card, second) if second is not None else card
        notes = tuple(_UNREAD[name] for name in failed)
        card = card.model_copy(update={"unread": tuple(failed), "notes": (*card.notes, *notes)})
        card = with_study_list(card, self.bank.questions, self.search)
        trouble = tuple(
            ev.Trouble(where="scorer", kind=type(problem).__name__, line=_UNREAD[name])
            for name, problem in failed.items()
        )
        return ScoredRound(card, tuple(judgements), tuple(paid), trouble)


def _anything_judged(state: SessionState) -> bool:
    """Whether there is a round to read: no answer that could be judged gives none, however often it is read."""
    return any(j.status == "scored" for q in state.questions.values() for j in q.judgements)


@dataclass
class _Within:
    """A judge whose calls count as a session's own, together with what it had spent."""

    judge_of: Judge
    spent: Spent

    @property
    def name(self) -> str:
        return self.judge_of.name

    async def judge(self, request: JudgeRequest) -> Judged:
        held = replace(request, spent=self.spent)  # the list of what is paid stays the same one
        try:
            return await self.judge_of.judge(held)
        finally:
            self.spent = _and(self.spent, request.paid)


def _and(spent: Spent, calls: Sequence[ev.CallRecord]) -> Spent:
    """What was spent with these calls; a turn's share starts again."""
    tokens = sum(c.input_tokens + c.output_tokens for c in calls)
    return Spent(spent.tokens + tokens, spent.usd + sum(c.usd or 0.0 for c in calls))


def with_committee(card: Scorecard, second: CommitteeReading) -> Scorecard:
    """The card after the committee's look: another label makes it borderline, and says so; the number stays."""
    if second.score is None:
        return card
    if second.label is card.label:
        note = (
            f"A second reader, who saw only quotes and anchors, came to the same label ({second.score:.1f})."
        )
        return card.model_copy(update={"committee": second.label, "notes": (*card.notes, note)})
    note = (
        f"A second reader, who saw only quotes and anchors, came to “{second.label.value}” ({second.score:.1f}) "
        f"instead of “{card.label.value}”; the result is borderline."
    )
    changed = card.model_copy(
        update={"label": Label.BORDERLINE, "committee": second.label, "notes": (*card.notes, note)}
    )
    return changed.model_copy(update={"verdict": feedback.verdict(changed)})
