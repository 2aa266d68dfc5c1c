"""What a simulated service is made of: authored or model interviewer, offline or model judge, with a fault or a bug.

In mock mode the model is a rule-based double that reads the rendered prompt (`bot/model/rulebased.py`), below the real gateway:
a template that stops carrying something makes its answers useless. `live` puts the configured provider there instead, `replay`
what it said when the suite was recorded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.bank import Bank
from bot.domain.ports import Judge
from bot.interview.assess import Assessor
from bot.interview.authored import AuthoredInterviewer
from bot.scoring.offline import OfflineJudge
from bot.settings import Settings
from eval.simulate import Parts
from eval.values import CaseSpec, Suite

if TYPE_CHECKING:
    from bot.model.gateway import Gateway
    from bot.model.ledger import Caps
    from bot.model.providers import Wired
    from eval.cassettes import Cassettes


class UnknownFault(ValueError):
    """A suite names a fault that no double can make."""


@dataclass(frozen=True)
class Source:
    """Where a model's words come from. Neither: the rule-based double (mock). Both: the provider, recorded (record).
    `usd` is the most that one case may cost."""

    live: Settings | None = None
    cassettes: Cassettes | None = None
    usd: float | None = None


MOCK = Source()
TURNS, READING = 0.7, 0.15
"""How a case's money is shared out: the turns, and each of the two readings at the end. The parts are capped apart."""


def parts_for(suite: Suite, spec: CaseSpec, bank: Bank, source: Source = MOCK) -> Parts:
    """The parts of one case. Raises `UnknownFault`."""
    if suite.interviewer == "authored" and suite.judge == "offline":
        return offline_parts(bank)
    if source.live is not None:
        return _live_parts(suite, spec, bank, source, source.live)
    if source.cassettes is not None:
        return _replay_parts(suite, spec, bank, source.cassettes)
    return _mock_parts(suite, spec, bank)


def offline_parts(bank: Bank) -> Parts:
    """Authored interviewer, offline judge: no model anywhere."""
    judges: dict[str, Judge] = {"offline": OfflineJudge()}
    assessor = Assessor(bank, lambda query: [], judges, live="offline")
    return Parts(judge=judges["offline"], interviewer=AuthoredInterviewer(), scorer=assessor.score)


def check_fault(fault: str) -> None:
    """Raise `UnknownFault` unless some double can make it."""
    from bot.model.doubles import Fault

    kind, _, when = fault.partition("@")
    if kind not in set(Fault):
        raise UnknownFault(f"there is no fault {kind!r}; there are {', '.join(sorted(Fault))}")
    if when and not when.removesuffix("+").isdigit():
        raise UnknownFault(
            f"the fault {fault!r} says no call: write {kind}@3 (once) or {kind}@3+ (from there on)"
        )


def with_fault(inner: Any, fault: str) -> Any:
    """`kind`, `kind@3` (once, at the third call) or `kind@3+` (from the third call on). Raises `UnknownFault`."""
    from bot.model.doubles import Fault, FaultyModel

    check_fault(fault)
    kind, _, when = fault.partition("@")
    number = int(when.rstrip("+") or 1)
    if when.endswith("+") or not when:
        return FaultyModel.always(inner, Fault(kind), since=number)
    return FaultyModel.once(inner, Fault(kind), at=number)


def _mock_parts(suite: Suite, spec: CaseSpec, bank: Bank) -> Parts:
    from bot.model.clock import ManualClock
    from bot.model.doubles import ScriptedModel, wired
    from bot.model.gateway import Gateway
    from bot.model.rulebased import answer

    scripted = ScriptedModel(reply=answer)
    model: Any = with_fault(scripted, spec.fault) if spec.fault else scripted
    clock = ManualClock()
    model.clock = scripted.clock = clock
    gateway = Gateway(wired(model), clock=clock)
    parts = _over(suite, bank, gateway, gateway)
    return replace(parts, sent=lambda: [request.text for request in scripted.requests])


def _over(
    suite: Suite,
    bank: Bank,
    speaker: Gateway,
    reader: Gateway,
    *,
    caps: Caps | None = None,
    readings: Caps | None = None,
    runs: int = 1,
) -> Parts:
    """The parts over two gateways (which may be one): the interviewer's and the judge's."""
    from bot.interview.interviewer import ModelInterviewer
    from bot.model.ledger import NO_CAPS, Ledger
    from bot.scoring.model import ModelJudge

    caps, readings = caps or NO_CAPS, readings or NO_CAPS
    judges: dict[str, Judge] = {"offline": OfflineJudge()}
    if suite.judge == "model":
        judges["model"] = ModelJudge(reader, runs=runs, caps=caps)
    assessor = Assessor(
        bank,
        lambda query: [],
        judges,
        live=suite.judge,
        gateway=lambda: reader.bound(Ledger(readings)),
    )
    return Parts(
        judge=judges[suite.judge],
        interviewer=ModelInterviewer(speaker, caps=caps)
        if suite.interviewer == "model"
        else AuthoredInterviewer(),
        scorer=assessor.score,
        fallback=judges["offline"] if suite.judge == "model" else None,
    )


def _live_parts(suite: Suite, spec: CaseSpec, bank: Bank, source: Source, settings: Settings) -> Parts:
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
        speaker, reader = (replace(w, chat=with_fault(w.chat, spec.fault)) for w in (speaker, reader))
    caps, readings = Caps(), Caps()
    if source.usd is not None:
        caps, readings = Caps(session_usd=TURNS * source.usd), Caps(session_usd=READING * source.usd)
    runs = 1 if source.cassettes is not None else settings.judge_runs
    parts = _over(suite, bank, Gateway(speaker), Gateway(reader), caps=caps, readings=readings, runs=runs)
    return replace(parts, close=_closing(saved, closing))


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


def _replay_parts(suite: Suite, spec: CaseSpec, bank: Bank, cassettes: Cassettes) -> Parts:
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

    return _over(
        suite, bank, Gateway(wired("interviewer"), clock=clock), Gateway(wired("judge"), clock=clock)
    )
