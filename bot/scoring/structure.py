"""Structure of an answer that can be told without understanding it: parts of a story, own role, numbers, reasons.

These are facts about form. They feed the structure report of a behavioural round and say nothing about whether what
was said is good or true.
"""

from __future__ import annotations

import re

from bot.scoring.text import Document

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|spring|summer|autumn|fall|winter|q[1-4])"
)
_SITUATION = re.compile(
    r"\b(?:at the time|back then|last (?:year|month|summer|winter|spring|autumn|fall|quarter)"
    rf"|(?:in|since|during|by|until|around) (?:early |late |mid[- ])?(?:{_MONTH} )?(?:of )?(?:19|20)\d\d"
    rf"|in (?:early |late |mid[- ])?{_MONTH}\b(?! i\b)"
    r"|(?:\w+ )?(?:months?|years?|weeks?) ago|when (?:i|we) (?:was|were|joined|started|had|worked|launched)|"
    r"we (?:were|ran|owned)|we had (?:a|an|the|our|no|just|about|around|some|two|three|four|five|\d+) (?!feeling|sense"
    r"|right|chance|duty|opinion|belief)|our (?:team|company|product|group|service) (?!should|would|must|can|needs)"
    r"|at my (?:last|previous|former|current)|"
    r"(?:during|in) my (?:last|previous|first|time|internship|thesis|phd|master)|i was (?:working|on|in|a|the"
    r"|responsible))\b"
)
_TASK = re.compile(
    r"\b(?:my (?:task|job|role|responsibility|goal|part|assignment)|i was (?:asked|responsible|in charge"
    r"|supposed|tasked|"
    r"given|the one)|i had to|i needed to|i owned|the goal was|we needed to|we had to|it was (?:up to|on) me)\b"
)
_ACTION = re.compile(
    r"\bi (?:then |first |also |finally |next |therefore |just |personally |simply )?(?:\w+ed|wrote|built|ran|took"
    r"|made|"
    r"chose|went|began|led|set|put|gave|got|found|told|brought|thought|drew|sent|cut|kept|held|split|met|spoke|taught|fought)\b"
)
_RESULT = re.compile(
    r"\b(?:as a result|in the end|eventually|the result|the outcome|this led to|that led to|so that|which (?:cut|saved|"
    r"raised|reduced|improved|lowered|increased)|(?:dropped|fell|rose|went|increased|decreased|improved|grew|shrank|"
    r"reduced|cut|halved|doubled|saved|took|brought|got|came|moved|is|are|was|were) (?:[\w.,%]+ ){0,5}"
    r"(?:from|by|down to|up to|now|instead of) (?:about |around |under |over )?\W?\d+"
    r"|from (?:about |around )?\W?\d[\d.,]*(?: ?%| \w+){0,2} to (?:about |around |under |over )?\W?\d+"
    r"|(?:dropped|fell|rose|increased|decreased|improved|grew|shrank|halved|doubled|saved) (?:\w+ ){0,4}(?:from|by|to)"
    r"|we (?:shipped|launched|released)"
    r"|it (?:worked|shipped|"
    r"went live)|has been|still (?:runs|in use|used))\b"
)
_LESSON = re.compile(
    r"\b(?:i (?:\w+ )?(?:learned|learnt|realised|realized)|lesson|since then|from then on|ever since|next time|"
    r"in hindsight|looking back|i would (?:now|do|have)|these days i|now i (?:always|never)|today i)\b"
)
_REASON = re.compile(
    r"\b(?:because|since|so that|therefore|in order to|the reason|which is why|due to|that is why)\b"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:i would|i'd|you should|one should|in general|generally|usually|i think you|i always)\b"
)
_OPINION = re.compile(
    r"^\W*(?:(?:well|so|and|but|honestly|personally|in general),? )*"
    r"(?:i (?:think|believe|feel|guess|suppose|would|'d)|in my opinion|you should|one should|if (?:i|we|you)\b)"
)
"""Beginnings of sentences that say what somebody thinks or would do; "I thought" and "I felt" tell what happened."""
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)?")
_UNSURE = re.compile(
    r"\b(?:i am not sure|i'm not sure|not certain|i don't know|i do not know|i would have to check|if i remember)\b"
)


def signals(document: Document) -> dict[str, float]:
    """Counts by name; every value is a plain number, equal texts give equal values."""
    sentences = document.sentences
    words = [t.word for t in document.tokens]
    return {
        "sentences": float(len(sentences)),
        "words": float(len(words)),
        "questions": float(sum(s.is_question for s in sentences)),
        "first_person": float(sum(w in ("i", "my", "me", "mine", "myself") for w in words)),
        "team_person": float(sum(w in ("we", "our", "us") for w in words)),
        "numbers": float(sum(len(_NUMBER.findall(s.folded)) for s in sentences)),
        "reasons": _count(_REASON, document),
        "unsure": _count(_UNSURE, document),
        "situation": _told(_SITUATION, document),
        "task": _count(_TASK, document),
        "action": _count(_ACTION, document),
        "result": _told(_RESULT, document),
        "lesson": _count(_LESSON, document),
        "hypothetical": _count(_HYPOTHETICAL, document),
    }


def _count(pattern: re.Pattern[str], document: Document) -> float:
    return float(sum(bool(pattern.search(s.folded)) for s in document.sentences))


def _told(pattern: re.Pattern[str], document: Document) -> float:
    """As `_count`, without sentences that hold an opinion or a hypothesis instead of something that happened."""
    said = [s for s in document.sentences if not _OPINION.search(s.folded)]
    return float(sum(bool(pattern.search(s.folded)) for s in said))
