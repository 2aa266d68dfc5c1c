"""What a message obviously wants, told by rule and without a model: a hint, a repeat, the next question, the end.

Careful on purpose: a message that might be an answer is an answer. Does not judge content.
"""

from __future__ import annotations

import re

from bot.domain.judgement import Intent

_SHORT = 14
"""Requests are short; a longer message that mentions a hint is an answer."""

_RULES: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, re.I))
    for intent, pattern in (
        (Intent.STOP, r"^((can|could) we )?(stop|end|finish|quit)( the)?( interview| round| here| now)?$"),
        (Intent.STOP, r"\b(i(?: would|'d) like|i want|let'?s|let us) (to )?(stop|end|finish)( the interview| the round| here| now)$"),
        (Intent.SKIP, r"^((can|could) we |let'?s |let us |i(?: would|'d) like to |i want to )?(skip|pass)( (this|that|it|the question|this one|this question|on this|on this one))*$"),
        (Intent.SKIP, r"^((can|could) we |let'?s |let us )?(move on|go on|next|next question|the next question)( to the next( question| one)?)?$"),
        (Intent.HINT, r"\b(a|another|some|the next|any) hints?\b|^hint$|\b(give|need|want|use|take) (me )?(a |the )?hint\b"),
        (Intent.HINT, r"^(i'?m|i am) (completely |totally |a bit |really )?(stuck|lost)( here| now)?(,? (can|could) you help( me)?)?$|^(can|could) you help( me)?$"),
        (Intent.REPEAT, r"\b(repeat|rephrase|say) (that|it|the question|your question)?( again)?$|^(sorry,? )?(what was the question|come again|pardon|again please)( again)?$"),
        (Intent.DONE, r"^(ok(ay)?,? )?(i'?m|i am|that'?s|that is|it'?s) (done|finished|it|all|my answer|ready)( now| here| from me| with (this|it|the code))?$"),
        (Intent.DONT_KNOW, r"^(sorry,? |hmm,? |honestly,? |no,? )*(i )?(really |honestly |just )?(don'?t|do not) (know|remember|have an? (idea|answer))( (that|this|it|the answer|this one|that one|how|at all|sorry))*$"),
        (Intent.DONT_KNOW, r"^(sorry,? |hmm,? )*(no idea|not sure|no clue|idk|i have no (idea|clue)|i(?:'m| am) not sure|can'?t remember|i forgot)( (at all|about (this|that)( one)?|sorry))*$"),
        (Intent.SCORE_TALK, r"\b(what('?s| is| was)|tell me|show me|give me) (my|the|a) (score|grade|mark|rating|rubric|perfect score|full marks|model answer|right answer|correct answer|solution)\b"),
        (Intent.SCORE_TALK, r"\b(did i pass|am i (doing well|hired|passing)|is (that|this|it) (right|correct)|was (that|it) (right|correct)|how am i doing)\b"),
    )
)  # fmt: skip
_ASKS = re.compile(
    r"^(so,? |and |but |ok(ay)?,? |sure,? |one question:? |before i (start|begin),? )*"
    r"(what|which|how|is|are|can|could|may|should|do|does|will|would|when|where|who|am|any|shall|did|has|have)\b",
    re.I,
)


def intent_of(text: str) -> Intent:
    """The intent of a candidate's message; `ANSWER` in every case of doubt.

    `CLARIFY` means only "one or two short questions"; the judge decides whether there is an answer in it as well.
    """
    message = re.sub(r"\s+", " ", text.replace("’", "'")).strip()
    bare = re.sub(r"^please |,? please$", "", message.rstrip(".!?… "), flags=re.I)
    if len(bare.split()) <= _SHORT:
        for intent, pattern in _RULES:
            if pattern.search(bare):
                return intent
    if message.endswith("?") and len(message.split()) <= 45:
        sentences = [s for s in re.split(r"(?<=[.!?])\s+", message) if s]
        if all(_ASKS.match(s) and s.endswith("?") for s in sentences):
            return Intent.CLARIFY
    return Intent.ANSWER
