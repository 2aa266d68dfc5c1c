"""What a simulated service is made of: authored or model interviewer, offline or model judge, with a fault or a bug.

In mock mode the model is a rule-based double that reads the rendered prompt (`bot/model/rulebased.py`), below the real gateway:
a template that stops carrying something makes its answers useless. `live` puts the configured provider there instead, `replay`
what it said when the suite was recorded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.bank import Bank
from bot.domain.ports import Judge
from bot.interview.assess import Assessor
from bot.interview.authored import AuthoredInterviewer
from bot.interview.study import Search
from bot.scoring.offline import OfflineJudge
from bot.settings import Settings
from eval.faults import with_fault
from eval.simulate import Parts
from eval.values import CaseSpec, Suite

if TYPE_CHECKING:
    from bot.model.gateway import Gateway
    from bot.model.ledger import Caps
    from bot.model.providers import Wired
    from eval.cassettes import Cassettes
    from eval.shelf import Shelf


@dataclass(frozen=True)
class Source:
    """Where a model's words come from. Neither `live` nor `cassettes`: the rule-based double (mock). Both: the provider,
    recorded (record). `actor`: a model plays the candidates too. `usd` is the most that one case may cost."""

    live: Settings | None = None
    cassettes: Cassettes | None = None
    actor: bool = False
    actor_live: Settings | None = None
    usd: float | None = None


MOCK = Source()
ACTORS_SHARE = 0.3
"""Part of a case's money for a candidate that is a model; the rest is the session's."""


def parts_for(
    suite: Suite,
    spec: CaseSpec,
    bank: Bank,
    source: Source = MOCK,
    *,
    shelf: Shelf | None = None,
    calls: Mapping[str, int] | None = None,
) -> Parts:
    """The parts of one case. `calls`: how many the undisturbed case makes at each site, for faults at a moment."""
    if suite.interviewer == "authored" and suite.judge == "offline":
        parts = offline_parts(bank, shelf)
    elif source.live is not None:
        parts = _live_parts(suite, spec, bank, source, source.live, shelf, calls or {})
    elif source.cassettes is not None:
        parts = _replay_parts(suite, spec, bank, source.cassettes, shelf)
    else:
        parts = _mock_parts(suite, spec, bank, shelf, calls or {})
    return _with_actor(parts, source) if source.actor else parts


def offline_parts(bank: Bank, shelf: Shelf | None = None) -> Parts:
    """Authored interviewer, offline judge: no model anywhere."""
    judges: dict[str, Judge] = {"offline": OfflineJudge()}
    assessor = Assessor(bank, _search(shelf), judges, live="offline")
    parts = Parts(judge=judges["offline"], interviewer=AuthoredInterviewer(), scorer=assessor.score)
    return _with_shelf(parts, shelf)


def _search(shelf: Shelf | None) -> Search:
    return shelf.search if shelf is not None else lambda query: []


def _with_shelf(parts: Parts, shelf: Shelf | None) -> Parts:
    return parts if shelf is None else replace(parts, passages=shelf.passages, there=shelf.there)


def _mock_parts(
    suite: Suite, spec: CaseSpec, bank: Bank, shelf: Shelf | None, calls: Mapping[str, int]
) -> Parts:
    from bot.model.clock import ManualClock
    from bot.model.doubles import ScriptedModel, wired
    from bot.model.gateway import Gateway
    from bot.model.rulebased import answer

    scripted = ScriptedModel(reply=answer)
    model: Any = with_fault(scripted, spec.fault, calls, bank) if spec.fault else scripted
    clock = ManualClock()
    model.clock = scripted.clock = clock
    gateway = Gateway(wired(model), clock=clock)
    parts = _over(suite, bank, gateway, gateway, shelf)
    if spec.fault:
        parts = replace(parts, struck=lambda: int(model.hits))
    return replace(parts, sent=lambda: [request.text for request in scripted.requests])


def _over(
    suite: Suite,
    bank: Bank,
    speaker: Gateway,
    reader: Gateway,
    shelf: Shelf | None,
    *,
    caps: Caps | None = None,
    runs: int = 1,
) -> Parts:
    """The parts over two gateways (which may be one): the interviewer's and the judge's."""
    from bot.interview.interviewer import ModelInterviewer
    from bot.model.ledger import NO_CAPS
    from bot.scoring.model import ModelJudge

    caps = caps or NO_CAPS
    judges: dict[str, Judge] = {"offline": OfflineJudge()}
    if suite.judge == "model":
        judges["model"] = ModelJudge(reader, runs=runs, caps=caps)
    assessor = Assessor(bank, _search(shelf), judges, live=suite.judge, gateway=lambda: reader, caps=caps)
    parts = Parts(
        judge=judges[suite.judge],
        interviewer=ModelInterviewer(speaker, caps=caps)
        if suite.interviewer == "model"
        else AuthoredInterviewer(),
        scorer=assessor.score,
        fallback=judges["offline"] if suite.judge == "model" else None,
    )
    return _with_shelf(parts, shelf)


def _live_parts(
    suite: Suite,
    spec: CaseSpec,
    bank: Bank,
    source: Source,
    settings: Settings,
    shelf: Shelf | None,
    calls: Mapping[str, int],
) -> Parts:
    from bot.model.gateway import Gateway
    from bot.model.ledger import Caps
    from bot.model.providers import from_settings

    speaker, reader = from_settings(settings), from_settings(settings, role="judge")
    closing = [w.close for w in (speaker, reader) if w.close is not None]
    saved: list[Callable[[], None]] = []
    if source.cassettes is not None:
        heard, read = (
            source.cassettes.model(spec, "interviewer", speaker),
            source.cassettes.model(spec, "judge", reader),
        )
        speaker, reader = replace(speaker, chat=heard), replace(reader, chat=read)
        saved = [_save(model) for model in (heard, read)]
    elif spec.fault:
        speaker, reader = (
            replace(w, chat=with_fault(w.chat, spec.fault, calls, bank)) for w in (speaker, reader)
        )
    usd = source.usd
    caps = Caps(session_usd=usd if usd is None or not source.actor else (1 - ACTORS_SHARE) * usd)
    runs = 1 if source.cassettes is not None else settings.judge_runs
    parts = _over(suite, bank, Gateway(speaker), Gateway(reader), shelf, caps=caps, runs=runs)
    return replace(parts, sent=_overheard(speaker, reader), close=_closing(saved, closing))


def _overheard(*wired: Wired) -> Callable[[], list[str]]:
    """The prompts that leave for these models, each attempt of them, in order."""
    from langchain_core.callbacks import BaseCallbackHandler

    heard: list[str] = []

    class Ear(BaseCallbackHandler):
        """Keeps what is sent."""

        run_inline = True  # in the order of the calls, not in a thread

        def on_chat_model_start(self, serialized: Any, messages: list[list[Any]], **more: Any) -> None:
            heard.extend("\n\n".join(str(m.content) for m in sent) for sent in messages)

    for one in wired:
        one.chat.callbacks = [Ear()]
    return lambda: heard


def _save(model: Any) -> Callable[[], None]:
    def save() -> None:
        if model._tape.used:
            model.save(prune=True)

    return save


def _closing(
    saved: list[Callable[[], None]], closing: list[Callable[[], Awaitable[None]]]
) -> Callable[[], Awaitable[None]]:
    async def close() -> None:
        for save in saved:
            save()
        for let_go in closing:
            await let_go()

    return close


def _replay_parts(
    suite: Suite, spec: CaseSpec, bank: Bank, cassettes: Cassettes, shelf: Shelf | None
) -> Parts:
    from bot.model.clock import ManualClock
    from bot.model.gateway import Gateway

    clock = ManualClock()

    def wired(role: Any) -> Wired:
        from bot.model.ledger import FREE
        from bot.model.providers import Wired

        voice = cassettes.voices[role]
        model = cassettes.model(spec, role)
        model.clock = clock
        return Wired(model, voice.name, dialect=voice.dialect, thinking=voice.thinking, price=FREE)

    speaker, reader = wired("interviewer"), wired("judge")
    parts = _over(suite, bank, Gateway(speaker, clock=clock), Gateway(reader, clock=clock), shelf)
    return replace(parts, sent=_overheard(speaker, reader))


def _with_actor(parts: Parts, source: Source) -> Parts:
    """The parts with a candidate that is a model: the configured one in live mode, the double otherwise."""
    from bot.model.gateway import Gateway
    from bot.model.ledger import Caps, Ledger
    from eval.actor import Actor, double

    if source.actor_live is not None:
        from bot.model.providers import from_settings

        wired, clock = from_settings(source.actor_live), None
    else:
        from bot.model import doubles
        from bot.model.clock import ManualClock

        wired, clock = doubles.wired(doubles.ScriptedModel(reply=double)), ManualClock()
    cap = None if source.usd is None else ACTORS_SHARE * source.usd
    gateway = Gateway(wired, clock=clock, ledger=Ledger(Caps(session_usd=cap)))
    actor, before = Actor(gateway), parts.close

    async def close() -> None:
        if before is not None:
            await before()
        await gateway.aclose()

    return replace(
        parts,
        words=actor.words,
        close=close,
        actor_failed=lambda: tuple(actor.failed),
        candidate_usd=lambda: gateway.ledger.session_usd,
    )
