"""Puts the parts together for one process: settings in, services out. The only place that knows them all.

Opening is cheap: no model is called, no article is embedded, no sandbox is started.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bank import Bank, load_bank
from bot.domain.library import Citation
from bot.domain.ports import Interviewer, Judge
from bot.domain.session import SessionState
from bot.interview.authored import AuthoredInterviewer
from bot.interview.live import LiveTurns
from bot.interview.session import SessionService
from bot.interview.study import with_study_list
from bot.interview.updates import ScoredRound, Scorer
from bot.interview.workbench import Workbench
from bot.resources import corpus_dir, prompts_dir
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.coding import Runner
    from bot.knowledge import Library

STUDY_CANDIDATES = 5


@dataclass
class Services:
    """Everything that the page and the command line work with."""

    settings: Settings
    engine: Engine
    bank: Bank
    library: Library
    sessions: SessionService
    live: LiveTurns
    workbench: Workbench

    @property
    def runner(self) -> Runner | None:
        """The code runner once an engine was chosen; None before that, or when no safe engine works here."""
        return self.workbench.chosen

    @property
    def runner_why_not(self) -> str:
        """Why code cannot be run; empty while it can, or was not tried yet."""
        return self.workbench.why_not

    def article_paths(self) -> list[Path]:
        """The folders that the index is made of."""
        return [corpus_dir() / "articles", *self.settings.articles]

    def close(self) -> None:
        """Let go of files and connections."""
        self.workbench.close()
        self.library.close()
        self.engine.dispose()


class LibraryPassages:
    """The library as an interview sees it: one passage for the candidate's words."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def passage_for(self, text: str) -> Citation | None:
        """The best passage above the gate, None when nothing is near enough. Raises `KnowledgeError`."""
        hits = self._library.search(text, 1).hits
        return hits[0].citation() if hits else None


def open_services(settings: Settings) -> Services:
    """Open the database, load the bank, choose judge and interviewer. Raises the errors of the parts."""
    from bot.knowledge import Library
    from bot.store.engine import open_engine
    from bot.store.log import EventLog

    engine = open_engine(settings.database_url)
    bank = load_bank(prompts_dir(), corpus_dir(), settings.questions)
    library = Library.from_settings(settings, engine)
    judge, fallback = make_judge(settings)
    workbench = Workbench(bank, settings.engine)
    service = SessionService(
        log=EventLog(engine),
        bank=bank,
        judge=judge,
        fallback=fallback,
        interviewer=make_interviewer(settings),
        scorer=make_scorer(bank, studying(library)),
        passages=LibraryPassages(library),
        workbench=workbench,
    )
    return Services(settings, engine, bank, library, service, LiveTurns(service), workbench)


def make_judge(settings: Settings) -> tuple[Judge, Judge | None]:
    """(the judge, the one that takes over when it fails)."""
    from bot.scoring.offline import OfflineJudge

    if settings.judge == "offline" or (settings.judge == "auto" and not settings.has_model):
        return OfflineJudge(), None
    from bot.scoring.model import judge_from

    return judge_from(settings), OfflineJudge()


def make_interviewer(settings: Settings) -> Interviewer:
    """The model's interviewer when a model is set, else the authored one."""
    if not settings.has_model:
        return AuthoredInterviewer()
    from bot.interview.interviewer import model_interviewer

    return model_interviewer(settings)


def studying(library: Library) -> Callable[[str], Sequence[Citation]]:
    """The library's search as the study list needs it."""

    def search(query: str) -> Sequence[Citation]:
        return [hit.citation() for hit in library.search(query, STUDY_CANDIDATES).hits]

    return search


def make_scorer(bank: Bank, search: Callable[[str], Sequence[Citation]]) -> Scorer:
    """Scores a round offline from its log and adds the study list."""

    async def score(state: SessionState) -> ScoredRound:
        from bot.scoring.scorecard import score_round

        card = score_round(state, bank.questions, bank.rubric(state.the_plan.round))
        return ScoredRound(with_study_list(card, bank.questions, search))

    return score
