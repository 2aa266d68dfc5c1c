"""What a message obviously wants, told by rule and without a model: a hint, a repeat, the next question, the end.

Careful on purpose: a message that might be an answer is an answer. Does not judge content.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.domain.judgement import Intent
from bot.scoring.lexicon import FOREIGN_GLUE

_SHORT = 14
"""Requests are short; a longer message that mentions a hint is an answer."""

_RULES: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, re.I))
    for intent, pattern in (
        (Intent.STOP, r"^((can|could) we )?(stop|end|finish|quit)( the)?( interview| round| here| now)?$"),
        (Intent.STOP, r"\b(i(?: would|'d) like|i want|let'?s|let us) (to )?(stop|end|finish)( the interview| the round| here| now)$"),
        (Intent.SKIP, r"^((can|could) we |let'?s |let us |i(?: would|'d) like to |i want to )?(skip|pass)( (this|that|it|the question|this one|this question|on this|on this one))*$"),
        (Intent.SKIP, r"^(sorry,? |ok(ay)?,? |hmm,? |maybe )?(can|could|may|shall|let'?s|let us|i'?d (like|rather|prefer)|i would (like|rather|prefer)|i want)\b.{0,20}\b(come|get|go) back to (that|this|it|that one|this one|the question|this question)( later| afterwards| at the end| in a (bit|moment))?$"),
        (Intent.WAIT, r"^((ok(ay)?|hmm+|um+|uh+|well|so|sure|please|sorry|mhm|hm|alright|fine|i see|got it|thanks|thank you)[,.]? ?)+$"),
        (Intent.WAIT, r"^(hmm+,? |ok(ay)?,? |sorry,? |please )*((let|give) me (a |one )?(think|sec|second|moment|minute)( about (it|that|this))?|(wait|hold on|hang on|one (moment|second|sec|minute)|just a (moment|second|sec|minute)|a (moment|second|minute))( please)?|i'?m (still )?thinking|thinking|let me (think|see)( for a (second|moment|minute|bit))?)$"),
        (Intent.CONFUSED, r"^(sorry,? |hmm,? |honestly,? |ok(ay)?,? |so,? |wait,? |well,? |but )*(what$|huh$|excuse me$|i (really |honestly )?(don'?t|do not) (really |quite |fully )?(understand|get|follow)\b|i'?m (not sure (i|that i) (understand|follow|get)\b|confused|not following)|(what|what do|do) you mean( by (that|this|it|your question|the question))?$|(can|could) you (please )?(explain|clarify|elaborate( on)?|say|put|reword|rephrase)( (that|this|it|the question|your question|differently|another way|again|a (bit|little)( more)?|what you mean))*$)"),
        (Intent.SKIP, r"^((can|could) we |let'?s |let us )?(move on|go on|next|next question|the next question)( to the next( question| one)?)?$"),
        (Intent.HINT, r"\b(a|another|some|the next|any) hints?\b|^hint$|\b(give|need|want|use|take) (me )?(a |the )?hint\b"),
        (Intent.HINT, r"^(i'?m|i am) (completely |totally |a bit |really )?(stuck|lost)( here| now)?(,? (can|could) you help( me)?)?$|^(can|could) you help( me)?$"),
        (Intent.REPEAT, r"\b(repeat|say) (that|it|the question|your question)?( again)?$|^(sorry,? )?(what was the question|come again|pardon|again please)( again)?$"),
        (Intent.DONE, r"^(ok(ay)?,? )?(i'?m|i am|that'?s|that is|it'?s) (done|finished|it|all|my answer|ready)( now| here| from me| with (this|it|the code))?$"),
        (Intent.DONT_KNOW, r"^(sorry,? |hmm,? |honestly,? |no,? )*(i )?(really |honestly |just )?(don'?t|do not) (know|remember|have an? (idea|answer))( (that|this|it|the answer|this one|that one|how|at all|sorry))*$"),
        (Intent.DONT_KNOW, r"^(sorry,? |hmm,? )*(no idea|not sure|no clue|idk|i have no (idea|clue)|i(?:'m| am) not sure|can'?t remember|i forgot)( (at all|about (this|that)( one)?|sorry))*$"),
    )
)  # fmt: skip
_COMMON = frozenset({"the", "is", "and", "of", "to", "that", "it", "with", "for", "would", "are", "not"})
"""Words that hardly an English sentence does without, and that no other language uses much."""
_ASKS = re.compile(
    r"^(so,? |and |but |ok(ay)?,? |sure,? |one question:? |before i (start|begin),? )*"
    r"(what|which|how|is|are|can|could|may|should|do|does|will|would|when|where|who|am|any|shall|did|has|have)\b",
    re.I,
)


Tone = Literal["orders", "answer", "mark", "opinion", "rude", "language", ""]

_LEAD = r"^(so|and|but|ok(ay)?|hmm+|well|sorry|please|hey|then|wait|honestly|maya)?[,. ]*"
_ORDER = r"(?:^|[,.!:] ?|\b(?:please|just|you|now|and|must|should) )"
_TONES: tuple[tuple[Tone, re.Pattern[str]], ...] = (
    ("orders", re.compile(_ORDER + r"(ignore|disregard|forget|override)\b.{0,30}\b(instructions?|rules?|prompt|(everything|all|what)( \w+)? (previous|above|before))\b|\b(what|show|reveal|print|repeat|give|tell)\b.{0,20}\b(system|hidden|secret|initial) (prompt|instructions?)\b|\byou are now\b|\b(developer|debug|admin|god) mode\b|\bas the (grader|judge|interviewer|examiner)\b", re.I)),
    ("answer", re.compile(_ORDER + r"(tell|give|show|send)( me)?( just| simply)?( the| a| your)?( right| correct| full| model| reference| sample| perfect)* (answer|solution)\b|" + _LEAD + r"what('?s| is| was| would be)( the| a)?( right| correct| full| model| reference)* (answer|solution)\b|" + _ORDER + r"(tell|give) me\b(?=\W*$)|" + _LEAD + r"(can|could|will|would) you (just )?(answer|solve) (it|this|that|the question)\b", re.I)),
    ("mark", re.compile(r"\b(what('?s| is| was)|tell me|show me|give me) (my|the|a) (score|grade|mark|rating|rubric|perfect score|full marks)\b|" + _LEAD + r"(did i pass|am i (doing (well|ok|okay)|hired|passing|right|correct|wrong|on the right track)|(is|was) (that|this|it|my answer) (right|correct|wrong|ok|okay|good|enough|what you want(ed)?)|how am i doing|how did i do|does (that|this|it) (make sense|sound (right|good|ok|okay)))( so far| now| to you)?\W*$", re.I)),
    ("opinion", re.compile(_LEAD + r"(what do you think|what('?s| is) your (opinion|view|take)|do you agree|(what|which one|which) would you (do|say|choose|pick|use|answer|take))( about (it|that|this))?( here| instead| then)?( with (me|that))?\W*$", re.I)),
    ("rude", re.compile(r"\b(fuck|bullshit|asshole|idiots?|moron|shut up|screw you)\b|\byou('?re| are)( so| such| really| just| a| an| completely| totally)* (useless|stupid|dumb|ridiculous|terrible|awful|idiotic|annoying|joke|bad interviewer|worst)\b|\b(this|what an?|such an?)( is| was| question is| interview is)?( so| such| really| just| a| an| completely| totally)* (useless|stupid|dumb|ridiculous|idiotic|joke|waste of time)( question| interview| thing)?[.!]*$|\bi hate (you|this)\b", re.I)),
)  # fmt: skip
_BESIDE = 8
"""Words that may stand beside such a remark ("please, I need this job"); with more there is an answer in it."""


def tone_of(text: str) -> Tone:
    """What a message is, where it is neither an answer nor a request that can be met; empty when it may be one."""
    message = re.sub(r"\s+", " ", text.replace("’", "'")).strip()
    sentences = [s for s in re.split(r"(?<=[.!?])\s+", message) if s]
    for tone, pattern in _TONES:
        beside = [s for s in sentences if not pattern.search(s)]
        if len(beside) < len(sentences) and sum(len(s.split()) for s in beside) <= _BESIDE:
            return tone
    return "language" if _foreign(message) else ""


def _foreign(message: str) -> bool:
    """Whether a message is plainly in another language. Careful: a list of technical terms is none."""
    if sum(c.isalpha() and not c.isascii() for c in message) > sum(map(str.isalpha, message)) / 2:
        return True
    words = re.findall(r"[^\W\d_]+", message.lower())
    glue = sum(word in FOREIGN_GLUE for word in words)
    return len(words) >= 4 and glue >= 2 and glue >= 0.2 * len(words) and _COMMON.isdisjoint(words)


def intent_of(text: str) -> Intent:
    """The intent of a candidate's message; `ANSWER` in every case of doubt.

    `CLARIFY` means only "one or two short questions"; the judge decides whether there is an answer in it as well.
    """
    message = re.sub(r"\s+", " ", text.replace("’", "'")).strip()
    bare = re.sub(r"^please |,? please$", "", message.rstrip(".!?… "), flags=re.I)
    if not any(map(str.isalnum, bare)):
        return Intent.WAIT
    if tone := tone_of(message):
        return Intent.OFF_TOPIC if tone in ("rude", "language") else Intent.SCORE_TALK
    if len(bare.split()) <= _SHORT:
        for intent, pattern in _RULES:
            if pattern.search(bare):
                return intent
    if message.endswith("?") and len(message.split()) <= 45:
        sentences = [s for s in re.split(r"(?<=[.!?])\s+", message) if s]
        if all(_ASKS.match(s) and s.endswith("?") for s in sentences):
            return Intent.CLARIFY
    return Intent.ANSWER
