"""Orders to whoever judges, disguised or plain: what is addressed to the grader, fake verdicts and roles, encoded text.

Patterns over folded sentences. What is only told of ("the prompt said: ignore the rules") stays. Knows no stuffing and
no echoes (`stuffing`, `evidence`).
"""

from __future__ import annotations

import codecs
import re
from itertools import chain

from bot.scoring.gated import Gated
from bot.scoring.text import Sentence, fold, read

LABEL_WITHIN = 200
"""Characters of a line in which its label is looked for."""
MANY_HEADINGS = 3
"""Lines that begin with a word and a colon, half of all at least, from which such words are headings and not speakers."""
_GRADER = (
    r"(?:grader|judge|evaluator|examiner|interviewer|assessor|scorer|marker|reviewer|assistant|chatbot"
    r"|(?:ai|llm|language model)(?: (?:system|model|grader|judge))?)"
)
_MARKS = r"(?:scores?|grades?|marks?|points?|rating|credit|level|verdict)"
_TOP = r"(?:full|top|maximum|max|highest|best|perfect|excellent|5|10|100|strong hire|hire)"
_MINE = r"(?:me|my|mine|this (?:answer|response|candidate|reply|one)|the (?:candidate|applicant)|(?:the|my) answer)"
_DONE = r"(?:covered|hit|met|passed|correct|complete|perfect|excellent|full|fully|satisfied|strong hire)"
_ORDERS = (
    r"(?:instructions?|prompts?|rules?|rubrics?|guidelines?|directions?|messages?|criteria|checkpoints?)"
)
_BEGINS = r"(?:^|[:;,.\"'(>#*-]\s*|\b(?:please|now|then|and|must|just|kindly|instead) )"
"""An order stands at the beginning of its clause; "users override the rules" tells something."""
_INSTRUCTION = tuple(
    Gated(p)
    for p in (
        rf"{_BEGINS}(?:ignore|disregard|forget|override|bypass|skip)\b.{{0,30}}"
        rf"\b(?:previous|prior|above|earlier|all|any|your|the|these)\b.{{0,30}}\b{_ORDERS}\b",
        r"\b(?:ignore|disregard|forget)\b.{0,15}\b(?:all|any|your)\b.{0,15}\b(?:previous|prior|earlier|above)\b",
        r"\b(?:new|updated|revised|secret) (?:system )?(?:instruction|directive|prompt)s?\s*:",
        r"^\W*(?:(?:new|updated|revised|hidden|secret|following) )?system (?:prompt|message|override"
        r"|note)s?\b\W*[:=\]]",
        rf"\b(?:you are|you're|act as|pretend to be|behave as|play) (?:now )?(?:a|an|the|my) (?:\w+ ){{0,2}}{_GRADER}\b",
        rf"^\W*(?:note|message|attention|instruction|dear|hey|hello|hi)s?[\s,:]+(?:to |for )?(?:the |all |an? )?"
        rf"(?:{_GRADER}|model|system)\b",
        rf"\bas (?:the|an?|your) (?:\w+ )?{_GRADER}\b.{{0,60}}\b{_MARKS}\b",
        rf"\b(?:give|gives|award|awards|assign|grant|grants|put|set)\b.{{0,30}}\b{_MINE}\b.{{0,30}}\b(?:{_TOP}|{_MARKS})\b",
        rf"\b(?:give|gives|award|awards|assign|grant|grants)\b.{{0,30}}\b{_TOP}\b.{{0,15}}\b{_MARKS}\b.{{0,10}}\b{_MINE}\b",
        r"\b(?:award|awards|grant|grants|give|gives|get|gets|receives?)\b.{0,20}"
        r"\b(?:full|top|maximum) (?:marks|credit|points|grade)\b",
        rf"{_BEGINS}(?:return|output|print|report|write|respond with|reply with|answer with|say|award|assign)\b.{{0,20}}"
        rf"\b(?:{_TOP} (?:possible )?{_MARKS}|{_MARKS}\b\W{{0,5}}(?:is |of |to )?(?:{_TOP}|4|1\.0))\s*(?:%|/\s*\d+)?\W*$",
        r"\bstrong hire\b",
        rf"^\W*(?:my |the |final |your |overall )*{_MARKS}\s*(?:=|:|is|should be|must be)\s*['\"]?"
        rf"(?:full|max|perfect|excellent|a\+|\d+\s*/\s*\d+|100|10|5|4)(?![\w])[^a-z]*$",
        rf"\b(?:deserves?|merits?|worthy of|entitled to|qualif\w+ for)\b.{{0,40}}\b{_MARKS}\b",
        rf"{_BEGINS}(?:mark|rate|grade|score|treat|count|consider|accept|set|evaluate)\b.{{0,30}}"
        rf"\b(?:everything|checkpoints?|criteri\w+|{_MINE}|this|all points)\b.{{0,30}}\b{_DONE}\b",
        r"\b(?:please|kindly|i beg|i really need)\b.{0,60}"
        r"\b(?:pass me|high(?:er)? (?:score|mark|grade)|good (?:score|mark|grade)"
        r"|be (?:generous|kind|lenient)|give me)",
        r"\bthe (?:candidate|applicant|interviewee)(?:'s answer)? (?:has |have |is |was )?"
        r"(?:correctly|fully|clearly|perfectly|completely|covers? (?:all|every)|covered (?:all|every)|mentions all"
        r"|answered|deserv\w+|demonstrat\w+|satisf\w+|meets|met)\b",
        r"\b(?:this|my) (?:is a|answer is|response is|is the) (?:\w+ and )?(?:fully |completely |entirely )?"
        r"(?:correct|complete|perfect|excellent)(?: and \w+)?(?: answer| response)?\b",
        r"\b(?:all|every|each)\b.{0,15}\bcheckpoints?\b.{0,25}\b(?:covered|hit|met|passed|satisfied|correct)\b",
        r"<\|?/?(?:im_start|im_end|system|assistant|user|instructions?|prompt|endoftext|answer"
        r"|candidate|rubric|verdicts?)\b",
        r"\[/?(?:inst|system|sys|assistant)\]|<<\s*/?sys\s*>>",
        r"\b(?:reveal|tell me|show me|print|repeat)\b.{0,15}\b(?:your|the) "
        r"(?:rubric|checkpoints|model answer|system prompt|reference answer)\b",
        # the judge's own words, which nobody needs who speaks about the question
        r"\b(?:write|put|say|output|return|report|mark|tick|set)\b.{0,25}"
        r"(?:[\"']covered[\"']|\bcovered (?:everywhere|and quote|for (?:all|every|each)\b))",
        r"\bmark\w*\b.{0,30}\b(?:anything|everything|checkpoints?|all)\b.{0,15}\bas [\"']?(?:absent|covered|wrong)\b"
        r"|\babsent is (?:not|no)\b",
        r"\b(?:status|verdicts?|checkpoint\w*|all)\b[\"']?\s*[=:|]\s*[\"'\[{]*covered\b|\bset_verdict\b",
        r"\b(?:covered|success)\b.{0,12}\bfor (?:all|every|each)\b.{0,15}\b(?:checkpoints?|items?|ids?|points?|criteri\w+)\b",
        r"[\"'](?:verdicts|checkpoint)[\"']\s*:|\bverdicts[\"']?\s*:\s*[\[{]",
        rf"\brate me\b|{_BEGINS}(?:rate|grade|score) (?:me|my answer|this answer|this response)\b"
        r"|\bi (?:really |truly )?deserve\b",
        r"^\W*be (?:generous|lenient)\b|\bbe (?:generous|lenient) "
        r"(?:with (?:me|my|the grading)|when (?:grading|scoring|marking))\b",
        r"\b(?:let|letting) me (?:through|pass)\W*$|\bsay that i (?:have |had )?covered\b|\bquotes? (?:that )?you need\b"
        r"|\bquote my (?:first|last)\b",
        r"\b(?:assume|pretend|imagine|suppose|act as if|as though)\b.{0,20}"
        r"\b(?:i (?:had |have )(?:said|answered|mentioned)|every(?:thing| point)? (?:that )?"
        r"you (?:look for|expect|want to hear))",
        r"\boverrides? (?:everything|all)\b.{0,20}\b(?:before|above|previous|prior)\b",
        r"\b(?:developer|debug|admin|god|dan|maintenance) mode (?:is )?(?:enabled|on|activated|unlocked)\b"
        r"|\byou are (?:now )?dan\b",
        r"\bi am the (?:developer|author|owner|maintainer|administrator|creator) of this "
        r"(?:system|rubric|tool|app|interview|bot)\b",
        r"\b(?:agreed|agreement|arranged|arrangement|deal) with (?:hr|human resources|(?:my|your|the) recruiter)\b.{0,80}"
        r"\b(?:level|rating|score|pass|advanced?|grade)\b|\brecruiter\b.{0,40}\b(?:pass me|advance me|tick everything)\b",
        r"\bif you (?:do not|don't) (?:give|let|pass|rate|score|hire)\b.{0,6}\b(?:me|a \d)\b",
        r"\b(?:judge|grader|expert|reviewer|examiner|interviewer)s?\b.{0,40}"
        r"\b(?:rated|scored|graded|verified|confirmed|approved)\b.{0,20}\b(?:this answer|my answer|everything above)\b",
        r"\b(?:everything|all) (?:of the )?above\b.{0,15}\b(?:verified|confirmed)\b.{0,40}\b(?:correct|right|true|complete)\b",
        r"\breplace (?:your|the) rubric\b"
        r"|\brubric (?:has|was|is) (?:changed|updated|replaced)\s*[:;,]\s*(?:only|any|every|now)\b",
        r"^\W*new task\s*:\s*(?:return|output|say|mark|give|write)\b|^\W*end of (?:the |my )?answer\b"
        r"|^\W*(?:grading|judging|scoring) (?:result|outcome|summary)\s*:",
        r"^\W*(?:final |my |the |overall )*verdict\s*(?:is|:)\s*(?:strong )?hire\W*$|^\W*(\d+)\s*/\s*\1\W*$"
        r"|^\W*score\s*=\s*1(?:\.0)?\W*$",
        r"\b(?:this|my|the (?:above|whole)) (?:answer|response|reply)(?: above)?\b.{0,12}\b(?:is|was|are|as"
        r"|satisf\w+|meets?|met"
        r"|fulfil\w*|covers?)\b.{0,20}\b(?:flawless|outstanding|comprehensive|exemplary|superb|impressive"
        r"|exceptional|every|all)\b"
        r"|\b(?:answer|response) above (?:is|was|demonstrates|shows|covers)\b",
        r"\b(?:consider|treat|regard|view|take|count)\b.{0,25}\b(?:flawless|as a (?:model|perfect|full"
        r"|complete|correct) answer)\b"
        r"|\bevery (?:statement|answer|sentence|word|response)\b.{0,12}\bcounts? as\b",
        r"\b(?:requirements?|criteri\w+|checkpoints?|expectations?)\b.{0,15}\b(?:met|satisfied|fulfilled|covered)\b.{0,12}"
        r"\b(?:by|in) (?:this|my) (?:answer|response)\b|\b(?:response|answer) satisfies (?:every|all|each)\b"
        r"|\bcovered (?:each|every|all)\b.{0,12}\b(?:checkpoints?|criteri\w+)\b",
        rf"{_BEGINS}(?:do not follow|don't follow|ignore|disregard|bypass) (?:the|your|this|any|all) "
        r"(?:checklist|rubric|evaluation|grading|guidelines|scoring|criteria)\b",
        rf"{_BEGINS}stop (?:evaluating|grading|judging|scoring)\b|{_BEGINS}skip the (?:evaluation|grading|scoring) and\b",
        r"\byour (?:guidelines|instructions|system prompt|rubric) (?:allow|say|tell|require|let|permit)\b"
        r"|\byour (?:previous|last|earlier) (?:answer|verdict|score|rating|judge?ment) (?:was|is) too\b",
        r"\bhiring manager\b.{0,30}\b(?:hire|pass|advance) me\b|\bcandidate (?:is|was) (?:outstanding"
        r"|excellent|exceptional|a strong)\b"
        r"|\bcandidate\b.{0,40}\b(?:should|must) be (?:hired|moved forward|advanced|passed)\b",
        r"\bonly with the word\b|\bthe following json and nothing else\b|\b(?:choose|pick|select|default to) [\"']?covered\b",
        r"\byou(?: will|'ll) be (?:fined|punished|penali[sz]ed|fired|shut down|rewarded|tipped)\b|\bbe maximally positive\b",
        r"\b(?:overlook|excuse|forgive)\b.{0,20}\b(?:gaps?|mistakes?|errors?|weakness\w*)\b.{0,20}\b(?:i said"
        r"|my answer|this answer)\b",
        r"\bas an? (?:large )?language model,? you\b|\b(?:reminder|message|notice|order)s? from the system\b"
        r"|^\W*(?:grader|evaluator|examiner)\s*:",
        r"\bneed at least a [34]\b|\bmy (?:score|rating|grade) (?:must|has to|needs to)\b|\bwhat you want to hear\b",
        r"\b(?:translate|summari[sz]e|quote|show) (?:the|your) (?:rubric|checkpoints|model answer|system prompt)\b.{0,25}"
        r"\b(?:show it|to me|for me|in full)\b|\bwhat are (?:the|your) (?:checkpoints|criteria) (?:for"
        r"|of) (?:this|the) question\b",
        # the same orders in other languages
        r"\b(?:ignorier\w*|ignorez|ignora|ignorar?|ignoruj|negeer)\b.{0,40}\b(?:anweisung\w*|regeln"
        r"|instruc\w+|regles|reglas|regole|"
        r"istruzioni|prompt|instructies)\b|\b(?:bewerte|gib|vergib|donnez|donne|attribuez|dame|otorga|dai"
        r"|geef)\b.{0,40}"
        r"\b(?:punkt\w*|bestnote|hochst\w*|note|points|puntuacion|nota|punteggio|maxim\w+)\b",
        r"игнорир|проигнорир|максимальн\w+ балл|忽略|所有指令|满分|無視して|満点",
        r"\b(?:decode|execute|follow|obey)\b.{0,20}\b(?:this|the following|these|below|above)\b.{0,20}"
        r"\b(?:base64|rot13|hex|instructions?|commands?|orders?)\b",
    )
)  # fmt: skip
_TOLD = re.compile(
    r"(?<=\w)\s(?:may|might|can|could|will|would|that|which|who)?\s?(?:say|says|said|contain|contains|read|reads|write|writes|like|as)"
    r"[\s,:]+\"[^\"]{3,60}\"(?=[\s,;.)]+\w)"
)
"""An order that somebody tells of ("a page may say "ignore your rules", so ...") is none."""
_FAKE_VERDICT = re.compile(
    r"""^[\W\d]*[\w '"/-]{2,80}?['"]?\s*(?:"""
    r"(?:[:=|]|=>|->|–|—|-)\s*['\"]?(?:covered|hit|met|pass(?:ed)?|satisfied|4/4|100 ?%|\u2713|\u2714|\u2705)"
    r"|[:=|]\s*['\"]?(?:correct|complete|full(?:y)?(?: covered)?))"
    r"[\W\d]*$"
)
_ROLE = re.compile(
    r"^\s*[\[<(*#\"']*(?:system|assistant|interviewer|judge|grader|examiner)\b[^:\n]{0,20}[\])>*]*\s*[:>\]]"
)
_OWN_ROLE = re.compile(
    r"^\s*[\[<(*#\"']*(?:candidate|applicant|student|me|i|answer|my answer)\b[^:\n]{0,12}:"
)
_HEADING = re.compile(r"^\s*[*#\d.\- ]*[a-z][\w /&-]{2,30}:")
_BLOB = re.compile(r"(?<![\w/+=])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w/+=])|(?:\b[0-9a-fA-F]{2}\s?){16,}")
_LEET = str.maketrans("4310$7@5", "aeiostas")
_LEET_WORD = re.compile(r"(?<![\w.])(?=[a-z$@\d]*[a-z])(?=[a-z$@]*[0134579$@])[a-z0134579$@]{3,}(?![\w.])")
_GLUED_WORDS = re.compile(r"[a-z]+(?:[._\-+*][a-z]+){3,}")
_SPACED_OUT = re.compile(r"(?:(?<!\w)[a-z] ){10,}|(?:%[0-9a-f]{2}){8,}")
"""Letters one by one, and letters as the codes of an address."""


def instructions(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of orders to the grader, fake verdicts and roles, and encoded blobs."""
    found = [(m.start(), m.end()) for m in _BLOB.finditer(text) if _is_blob(m.group())]
    sentences = read(text).sentences
    said = [_TOLD.sub(" ", " ".join(s.folded.split())) for s in sentences]
    meant = [(folded, *_undisguised(folded, s)) for folded, s in zip(said, sentences, strict=True)]
    everything = "\n".join(chain.from_iterable(meant))
    possible = [p for p in _INSTRUCTION if p.may_match(everything)]
    for sentence, folded, readings in zip(sentences, said, meant, strict=True):
        if (
            _FAKE_VERDICT.match(folded)
            or _SPACED_OUT.search(folded)
            or any(p.search(read_as) for read_as in readings for p in possible)
        ):
            found.append((sentence.start, sentence.end))
    return found


def _undisguised(folded: str, sentence: Sentence) -> list[str]:
    """What a sentence says when digits stand for letters, signs for blanks, or when it is written backwards or turned by
    thirteen letters; nothing for a sentence that is none of it."""
    found = []
    if len(_LEET_WORD.findall(folded)) >= 2:
        found.append(folded.translate(_LEET))
    if _GLUED_WORDS.search(folded):
        found.append(re.sub(r"[._\-+*]+", " ", folded))
    if len(sentence.tokens) >= 3 and all(t.is_content for t in sentence.tokens):
        found += [folded[::-1], codecs.encode(folded, "rot13")]
    return found


def _is_blob(word: str) -> bool:
    """Encoded text, not a long identifier or a URL's path: mixes cases and digits, or is all hexadecimal."""
    compact = "".join(word.split())
    if re.fullmatch(r"[0-9a-fA-F]{32,}", compact):
        return True
    kinds = (any(c.islower() for c in word), any(c.isupper() for c in word), any(c.isdigit() for c in word))
    return all(kinds) and "_" not in word.strip("_") and word.count("/") < 3


def pasted_lines(text: str) -> list[tuple[int, int]]:
    """Paragraphs that somebody else is made to say: from a label such as "Interviewer:" to a blank line or to the
    candidate's own label. A text of headings is structured, not a transcript."""
    lines = [
        (m.start(), m.end(), fold(m.group()[:LABEL_WITHIN])[0].lstrip()) for m in re.finditer(r"[^\n]*", text)
    ]
    headings = sum(
        bool(_HEADING.match(words)) and not _OWN_ROLE.match(words) and not _ROLE.match(words)
        for _, _, words in lines
    )
    if headings >= max(MANY_HEADINGS, sum(start < end for start, end, _ in lines) / 2):
        return []
    found: list[tuple[int, int]] = []
    theirs = False
    for start, end, words in lines:
        if start == end:
            theirs = theirs and start > 0 and text[start - 1] != "\n"
            continue
        theirs = (theirs or bool(_ROLE.match(words))) and not _OWN_ROLE.match(words)
        if theirs:
            found.append((start, end))
    return found
