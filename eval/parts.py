"""What a simulated service is made of: authored or model interviewer, offline or model judge, with a fault or a bug.

The model is a rule-based double that reads the rendered prompt (`bot/model/rulebased.py`), below the real gateway: a
template that stops carrying something makes its answers useless. `live` puts the configured provider there instead.
"""

from __future__ import annotations

from typing import Any

from bot.bank import Bank
from bot.domain.ports import Judge
from bot.interview.assess import Assessor
from bot.interview.authored import AuthoredInterviewer
from bot.scoring.offline import OfflineJudge
from bot.settings import Settings
from eval.simulate import Parts
from eval.values import CaseSpec, Suite


class UnknownFault(ValueError):
    """A suite names a fault that no double can make."""


def parts_for(suite: Suite, spec: CaseSpec, bank: Bank, live: Settings | None = None) -> Parts:
    """The parts of one case. Raises `UnknownFault`."""
    if suite.interviewer == "authored" and suite.judge == "offline":
        return offline_parts(bank)
    if live is not None:
        return _live_parts(suite, bank, live)
    return _mock_parts(suite, spec, bank)


def offline_parts(bank: Bank) -> Parts:
    """Authored interviewer, offline judge: no model anywhere."""
    judges: dict[str, Judge] = {"offline": OfflineJudge()}
    assessor = Assessor(bank, lambda query: [], judges, live="offline")
    return Parts(judge=judges["offline"], interviewer=AuthoredInterviewer(), scorer=assessor.score)


def _mock_parts(suite: Suite, spec: CaseSpec, bank: Bank) -> Parts:
    from bot.model.doubles import ScriptedModel
    from bot.model.rulebased import answer

    scripted = ScriptedModel(reply=answer)
    model: Any = _with_fault(scripted, spec.fault) if spec.fault else scripted
    return _over(suite, bank, model, scripted)


def _with_fault(inner: Any, fault: str) -> Any:
    """`kind`, `kind@3` (once, at the third call) or `kind@3+` (from the third call on)."""
    from bot.model.doubles import Fault, FaultyModel

    kind, _, when = fault.partition("@")
    if kind not in set(Fault):
        raise UnknownFault(f"there is no fault {kind!r}; there are {', '.join(sorted(Fault))}")
    number = int(when.rstrip("+") or 1)
    if when.endswith("+") or not when:
        return FaultyModel.always(inner, Fault(kind), since=number)
    return FaultyModel.once(inner, Fault(kind), at=number)


def _over(suite: Suite, bank: Bank, model: Any, scripted: Any) -> Parts:
    from bot.interview.interviewer import ModelInterviewer
    from bot.model.clock import ManualClock
    from bot.model.doubles import wired
    from bot.model.gateway import Gateway
    from bot.scoring.model import ModelJudge

    clock = ManualClock()
    model.clock = scripted.clock = clock
    gateway = Gateway(wired(model), clock=clock)
    judges: dict[str, Judge] = {"offline": OfflineJudge()}
    if suite.judge == "model":
        judges["model"] = ModelJudge(gateway)
    assessor = Assessor(bank, lambda query: [], judges, live=suite.judge, gateway=lambda: gateway)
    return Parts(
        judge=judges[suite.judge],
        interviewer=ModelInterviewer(gateway) if suite.interviewer == "model" else AuthoredInterviewer(),
        scorer=assessor.score,
        fallback=judges["offline"] if suite.judge == "model" else None,
        sent=lambda: [request.text for request in scripted.requests],
    )


def _live_parts(suite: Suite, bank: Bank, settings: Settings) -> Parts:
    from bot.services import make_assessor, make_interviewer

    assessor = make_assessor(settings, bank, lambda query: [])
    name = "model" if suite.judge == "model" and "model" in assessor.judges else "offline"
    return Parts(
        judge=assessor.judges[name],
        interviewer=make_interviewer(settings) if suite.interviewer == "model" else AuthoredInterviewer(),
        scorer=assessor.score,
        fallback=assessor.judges["offline"] if name == "model" else None,
    )
