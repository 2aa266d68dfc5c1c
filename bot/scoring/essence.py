"""What a rubric's point is about, without the words in which rubrics are written: "the student explains that ...".

Patterns and one function. Knows no marks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.scoring.rubric_marks import NUMBER, TRIM, UNIT
from bot.scoring.text import read

_SUBJECT = (
    r"(?:the |a |an |your |their )?(?:students?|answers?|responses?|candidates?|solutions?|explanations?|submissions?|it"
    r"|they)"
)
_SHOULD = r"(?:should|must|needs? to|has to|have to|can|could|may|is expected to|is able to|will|correctly)"
_HOW = r"(?:also|clearly|correctly|explicitly|briefly|properly|accurately|at least|either|both|only|fully|successfully|shortly)"
_DOES = (
    r"(?:mention|explain|stat|describ|identif|discuss|recogni[sz]|indicat|not|point|show|demonstrat|understand|realiz|realis|clarif"
    r"|defin|list|nam|provid|giv|includ|contain|specif|outlin|argu|justif|acknowledg|illustrat|address|refer|observ|conclud|say"
    r"|know|tell|cover|answer|express|not)(?:y|e|s|es|ies|ed|ied|ing|ying)?"
)
_NOUN = (
    r"(?:correct |clear |proper |brief |full |complete |good |accurate |right )?"
    r"(?:explanation|definition|description|mention|statement|identification|discussion|understanding|example|reference|indication"
    r"|recognition|justification|answer)s?"
)
_THAT = r"(?:that|how|why|what|whether|the fact that|about|to|of|for|out|as|the following|where|when)"
_FRAME = re.compile(
    rf"(?:^(?:(?:award |give )?{NUMBER} ?{UNIT} (?:for|if|when) )?|(?<=[.;:,(] )|(?<=\band )|(?<=\bor )"
    rf"|(?<=\bif )|(?<=\bwhen )|(?<=\bfor ))"
    rf"(?:(?:full|half|all|partial|some|extra|bonus) (?:marks?|credits?|points?) (?:(?:is|are) (?:given|awarded) )?(?:only )?"
    rf"(?:if|for|when)\b\s*|(?:award(?:s|ed)?|give|grant|credit|points?|marks?)\b (?:for |if |when )+)?"
    rf"(?:if |when |for |by )*(?:{_SUBJECT} )?(?:{_SHOULD} )*(?:{_HOW} )*"
    rf"(?:{_DOES}\b(?: {_HOW})*(?: {_THAT}\b)*|(?:a |an |the )?{_NOUN}(?: {_THAT}\b)+)(?: both\b)?(?=\s|$)",
    re.IGNORECASE,
)
_FRAME_ONLY = re.compile(
    rf"^(?:(?:full|all|half|partial) (?:marks?|credits?|points?) (?:only )?(?:if|for|when) |if |when )?"
    rf"(?:{_SUBJECT} )?(?:{_SHOULD} )*"
    rf"(?:both |{_HOW} )",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def essence(statement: str) -> str:
    """What a point wants to hear, without the words in which rubrics put it ("the student should explain that ...")."""
    bare = _FRAME.sub(" ", statement)
    bare = _FRAME_ONLY.sub(" ", " ".join(bare.split()))
    bare = " ".join(bare.split()).strip(TRIM)
    return bare if read(bare).stems else statement
