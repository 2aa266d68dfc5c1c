"""The articles of a simulated round: a real library of the shipped ones, indexed once a run and opened by every worker.

The embedder is the built-in one that needs no download, so that a run is the same everywhere. Does not know rounds.
"""

from __future__ import annotations

from pathlib import Path

from bot.domain.library import Citation
from bot.errors import NotFound
from bot.interview.session import Passages
from bot.interview.study import Search
from bot.knowledge.library import Library
from bot.resources import corpus_dir

EMBEDDER = "wordllama"


def build(home: Path) -> None:
    """Index the shipped articles into `home`."""
    library = _open(home)
    library.index([corpus_dir() / "articles"])
    library.close()


class Shelf:
    """The library in `home`, as a round uses it and as the check of its citations does."""

    def __init__(self, home: Path) -> None:
        from bot.services import LibraryPassages, studying

        self._library = _open(home)
        self.search: Search = studying(self._library)
        self.passages: Passages = LibraryPassages(self._library)

    def there(self, citation: Citation) -> Citation | None:
        """What the library holds at a citation's span; None when there is no such article or span. A passage may begin with the
        end of the section before: its section is right when any of its text stands in it."""
        try:
            found = self._library.passage(citation.article, citation.start, citation.end)
        except NotFound:
            return None
        if found.section == citation.section:
            return found
        places = range(citation.start, citation.end, _STEP)
        sections = (self._library.passage(citation.article, at, at + 1).section for at in places)
        return (
            found.model_copy(update={"section": citation.section}) if citation.section in sections else found
        )


_STEP = 40
"""Characters between the places at which the section is looked up: no section is shorter."""


def _open(home: Path) -> Library:
    from bot.knowledge import embed

    return Library.open(home, embedder=embed.load(EMBEDDER))
