"""Tokens and money: what each call used, what a session has spent, and the caps that stop the next call.

`Usage` is one call's, `Ledger` one session's; `PriceBook` is data with a date (prices.yaml). Caps are checked
before a call, with the most that it can cost, so that a cap is never passed. A cap on money without a price
for the model is an error, not a zero. Does not know what the calls are for.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bot.domain.events import CallRecord
from bot.domain.ports import Spent
from bot.errors import ContentError, SettingsError
from bot.model.errors import BudgetSpent


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or several attempts. `cached` is the part of `input` that the provider's cache served."""

    input: int = 0
    output: int = 0
    cached: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
            self.estimated or other.estimated,
        )

    @property
    def total(self) -> int:
        """Input and output together."""
        return self.input + self.output


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: float
    cached: float
    output: float

    def usd(self, usage: Usage) -> float:
        """What this usage costs."""
        fresh = max(0, usage.input - usage.cached)
        return (fresh * self.input + usage.cached * self.cached + usage.output * self.output) / 1e6


FREE = Price(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class PriceBook:
    """Prices by model name, as of a date."""

    as_of: dt.date
    prices: dict[str, Price]

    @classmethod
    def load(cls, file: Path | None = None) -> PriceBook:
        """The prices of a YAML file (default: the shipped one). Raises `ContentError`."""
        path = file or Path(__file__).with_name("prices.yaml")
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            prices = {str(name): Price(*map(float, row)) for name, row in data["models"].items()}
            return cls(as_of=data["as_of"], prices=prices)
        except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as exc:
            raise ContentError(f"price file: {exc}", file=path.name) from exc

    def price(self, model: str, base_url: str = "") -> Price | None:
        """The price of a model, None when unknown. A server on this machine or its own network is free.

        Provider prefixes (`openai:`, `openai/`) and date suffixes (`-2026-03-17`) do not matter; any other
        base URL than OpenAI's own makes the price unknown, for others charge what they like.
        """
        if base_url:
            host = urlsplit(base_url).hostname or ""
            if is_own_machine(host):
                return FREE
            if host != "api.openai.com":
                return None
        name = model.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        if (
            name not in self.prices
            and len(name) > 11
            and name[-11] == "-"
            and name[-10:].replace("-", "").isdigit()
        ):
            name = name[:-11]
        return self.prices.get(name)


@lru_cache(maxsize=1)
def shipped_prices() -> PriceBook:
    """The prices that come with the project."""
    return PriceBook.load()


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_own_machine(host: str) -> bool:
    """Whether a host is this machine or in a private network, so that its model server costs nothing."""
    if is_loopback(host) or host.endswith((".local", ".localhost", ".internal")):
        return True
    if host and "." not in host and ":" not in host:
        return True  # a bare name, as in a compose file
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private


@dataclass(frozen=True, slots=True)
class Caps:
    """Upper limits; None is no limit. A turn is everything between two messages of the candidate."""

    session_usd: float | None = None
    session_tokens: int | None = None
    turn_usd: float | None = None
    turn_tokens: int | None = None
    call_tokens: int | None = None
    turn_calls: int | None = None

    @property
    def need_price(self) -> bool:
        """Whether a cap on money is set."""
        return self.session_usd is not None or self.turn_usd is not None


NO_CAPS = Caps()


@dataclass(frozen=True, slots=True)
class _Held:
    """What is set aside for one call; `above` is its number in the ledger around this one."""

    most: Usage
    usd: float
    above: int | None


@dataclass
class Ledger:
    """What one session has used. The truth is the session's log (`after`, `resumed`); this is its running sum.
    `paid` is somebody else's list, who has the bill also when the step never ends. What is set aside or booked here
    counts in the ledger `within` as well, whose caps hold for all its parts together."""

    caps: Caps = NO_CAPS
    session: Usage = Usage()
    session_usd: float = 0.0
    turn: Usage = Usage()
    turn_usd: float = 0.0
    turn_calls: int = 0
    calls: int = 0
    unpriced: int = 0
    records: deque[CallRecord] = field(default_factory=lambda: deque(maxlen=256))  # the newest
    paid: list[CallRecord] | None = None
    within: Ledger | None = None
    _held: dict[int, _Held] = field(default_factory=dict)
    _next_hold: int = 0
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    @classmethod
    def after(cls, caps: Caps, spent: Spent, paid: list[CallRecord] | None = None) -> Ledger:
        """The ledger of a session that has spent this much; made afresh for each step of it, which adds to
        `paid` whatever it books."""
        return cls(
            caps,
            paid=paid,
            session=Usage(input=spent.tokens),
            session_usd=spent.usd,
            turn=Usage(input=spent.turn_tokens),
            turn_usd=spent.turn_usd,
            turn_calls=spent.turn_calls,
        )

    @classmethod
    def resumed(cls, caps: Caps, records: Iterable[CallRecord]) -> Ledger:
        """The ledger of a session with these calls in its log; the turn starts afresh."""
        ledger = cls(caps)
        for record in records:
            ledger.add(record)
        ledger.begin_turn()
        return ledger

    def begin_turn(self) -> None:
        """A new message of the candidate: the caps of a turn start again."""
        self.turn, self.turn_usd, self.turn_calls = Usage(), 0.0, 0

    def hold(self, model: str, price: Price | None, most: Usage) -> int:
        """Set aside the most that a call can use, so that calls in parallel cannot pass a cap together.

        Returns the number to give to `settle`. Raises `BudgetSpent` when the call could pass a cap, and
        `SettingsError` when a cap on money cannot be kept because the price is unknown.
        """
        caps = self.caps
        if caps.need_price and price is None:
            raise SettingsError(
                f"A cap on money is set, but the price of {model!r} is not known.",
                hint="Add it to bot/model/prices.yaml, or unset BOT_MAX_USD and use BOT_MAX_TOKENS.",
            )
        usd = price.usd(most) if price else 0.0
        tokens = most.total + sum(h.most.total for h in self._held.values())
        money = usd + sum(h.usd for h in self._held.values())
        checks = (
            ("one call's tokens", caps.call_tokens, most.total),
            ("a turn's calls", caps.turn_calls, self.turn_calls + len(self._held) + 1),
            ("a turn's tokens", caps.turn_tokens, self.turn.total + tokens),
            ("a turn's money", caps.turn_usd, self.turn_usd + money),
            ("the session's tokens", caps.session_tokens, self.session.total + tokens),
            ("the session's money", caps.session_usd, self.session_usd + money),
        )
        for what, cap, would_be in checks:
            if cap is not None and would_be > cap:
                raise BudgetSpent(
                    f"The next model call could pass the cap on {what} ({would_be:.6g} > {cap:g})."
                )
        above = None if self.within is None else self.within.hold(model, price, most)
        self._next_hold += 1
        self._held[self._next_hold] = _Held(most, usd, above)
        return self._next_hold

    async def room(self, model: str, price: Price | None, most: Usage) -> int:
        """`hold`, but where calls in flight may stand in the way it waits for what they really use, which is less than
        was set aside for them. Raises as `hold` does, `BudgetSpent` only when nothing is in flight."""
        while True:
            try:
                return self.hold(model, price, most)
            except BudgetSpent:
                around = self.within or self  # has all that is in flight
                if not around._held:
                    raise
                settled = asyncio.get_running_loop().create_future()
                around._waiting.append(settled)
                await settled

    def settle(self, hold: int, record: CallRecord | None) -> None:
        """Give back what was set aside and book the call; None when nothing was used."""
        held = self._held.pop(hold, None)
        if record is not None:
            self.add(record)
        if held is not None and held.above is not None and self.within is not None:
            self.within.settle(held.above, record)
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def add(self, record: CallRecord) -> None:
        """Book a call that was made (also one that failed: its tokens were spent)."""
        usage = Usage(record.input_tokens, record.output_tokens, 0, record.estimated)
        self.session += usage
        self.turn += usage
        self.calls += 1
        self.turn_calls += 1
        if record.usd is None:
            self.unpriced += 1
        else:
            self.session_usd += record.usd
            self.turn_usd += record.usd
        self.records.append(record)
        if self.paid is not None:
            self.paid.append(record)
