"""Which statements of a story tell an event that happened, an action of the teller's own, and what came of it.

Found by patterns of how people tell things: dates and places, "I" with a verb in the past, figures before and after,
what was decided, launched, taken over or never happened again. Opinions, plans, claims and habits are left out. Knows
nothing of the subject: it cannot tell whether what was told is good, true, or an answer to the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.scoring.gated import Gated
from bot.scoring.text import Document

Span = tuple[int, int]
"""Where a statement stands in the text as it was written: start and end offset."""

SHORT = 6
"""Statements up to which a text may be the answer to a probe, without an action or an order of its own."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The statements that tell each part of a story, in order; `figures` are the results that hold a number."""

    situation: tuple[Span, ...]
    action: tuple[Span, ...]
    result: tuple[Span, ...]
    figures: tuple[Span, ...]
    lesson: tuple[Span, ...]


@dataclass(frozen=True)
class _Statement:
    """One statement: folded, the same with every quantity written as "#", and its place in the original."""

    text: str
    tagged: str
    span: Span

    @cached_property
    def habit(self) -> bool:
        """Whether it tells what always happens, and no event."""
        return _HABIT.search(self.tagged) is not None

    @cached_property
    def opinion(self) -> bool:
        """Whether it says what somebody thinks or would do."""
        return _OPINION.match(self.text) is not None


def _any(words: str) -> str:
    """A pattern for any one of the words; "_" stands for a space."""
    return "(?:" + "|".join(words.split()).replace("_", " ") + ")"


def _forms(*forms: str) -> re.Pattern[str]:
    """A pattern for any one of the forms, as whole words ("#" is a word)."""
    return re.compile(_whole(*forms))


def _whole(*forms: str) -> str:
    return r"(?<![\w#])(?:" + "|".join(forms) + r")(?![\w#])"


# --- quantities and times -------------------------------------------------------------------------------------------

_MONTH = _any(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sept? oct nov dec spring summer autumn fall winter q1 q2 q3 q4 easter christmas"
)
_YEAR = r"(?:19[89]\d|20[0-3]\d)"
_UNIT = _any("hours? days? weeks? months? quarters? years? nights? seasons? releases? mornings?")
_ROUGHLY = _any(
    "about around roughly some nearly almost under over only just at_least at_most less_than more_than well a_mere like maybe"
)
_NUMERAL = (
    r"(?:\d[\d.,]*\d|\d|"
    + _any(
        "zero two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy"
        " eighty ninety none half an?_half two_thirds three_quarters a_third a_quarter_of a_fifth a_tenth a_dozen"
        " a_hundred"
    )
    + r"|one(?= (?:in|a|per|every|week|month|hour|night|year|day)\b)|(?<=to )one)"
)
_QUANTITY = re.compile(
    rf"\b(?:under|over|less than|more than|within) an? {_UNIT}(?!\w)"
    rf"|\b(?:{_ROUGHLY} ){{0,3}}{_NUMERAL}(?: and (?:a half|\d+)| point \w+)?"
    r"(?: ?%| per ?cent| points?| thousand| million)?(?!\w)"
)

# --- what is no event: opinions, plans, claims, habits --------------------------------------------------------------

_OPINION = re.compile(
    r"^\W*(?:(?:well|so|and|but|yes|no|um|uh|er|like|honestly|frankly|personally|in general|also),? )*"
    r"(?:i (?:\w+ )?(?:think|believe|feel|guess|suppose|would|'d)|in my (?:opinion|view)"
    r"|you (?:should|need|have to|can)|one (?:should|has to|can|needs)"
    r"|if (?:i|we|you|it|there|someone|somebody|something)\b)"
)
"""Beginnings of statements that say what somebody thinks or would do; "I thought" and "I felt" tell what happened."""
_NOT_REAL = _forms(
    _any(
        "would wouldn't should must might shall will won't can can't cannot unless going_to supposed_to so_that"
    ),
    _any(
        "in_order_to hope[ds]? wants? wanted plan(?:s|ned)? aim(?:s|ed)? wish(?:es|ed)? promised goal target"
    ),
    r"expect(?:s|ed) (?:to|that)",
    r"\w+'ll|could imagine|(?<!managed )to (?:\w+ly )?"
    + _any("go bring get cut drop fall rise grow reduce lower raise improve move halve double"),
    r"if (?:i|we|you|it|they|he|she|there|the|a)",
    r"(?:i|you|one|we|they|it)'d (?:\w+ly )?"
    + _any("say go do have be make take let ask put keep try start look set get give see use expect"),
)
_CLAIMED = _forms(
    _any(
        "claimed reported promised believed expected hoped assumed estimated predicted forecast guessed announced"
    ),
    r"(?:thought|said|says|bet|told \w+) (?:\w+ ){0,4}(?:would|that|it|the|we)",
    r"i (?:think|believe|guess|suppose|have heard)",
    r"(?:proposed|suggested|offered|agreed) (?:to|that)",
    r"wrote down",
    r"(?:offered|options?|alternatives?|ways)\b[^.;]{0,120}:",
)
"""What stands behind one of these in its statement was said, hoped or offered, and did not happen by that."""
_HABIT = Gated(
    _whole(
        _any(
            "usually generally in_general normally typically mostly always often many_times all_the_(?:time|phases) in_most"
        ),
        _any("every_(?:project|company) twice_a_year in_principle everybody everyone as_they_say each_of_us"),
        r"# times a year",
    )
)

# --- situation ------------------------------------------------------------------------------------------------------

_EARLY = r"(?:early |late |mid[- ])?"
_DATED = Gated(
    rf"\b{_MONTH}(?: \d{{1,2}})?,? (?:of )?{_YEAR}\b"
    rf"|\b(?:in|since|during|by|until|around|from|back|early|late|mid)[ -](?:the )?{_EARLY}{_YEAR}\b(?! \w+s\b)"
    rf"|(?:^\W*|[,(] |\b[a-z]+ ){_YEAR}(?:-\d+)?(?=[,.:;)]|$)"
    rf"|\b(?:in|since|during|by|until|around|from|on|one|last) (?:the )?{_EARLY}{_MONTH}\b(?! (?:i|be|have|not|or|will)\b)"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\b"
    rf"|(?<!than )(?<!with )\b(?:\w+ ){{1,2}}{_UNIT} ago\b(?!, when)"
    r"|\blast (?:year|month|week|quarter|term|semester)\b"
    r"|\b(?:one|on a|that|on the) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:at the time|back then)\b"
)
_PLACED = _forms(
    r"(?:at|in|during|for) my (?:\w+ )?"
    + _any(
        "last previous first second third former old internship thesis phd doctorate master'?s? bachelor'?s? studies"
    ),
    r"i was " + _any("working on in an? the leading responsible"),
    r"we (?:were|ran|owned)",
    r"when (?:i|we) " + _any("joined started_(?:at|in|with) worked launched moved took"),
    r"when (?:i was|we were) " + _any("at on in an? the working leading"),
    r"we had (?:a|an|the|our|no|just|about|some|#)(?! feeling| sense| right| chance| duty| opinion| belief| good)",
    r"our " + _any("team company product group service client customer"),
    r"at (?:an?|the|our) (?:[\w-]+ ){0,3}"
    + _any("company start-?up bank hospital insurer agency firm provider group lab university"),
)
_PAST = _forms(
    _any(
        "was were had did came went ran took made said told wrote began led got gave sent left built lost fell rose"
    ),
    _any("broke found knew saw kept held (?!need|indeed|speed|feed)\\w{2,}ed"),
)

# --- own action -----------------------------------------------------------------------------------------------------

_STATES = _any(
    "need want hop lik lov believ expect wonder assum notic learn reali[sz] seem happen join work wish us fail suspect"
    " admit regret hat enjoy stay liv inherit underestimat overestimat lack fear doubt look mov"
)
"""Stems of verbs that tell a state or a thought: "I needed" is no action."""
_DID = (
    "(?:"
    + _any(
        "wrote rewrote built rebuilt ran took made chose went began led set put gave found told brought drew sent cut kept"
        " held split met spoke taught fought sat spent rang rode bought sold sought dug read(?!_a_lot) did let drove paid"
        " threw said came_(?:back|up) looked_(?:at|into|through|up) moved_(?:it|them|to)"
    )
    + rf"|(?!{_STATES}e?d\b|indeed|speed|feed|exceed|proceed)\w{{2,}}ed)"
)
_BETWEEN = _any(
    "um uh er like then first also finally next therefore just myself only even still soon later instead actually"
    " basically kind_of sort_of \\w+ly"
)
_I_DID = _forms(
    rf"(?<!when )(?<!since )i(?:'d| had)? (?:{_BETWEEN},? ){{0,3}}{_DID}",
    r"what i did",
    r"my (?:first )?(?:proposal|suggestion|decision|step) was",
)
_NOTED = re.compile(
    r"^\W*(?:(?:then|first|also|later|next|so) )?"
    + _any(
        "built wrote rewrote ran chose told sorted counted decided proposed offered drew trained tested checked asked"
        " interviewed replaced converted froze compared measured removed deleted fixed switched sent presented recommended"
        " refused informed called tried split took made reproduced recorded labell?ed moved stopped set_up sat_with"
        " talked_to"
    )
    + r" (?!by\b)"
)
"""Notes leave the "I" out: "Sorted 60 failures by cause. Wrote the recorder." """

# --- result ---------------------------------------------------------------------------------------------------------

_UPTO = r"[^.;?!#]{0,%d}?"  # some words, within the statement and without another quantity
_WORDS = r"(?:[\w'-]+ ){0,5}"
_THAN = _any(
    "instead_of rather_than (?:as_)?against versus vs\\.? compared_(?:with|to) where_(?:usually_)?it_had_been"
    " (?:it|there|that)(?:'d|_had)_been before:? (?:it|that|there)_used_to_be"
)
_COMPARED = _forms(
    r"from #[^.;?!]{0,40}?(?: down| up)? to #",
    rf"#{_UPTO % 45}\W{_THAN} (?:(?:it|that|there|we) (?:was|were|had|had been) )?#",
    rf"#{_UPTO % 25}\b(?:before and after|unchanged)|#(?: \w+)? before,? (?:and )?#",
    r"# of what (?:it|they|there) (?:was|were|had been)",
    r"before(?: and after)?:? #",
    r"# ?(?:->|vs\.?|versus) #",
)
"""A quantity beside the one from before, or from elsewhere."""
_MOVED = _forms(
    _any(
        "fell rose grew climbed sank shrank increased decreased declined improved jumped went_up went_down came_down"
        " gained lost saved reduced lowered raised brought spared costs?"
    )
    + rf" {_WORDS}#",
    r"dropped (?:\w+ )?(?:(?:by|to|from|below) )?#",
    rf"(?:it|they|that|which|gate|check|rule|test|alarm) (?:has |have |had )?(?:since |already |\w+ly )?"
    rf"(?:caught|blocked|found|fired|stopped) {_WORDS}#",
    r"(?<!to )# (?:\w+ )?" + _any("better worse faster slower higher lower fewer less more cheaper quicker"),
    r"halved|doubled|tripled|cuts? [^.;?!#]{0,40}\bin #",
    r"(?:up|down) (?:by |from )?#|back at #|plus #|minus #",
)
"""A quantity by which something changed."""
_AMOUNTED = _forms(
    r"came (?:out )?(?:at|as|to|in)|came out|turned out|ended (?:up )?(?:at|with|in)|reached",
    r"(?:we|they|it) (?:(?:have|had|then|now|\w+ly) )?(?:counted|measured|caught|reached|needs?)",
    r"(?:is|was|are|were|we're|it's|stayed) (?:(?:now|back|only) )*(?:at|down to|up to) #",
    r"(?:is|are|it's|we're) now #",
    r"the (?:right|true|real|correct|corrected|final) \w+ (?:is|was)",
    r"corrected:|result:",
)
"""What a quantity was in the end."""
_AFTER = _forms(
    _any(
        "as_a_result as_a_consequence in_the_end at_the_end eventually finally afterwards by_now now at_present today(?!')"
    ),
    _any(
        "these_days nowadays to_this_day this_year since_then since_that_time ever_since from_then_on it_came_out"
    ),
    r"(?:the|my) (?:\w+ )?(?:result|outcome|upshot|effect|difference)|(?:result|outcome|corrected):",
    r"(?:it|we|they) (?:just )?ended up|turned out (?:better|worse|well|badly|fine|right|wrong|(?:at )?#)",
    r"after (?:that|# \w+|a \w+|half an? \w+|the \w+)",
    rf"(?:#|an?|half an?|some) {_UNIT} (?:later|after)",
    rf"(?:in|over|within|for|during|of) the (?:following|next|first|last|same) (?:[\w#-]+ )?{_UNIT}",
    rf"the (?:[\w#-]+ )?{_UNIT} (?:after|since|that followed)",
    rf"by (?:the )?(?:next |following )?{_MONTH}|(?:\w+ly|{_UNIT}) since|since (?:the )?{_MONTH}",
)
_FACT = _forms(
    "#", _any("better worse faster slower fewer cheaper solved fixed worked works nobody no_one fine quiet")
)
"""What has to stand beside a word for "afterwards" so that it tells an outcome and not only the next step."""
_ENDED = _any(
    "went_live launched shipped released rolled_out cancell?ed called_off scrapped approved granted published delivered"
    " handed_in signed extended renewed renegotiated voted adopted promoted gave_up passed(?!_(?:it|on|round|around|by|the))"
)
_CHOSE = _any(
    "went_(?:for|ahead|with) dropped kept stopped passed agreed stayed decided bought switched solved closed chose built used"
    " accepted fixed found moved did took cut merged deleted settled_for"
)
_ALSO = r"(?:(?:all|both|then|finally|therefore|even|also|later) )?"
_NO_RULE = (
    r"(?! (?:by|only|when|whenever|once|if|gradually|behind|via|under|through|in (?:shadow|stages|steps))\b)"
)
"""A release that is a way of working ("we shipped only when ...", "rolled out gradually") is no outcome."""
_CONDITION = re.compile(r"\b(?:before|when|whenever|once|until|only|unless|if)\b")
_SO = _any("so therefore in_the_end finally eventually after_that")
_SUBJECT = r"(?:we|they|he|she|it|the \w+)"
_SETTLED = _forms(
    rf"(?:was|were|got|has been|have been|is|are) {_ALSO}"
    rf"(?:{_ENDED}|dropped|fixed|solved|switched off|merged|accepted){_NO_RULE}",
    rf"(?!(?:i|never|not|be|been|only) )[a-z]+ {_ALSO}{_ENDED}{_NO_RULE}",
    rf"(?:,|and) so {_SUBJECT} {_ALSO}{_CHOSE}",
    rf"(?<!what ){_SUBJECT} {_ALSO}{_CHOSE} [^.;?!]{0, 120}\b(?:in the end|after that|afterwards)",
    r"came to (?:nothing|an end)|made it into|got the contract|paid off|it worked|did the trick|made no difference",
    r"did nothing|went (?:for|with) (?:it|that|the)|changed (?:his|her|their) mind|turned into|led to",
    r"took (?:it|that|the \w+) over",
)
_SO_THEY = re.compile(rf"^\W*(?:(?:and|but|well|yeah),? )*{_SO},? (?!(?:i|what) )(?:\w+ ){{1,4}}?{_CHOSE}\b")
"""What was decided, launched or given up."""
_STAYS = _forms(
    r"still (?:\w+ )?"
    + _any(
        "runs? running uses? used using in_use goes_out live do does holds? works? have has stands? overrule"
    ),
    r"(?:is|are|has been|have been|it's|been) (?:now |still )?"
    + _any("used in_use running live in_place in_production the_rule the_standard"),
    rf"(?:runs?|owns?|maintains?|uses?|does|presents) {_UPTO % 20}\b(?:now|today|since|alone|at present)",
    r"now " + _any("runs? uses? owns? maintains? has have needs? leads? reviews? writes? teaches"),
    r"became (?:the|a|our) (?:\w+ )?(?:standard|rule|habit|default|routine)",
    r"(?:others?|another|#)(?: \w+){0,2} "
    + _any(
        "teams? groups? departments? clinics? depots? shops? plants? offices? customers? colleagues compan(?:y|ies) wards?"
    )
    + r"(?: \w+)? (?:uses?|used|runs?|copied|adopted|took|taken|joined|asked|have)",
    r"(?:has|have) (?:\w+ )?(?:copied|adopted|taken over|become|stayed|held|caught|blocked|run)",
    r"(?:has|have) \w+(?: off)? (?:# times |once |twice )?since",
)
"""What lasted, or was taken up by others."""
_NO_MORE = _forms(
    r"(?:\w+n't|not|never|nobody|no one|none|no) [^.;?!]{0,60}\b"
    rf"(?:again|since(?=\W*$|[,.;]| then| the (?:launch|change|switch)| {_MONTH})"
    r"|any ?more|any longer|afterwards|noticed|to date)",
    rf"since (?:then|that (?:time|day)|{_MONTH})\b[^.;?!]{{0,40}}\b(?:no|none|not|nobody|never|\w+n't|quiet)",
    r"(?:no|zero|0|#) \w+ in the (?:last|past|following|next)",
)
"""What never happened again."""

# --- lesson ---------------------------------------------------------------------------------------------------------

_LATER = _any("next later following new current present second other")
_THEN = r",?[^.;?!]{0,25} (?:i|we|it|there)"
_AGAIN = r"(?:project|case|time|one|job|place|team|company|employer|study|assignment|launch|partner|report|talk|request|model)"
_LESSON = _forms(
    r"(?:i|we)(?:'d|'ve| have| had)? (?:\w+ )?"
    + _any("learned learnt reali[sz]ed regret(?:ted)? underestimated overestimated misjudged"),
    r"(?:the|my|one|a) (?:\w+ )?(?:lesson|regret|mistake|error|miss|fault|slip)|what i took from (?:it|that|this)|taught me",
    r"(?:i|we) should(?:'ve| have)|what i(?:'d| would| should) (?:have done|do|did)|i(?:'d| would) (?:now|do it|have done)",
    r"i(?:'d| had)? (?:was|been|been quite|got it) wrong|i changed my mind|what i did (?:badly|wrong)|i (?:messed|screwed) up",
    r"what (?:surprised|i got wrong|i hadn't)|i had(?:n't| not) (?:expected|seen|asked)",
    r"for me the thing was|in hindsight|looking back|since then|ever since|next time|i now|we now",
    r"(?:from then on|these days|nowadays|by now|today|now),? (?:i|we|when|each|every|our|the)",
    rf"(?:in|on|at|for|with|to) (?:the|my|our|another|an?) {_LATER} (?:\w+ )?{_AGAIN}{_THEN}|for the next",
    r"(?:did|used|done) (?:it|the same|that) (?:twice|again|since|the same way)|\w+ again (?:later|last|when|since)",
    r"when (?:i|we) (?:later|then|next|\w+ about [\w ]{1,40} later)|the (?:year|month|quarter) after,? i",
)
"""A mistake that is owned, what was taken from it, or where it was used again."""


def tell(document: Document) -> Telling:
    """The statements that tell a past event, an own action and a result; equal texts give equal spans."""
    return _tell(document.raw, document)


def quantities(text: str) -> int:
    """How many quantities a text holds, in figures or in words."""
    return len(_QUANTITY.findall(text.casefold()))


@lru_cache(maxsize=512)
def _tell(_raw: str, document: Document) -> Telling:
    said = list(_statements(document))
    acted = [i for i, s in enumerate(said) if _own_action(s)]
    placed = [i for i, s in enumerate(said) if _situation(s)]
    first = acted[0] if acted else -1
    answers_a_probe = len(said) <= SHORT and (not placed or -1 < first < placed[0])
    if answers_a_probe:
        first = -1
    came = [i for i, s in enumerate(said) if _result(s, i, first, len(said))]
    return Telling(
        situation=tuple(said[i].span for i in placed),
        action=tuple(said[i].span for i in acted),
        result=tuple(said[i].span for i in came),
        figures=tuple(said[i].span for i in came if "#" in said[i].tagged),
        lesson=tuple(s.span for s in said if _LESSON.search(s.tagged) and not s.habit),
    )


def _statements(document: Document) -> Iterator[_Statement]:
    """The sentences, cut once more at full stops inside ("... asked me. In May ...") and at semicolons."""
    for sentence in document.sentences:
        for found in re.finditer(r"[^;]+?(?:[.!?]+(?=\s)|;|$)", sentence.folded, re.DOTALL):
            text = found.group().strip()
            if not re.search(r"\w", text) or text.endswith("?"):
                continue
            begin = found.end() - len(found.group().lstrip())
            last = found.start() + len(found.group().rstrip()) - 1
            span = sentence.spots.span(begin, last)
            yield _Statement(text, _QUANTITY.sub("#", text), span)


def _situation(said: _Statement) -> bool:
    """A dated event, or a place in the teller's past with something that happened there."""
    if said.opinion:
        return False
    dated = _DATED.finditer(said.text)
    if any(re.search(_YEAR, m.group()) or not _unreal(said.text, m) for m in dated):
        return True
    placed = _PLACED.search(said.tagged)
    return bool(placed) and bool(_PAST.search(said.text)) and not said.habit


def _own_action(said: _Statement) -> bool:
    """Something that "I" did; that it was to serve a plan or a wish does not matter ("I asked what would decide it")."""
    if said.opinion or said.habit:
        return False
    if _NOTED.search(said.text):
        return True
    return any(not _unreal(said.text, m, before=True) for m in _I_DID.finditer(said.text))


def _result(said: _Statement, at: int, first: int, of: int) -> bool:
    """Whether this statement, number `at` of `of`, tells what came of it; `first` is the first own action, or -1 where
    there is none and where a short text answers a probe and does not begin a story.

    Figures and decisions are told in every part of a story ("recall had fallen from 93 to 78 %, so we ..."). So nothing
    counts before the first own action, and what is no change and nothing that lasts only in the later half.
    """
    if said.opinion or at < first:
        return False
    as_problem = first < 0 and _DATED.search(said.text)
    if not as_problem and (_told(_COMPARED, said) or _told(_MOVED, said)):
        return True
    if of > SHORT and first < 0:
        return False
    if _told(_NO_MORE, said) or _told(_STAYS, said):
        return True
    if of > SHORT and at < of / 2:
        return False
    if _told(_AFTER, said) and _FACT.search(_AFTER.sub(" ", said.tagged)):
        return True
    if at == first:
        return False
    amounted = "#" in said.tagged and _told(_AMOUNTED, said)
    return amounted or _told(_SETTLED, said, _CONDITION) or _told(_SO_THEY, said, _CONDITION)


def _told(pattern: re.Pattern[str] | Gated, said: _Statement, unless: re.Pattern[str] | None = None) -> bool:
    """Whether the pattern stands in the statement as something that happened, without `unless` before it."""
    found = list(pattern.finditer(said.tagged))
    if not found or said.habit:
        return False
    claimed = _CLAIMED.search(said.tagged)
    until = claimed.end() if claimed else len(said.tagged)
    return any(
        m.start() < until
        and not _unreal(said.tagged, m)
        and not (unless and unless.search(said.tagged, _clause(said.tagged, m), m.start()))
        for m in found
    )


_MARKS = (",", ":", "(", ")", " but ", " so ", " and ")


def _clause(text: str, found: re.Match[str]) -> int:
    """Where the clause of a match begins."""
    return max(text.rfind(mark, 0, found.start()) + 1 for mark in _MARKS)


def _unreal(text: str, found: re.Match[str], *, before: bool = False) -> bool:
    """Whether the clause of a match speaks of a plan, a wish or a condition; with `before`, its part up to the match."""
    ends = [p for mark in _MARKS[:-1] if (p := text.find(mark, found.end())) >= 0]
    until = found.end() if before else min(ends, default=len(text))
    return bool(_NOT_REAL.search(text, _clause(text, found), until))
