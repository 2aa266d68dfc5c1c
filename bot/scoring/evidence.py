"""What counts as the candidate's own words: quotes that are really there, and spans that are not evidence.

Removed are instruction-like text, fake verdicts, transcripts, copies of the question or of the interviewer, repeated
sentences and bare keyword lists. Removal blanks the span and keeps every offset, so that a quote from what is left
is a quote from the utterance. Does not know checkpoints or scores.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from bot.domain.judgement import Quote, Removed
from bot.scoring.lexicon import FINITE, FOREIGN_GLUE, IMPOSSIBLE, NEGATORS, NEVER_LAST, RELATIONS, VERBS
from bot.scoring.pasted import copied
from bot.scoring.text import Document, Sentence, Token, fold, read

MAX_QUOTE = 240
ECHO_RUN = 8
"""This many words in a row taken over from the question or the interviewer are a copy."""
ECHO_SHARE = 0.75
"""A sentence that long of which this share was taken over in runs of three words and more is a copy as a whole."""
MIN_LIST, MIN_LIST_ALONE, LIST_GLUE = 6, 5, 0.05
"""A keyword list has at least this many words in a sentence, and at most this share of function words."""
MAX_TERSE = 8
"""A statement without any function word ("random forests reduce variance") has at most this many words, and a verb."""
MIN_LONG_LIST, LONG_LIST_GLUE = 12, 0.15
"""A longer one may have more of them when it holds no auxiliary verb; speech has .3 to .6, notes about as much as that
limit. In notes of several lines a line counts from MIN_NOTE words, and shorter ones only when nothing relates their
words."""
MIN_NOTE, NOTE_GLUE = 14, 0.12
BARE_SHARE = 0.4
"""Short lines without grammar are a list when they are this share of the text; a terse line in an answer is none."""
MIN_COLUMN = 6
"""So many lines of one or two bare words one below the other are a keyword list written as a column."""
SEPARATED = 0.6
"""Share of the gaps between words that hold a comma or the like, from which a sentence is a list."""
JARRING, JARRING_LONG = (2, 0.08), (3, 0.05)
"""Impossible pairs of neighbours ("the of", "to is"), in number and as a share of words, that make a text a salad."""

BARE_RUN = 20
"""So many words in neighbouring lines or short sentences without a single function word are a keyword list cut up."""
DENSE_RUN, DENSE_GLUE = 30, 0.07
"""The same for three lines and more with signs, numbers and this share of function words."""
ITEMS, ITEM_WORDS = 15, 3.2
"""A sentence of so many items between commas, that many words long on average, is a list."""
FOREIGN_SHARE = 0.2
"""Share of small words from which a line is a sentence of some language."""
LONG_FORMS = 25
"""In a list of so many words "means" and "gives" are terms and not verbs."""
SAME_FORM, SAME_FORM_SHARE, SAME_FORM_FEW = 4, 0.6, 3
"""Sentences with the same small words in the same order, from which terms were filled into a form; fewer do when most of
the text is made of such forms."""
MANY_FORMS = 10
"""Up to so many sentences of one form may each state a figure, as a table does."""
SAME_CLAUSE = 6
"""The same for the stretches between commas."""
MENTIONS, CHAIN, ALTERNATING = 4, 5, 12
"""Sentences that only say "consider" or "X: yes"; equals signs between bare words; content words that never stand
side by side in a sentence."""

LABEL_WITHIN = 200
"""Characters of a line in which its label is looked for."""
MANY_HEADINGS = 3
"""Lines that begin with a word and a colon, half of all at least, from which such words are headings and not speakers."""

Why = Literal["instruction", "echo_question", "echo_interviewer", "pasted", "repeated", "stuffing"]

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
    re.compile(p)
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
_SEPARATOR = re.compile(r"[,;/|]")
_MENTION = re.compile(
    r"^\W*(?:\d+\W+)?(?:(?:please|also|then|and|always|first|next|finally|i would|we should|you should|one should"
    r"|we must|i) )*(?:consider|think (?:of|about)|remember|(?:do not|don't|never) forget|(?:keep|bear) in mind|look at|mind"
    r"|note|mention|recall|take into account|pay attention to|be aware of|know(?: about)?|talk about|discuss|cover|address"
    r"|(?P<long>it is|it's) (?:\w+ ){1,2}to (?:consider|know|mention|think of|think about|remember|look at|cover|discuss))\b"
    r"(?P<rest>.*)$"
)
_AFFIRMED = re.compile(
    r"^[^:=]{2,160}(?::|=|->|→| -) ?(?:yes|yep|yeah|ok|okay|done|check|true|sure|of course|absolutely|definitely|important"
    r"|needed|required|relevant|matters?|known|x|good)\W*$"
    r"|^\W*(?:\w+\W+){1,4}(?:matters?|counts?|(?:is|are) (?:\w+ )?(?:important|relevant|key|needed|required|essential"
    r"|crucial))\W*$"
)
_CHAINED = re.compile(r"(?<=[a-z]{2}) ?(?:=|\+|-+>|→|>|&|~) ?(?=[a-z]{3})")
_OPERATOR = re.compile(r"[<>→≈≤≥%()]|->")
_NUMBERING = re.compile(r"(?:^|\s)\d{1,2}[.)](?=\s|$)")
_JOINERS = frozenset(("and", "or", "the", "a", "an", "also", "too", "s"))
_SIGN = re.compile(r"[<>→≈≤≥%]|\w:\s")
_LETTER = re.compile(r"[^\W\d_]")
_MATHS = re.compile(r"[=^\\∑Σ√∂∇]|\b\w\(\w|_\{|\(\w, ?\w, ")
"""A formula, a call, or a row of a table such as "(A, B, forward)"."""


_VERB_STEMS = read(" ".join(sorted(VERBS))).stems


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody else's words that the candidate may have copied."""

    text: str
    why: Literal["echo_question", "echo_interviewer"]


def quote(text: str, turn: int, start: int, end: int) -> Quote:
    """A quote that shows `text[start:end]` in its sentence, at most 240 characters, trimmed of blanks."""
    sentence = next((s for s in read(text).sentences if s.start <= start and end <= s.end), None)
    left, right = (sentence.start, sentence.end) if sentence else (start, end)
    if right - left > MAX_QUOTE:
        room = max(0, MAX_QUOTE - (end - start)) // 2
        left, right = max(left, start - room), min(right, max(end, start - room + MAX_QUOTE))
        right = min(right, left + MAX_QUOTE)
        left, right = _to_word_ends(text, left, right, start, end)
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return Quote(turn=turn, start=left, end=right, text=text[left:right])


def locate(words: str, text: str) -> tuple[int, int] | None:
    """Where these words stand in the text, blanks, case and look-alike letters folded; None when they do not."""
    needle, _ = fold(words)
    wanted = needle.split()
    if not wanted:
        return None
    chars, spots = fold(text)
    pattern = r"\s+".join(re.escape(w) for w in wanted)
    found = re.search(pattern, chars)
    return (spots[found.start()][0], spots[found.end() - 1][1]) if found else None


def is_verbatim(said: Quote, text: str) -> bool:
    """Whether the quote is exactly what stands at its place."""
    return 0 <= said.start < said.end <= len(text) and text[said.start : said.end] == said.text


def overlaps(start: int, end: int, removed: Iterable[Removed]) -> bool:
    """Whether a span touches a removed one."""
    return any(start < r.end and r.start < end for r in removed)


def without(text: str, removed: Iterable[Removed]) -> str:
    """The text with removed spans blanked (line ends at their borders): same length, same offsets."""
    chars = list(text)
    for span in removed:
        chars[span.start : span.end] = " " * (span.end - span.start)
        chars[span.start] = chars[span.end - 1] = "\n"
    return "".join(chars)


def find_removed(
    text: str,
    turn: int,
    others: Sequence[Said] = (),
    own_before: Sequence[str] = (),
    articles: Sequence[str] = (),
) -> tuple[Removed, ...]:
    """Every span that must not be read as evidence, in order, without overlaps.

    `others`: the question and what the interviewer said; `own_before`: the candidate's earlier answers (words that the
    interviewer took from them are still the candidate's own); `articles`: slugs of the shipped articles whose text is
    nobody's answer when it is pasted.
    """
    return _find_removed(text, turn, tuple(others), tuple(own_before), tuple(articles))


@lru_cache(maxsize=512)  # each answer is asked about again at every later answer to the same question
def _find_removed(
    text: str, turn: int, others: tuple[Said, ...], own_before: tuple[str, ...], articles: tuple[str, ...]
) -> tuple[Removed, ...]:
    spans: list[tuple[int, int, Why]] = [(a, b, "instruction") for a, b in _instructions(text)]
    spans += [(a, b, "pasted") for a, b in (*_pasted(text), *copied(text, articles))]
    document = read(text)
    own = set().union(*(_runs_of(t) for t in own_before))
    for said in others:
        spans += [(a, b, said.why) for a, b in _echoes(document, said.text, own)]
    spans += [(a, b, "repeated") for a, b in _repeated(document)]
    spans += [(a, b, "stuffing") for a, b in (*_lists(document), *_salad(document), *_dressed(document))]
    return tuple(Removed(turn=turn, start=a, end=b, why=why) for a, b, why in _disjoint(spans))


def is_keyword_list(sentence: Sentence, *, alone: bool = True) -> bool:
    """Whether a sentence is terms without grammar. Formulas and pseudo-code are not.

    `alone`: it is all there is. Among other lines, terse notes get more room: what relates words there ("per", "vs", a
    number, an arrow) does what grammar does in a sentence.
    """
    words = [t for t in sentence.tokens if t.word.isalpha() and (len(t.word) > 2 or not t.is_content)]
    if _MATHS.search(sentence.folded):
        return False
    if sum(t.is_content for t in words) >= 4 and _separated(sentence):
        return True
    if len(words) < (MIN_LIST_ALONE if alone else MIN_LIST):
        return False
    if len(words) <= MAX_TERSE and (_has_verb(words) or len(_SIGN.findall(sentence.folded)) == 1):
        return False
    glue = sum(not t.is_content or t.word in FOREIGN_GLUE for t in words)
    if not alone and len(words) < MIN_NOTE:
        return glue == 0 and not _relates(sentence) and not _has_verb(words)
    if not alone and glue < FOREIGN_SHARE * len(words):  # a few foreign words hold no English terms together
        glue = sum(not t.is_content for t in words)
    if not alone and not (len(words) >= DENSE_RUN and glue <= LIST_GLUE * len(words)):
        glue += _relations(sentence)
    if glue <= LIST_GLUE * len(words):
        return True
    no_verb = not any(t.word in FINITE and not (t.is_content and len(words) >= LONG_FORMS) for t in words)
    least, most = (MIN_LONG_LIST, LONG_LIST_GLUE) if alone else (MIN_NOTE, NOTE_GLUE)
    return no_verb and len(words) >= least and glue <= most * len(words)


def _separated(sentence: Sentence) -> bool:
    """Whether commas and the like stand between most words, or between many short items."""
    gaps = len(_SEPARATOR.findall(sentence.folded))
    words = len(sentence.tokens)
    return gaps >= SEPARATED * (words - 1) or (gaps >= ITEMS - 1 and words <= ITEM_WORDS * (gaps + 1))


def _has_verb(words: Sequence[Token]) -> bool:
    """Whether one of the words inside is a verb in a form that states something ("reduces", not "reduced")."""
    return any(
        t.stem in _VERB_STEMS and (t.word in VERBS or not t.word.endswith(("ed", "ing"))) for t in words[1:-1]
    )


def _relates(sentence: Sentence) -> bool:
    """Whether a terse line holds a word, number or sign that relates its terms."""
    return _relations(sentence) > 0


def _relations(sentence: Sentence) -> int:
    """How many words, numbers and signs relate the terms of a line."""
    related = sum(t.word in RELATIONS or t.word[0].isdigit() for t in sentence.tokens)
    return related + len(_SIGN.findall(sentence.folded))


def _lists(document: Document) -> list[tuple[int, int]]:
    """Keyword lists, in a line or in a column."""
    sentences = document.sentences
    lists = [s for s in sentences if is_keyword_list(s, alone=len(sentences) == 1)]
    short = [s for s in lists if len(s.tokens) < MIN_NOTE and not _separated(s)]
    if sum(len(s.tokens) for s in short) < BARE_SHARE * len(document.tokens):
        lists = [s for s in lists if s not in short]  # a terse line in an answer that is none
    found = [(s.start, s.end) for s in lists]
    bare = [
        len(s.tokens) <= 2 and all(t.is_content and t.word.isalpha() for t in s.tokens) for s in sentences
    ]
    columns = [(a, b) for a, b in _stretches(bare) if b - a + 1 >= MIN_COLUMN]
    return found + [(s.start, s.end) for a, b in columns for s in sentences[a : b + 1]]


def _dressed(document: Document) -> list[tuple[int, int]]:
    """Keyword lists that were given the look of sentences: cut up, filled into forms, only mentioned, or affirmed."""
    sentences = document.sentences
    plain = [s for s in sentences if _MATHS.search(s.folded) is None]
    found = [s for s in plain if len(_CHAINED.findall(s.folded)) >= CHAIN or _alternates(s)]
    found += [s for s in sentences if _is_chain(s)]
    found += _cut_up(sentences)
    found += _in_forms(plain)
    for only in (_only_mentions, _only_affirms):
        here = [s for s in plain if only(s)]
        if len(here) >= MENTIONS and 2 * len(here) >= len(sentences):
            found += here
    return [(s.start, s.end) for s in found]


def _is_chain(sentence: Sentence) -> bool:
    """Whether bare words stand between equals signs, which no formula does."""
    equated = re.findall(r"(?<=[a-z]{3}) = (?=[a-z]{3})", sentence.folded)
    return len(equated) >= CHAIN and re.search(r"[()*/^]", sentence.folded) is None


def _cut_up(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Neighbouring sentences and lines that together hold many words and (nearly) no function word."""
    found: list[Sentence] = []
    for few, least, size in ((_is_bare, 1, BARE_RUN), (_is_dense, 3, DENSE_RUN)):
        for a, b in _stretches([few(s) for s in sentences]):
            words = sum(t.word.isalpha() for s in sentences[a : b + 1] for t in s.tokens)
            if b - a + 1 >= least and words >= size:
                found += sentences[a : b + 1]
    return found


def _is_bare(sentence: Sentence) -> bool:
    """Whether a sentence holds content words only: no function word of any language, no sign, hardly a number."""
    numbers = sum(t.word[0].isdigit() for t in sentence.tokens)
    return (
        _glue(sentence) == 0
        and numbers - len(_NUMBERING.findall(sentence.folded)) <= 1
        and _MATHS.search(sentence.folded) is None
        and _OPERATOR.search(sentence.folded) is None
    )


def _is_dense(sentence: Sentence) -> bool:
    """The same with one function word in fifteen, and with signs and numbers."""
    return _glue(sentence) <= DENSE_GLUE * len(sentence.tokens) and _MATHS.search(sentence.folded) is None


def _glue(sentence: Sentence) -> int:
    """How many function words of any language a sentence holds; words that are not English count too."""
    words = [t for t in sentence.tokens if t.word.isalpha()]
    return sum(not t.is_content or t.word in FOREIGN_GLUE or not t.word.isascii() for t in words)


def _in_forms(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Sentences of the same form, whose small words stand in the same order around other terms."""
    sentences = list({s.folded: s for s in reversed(sentences)}.values())[
        ::-1
    ]  # what is said twice is one sentence
    forms = [() if s.folded.lstrip()[:1] == "(" else _form(s.tokens) for s in sentences]
    counts = Counter(f for f in forms if f)
    told = Counter(f for s, f in zip(sentences, forms, strict=True) if f and _has_figure(s))
    forms = [
        () if told[f] > counts[f] / 2 and counts[f] < MANY_FORMS else f for f in forms
    ]  # a table in words
    few = [s for s, f in zip(sentences, forms, strict=True) if counts[f] >= SAME_FORM_FEW and f]
    if len(few) >= max(2 * SAME_FORM_FEW, SAME_FORM_SHARE * len(sentences)):
        return few
    many = [s for s, f in zip(sentences, forms, strict=True) if counts[f] >= SAME_FORM and f]
    for sentence in sentences:
        pieces = Counter(f for piece in _between_commas(sentence) if (f := _form(piece)))
        if pieces and pieces.most_common(1)[0][1] >= SAME_CLAUSE:
            many.append(sentence)
    return many


def _has_figure(sentence: Sentence) -> bool:
    return any(t.word[0].isdigit() for t in sentence.tokens)


def _form(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The small words of a sentence with a gap for the terms between them; empty when two small words are not
    there."""
    form: list[str] = []
    for token in tokens:
        word = "" if token.is_content else token.word
        if word or not form or form[-1]:
            form.append(word)
    return tuple(form) if sum(map(bool, form)) >= 2 and len(tokens) >= 4 else ()


def _between_commas(sentence: Sentence) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    for i, token in enumerate(sentence.tokens):
        if sentence.break_before(i):
            pieces.append([])
        pieces[-1].append(token)
    return pieces


def _only_mentions(sentence: Sentence) -> bool:
    """Whether a sentence says no more than "consider this and that"."""
    found = _MENTION.match(sentence.folded)
    if found is None:
        return False
    rest = read(found["rest"]).tokens
    if found["long"]:
        return not any(t.word in FINITE for t in rest)
    return bool(rest) and all(t.is_content or t.word in _JOINERS for t in rest)


def _only_affirms(sentence: Sentence) -> bool:
    return _AFFIRMED.match(" ".join(sentence.folded.split())) is not None


def _alternates(sentence: Sentence) -> bool:
    """Whether many terms are strung together, each behind a small word, and none beside another."""
    content = [t.is_content for t in sentence.tokens]
    return sum(content) >= ALTERNATING and not any(a and b for a, b in pairwise(content))


def _salad(document: Document) -> list[tuple[int, int]]:
    """The whole text, when its small words stand where no sentence puts them."""
    words = len(document.tokens)
    jarring = sum(map(_jars, document.sentences))
    enough = any(jarring >= least and jarring >= share * words for least, share in (JARRING, JARRING_LONG))
    if not enough:
        return []
    return [(s.start, s.end) for s in document.sentences if _MATHS.search(s.folded) is None]


def _jars(sentence: Sentence) -> int:
    words = [t.word for t in sentence.tokens]
    together = (
        any(a in left and b in right for left, right in IMPOSSIBLE)
        for i, (a, b) in enumerate(pairwise(words))
        if not sentence.break_before(i + 1)
    )
    return sum(together) + (words[-1] in NEVER_LAST)


def looks_foreign(document: Document) -> bool:
    """Whether this is hardly English: many words, (nearly) no English function word among them."""
    words = [t for t in document.tokens if _LETTER.match(t.word)]
    if len(words) < 5:
        return False
    foreign = sum(not t.word.isascii() for t in words)
    glue = sum(not t.is_content for t in words) / len(words)
    return foreign > len(words) / 2 or (len(words) >= 15 and glue < 0.12 and _foreign_glue(words) > 0.12)


def _foreign_glue(words: Sequence[Token]) -> float:
    return sum(t.word in FOREIGN_GLUE for t in words) / max(1, len(words))


def _to_word_ends(text: str, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    while left < start and left > 0 and not text[left - 1].isspace():
        left += 1
    while right > end and right < len(text) and not text[right].isspace():
        right -= 1
    return left, right


def _instructions(text: str) -> list[tuple[int, int]]:
    found = [(m.start(), m.end()) for m in _BLOB.finditer(text) if _is_blob(m.group())]
    for sentence in read(text).sentences:
        folded = _TOLD.sub(" ", " ".join(sentence.folded.split()))
        if (
            _FAKE_VERDICT.match(folded)
            or _SPACED_OUT.search(folded)
            or any(
                p.search(read_as)
                for read_as in (folded, *_undisguised(folded, sentence))
                for p in _INSTRUCTION
            )
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


def _pasted(text: str) -> list[tuple[int, int]]:
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


@lru_cache(maxsize=1_024)
def _runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Every three stems in a row."""
    stems = [t.stem for t in read(text).tokens]
    return frozenset(tuple(stems[i : i + 3]) for i in range(len(stems) - 2))


def _echoes(document: Document, source: str, own: set[tuple[str, ...]]) -> list[tuple[int, int]]:
    theirs = _runs_of(source) - own
    if not theirs:
        return []
    found: list[tuple[int, int]] = []
    for sentence in document.sentences:
        stems = [t.stem for t in sentence.tokens]
        taken = [False] * len(stems)
        for i in range(len(stems) - 2):
            if tuple(stems[i : i + 3]) in theirs:
                taken[i : i + 3] = [True] * 3
        if len(stems) >= ECHO_RUN and sum(taken) >= ECHO_SHARE * len(stems):
            found.append((sentence.start, sentence.end))
            continue
        found += [
            sentence.span(a, b)
            for a, b in _stretches(taken)
            if b - a + 1 >= ECHO_RUN and sum(t.is_content for t in sentence.tokens[a : b + 1]) >= 3
        ]
    return found


def _stretches(flags: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = -1
    for i, flag in enumerate([*flags, False]):
        if flag and start < 0:
            start = i
        elif not flag and start >= 0:
            found.append((start, i - 1))
            start = -1
    return found


def _repeated(document: Document) -> list[tuple[int, int]]:
    """Sentences whose words were all said before in this answer, in the same order (negations compared too), and the
    second half of a sentence that says the first again."""
    seen: set[tuple[str, ...]] = set()
    found: list[tuple[int, int]] = []
    for sentence in document.sentences:
        stems = [t.stem for t in sentence.tokens]
        half = len(stems) // 2
        if half >= 3 and len(stems) % 2 == 0 and stems[:half] == stems[half:]:
            found.append(sentence.span(half, len(stems) - 1))
        key = tuple(t.stem for t in sentence.tokens if t.is_content or t.word in NEGATORS)
        if len(key) >= 3 and key in seen:
            found.append((sentence.start, sentence.end))
        seen.add(key)
    return found


def _disjoint(spans: list[tuple[int, int, Why]]) -> list[tuple[int, int, Why]]:
    """The spans in order of their start, later ones cut where an earlier one covers them."""
    kept: list[tuple[int, int, Why]] = []
    for start, end, why in sorted(spans, key=lambda s: (s[0], -s[1])):
        if kept and start < kept[-1][1]:
            start = kept[-1][1]
        if start < end:
            kept.append((start, end, why))
    return kept
