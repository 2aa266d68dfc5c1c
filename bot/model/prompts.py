"""Prompts as files: front matter, two Jinja blocks, strict variables, and a hash that says what was sent.

A prompt file (`prompts/calls/*.md`) is YAML front matter between `---` lines, then a Jinja template with the
blocks `system` and `user`. Files whose name starts with `_` are parts that others extend or include; they
have no front matter. Two filters are for text that we did not write: `fence(tag)` puts it between tags that
it cannot close, `clip(n)` bounds it. This module does not know what any prompt says, nor any model.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from bot.domain.base import Value
from bot.errors import ContentError
from bot.resources import prompts_dir

PromptId = str


class Params(Value):
    """How the model is to be called. Providers that lack one of these ignore it (see `bot.model.providers`)."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int = Field(default=600, ge=1, le=16_000, description="cap on the reply, in tokens")
    reasoning: Literal["none", "low", "medium", "high"] = Field(
        default="none", description="how much a reasoning model may think before it answers"
    )


class FrontMatter(Value):
    """The head of a prompt file."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="equals the file's name without .md")
    version: int = Field(ge=1, description="raise it when the meaning changes")
    purpose: str = Field(default="", description="one line for people")
    inputs: dict[str, str] = Field(description="every variable of the template, and what it is")
    params: Params = Params()
    output: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt ready to send. `hash` is the sha256 of the template that made it (parts and params included)."""

    id: PromptId
    version: int
    hash: str
    system: str
    user: str
    params: Params = field(default_factory=Params)
    output: Literal["text", "json"] = "text"

    @property
    def chars(self) -> int:
        """Characters of both messages: the unit in which prompts are bounded."""
        return len(self.system) + len(self.user)

    @property
    def text(self) -> str:
        """Both messages as one text, as a provider's prefix cache sees them."""
        return f"{self.system}\n\n{self.user}"


@dataclass(frozen=True)
class Prompt:
    """One prompt file. `render` is the only thing to do with it."""

    head: FrontMatter
    hash: str
    file: Path
    _chain: tuple[Any, ...]  # the template, the one it extends, and so on

    @property
    def id(self) -> PromptId:
        """The prompt's id."""
        return self.head.id

    def render(self, **inputs: object) -> Rendered:
        """The two messages for these inputs.

        Every declared input must be given and nothing else, so that a forgotten variable is found here and
        not in a model's odd answer. Raises `ContentError`.
        """
        from jinja2 import TemplateError

        if wrong := set(inputs) ^ set(self.head.inputs):
            missing = sorted(wrong & set(self.head.inputs))
            unknown = sorted(wrong - set(self.head.inputs))
            raise ContentError(
                f"prompt {self.id!r}: missing inputs {missing}, unknown inputs {unknown}", file=self.file.name
            )
        try:
            system, user = (self._block(name, inputs) for name in ("system", "user"))
        except TemplateError as exc:
            raise ContentError(f"prompt {self.id!r}: {exc}", file=self.file.name) from exc
        return Rendered(
            self.head.id, self.head.version, self.hash, system, user, self.head.params, self.head.output
        )

    def _block(self, name: str, inputs: Mapping[str, object]) -> str:
        context = self._chain[0].new_context(dict(inputs))
        for parent in self._chain[1:]:  # a child's block stands first; `super()` finds the parent's after it
            for block, function in parent.blocks.items():
                context.blocks.setdefault(block, []).append(function)
        if name not in context.blocks:
            return ""
        text = "".join(context.blocks[name][0](context))
        return re.sub(r"\n{3,}", "\n\n", text).strip()


class PromptBook:
    """All prompts of a folder. Each is checked when it is first asked for; `check` asks for all."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or prompts_dir() / "calls"
        self._sources = {p.name: _read(p) for p in sorted(self.folder.glob("*.md"))}
        self._environment = _environment(self._sources)
        self._prompts: dict[PromptId, Prompt] = {}

    def ids(self) -> tuple[PromptId, ...]:
        """The ids of all prompts, sorted."""
        return tuple(sorted(name[:-3] for name in self._sources if not name.startswith("_")))

    def check(self) -> None:
        """Load every prompt. Raises `ContentError` at the first that is wrong."""
        for prompt_id in self.ids():
            self.get(prompt_id)

    def get(self, prompt_id: PromptId) -> Prompt:
        """The prompt of that id. Raises `ContentError` that lists the known ones."""
        if prompt_id not in self._prompts:
            if prompt_id not in self.ids():
                raise ContentError(
                    f"there is no prompt {prompt_id!r}",
                    file=self.folder.name,
                    hint=f"Known: {', '.join(self.ids())}.",
                )
            self._prompts[prompt_id] = self._load(f"{prompt_id}.md")
        return self._prompts[prompt_id]

    def _load(self, name: str) -> Prompt:
        from jinja2 import TemplateError, meta

        head_text, _ = self._sources[name]
        file = self.folder / name
        try:
            head = FrontMatter.model_validate(yaml.safe_load(head_text) or {})
        except (yaml.YAMLError, ValidationError) as exc:
            raise ContentError(f"front matter: {exc}", file=name, line=1) from exc
        if head.id != name[:-3]:
            raise ContentError(f"the id is {head.id!r} but the file is named {name}", file=name, field="id")
        try:
            parts = _parts(name, self._sources)
            used: set[str] = set()
            for part in parts:
                used |= meta.find_undeclared_variables(self._environment.parse(self._sources[part][1]))
            chain = [self._environment.get_template(part) for part in _lineage(name, self._sources)]
        except TemplateError as exc:
            raise ContentError(f"{exc}", file=name) from exc
        if used != set(head.inputs):
            raise ContentError(
                f"inputs do not fit the template: undeclared {sorted(used - set(head.inputs))}, "
                f"unused {sorted(set(head.inputs) - used)}",
                file=name,
                field="inputs",
            )
        if not any("user" in template.blocks for template in chain):
            raise ContentError("the template has no block named `user`", file=name)
        digest = hashlib.sha256()
        digest.update(json.dumps(head.model_dump(exclude={"purpose"}), sort_keys=True).encode())
        for part in parts:
            digest.update(f"\n--- {part}\n{self._sources[part][1]}".encode())
        return Prompt(head, digest.hexdigest(), file, tuple(chain))


@lru_cache(maxsize=1)
def shipped() -> PromptBook:
    """The project's own prompts, read once per process."""
    return PromptBook()


def front_matter_schema() -> dict[str, Any]:
    """JSON Schema of the front matter, for editors (kept in prompts/schema/call.json)."""
    schema = FrontMatter.model_json_schema()
    schema["title"] = "Front matter of a prompt file"
    return schema


def _read(path: Path) -> tuple[str, str]:
    """Front matter text and body. Line ends are normalised, so that the hash is the same on every system."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    if path.name.startswith("_"):
        return "", text
    match = re.match(r"---\n(.*?)\n---\n(.*)\Z", text, re.DOTALL)
    if match is None:
        raise ContentError(
            "the file must begin with front matter between two `---` lines", file=path.name, line=1
        )
    return match.group(1), match.group(2)


_REFERENCE = re.compile(r"{%-?\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")


def _parts(name: str, sources: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """The file and everything that it extends or includes, in the order in which they are first reached."""
    seen: dict[str, None] = {}

    def visit(part: str, via: str) -> None:
        if part not in sources:
            raise ContentError(f"refers to {part!r}, which is not in this folder", file=via)
        if part in seen:
            return
        seen[part] = None
        for found in _REFERENCE.findall(sources[part][1]):
            visit(found, part)

    visit(name, name)
    return tuple(seen)


_EXTENDS = re.compile(r"{%-?\s*extends\s+[\"']([^\"']+)[\"']")


def _lineage(name: str, sources: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """The file, the one it extends, the one that extends, and so on."""
    chain = [name]
    while found := _EXTENDS.search(sources[chain[-1]][1]):
        if found.group(1) in chain:
            raise ContentError("extends itself", file=name)
        chain.append(found.group(1))
    return tuple(chain)


_TAGS = re.compile(r"\bfence\(\s*[\"']([a-z][\w-]*)[\"']|</?([a-z][\w-]*)>")
_ROLES = frozenset({"system", "user", "assistant", "candidate", "interviewer", "instructions"})
"""Tags that nobody else's text may open or close, whichever prompt it stands in; a prompt's own tags are added."""


def _environment(sources: Mapping[str, tuple[str, str]]) -> Any:
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FunctionLoader(lambda name: sources[name][1] if name in sources else None),
        undefined=StrictUndefined,
        autoescape=False,  # prompts are plain text
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    tags = _ROLES | frozenset(
        tag for _, body in sources.values() for found in _TAGS.findall(body) for tag in found if tag
    )
    environment.filters["fence"] = lambda text, tag: fence(text, tag, tags)
    environment.filters["clip"] = clip
    return environment


# ------------------------------------------------------------------------------------------------ filters

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_LESS = "<\uff1c\ufe64\u2039\u27e8\u3008"


def fence(text: object, tag: str, others: frozenset[str] = frozenset()) -> str:
    """Untrusted text between `<tag>` and `</tag>`, which nothing inside it can close or fake.

    Invisible characters go (they hide instructions and split tags); inside, an opening or closing tag of this
    or of any `others` fence gets another bracket.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", tag):
        raise ValueError(f"a fence is named by a lower-case word, not {tag!r}")
    clean = _INVISIBLE.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))
    names = "|".join(sorted(map(re.escape, others | {tag}), key=len, reverse=True))
    # The bracket is replaced wherever a tag's name follows it, however it is spaced, slashed or cased.
    clean = re.sub(
        rf"[{_LESS}](?=[\s/\\\uff0f\u2215\u2044]*(?:{names})(?![a-z0-9]))", "(", clean, flags=re.IGNORECASE
    )
    return f"<{tag}>\n{clean.strip()}\n</{tag}>"


def clip(text: object, n: int, where: Literal["end", "middle", "start"] = "end") -> str:
    """At most `n` characters of the text; what was cut (the end, the middle or the start) leaves a mark."""
    words = str(text)
    if len(words) <= n:
        return words
    mark = " […] "
    room = n - len(mark)
    if room <= 0:
        return words[: max(0, n)]
    if where == "start":
        return (mark + words[len(words) - room :]).lstrip()[:n]
    if where == "middle":
        tail = room // 3
        return words[: room - tail] + mark + words[len(words) - tail :]
    cut = words[:room]
    space = cut.rfind(" ")
    if space > room * 0.8:
        cut = cut[:space]
    return (cut.rstrip() + mark).rstrip()


def main() -> None:
    """Write the schema of the front matter to prompts/schema/call.json."""
    file = prompts_dir() / "schema" / "call.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(front_matter_schema(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
