"""Every fault at every call site, at the first, a middle and the last turn and in scoring, once and always.

Each cell is a short round through the real service: the interviewer's model, the judge's model and the readings at the
end, all over one model with that fault at that site. What must hold: the round goes on and ends, no answer is lost, no turn
doubled, no bubble empty, an outage is told once and calmly, nothing is judged or scored that a healthy model would not
have judged or scored so, and asking again later gives what a healthy model gives.

The unit suite runs a cell for each fault, at all sites together; `slow` runs them all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from bot.bank import Bank
from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.domain.content import Dimension
from bot.domain.judgement import Status
from bot.domain.scorecard import Scorecard
from bot.domain.session import fold
from bot.interview.assess import Assessor
from bot.interview.interviewer import ModelInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import Notice, Said, StartRequest
from bot.model.clock import ManualClock
from bot.model.doubles import (
    OUTAGES,
    SPEECH_FAULTS,
    STRUCTURE_FAULTS,
    Fault,
    FaultyModel,
    ScriptedModel,
    wired,
)
from bot.model.gateway import Gateway
from bot.model.rulebased import answer, fenced
from bot.scoring.model import ModelJudge
from bot.store.log import EventLog
from tests.support.bank import _ANCHORS, RUBRIC, KeywordJudge, TestClock, small_bank
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio

EVERYTHING = "key0 key1 key2 key3 key4"


@dataclass(frozen=True)
class Site:
    """A place where a model is called: what tells its prompt, what is said so that it comes, and at which of these
    messages it is the first, a middle and the last time (none: in scoring)."""

    mark: str
    said: tuple[str, ...] = ("key0 and more", "half1 of it", EVERYTHING)
    turns: tuple[int, ...] = (0, 1, 2)
    speaks: bool = True


_FALSE = ("false0 I believe", "skip", "surely false0", "skip", "false0 once more")
SITES = {
    "probe": Site("ask for what follows", ("key0 in the first place", "half1 of it all", "and then some of half2")),
    "challenge": Site("deserves a second look", _FALSE, (0, 2, 4)),
    "clarify": Site("they asked you something", ("What is the size?", "What about the size?", "How big is the size?")),
    "hint": Site("give them hint", ("hint please", "another hint", "give me a hint")),
    "redirect": Site("leads away from the question", ("what is my score?", "is that right?", "skip", "am i right?"), (0, 1, 3)),
    "bridge": Site("leave this topic", ("skip", "skip this one", "next question")),
    "judge": Site("which checkpoints it contains", speaks=False),
    "round": Site("You read the notes of one interview round", turns=(), speaks=False),
    "committee": Site("You sit on a committee", turns=(), speaks=False),
}  # fmt: skip
MOMENTS = ("first", "middle", "last")


def faults_of(site: Site) -> list[Fault]:
    """What can happen there: every outage, and what a model can say wrongly in that form."""
    return sorted(OUTAGES | (SPEECH_FAULTS if site.speaks else STRUCTURE_FAULTS))


@dataclass(frozen=True)
class Cell:
    """One case of the table."""

    site: str
    fault: Fault
    moment: str  # one of MOMENTS, or "scoring"
    always: bool


def cells() -> Iterator[Cell]:
    """The whole table."""
    for name, site in SITES.items():
        for fault in faults_of(site):
            for moment in MOMENTS if site.turns else ("scoring",):
                for always in (False, True):
                    yield Cell(name, fault, moment, always)


def _sample() -> set[Cell]:
    """A cell for every fault, each with another site, moment and frequency in turn."""
    by_fault: dict[Fault, list[Cell]] = {}
    for cell in cells():
        by_fault.setdefault(cell.fault, []).append(cell)
    return {found[(number * 13) % len(found)] for number, found in enumerate(by_fault.values())}


def _params() -> list[Any]:
    sample = _sample()
    return [
        pytest.param(
            cell,
            id=f"{cell.site}-{cell.fault.value}-{cell.moment}-{'always' if cell.always else 'once'}",
            marks=[] if cell in sample else [pytest.mark.slow],
        )
        for cell in cells()
    ]


# ---------------------------------------------------------------------------------------------- the round


@cache
def bank() -> Bank:
    """The small bank with a dimension that only a reader of the whole round can judge."""
    small = small_bank()
    checked = tuple(d.model_copy(update={"weight": 0.2}) for d in RUBRIC.dimensions)
    whole = Dimension(id="PS-COMM", name="Talk", weight=0.2, evidence="holistic", anchors=_ANCHORS)
    rubric = RUBRIC.model_copy(update={"dimensions": (*checked, whole)})
    return Bank(
        small.questions, {RoundId.PHONE_SCREEN: rubric}, small.loops, small.competencies, digest="test"
    )


def brain(messages: Sequence[Any], params: Any = None) -> str:
    """A healthy model: judges by key words like the offline double, speaks and reads by the rules of the stand-in."""
    text = "\n\n".join(str(m.content) for m in messages)
    if SITES["judge"].mark not in text:
        return answer(messages, params)
    said = fenced(text, "answer")[-1]
    names = re.findall(r"^- (point-(\d)) \(", fenced(text, "checkpoints")[-1], re.MULTILINE)
    status = {"key": "covered", "half": "partial", "false": "wrong"}
    verdicts = []
    for name, number in names:
        word = next((w for w in status if w + number in said), "")
        quotes = [word + number] if word else []
        verdicts.append(
            {"checkpoint": name, "status": status.get(word, "absent"), "quotes": quotes, "why": "said"}
        )
    return json.dumps({"verdicts": verdicts, "fact": 0 if "size" in said else None})


def at_site(cell: Cell) -> Callable[[int, list[BaseMessage]], bool]:
    """Whether a call is hit: those of that site, from the turn on that the moment says, or the first such call only."""
    site = SITES[cell.site]
    said = site.said[site.turns[MOMENTS.index(cell.moment)]] if site.turns else ""
    struck: list[int] = []
    begun: list[bool] = []

    def when(number: int, messages: list[BaseMessage]) -> bool:
        text = "\n\n".join(str(m.content) for m in messages)
        if site.mark not in text:
            return False
        heard = (fenced(text, "candidate" if site.speaks else "answer") or [""])[-1]
        if not begun and site.turns and heard != said:
            return False
        begun.append(True)
        if cell.always or not struck:
            struck.append(number)
            return True
        return False

    return when


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventLog]:
    """One database for all cells. Nothing here is about losing power, so it need not wait for the disk."""
    engine = unsafe_engine(tmp_path_factory.mktemp("matrix") / "log.db")
    yield EventLog(engine)
    engine.dispose()


@dataclass
class Played:
    """A round that is over."""

    events: list[ev.Event]
    told: list[str]
    assessor: Assessor

    @property
    def card(self) -> Scorecard:
        """What was scored at its end."""
        card = fold(self.events).scorecard
        assert card is not None
        return card

    def bodies(self, kind: type[Any]) -> list[Any]:
        """The events of a kind."""
        return [e.body for e in self.events if isinstance(e.body, kind)]


async def play(log: EventLog, said: Sequence[str], model: ScriptedModel | FaultyModel) -> Played:
    """A round from greeting to scorecard over that model."""
    clock = ManualClock()
    model.clock = clock
    speaker, reader = (Gateway(wired(model), clock=clock) for _ in range(2))
    judge = ModelJudge(reader)
    assessor = Assessor(bank(), lambda query: [], {"model": judge}, live="model", gateway=lambda: reader)
    service = SessionService(
        log=log,
        bank=bank(),
        judge=judge,
        fallback=KeywordJudge(),
        interviewer=ModelInterviewer(speaker),
        scorer=assessor.score,
        clock=TestClock(),
    )
    session = service.create(StartRequest(round=RoundId.PHONE_SCREEN, owner="ana", seed=1, minutes=15))
    updates = [u async for u in service.resume(session, "ana")]
    for number, text in enumerate(said):
        updates += [u async for u in service.answer(session, "ana", text, key=f"k{number}")]
    updates += [u async for u in service.finish(session, "ana")]
    assert all(u.text.strip() for u in updates if isinstance(u, Said))
    return Played(log.read(session), [u.line for u in updates if isinstance(u, Notice)], assessor)


_healthy: dict[tuple[str, ...], Played] = {}


async def healthy(log: EventLog, said: tuple[str, ...]) -> Played:
    """The same round over a model without faults."""
    if said not in _healthy:
        _healthy[said] = await play(log, said, ScriptedModel(reply=brain))
    return _healthy[said]


# ------------------------------------------------------------------------------------------------ the table


@pytest.mark.parametrize("cell", _params())
async def test_the_round_goes_on(log: EventLog, cell: Cell) -> None:
    site = SITES[cell.site]
    good = await healthy(log, site.said)
    model = FaultyModel(
        inner=ScriptedModel(reply=brain),
        fault=cell.fault,
        when=at_site(cell),
        leak="Secret statement number 1",
    )
    bad = await play(log, site.said, model)
    assert model.hits > 0, "the cell is not empty"
    if not cell.always:
        assert model.hits == 1
    check_log(bad, site)
    check_words(bad, cell)
    check_judgements(bad, good, cell)
    check_card(bad.card, good.card, cell)
    if cell.always and not site.speaks:
        model.when = lambda number, messages: False  # the provider is well again
        again = await bad.assessor.again(bad.events, "model")
        assert levels(again.scorecard) == levels(good.card), (
            "asked again later, it is what it would have been"
        )


def check_log(bad: Played, site: Site) -> None:
    """Nothing lost, nothing doubled, everything ended and billed."""
    assert [e.seq for e in bad.events] == list(range(1, len(bad.events) + 1))
    state = fold(bad.events)
    assert state.pending == "nothing"
    assert [u.turn for u in state.utterances] == list(range(1, len(state.utterances) + 1))
    assert [u.text for u in state.utterances if u.speaker == "candidate"] == list(site.said)
    assert [u.speaker for u in state.utterances] == ["interviewer", "candidate"] * len(site.said) + [
        "interviewer"
    ] * (2 if state.utterances[-2].speaker == "interviewer" else 1)
    assert all(call.attempts <= 3 for call in state.calls)


CALM = re.compile(r"[A-Z][^!]{20,130}\.")


def check_words(bad: Played, cell: Cell) -> None:
    """Words in every bubble, no innards among them; trouble is told once for each part, calmly."""
    spoken = bad.bodies(ev.InterviewerSpoke)
    for body in spoken:
        assert body.text.strip()
        assert not re.search(r"Secret statement|[{}]|sk-|rubric|Traceback|Error", body.text)
        assert bool(body.why_fallback) == (body.source == "fallback")
        assert len(body.calls) <= 2
    assert len(bad.told) <= _relapses(spoken), "told when it begins, not at every turn of it"
    assert all(CALM.fullmatch(line) for line in bad.told)
    kinds = {t.where for t in bad.bodies(ev.Trouble)}
    assert kinds <= {
        "interviewer" if SITES[cell.site].speaks else "judge" if cell.site == "judge" else "scorer"
    }
    assert bool(kinds) == bool(bad.told)


def _relapses(spoken: Sequence[ev.InterviewerSpoke]) -> int:
    """How often the model failed after it had spoken (or at the beginning)."""
    asked = [b.source for b in spoken if b.source != "authored"]
    return max(
        1, sum(now == "fallback" != before for before, now in zip(["model", *asked], asked, strict=False))
    )


def check_judgements(bad: Played, good: Played, cell: Cell) -> None:
    """Each answer has the verdicts of a healthy model or of the offline judge (here the same), or fewer; never others."""
    pairs = list(zip(bad.bodies(ev.Judged), good.bodies(ev.Judged), strict=True))
    for mine, theirs in pairs:
        assert mine.turn == theirs.turn
        found = {(v.checkpoint, v.status) for v in mine.judgement.verdicts if v.status is not Status.ABSENT}
        assert found <= {(v.checkpoint, v.status) for v in theirs.judgement.verdicts}
        assert all(
            q.text in EVERYTHING + " half1 half2 false0" for v in mine.judgement.verdicts for q in v.quotes
        )
    if cell.site == "judge" and cell.always and cell.fault in OUTAGES:
        offline = [m for m, _ in pairs if m.judgement.judge.name == "keywords"]
        assert offline, "the offline judge took over"
        assert all(m.calls for m in offline), "and the calls that came to nothing are billed"


def check_card(bad: Scorecard, good: Scorecard, cell: Cell) -> None:
    """No level that a healthy model would not have given: the same, or none and a note that says so."""
    if cell.site == "judge" and cell.fault is Fault.INVENTED_QUOTE:
        return  # verdicts without words that hold are not counted, so there is less evidence (checked above)
    assert bad.score == good.score or cell.site == "round"
    for mine, theirs in zip(bad.dimensions, good.dimensions, strict=True):
        assert mine.dimension == theirs.dimension
        assert mine.level in (theirs.level, None)
        if mine.level is None and theirs.level is not None:
            assert (cell.site, mine.dimension) == ("round", "PS-COMM")
            assert cell.fault is Fault.INVENTED_QUOTE or any(
                "score again later" in note for note in bad.notes
            )


def levels(card: Scorecard) -> dict[str, float | None]:
    return {d.dimension: d.level for d in card.dimensions}


def test_the_table_has_every_fault_at_every_site() -> None:
    whole = list(cells())
    assert {c.fault for c in whole} == {c.fault for c in _sample()} == set(Fault)
    assert {c.site for c in whole} == {c.site for c in _sample()} == set(SITES)
    assert {c.moment for c in _sample()} == {*MOMENTS, "scoring"}
    assert len(whole) > 900


async def test_a_healthy_round_meets_every_site(log: EventLog) -> None:
    for name, site in SITES.items():
        model = ScriptedModel(reply=brain)
        played = await play(log, site.said, model)
        assert played.told == []
        assert any(site.mark in request.text for request in model.requests), name
        assert {b.source for b in played.bodies(ev.InterviewerSpoke)} <= {"model", "authored"}
    assert (await healthy(log, SITES["judge"].said)).card.status == "scored"
    assert levels((await healthy(log, SITES["judge"].said)).card)["PS-COMM"] == 2
