"""What one line of a page looks like, apart from its place: words, sentences, prose or code, boilerplate by wording.

Pure; knows nothing of the lines around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.phrases import phrases, words_of

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
BULLET = re.compile(r"^\s*(?:[•·▪◦‣*–-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|#{1,6}|[ivx]{1,4}\.)\s+\S", re.IGNORECASE)
_CODE = re.compile(
    r"^(?:>>>|\.\.\.|\$ |% |//|/\*|def |class |import |from \w+ import|return\b|if \(|for \(|#include|@\w+$)"
    r"|^[)\]}]+[;,]?$|[{};]\s*$|\w\(.*\)\s*[:;{]?$|^\s*[\w.]+\[.*\]|</?\w+>|\b\w+_\w+\(|--\w+|\w::\w"
    r"|(?:^|\s)[\w.\[\]]+ ?(?:=|\+=|->|=>|:=|==) ?\S"
    r"|^[│├└]|^\[[\w.-]+\]$|^(?:- )?[a-z][a-z_-]+:(?: [\w.@/${}-]+)?$"
    r"|^(?:for|while|if|elif|with|except)\b.*:$|^(?:else|try|finally):$|^(?:raise|yield|assert|global|lambda)\b"
)
_TERMINAL = re.compile(r"[.!?…。！？:;][\"'”’»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’»)\]]*(?:\s|$)")
TRUNCATED = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])$")
#: words that glue prose together; their share tells sentences from lists of names (several European languages)
_GLUE = words_of(
    """
    the a an of to in and is was are were be been it its that this these those for on with as by at from or but not
    have has had he she they we you i his her their our your my which who what when where how than then there so if
    would could can will may said about into out up more also after over just because while do does did no all one
    some only other such
    der die das und ist nicht ein eine zu den von mit sich des auf für im dem auch es als wird sind hat
    le la les des et est un une dans que qui pour pas sur au avec ce il elle sont plus du se
    el los las del y en es por con para su al lo como más pero sus
    di che e non per sono della da si alla o os um uma não em na dos
    de het een van dat niet op te zijn och att det som på är av för med
    и в не на что с по как это из за для от до его она они мы был было были который уже при или но к у о
    """
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one line looks like, apart from its place."""

    n: int
    text: str
    flat: str  # white space collapsed
    words: int
    glue: float  # share of glue words
    sentences: int
    terminal: bool
    bullet: bool
    code: bool
    why: str  # boilerplate wording, or ""

    @property
    def prose(self) -> bool:
        """Reads like a sentence of an article."""
        if self.words >= 25:
            return self.glue >= 0.12 or self.sentences >= 2 or self.terminal
        return self.words >= 8 and self.terminal and (self.glue >= 0.15 or self.sentences >= 2)


def row_of(n: int, line: str) -> Row:
    flat = " ".join(line.split())
    found = _WORD.findall(flat)
    wide = sum(1 for char in flat if ord(char) >= 0x2E80)
    words = max(len(found), wide // 2)
    glue = sum(1 for word in found if word.lower() in _GLUE) / len(found) if found else 0.0
    return Row(
        n=n,
        text=line,
        flat=flat,
        words=words,
        glue=glue if wide * 2 < len(flat) else 0.3,
        sentences=len(_SENTENCE_END.findall(flat)),
        terminal=bool(_TERMINAL.search(flat)),
        bullet=bool(BULLET.match(line)),
        code=bool(_CODE.search(flat)),
        why=wording(flat, words),
    )


def boilerplate(line: str) -> str:
    """Why this line, wherever it stands, is boilerplate; "" when its wording does not tell."""
    flat = " ".join(line.split())
    return wording(flat, len(_WORD.findall(flat)))


def wording(flat: str, words: int) -> str:
    return phrases().why(flat.lower(), words)


def normal(flat: str) -> str:
    return " ".join(_WORD.findall(flat.lower())) or flat


def content(flat: str) -> set[str]:
    """The words that carry meaning, cut to five letters so that inflections agree."""
    return {word[:5] for word in _WORD.findall(flat.lower()) if len(word) > 2 and word not in _GLUE}


def head_of(row: Row) -> str:
    """Which kind of box a line opens: "end", "comments", "label", or "" when it opens none."""
    if row.words > 18 or row.bullet or row.flat.endswith((".", ",", ";")):
        return ""
    low = row.flat.lower()
    for name in ("comments", "end", "label"):
        if getattr(phrases(), name).fullmatch(low):
            return name
    return ""
