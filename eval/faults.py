"""Faults of a provider as suites name them, and the whole matrix of them.

    timeout@3              once, at the third call of the round
    timeout@3+             from the third call on
    timeout@judge:middle   once, at the middle one of the judge's calls
    timeout@judge:middle+  from there on, for every call of the judge
    *                      the whole matrix

Call sites: `interviewer` and `judge` (moments first, middle, last: of the calls that the undisturbed round makes there),
`reader` and `committee` (moment `scoring`: they are called once, when the round is scored). The kinds are those of
`bot.model.doubles.Fault`. Knows the shape of prompts just enough to tell the sites apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.bank import Bank
from eval.values import InvalidSuite

Site = Literal["interviewer", "judge", "reader", "committee", "candidate"]
MOMENTS: Mapping[str, tuple[str, ...]] = {
    "interviewer": ("first", "middle", "last"),
    "judge": ("first", "middle", "last"),
    "reader": ("scoring",),
    "committee": ("scoring",),
}
_FORM = re.compile(
    r"(?P<kind>[a-z_]+)(?:@(?:(?P<number>\d+)|(?P<site>[a-z]+):(?P<moment>[a-z]+))(?P<on>\+)?)?"
)


@dataclass(frozen=True)
class FaultAt:
    """A fault, read. Either `number` (a call of the whole round) or `site` and `moment`; neither is every call."""

    kind: str
    number: int = 0
    site: str = ""
    moment: str = ""
    on: bool = False  # from there on, not once

    def at(self, calls: Mapping[str, int]) -> int:
        """The number of the call at its site, from how many calls the undisturbed round makes there."""
        most = max(1, calls.get(self.site, 0))
        return {"first": 1, "middle": most // 2 + 1, "last": most, "scoring": 1}[self.moment]


def read_fault(text: str) -> FaultAt:
    """The fault that a suite names. Raises `InvalidSuite`."""
    from bot.model.doubles import Fault

    found = _FORM.fullmatch(text)
    kind = text.partition("@")[0]
    if kind not in set(Fault):
        raise InvalidSuite(f"there is no fault {kind!r}; there are {', '.join(sorted(Fault))}")
    if found is None:
        raise InvalidSuite(
            f"the fault {text!r} says no call: write {kind}@3 or {kind}@judge:middle (once), with + at the end: from there on"
        )
    number, site, moment = int(found["number"] or 0), found["site"] or "", found["moment"] or ""
    if site and moment not in MOMENTS.get(site, ()):
        known = "; ".join(f"{s}: {', '.join(moments)}" for s, moments in MOMENTS.items())
        raise InvalidSuite(f"the fault {text!r} names no call site and moment that there is ({known})")
    return FaultAt(kind, number, site, moment, on=bool(found["on"]) or not (number or site))


def matrix() -> tuple[str, ...]:
    """Every kind at every call site and moment, once and from there on."""
    from bot.model.doubles import Fault

    return tuple(
        f"{kind.value}@{site}:{moment}{on}"
        for kind in Fault
        for site, moments in MOMENTS.items()
        for moment in moments
        for on in ("", "+")
    )


def expanded(faults: Iterable[str]) -> tuple[str, ...]:
    """The faults of a suite, with `*` written out."""
    return tuple(dict.fromkeys(f for fault in faults for f in (matrix() if fault == "*" else (fault,))))


def site_of(prompt: str) -> Site:
    """Which part of the product a prompt is from."""
    if "You play a candidate" in prompt:
        return "candidate"
    if "Your move" in prompt:
        return "interviewer"
    if '"readings"' in prompt:
        return "committee" if "committee" in prompt else "reader"
    return "judge"


def calls_by_site(prompts: Iterable[str]) -> Counter[str]:
    """How many calls a round made at each site."""
    return Counter(site_of(p) for p in prompts)


def with_fault(inner: Any, text: str, calls: Mapping[str, int], bank: Bank) -> Any:
    """`inner` with that fault. `calls`: how many the undisturbed round makes at each site. The fault `leaks` says the
    reference answer of the question that the prompt is about. Raises `InvalidSuite`."""
    from bot.model.doubles import Fault, FaultyModel

    fault = read_fault(text)
    model = FaultyModel(inner=inner, fault=Fault(fault.kind), when=_when(fault, calls))
    if model.fault is Fault.LEAKS:
        model.when = _leaking(model, bank, model.when)
    return model


When = Callable[[int, list[Any]], bool]


def _when(fault: FaultAt, calls: Mapping[str, int]) -> When:
    if not fault.site:
        first = fault.number or 1
        return lambda number, messages: number >= first if fault.on else number == first
    seen, first = Counter[str](), fault.at(calls)

    def here(number: int, messages: list[Any]) -> bool:
        site = site_of(_text(messages))
        seen[site] += 1
        return site == fault.site and (seen[site] >= first if fault.on else seen[site] == first)

    return here


def _leaking(model: Any, bank: Bank, when: When) -> When:
    def here(number: int, messages: list[Any]) -> bool:
        text = _text(messages)
        asked = next((q for q in bank.questions.values() if q.opening.strip()[:200] in text), None)
        model.leak = asked.answers.level_4 if asked is not None else ""
        return when(number, messages)

    return here


def _text(messages: Sequence[Any]) -> str:
    return "\n\n".join(str(m.content) for m in messages)
