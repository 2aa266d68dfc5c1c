"""Every error that this project raises on purpose.

    RehearsalError                 something a person should read; `.hint` says what to do next
    ├── UserError                  the caller asked for something that cannot be done as asked
    │   ├── SettingsError          a setting is unknown, malformed or contradicts another
    │   ├── NotFound               no such session, question, article
    │   ├── Conflict               somebody else moved first (second tab, stale sequence number)
    │   ├── SessionClosed          the interview has ended; nothing can be added
    │   └── InputRefused           empty, too long, unreadable, or of the wrong kind
    ├── ContentError               a bank, rubric, loop, prompt or corpus file is wrong (file, line, field)
    ├── StoreError                 the database cannot be used
    │   ├── StoreNewer             written by a newer version of the program
    │   └── StoreReadOnly          the disk or the file cannot be written
    ├── KnowledgeError             the article index cannot be used
    │   ├── IndexLocked            another process is writing it
    │   └── EmbedderUnavailable    the chosen embedder cannot be loaded here
    ├── ModelError                 a model call gave no usable result; drawn on in bot/model
    ├── ScoringError               an assessment could not be made; never turned into a number
    └── SandboxError               candidate code cannot be run
        └── NoSafeEngine           no engine that keeps candidate code in a sandbox works here

This module does not know who raises or shows these errors. Messages are written for people:
what happened, then what to do next. They never carry secrets or candidate text.
"""

from __future__ import annotations

from pathlib import Path


class RehearsalError(Exception):
    """Base of the tree. `message` says what happened, `hint` what to do next (may be empty)."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UserError(RehearsalError):
    """The request cannot be fulfilled as it was made."""


class SettingsError(UserError):
    """A setting is unknown, malformed or contradicts another one."""


class NotFound(UserError):
    """There is no such session, question, rubric or article (or it is not yours)."""


class Conflict(UserError):
    """The session moved on since the caller last looked (second tab, double send with another key)."""


class SessionClosed(UserError):
    """The interview has ended; its log takes no more events of this kind."""


class InputRefused(UserError):
    """Input that is empty, too long, unreadable or of the wrong kind."""


class ContentError(RehearsalError):
    """A data file is wrong. Carries where: file, line (1-based, 0 when unknown) and field path."""

    def __init__(
        self, message: str, *, file: Path | str = "", line: int = 0, field: str = "", hint: str = ""
    ) -> None:
        where = ":".join(str(part) for part in (file, line) if part)
        place = " ".join(part for part in (where, f"[{field}]" if field else "") if part)
        super().__init__(f"{place}: {message}" if place else message, hint=hint)
        self.file, self.line, self.field, self.problem = str(file), line, field, message


class StoreError(RehearsalError):
    """The database cannot be used."""


class StoreNewer(StoreError):
    """The database was written by a newer version of this program."""


class StoreReadOnly(StoreError):
    """The database, or the folder it lives in, cannot be written."""


class KnowledgeError(RehearsalError):
    """The article index cannot be used."""


class IndexLocked(KnowledgeError):
    """Another process is writing the index."""


class EmbedderUnavailable(KnowledgeError):
    """The chosen embedder cannot be loaded here."""


class ModelError(RehearsalError):
    """A call to a language model gave no usable result."""


class ScoringError(RehearsalError):
    """An assessment could not be made. Callers must report it, never replace it by a number."""


class SandboxError(RehearsalError):
    """Candidate code cannot be run."""


class NoSafeEngine(SandboxError):
    """No engine that keeps candidate code in a sandbox works on this machine."""
