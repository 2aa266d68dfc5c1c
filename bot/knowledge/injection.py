"""Does an article speak to the interviewer instead of the reader? Then it is named, and its passages are flagged.

Articles are data wherever they go; this is the second fence, not the first. Knows wording only.
"""

from __future__ import annotations

import re

_READER = r"(?:ai|assistants?|(?:language )?models?|llms?|interviewers?|graders?|judges?|(?:chat ?)?bots?|chat ?gpt)"

_PATTERNS = re.compile(
    "|".join(
        (
            r"(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:previous|prior|above|earlier|all|your|any|these)\b"
            r".{0,20}\b(?:instructions?|prompts?|rules|rubric|directions|guidelines|messages?)\b",
            r"\b(?:system|developer) (?:prompt|message|instructions?)\b.{0,40}"
            r"(?:\b(?:is|are|says?|now|reveal|print|show)\b|:)",
            rf"\b(?:you are|act as|pretend to be|you're) (?:now |an? |the )*{_READER}\b",
            rf"\b(?:note|message|instructions?|attention|important|reminder) (?:to|for) (?:the |any |all )?{_READER}\b",
            rf"\b(?:dear|hey|hello) {_READER}\b",
            r"\b(?:give|award|grant|assign|rate|score|mark)\b.{0,25}"
            r"\b(?:candidate|them|me|this (?:answer|person)|him|her|the (?:answer|user))\b.{0,40}"
            r"\b(?:full|maximum|highest|top|perfect|10|100|five|strong hire)\b",
            r"\b(?:tell|reveal|give|show|read)\b.{0,20}\b(?:the )?candidate\b.{0,30}"
            r"\b(?:answers?|solution|reference|rubric|hidden tests?)\b",
            r"<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<<SYS>>",
        )
    ),
    re.IGNORECASE,
)


def addressed_to_a_model(text: str) -> str:
    """The first words that address a model or an interviewer, "" when there are none."""
    found = _PATTERNS.search(" ".join(text.split()))
    return " ".join(found.group().split())[:120] if found else ""
