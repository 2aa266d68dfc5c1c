"""The audit of the simulated candidates: does what a persona says really contain what its level claims?

A simulator that is wrong makes a good interviewer look bad, or a bad one good; its mistakes are therefore counted apart from
failures of the interviewer (the lesson of tau2-bench). Reads transcripts and the bank; shares of the must checkpoints are
those of the offline judge on the prepared answer alone. Knows nothing of moves and scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.bank import Bank
from bot.domain.base import Level
from bot.domain.content import Question, Rubric
from bot.domain.ports import JudgeRequest, Line
from bot.scoring.batch import answer_share
from bot.scoring.offline import judge_answer
from eval.candidates import INJECTIONS, false_claim, prepared
from eval.simulate import Played
from eval.values import Persona, Rewrite, Style

EMPTY_HANDED = frozenset({Style.SILENT, Style.OFF_TOPIC, Style.GIBBERISH, Style.SKIPPER})
"""Styles that say nothing of the matter, whatever they know."""
NOTHING = 0.25
"""Share of the musts that somebody who says nothing may be credited with by accident."""

ACTORS_SLACK = 0.2
"""How far a model that plays a candidate may be off its claim: it rewords, and hints teach it."""


@dataclass(frozen=True)
class Claim:
    """What a level says about the share of the musts in its prepared answer: `low` to `high`, both allowed."""

    low: float
    high: float

    def holds(self, share: float) -> bool:
        """Whether a share fits."""
        return self.low - 1e-9 <= share <= self.high + 1e-9

    def __str__(self) -> str:
        return f"{self.low:.0%} to {self.high:.0%}"


CLAIMS: Mapping[int, Claim] = {4: Claim(0.85, 1), 3: Claim(0.4, 0.8), 2: Claim(0.1, 0.6), 1: Claim(0, 0.25)}
"""By the reference answer that a persona starts from. The third has a gap by definition: it never holds everything."""


def share_of_musts(question: Question, rubric: Rubric, text: str) -> float:
    """Share of the question's musts, by weight, that the offline judge finds in `text` said as one answer, 0 to 1."""
    lines = (Line(1, "interviewer", question.opening), Line(2, "candidate", text))
    judged = judge_answer(JudgeRequest(question, rubric, Level.MID, lines, 2))
    return answer_share(judged.verdicts, {c.id: (c.weight, c.kind) for c in question.checkpoints})[0]


def doubts(played: Played, persona: Persona, bank: Bank) -> tuple[str, ...]:
    """What this candidate did not do that its persona promises; empty when the simulation can be trusted."""
    said = _said(played)
    if played.actor_failed is not None:
        return (*played.actor_failed, *_acted(said, persona, bank))
    if persona.style in EMPTY_HANDED:
        shares = [share_of_musts(bank.question(q), _rubric(bank, q), text) for q, text in said.items()]
        return _outside(persona, shares, Claim(0, NOTHING)) if shares else ()
    found: list[str] = []
    if persona.style is Style.INJECTING and not any(x in text for text in said.values() for x in INJECTIONS):
        found.append("never tried to give instructions")
    if persona.style in (Style.STUBBORN, Style.MISLED):
        return (*found, *_false_claims(said, bank))
    if persona.style is Style.ECHO:
        return tuple(found)
    answered = {
        q: text for q, text in said.items() if all(m in text for m in prepared(persona, bank.question(q)))
    }
    if said and not answered:
        found.append("never gave its prepared answer")
    if persona.rewrite is Rewrite.HALF:
        return tuple(found)  # half an answer holds less than its level claims, which is what it is for
    shares = [_prepared_share(bank, q, persona.knows) for q in answered]
    return (*found, *(_outside(persona, shares, CLAIMS[persona.knows]) if shares else ()))


def _acted(said: Mapping[str, str], persona: Persona, bank: Bank) -> tuple[str, ...]:
    """The same of a candidate that is a model: it says things in its own words, so everything that it said is read."""
    shares = [share_of_musts(bank.question(q), _rubric(bank, q), text) for q, text in said.items()]
    if not shares or persona.style in (Style.STUBBORN, Style.MISLED, Style.ECHO):
        return ()
    if persona.style in EMPTY_HANDED:
        return _outside(persona, shares, Claim(0, NOTHING))
    claim = CLAIMS[persona.knows]
    return _outside(
        persona, shares, Claim(max(0, claim.low - ACTORS_SLACK), min(1, claim.high + ACTORS_SLACK))
    )


def _outside(persona: Persona, shares: Sequence[float], claim: Claim) -> tuple[str, ...]:
    mean = sum(shares) / len(shares)
    if claim.holds(mean):
        return ()
    return (f"{persona.id} holds {mean:.0%} of the musts of {len(shares)} questions, it claims {claim}",)


def _false_claims(said: Mapping[str, str], bank: Bank) -> list[str]:
    wanted = {q: claim for q in said if (claim := false_claim(bank.question(q)))}
    return [f"never made the false claim on {q}" for q, claim in wanted.items() if claim not in said[q]]


def _said(played: Played) -> dict[str, str]:
    """What the candidate said, by question of the bank; only of questions on which it spoke."""
    said: dict[str, list[str]] = {}
    for line in played.state.utterances:
        if line.speaker == "candidate" and line.question in played.state.questions:
            said.setdefault(line.question, []).append(line.text)
    return {question: "\n".join(texts) for question, texts in said.items()}


def _rubric(bank: Bank, question: str) -> Rubric:
    return bank.rubric(bank.question(question).round)


def _prepared_share(bank: Bank, question: str, level: int) -> float:
    found = bank.question(question)
    return _share_cached(_Hashed(found, _rubric(bank, question)), found.answers.by_level()[level])


@dataclass(frozen=True)
class _Hashed:
    """A question as a key of the cache: the same object means the same content."""

    question: Question
    rubric: Rubric

    def __hash__(self) -> int:
        return id(self.question)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and other.question is self.question


@lru_cache(maxsize=1024)
def _share_cached(key: _Hashed, text: str) -> float:
    return share_of_musts(key.question, key.rubric, text)


@dataclass(frozen=True)
class AnswerAudit:
    """One reference answer of the bank against the claim of its level."""

    question: str
    level: int
    share: float

    @property
    def holds(self) -> bool:
        """Whether it contains what its level claims."""
        return CLAIMS[self.level].holds(self.share)


def audit_bank(bank: Bank) -> list[AnswerAudit]:
    """Every reference answer of the bank, in the order of the questions' ids."""
    return [
        AnswerAudit(q.id, level, _prepared_share(bank, q.id, level))
        for _, q in sorted(bank.questions.items())
        for level in sorted(CLAIMS)
    ]


def render(found: Sequence[AnswerAudit]) -> str:
    """For a terminal: a row a level, then every answer that does not hold what its level claims."""
    lines = []
    for level, claim in sorted(CLAIMS.items()):
        rows = [a for a in found if a.level == level]
        holding = sum(a.holds for a in rows)
        mean = sum(a.share for a in rows) / len(rows) if rows else 0.0
        lines.append(
            f"level {level}: claims {claim} of the musts; mean {mean:.0%}; {holding} of {len(rows)} hold"
        )
    lines += [f"  {a.question}, level {a.level}: {a.share:.0%}" for a in found if not a.holds]
    return "\n".join(lines)
