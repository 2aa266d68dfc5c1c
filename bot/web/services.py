"""What the web layer is given: the services that do the work, as far as the pages call them.

`bot.services.Services` is the real one. The web layer adds no rule of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.bank import Bank
from bot.interview.assess import Assessor
from bot.interview.live import LiveTurns
from bot.interview.session import SessionService
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.knowledge import Library


class Services(Protocol):
    """Everything that the pages call."""

    @property
    def settings(self) -> Settings:
        """The settings of this process."""
        ...

    @property
    def bank(self) -> Bank:
        """The authored material."""
        ...

    @property
    def library(self) -> Library:
        """The articles."""
        ...

    @property
    def sessions(self) -> SessionService:
        """The interviews."""
        ...

    @property
    def live(self) -> LiveTurns:
        """Turns under way."""
        ...

    @property
    def assessor(self) -> Assessor:
        """Scores rounds; knows the judges there are."""
        ...

    @property
    def engine(self) -> Engine:
        """The database."""
        ...

    def question_folder(self) -> Path:
        """The folder of own questions."""
        ...

    def article_paths(self) -> list[Path]:
        """The folders that the index is made of."""
        ...


@dataclass
class Closing:
    """Set when the server is asked to stop: every stream then says so and ends, so that nobody waits for it."""

    now: bool = False
