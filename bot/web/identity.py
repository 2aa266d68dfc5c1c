"""Who is asking: nobody in particular on a laptop, a password file or a trusted proxy's header when hosted.

`Identity.user(headers)` gives the name for a request, or None when the person has to sign in first. Tokens
are signed and dated, so that the server keeps no table of them. Does not know pages.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Protocol

from bot.errors import SettingsError
from bot.settings import Settings

COOKIE = "rehearsal"
SESSION_S = 14 * 24 * 3600
"""Seconds until a sign-in ends."""
LOCAL_OWNER = ""
"""The owner of all sessions when nobody signs in; the terminal uses the same."""


class Identity(Protocol):
    """How people are told apart."""

    @property
    def can_sign_in(self) -> bool:
        """Whether there is a form to sign in with."""
        ...

    def user(self, headers: Mapping[str, str]) -> str | None:
        """The owner's name for a request with these headers (lower-case names); None: sign in first."""
        ...


@dataclass(frozen=True)
class NoSignIn:
    """A laptop: everybody who reaches the port is the same person."""

    can_sign_in: bool = False

    def user(self, headers: Mapping[str, str]) -> str | None:
        """Always the local owner."""
        return LOCAL_OWNER


@dataclass(frozen=True)
class ProxyHeader:
    """A proxy in front has signed the person in and says who it is."""

    header: str
    can_sign_in: bool = False

    def user(self, headers: Mapping[str, str]) -> str | None:
        """The header's value; None when it is missing or could be two names."""
        name = headers.get(self.header.lower(), "").strip()
        return name if name and len(name) <= 120 and "," not in name and name.isprintable() else None


@dataclass
class Passwords:
    """A file of `name:argon2-hash` lines, and signed cookies. The file is read again when it changes."""

    file: Path
    secret: bytes
    now: Callable[[], float] = time.time
    can_sign_in: bool = True
    _seen: tuple[float, dict[str, str]] = field(default=(0.0, {}), repr=False)

    def user(self, headers: Mapping[str, str]) -> str | None:
        """The name in a valid, unexpired cookie of somebody who is still in the file."""
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        name = self._open(cookie.value) if cookie else None
        return name if name in self._users() else None

    def check(self, name: str, password: str) -> str | None:
        """A new cookie value when name and password fit. Takes equally long for names that do not exist."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        hashed = self._users().get(name, _NOBODY)
        try:
            PasswordHasher().verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return None
        return self.sign(name) if name in self._users() else None

    def sign(self, name: str) -> str:
        """A cookie value for this person, valid for `SESSION_S` seconds."""
        body = f"{int(self.now()) + SESSION_S}.{base64.urlsafe_b64encode(name.encode()).decode()}"
        return f"{body}.{self._mac(body)}"

    def _open(self, value: str) -> str | None:
        body, _, mac = value.rpartition(".")
        if not body or not hmac.compare_digest(mac, self._mac(body)):
            return None
        until, _, name = body.partition(".")
        if int(until) < self.now():
            return None
        return base64.urlsafe_b64decode(name).decode()

    def _mac(self, body: str) -> str:
        return hmac.new(self.secret, body.encode(), hashlib.sha256).hexdigest()

    def _users(self) -> dict[str, str]:
        try:
            changed = self.file.stat().st_mtime
            if changed != self._seen[0]:
                self._seen = (changed, read_users(self.file))
        except OSError as problem:
            raise SettingsError(
                f"The password file {self.file} cannot be read ({problem.strerror}).",
                hint="Set BOT_USERS to a file with one `name:argon2-hash` a line (see docs/hosting.md).",
            ) from problem
        return self._seen[1]


# The hash of a password that nobody has, so that unknown names cost as much time as known ones.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$L9dpJ2wSQxEV0Y2NiJkEyXfGpgpFzgIqpsyhyRjHzXM"


def read_users(file: Path) -> dict[str, str]:
    """Name -> argon2 hash. Blank lines and lines that begin with # do not count; others raise `SettingsError`."""
    users: dict[str, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, hashed = line.strip().partition(":")
        if not name or not hashed.startswith("$argon2"):
            raise SettingsError(
                f"{file}:{number} is not `name:argon2-hash`.",
                hint="Make a line with `mock-interview password NAME`.",
            )
        users[name] = hashed
    return users


def identity_of(settings: Settings) -> Identity:
    """The identity that the settings ask for. Raises `SettingsError`."""
    if settings.auth == "proxy":
        return ProxyHeader(settings.auth_header)
    if settings.auth == "passwords":
        if settings.users is None:
            raise SettingsError(
                "BOT_AUTH is passwords, but BOT_USERS names no file.",
                hint="Set BOT_USERS to a file with one `name:argon2-hash` a line.",
            )
        identity = Passwords(settings.users, secret_of(settings.home))
        identity._users()
        return identity
    return NoSignIn()


def secret_of(home: Path) -> bytes:
    """The key that signs cookies: made once, kept in the data folder, readable by its owner only."""
    file = home / "cookie.key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(secrets.token_bytes(32))
    return file.read_bytes()
