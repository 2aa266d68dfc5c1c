"""The interviewer with a model: phrases one move as a guarded stream, and never lets a failure through.

    material -> prompt of that move -> stream -> sentence buffer -> guard -> the page
                                  caught, cut or down -> once more -> the authored words, marked as fallback

What may enter a prompt is in `Material` and `Scene`, minus `Material.secret`, which only the guard sees.
Texts that must be spoken word for word (`Material.keep`) are added here and not by the model. An opening and a
repetition are spoken as written: everybody gets the same question, and nobody pays for a greeting. Does not
know providers, questions or the log.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.moves import MoveKind
from bot.domain.ports import Delta, Line, Material, Restart, Scene, Spoken
from bot.interview.authored import AuthoredInterviewer
from bot.interview.guard import Guard, SentenceBuffer, without_secrets
from bot.model.errors import ModelFault, Unusable
from bot.model.gateway import Again, Gateway, Piece, caps_from, gateway_from
from bot.model.ledger import NO_CAPS, Caps, Ledger
from bot.model.prompts import PromptBook, Rendered, clip, shipped

if TYPE_CHECKING:
    from bot.settings import Settings

AS_WRITTEN = frozenset({MoveKind.OPEN, MoveKind.REPEAT, MoveKind.LISTEN})
"""Moves that need no model."""
MAX_PROMPT = 6_000
"""Characters of a whole prompt, whatever the candidate does."""

_BECAUSE = {
    "leak": "it gave part of the answer away",
    "two_questions": "it asked more than it may",
    "structure": "it was not plain speech",
    "rubric": "it spoke of how answers are assessed",
    "as_candidate": "it answered in the candidate's place",
    "mark": "it told what you think of the answer",
    "obeyed": "it did what the material asked for instead of your move",
    "out_of_role": "it left the interviewer's role",
    "code": "it contained code",
    "lecture": "it was too long",
    "summary": "it summarised for the candidate",
    "repeat": "it said what was said before",
    "empty": "it said nothing",
}
_LABEL = re.compile(r"^\s*[\"“*_]*(?:interviewer|maya)[\"*_]*\s*:\s*[*_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How much of each part of the scene a prompt carries, in characters."""

    last: int  # the candidate's last message
    line: int  # any other
    lines: int  # how many lines
    code: int
    opening: int
    notes: int


_TIGHTER = (
    _Sizes(last=1_200, line=450, lines=8, code=1_250, opening=450, notes=6),
    _Sizes(last=900, line=300, lines=6, code=1_100, opening=350, notes=4),
    _Sizes(last=700, line=200, lines=4, code=900, opening=250, notes=3),
    _Sizes(last=500, line=160, lines=3, code=600, opening=200, notes=2),
)
"""Tried in this order until the prompt is short enough; the last always is (a test holds that)."""
_ASK, _CLAIM, _PASSAGE, _NEXT, _FACTS, _NOTE = 520, 240, 420, 300, 420, 90


class ModelInterviewer:
    """Implements `bot.domain.ports.Interviewer` over a gateway."""

    def __init__(self, gateway: Gateway, *, prompts: PromptBook | None = None, caps: Caps = NO_CAPS) -> None:
        self._gateway = gateway
        self._prompts = prompts or shipped()
        self._caps = caps
        self._authored = AuthoredInterviewer()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._gateway.name

    async def phrase(
        self, material: Material, scene: Scene
    ) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        """The words of a move. Always ends with `Spoken`; raises only for a wrong setting."""
        if material.move.kind in AS_WRITTEN:
            async with contextlib.aclosing(self._authored.phrase(material, scene)) as words:
                async for item in words:
                    yield item
            return
        ledger = Ledger.after(self._caps, scene.spent, scene.paid)
        gateway = self._gateway.bound(ledger)
        prompt = self.render(material, scene)
        guard = Guard.for_move(material, scene, instructions=prompt.system)
        caught: list[str] = []
        why = trouble = ""
        for _ in range(2):
            draft = _Draft(guard)
            try:
                async with contextlib.aclosing(_spoken(gateway, prompt, draft)) as items:
                    async for item in items:
                        yield item
            except ModelFault as fault:
                why, trouble = fault.kind, "" if isinstance(fault, Unusable) else fault.kind
            if not why and not draft.caught:
                text, rest = _with_keep(draft.said, material.keep)
                if rest:
                    yield Delta(rest)
                yield Spoken(
                    text=text,
                    source="model",
                    guard=tuple(caught),
                    calls=tuple(ledger.records),
                    citations=(material.passage,) if material.passage else (),
                )
                return
            if draft.said:
                yield Restart(why or draft.caught[0])
            caught += draft.caught
            if why:
                break
            prompt = self.render(material, scene, again=_BECAUSE[draft.caught[0]])
        yield Delta(material.authored)
        yield Spoken(
            text=material.authored,
            source="fallback",
            why_fallback=why or f"guard: {', '.join(dict.fromkeys(caught))}",
            guard=tuple(caught),
            calls=tuple(ledger.records),
            citations=(material.passage,) if material.passage else (),
            trouble=trouble,
        )

    # ------------------------------------------------------------------------------------------- prompts

    def render(self, material: Material, scene: Scene, *, again: str = "") -> Rendered:
        """The prompt of a move, as short as it has to be: at most `MAX_PROMPT` characters."""
        name, own = _move_inputs(material, scene)
        prompt = self._prompts.get(f"interviewer_{name}")
        for sizes in _TIGHTER:
            rendered = prompt.render(**_scene_inputs(scene, sizes), **own, again=again)
            if rendered.chars <= MAX_PROMPT:
                break
        return rendered


class _Draft:
    """One attempt at the utterance, sentence by sentence under the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._buffer = SentenceBuffer()
        self.said = ""  # what was shown
        self.caught: tuple[str, ...] = ()

    def feed(self, words: str) -> str:
        """Words that may be shown now; sets `caught` when a sentence may not."""
        return "".join(self._pass(sentence) for sentence in self._buffer.feed(words))

    def finish(self) -> str:
        """The rest of the words, checked as the end of the whole."""
        rest = self._buffer.rest().rstrip()
        if (self.said + rest).count('"') % 2 and rest.endswith('"'):
            rest = rest[:-1]  # the mate of a quote that was taken off the front
        shown = self._pass(rest)
        if not self.caught:
            self.caught = self._guard.check(self.said, whole=True)
            if self.caught:
                return ""
        return shown

    def restart(self) -> bool:
        """Forget everything; whether something had been shown."""
        shown, self.said, self._buffer = bool(self.said), "", SentenceBuffer()
        return shown

    def _pass(self, sentence: str) -> str:
        if self.caught:
            return ""
        if not self.said:
            sentence = _LABEL.sub("", sentence).lstrip().lstrip('"“').lstrip()
        caught = self._guard.check(self.said + sentence)
        if caught:
            self.caught = caught
            return ""
        self.said += sentence
        return sentence


async def _spoken(gateway: Gateway, prompt: Rendered, draft: _Draft) -> AsyncGenerator[Delta | Restart, None]:
    """The sentences of one draft as they pass the guard; stops at the first that does not."""
    async with contextlib.aclosing(gateway.stream(prompt)) as items:
        async for item in items:
            if isinstance(item, Piece):
                if shown := draft.feed(item.text):
                    yield Delta(shown)
                if draft.caught:
                    return
            elif isinstance(item, Again):
                if draft.restart():
                    yield Restart(item.why)
            elif shown := draft.finish():
                yield Delta(shown)


def _with_keep(said: str, keep: str) -> tuple[str, str]:
    """(the whole utterance, what of it was not shown yet)."""
    if not keep:
        return said.strip(), ""
    glue = "\n\n" if len(keep) > 160 or "\n" in keep else " "
    return f"{said.strip()}{glue}{keep}", f"{glue}{keep}"


# --------------------------------------------------------------------------------------------- the inputs


def _move_inputs(material: Material, scene: Scene) -> tuple[str, dict[str, Any]]:
    """Which prompt a move takes, and the inputs that are its own."""
    move = material.move
    match move.kind:
        case MoveKind.PROBE | MoveKind.CHALLENGE:
            kind = "probe" if move.kind is MoveKind.PROBE else "challenge"
            if move.reason in ("twist", "further"):
                kind = move.reason
            return "followup", {
                "ask": clip(material.ask or material.authored, _ASK),
                "kind": kind,
                "claim": clip(material.claim, _CLAIM),
                "passage": clip(_background(material, scene), _PASSAGE),
            }
        case MoveKind.HINT:
            return "hint", {"stuck": move.reason == "stuck", "step": move.hint or 1}
        case MoveKind.CLARIFY:
            say = "" if material.keep else clip(material.ask or material.authored, _ASK)
            return "clarify", {"fact": clip(material.keep, _ASK), "say": say}
        case MoveKind.REDIRECT:
            return "redirect", {"say": clip(material.authored, _ASK)}
        case _:
            to = {MoveKind.PHASE: "phase", MoveKind.WRAP: "wrap", MoveKind.CLOSE: "close"}
            return "bridge", {
                "next": clip(material.keep or material.authored, _NEXT),
                "why": move.reason,
                "to": to.get(move.kind, "question"),
            }


def _background(material: Material, scene: Scene) -> str:
    """The sentences of the cited passage that give nothing away."""
    if material.passage is None:
        return ""
    return without_secrets(material.passage.text, Guard.for_move(material, scene))


def _scene_inputs(scene: Scene, sizes: _Sizes) -> dict[str, Any]:
    return {
        "round": scene.round.label,
        "round_id": scene.round.value,
        "level": scene.level.value,
        "style": clip(scene.loop, 40),
        "mode": scene.mode.value,
        "opening": clip(scene.question_opening or scene.question_title, sizes.opening),
        "notes": tuple(clip(" ".join(note.split()), _NOTE) for note in scene.notes[-sizes.notes :]),
        "lines": _lines(scene.lines, sizes),
        "code": clip(scene.code.strip(), sizes.code, "middle"),
        "facts": clip(code_line(scene.code_facts), _FACTS),
        "diagram": clip(scene.diagram.strip(), sizes.code // 2) if not scene.code else "",
        "minutes_left": int(scene.minutes_left),
    }


def _lines(lines: tuple[Line, ...], sizes: _Sizes) -> tuple[Line, ...]:
    """The newest lines, each cut to its size. The window moves in steps of four turns, so that the prompts of
    neighbouring turns begin alike and a provider's cache can reuse them."""
    kept = list(lines[-sizes.lines :])
    while len(kept) > sizes.lines - 3 and kept[0].turn % 4 != 1:
        kept.pop(0)
    last = max((i for i, line in enumerate(kept) if line.speaker == "candidate"), default=-1)
    return tuple(
        Line(line.turn, line.speaker, clip(line.text, sizes.last if i == last else sizes.line, "middle"))
        for i, line in enumerate(kept)
    )


def code_line(facts: Mapping[str, object] | None) -> str:
    """What an interviewer may know of a run: counts and the verdict, never a hidden case or its input."""
    if not facts:
        return ""
    words = [f"Last run: {facts.get('verdict', 'unknown')}"]
    visible = facts.get("visible")
    if isinstance(visible, list | tuple) and visible:
        passed = sum(1 for case in visible if isinstance(case, Mapping) and case.get("verdict") == "accepted")
        words.append(f"{passed} of {len(visible)} visible examples pass")
    hidden = facts.get("hidden")
    if isinstance(hidden, Mapping) and hidden.get("total"):
        words.append(f"{hidden.get('passed', 0)} of {hidden['total']} further tests pass")
        if hidden.get("first_failure"):
            words.append(f"the first of them that fails: {hidden['first_failure']}")
    return "; ".join([*words, *_growth_words(facts.get("growth")), *_seen_words(facts.get("facts"))])


def _growth_words(growth: object) -> list[str]:
    """The measured growth, and how sure it is."""
    if not isinstance(growth, Mapping) or not growth.get("plausible"):
        return []
    sure = "measured growth" if growth.get("certain") else "measured growth, not certain"
    found = " or ".join(str(big) for big in growth["plausible"])
    return [f"{sure}: {found}, asked: {growth.get('required')}"]


def _seen_words(facts: object) -> list[str]:
    """Counts and names out of `bot.coding.CodeFacts`; of the candidate's own text only identifiers."""
    if not isinstance(facts, Mapping):
        return []
    words = []
    error = str(facts.get("error") or "").partition(":")[0]
    if error.isidentifier():
        words.append(f"first error {error[:40]} in line {facts.get('error_line') or '?'}")
    if facts.get("forbidden"):
        words.append(f"uses what is forbidden: {', '.join(facts['forbidden'])}")
    if facts.get("own_cases"):
        held = f"{facts.get('predictions_right', 0)} of {facts.get('predictions', 0)} predictions held"
        words.append(f"ran {facts['own_cases']} own cases, {held}")
    tests = facts.get("own_tests")
    if isinstance(tests, Mapping) and (tests.get("asserts") or tests.get("test_functions")):
        words.append(
            f"wrote {tests.get('asserts', 0)} asserts, {tests.get('test_functions', 0)} test functions"
        )
    changes = facts.get("changes")
    if isinstance(changes, Mapping) and (changes.get("added") or changes.get("removed")):
        where = ", ".join(str(name) for name in changes.get("functions") or ())[:60]
        words.append(
            f"since you last spoke +{changes.get('added')} -{changes.get('removed')} lines"
            + (f", in {where}" if where else "")
        )
    return words


def model_interviewer(settings: Settings) -> ModelInterviewer:
    """The interviewer over the model that the settings name. Calls nobody. Raises `SettingsError`."""
    return ModelInterviewer(gateway_from(settings), caps=caps_from(settings))
