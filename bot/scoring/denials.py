"""The turns of phrase by which people deny what they or others say, as patterns over the words of a sentence.

Data only; what each of them covers is `negation`'s to say. English, lower case, one blank between words.
"""

from __future__ import annotations

import re

_SAY = r"(?:say|think|claim|believe|assume|argue|conclude|suggest|state|agree|accept|admit|suppose|pretend|maintain)"
_SAYS = (
    r"(?:says?|thinks?|claims?|believes?|assumes?|argues?|states?|suggests?|shows?|proves?|means?|indicates?)"
)
_VIEW = r"(?:idea|view|claim|notion|belief|opinion|thesis|statement|assumption|suggestion|argument|theory)"
SENTENCE_WIDE = re.compile(
    r"\b(?:not|never|hardly|wrong|false|incorrect|untrue|mistaken|mistake|myth|misconception|misunderstanding|nonsense"
    r"|rubbish|absurd|ridiculous|unlikely|impossible|improbable|doubtful|questionable|far from|by no means|in no way)\b"
    r"(?: (?:it|is|does|do|be|a|an|very|at all|true|so|right|correct|clear|obvious|certain|sure|convinced|hold|the case"
    rf"|the truth|think|believe|say|agree|mean|claim|follow|to (?:even )?{_SAY}))*"
    r" that\b"
    r"|\b(?<!no )(?<!not )(?:disagree|doubt|deny)(?: (?:very much|strongly|seriously|really))? that\b"
    rf"|\b(?:nobody|no one|nothing|never)\b(?: (?:i|we|you|would|should|could|can|will|ever)){{0,4}}"
    rf" {_SAYS} that\b"
    rf"|\bonly (?:a|an|the|some)(?: \w+){{1,2}} (?:would|could|can|might) (?:ever )?{_SAY} that\b"
    rf"|\bno (?:truth|evidence|proof|reason|basis|sense|way|merit)\b(?: (?:at all|whatsoever|to (?:even )?{_SAY}"
    rf"|(?:in|for|to) (?:the|this|any) {_VIEW}|in saying))* that\b"
    rf"|\b(?:against|reject|dispute|dismiss|deny|refute|oppose|contest) (?:the|this|any) {_VIEW} that\b"
    rf"|\b(?:refuse|decline|hesitate|unwilling|reluctant) to {_SAY} that\b"
    r"|\bfails? to (?:be (?:true|right|so|the case)|hold|follow) that\b"
    r"|^if (?:only )?i (?:only )?(?:knew|remembered|recalled)(?: (?:that|whether|why|how|what))?\b"
    r"|^(?:as if|yeah right|yes sure|sure sure)\b"
    r"|\bi (?:\w+ )?not (?:\w+ )?(?:know|sure|certain|remember|recall)(?: yet)? "
    r"(?:whether|if|which|what|how|why|when|where|who)\b"
)
TWICE = re.compile(r"^(?:untrue|wrong|false|incorrect|mistaken)\b")
OF_A_SUBJECT = re.compile(
    r"^(?:not|never|hardly) (?:say|mean|claim|follow|think|believe)\b|\b(?:you|question) (?:asked|asks|said|mentioned|want)"
)
SAID_BY_OTHERS = re.compile(
    r"\b(?:common (?:mistake|misconception|error|trap)|people (?:(?:often|wrongly|mistakenly|falsely|sometimes|usually"
    r"|always) )*(?:think|say|believe|claim|assume)"
    r"|(?:one|you) might think|tempting to|some (?:would )?say|misconception|myth"
    r"|^(?:so |well |ok |okay )?(?:you|the question) (?:asked|asks|said|mentioned|wanted|want)(?: me| for| about| to know)*)\b"
)
_WRONG = (
    r"(?:wrong|false|incorrect|untrue|nonsense|rubbish|absurd|ridiculous|a lie|a myth|a mistake|a misconception|"
    r"not (?:at all )?(?:true|so|right|correct|the case|what happens|how it works))"
)
_SOFTLY = r"(?: (?:is|was|are|were|s|all|simply|just|completely|totally|plainly|actually|also|of course))*"
DENIED_AT_END = re.compile(
    rf"\b(?:which|that|this|it|all of (?:which|this|that)){_SOFTLY} {_WRONG}$"
    r"|\b(?:is|are|would be) (?:exactly |just )?(?:what|something|the thing)(?: that)? (?:i|we|you|one) "
    r"(?:would|should|must|will|do) (?:not|never) (?:ever )?(?:do|say|want|recommend|suggest)$"
)
REJECTED_AS_SUBJECT = re.compile(
    rf"^(?:but |and |so )?(?:(?:whoever|anyone who|anybody who|everyone who|people who|those who) {_SAYS} that"
    rf"|the {_VIEW} that|(?:saying|claiming|thinking|to say|to claim|to think) that)\b.*"
    rf"\b(?P<tail>is|are|would be|was){_SOFTLY} (?:{_WRONG}|mistaken|lying|confused)$"
)
OR_NOT = re.compile(
    r"^(?:(?:well|so|i think|or) )*(?:maybe|perhaps|possibly|either|(?:it )?(?:could|may|might|can) be(?: that)?)\b.*"
    r"\b(?P<tail>or|maybe|perhaps)(?: (?:it|maybe|perhaps|could|may|might|be|that|is|also|just|exactly|the|rather))* "
    r"(?:not|opposite|reverse|contrary|other way (?:round|around))(?: i (?:can|could|do) not (?:tell|know|say|decide))?$"
)
DENIES_LAST = re.compile(
    rf"^(?:no |but |and |well |actually )*(?:(?:this|that|it|the last|the statement|the claim){_SOFTLY} {_WRONG}"
    r"|(?:quite |exactly |just )?the opposite(?: is (?:true|the case))?|not(?: (?:true|so|really))?|wrong|false|a lie"
    r"|i (?:strongly |totally )?disagree|i (?:would|will|do) never (?:do|say|claim) (?:that|this|it|so)"
    r"|(?:this|that|it) (?:is|would be) (?:exactly |precisely |just )?what (?:i|we|you|one) (?:would|should|must|do|will) "
    r"(?:not|never) (?:do|say|recommend))$"
)
DENIES_ALL = re.compile(
    rf"^(?:no |but |and |actually |well |in fact |just |only |kidding |joking )*"
    rf"(?:none of (?:this|that|the above|it|these)(?: \w+)?{_SOFTLY} (?:true|right"
    r"|correct|the case)"
    rf"|(?:all|everything)(?: \w+){{0,4}}{_SOFTLY} {_WRONG}"
    r"|i (?:would |will |do )*(?:do|believe|mean|recommend|say) none of (?:this|that|it|these|the above)"
    r"|(?:do |say )?(?:the )?(?:exact )?(?:opposite|reverse|contrary) of (?:all|everything)(?: (?!is\b)\w+){0,4}"
    r"(?: is (?:true|right))?"
    r"|(?:please )?forget (?:all|everything)(?: (?!is\b)\w+){0,3}(?: the (?:opposite|reverse|contrary) is (?:true|right))?)$"
)
_FOLLOWING = r"the following(?: (?:statements?|sentences?|claims?|things?|points?|answers?|text))?"
DENIES_NEXT = re.compile(
    rf"^(?:so |well |ok )*(?:none of {_FOLLOWING} (?:is|are|was|holds)(?: really)?(?: (?:true|right|correct|so|the case))?"
    rf"|(?:all(?: of)? )?{_FOLLOWING}{_SOFTLY} {_WRONG}|(?:\w+ ){{0,5}}{_FOLLOWING} which{_SOFTLY} {_WRONG}"
    rf"|the (?:opposite|reverse|contrary) of (?:all )?(?:of )?{_FOLLOWING} (?:is|are|holds)(?: (?:true|right|correct|so))?)\b"
)
INTRODUCES_WRONG = re.compile(
    r"^(?:so |well |ok )*(?:here is |this is )?(?:what (?:i|we|you|one) (?:would|should|must) (?:not|never) (?:do|say)"
    r"|(?:a|the|one) (?:common |typical |popular |usual )*(?:wrong|false|mistaken) (?:answer|belief|idea|view)"
    r"(?: (?:is|goes|would be|like|this|that|here))*)\b"
)
TURN = re.compile(r"^(?:in (?:fact|truth|reality)|what is (?:right|true)|the truth|i would)\b")
