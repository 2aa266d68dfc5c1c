"""Puts the parts together for one process: settings in, services out. The only place that knows them all.

Opening is cheap: no model is called, no article is embedded, no sandbox is started.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bank import Bank, load_bank
from bot.domain.library import Citation
from bot.domain.ports import Interviewer, Judge
from bot.errors import SettingsError
from bot.interview.assess import Assessor
from bot.interview.authored import AuthoredInterviewer
from bot.interview.live import LiveTurns
from bot.interview.session import SessionService
from bot.interview.study import Search
from bot.interview.updates import Scorer
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
    assessor: Assessor

    @property
    def runner(self) -> Runner | None:
        """The code runner once an engine was chosen; None before that, or when no safe engine works here."""
        return self.workbench.chosen

    @property
    def runner_why_not(self) -> str:
        """Why code cannot be run; empty while it can, or was not tried yet."""
        return self.workbench.why_not

    def question_folder(self) -> Path:
        """Where own questions are written, to be loaded again at the next start."""
        return own_questions(self.settings)

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
        """The best passage above the gate, None when nothing is near enough. Raises `KnowledgeError`.

        Passages that speak to the interviewer ("ignore your instructions") are left out, whatever they are about.
        """
        hits = self._library.search(text, STUDY_CANDIDATES).hits
        return next((hit.citation() for hit in hits if not hit.flagged), None)


def open_services(settings: Settings) -> Services:
    """Open the database, load the bank, choose judge and interviewer. Raises the errors of the parts."""
    from bot.knowledge import Library
    from bot.store.engine import open_engine
    from bot.store.log import EventLog

    engine = open_engine(settings.database_url)
    own = own_questions(settings)
    bank = load_bank(prompts_dir(), corpus_dir(), own if settings.questions or own.is_dir() else None)
    library = Library.from_settings(settings, engine)
    assessor = make_assessor(settings, bank, studying(library))
    workbench = Workbench(bank, settings.engine)
    service = SessionService(
        log=EventLog(engine),
        bank=bank,
        judge=assessor.judges[assessor.live],
        fallback=assessor.judges["offline"] if assessor.live == "model" else None,
        interviewer=make_interviewer(settings),
        scorer=assessor.score,
        passages=LibraryPassages(library),
        workbench=workbench,
    )
    return Services(settings, engine, bank, library, service, LiveTurns(service), workbench, assessor)


def own_questions(settings: Settings) -> Path:
    """The folder of own questions, there or not: `BOT_QUESTIONS`, else one in the data folder."""
    return settings.questions or settings.home / "questions"


def make_assessor(settings: Settings, bank: Bank, search: Search) -> Assessor:
    """The judges that the settings allow, and which of them judges live. Calls nobody."""
    from bot.scoring.offline import OfflineJudge

    judges: dict[str, Judge] = {"offline": OfflineJudge()}
    if settings.judge == "model" and not settings.has_model:
        raise SettingsError(
            "BOT_JUDGE is model, but no model is set.",
            hint="Set OPENAI_API_KEY or BOT_MODEL, or BOT_JUDGE=auto.",
        )
    if not settings.has_model or settings.judge == "offline":
        return Assessor(bank, search, judges, live="offline")
    from bot.model.gateway import caps_from, gateway_from
    from bot.scoring.model import judge_over

    reader = gateway_from(
        settings, "judge"
    )  # one for all its calls: they share a connection and what they learn
    judges["model"] = judge_over(reader, settings)
    caps = caps_from(settings)
    return Assessor(bank, search, judges, live="model", gateway=lambda: reader, caps=caps)


def make_interviewer(settings: Settings) -> Interviewer:
    """The model's interviewer when a model is set, else the authored one."""
    if not settings.has_model:
        return AuthoredInterviewer()
    from bot.interview.interviewer import model_interviewer

    return model_interviewer(settings)


def studying(library: Library) -> Search:
    """The library's search as the study list needs it."""

    def search(query: str) -> Sequence[Citation]:
        return [hit.citation() for hit in library.search(query, STUDY_CANDIDATES).hits]

    return search


def make_scorer(bank: Bank, search: Search) -> Scorer:
    """The offline assessment of a round, for tests and simulations that bring their own judge."""
    return Assessor(bank, search, {}, live="offline").score
