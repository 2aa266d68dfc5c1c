"""The words and turns of phrase by which people deny what they or others say.

Data only; what each of them covers is for `negation` (within a sentence) and `stance` (of other sentences) to say.
Patterns are read over the words of a sentence: English, lower case, one blank between words.
"""

from __future__ import annotations

import re

from bot.scoring.lexicon import FUNCTION_WORDS, NEGATORS, word_set

# What `negation` needs besides the negations and denials of the lexicon.

CONTRASTS = frozenset(("but", "however", "yet", "although", "though"))
"""Words from which somebody else's view, or a denied one, is over."""
BELIEVE = ("think", "thought", "say", "said", "believ", "assum", "claim", "suppos", "held", "call")
"""Beginnings of verbs beside which "wrongly" denies what is believed."""
VALUES = frozenset(("mask", "flag", "where", "return", "returns", "boolean", "bool", "condition", "true"))
"""Words beside which "false" is a value."""
FALSE_TERMS = ("positiv", "negativ", "alarm", "discover", "accept", "reject", "match")
"""Beginnings of nouns that make a term with "false"."""
SHORT_SCOPE = {"no": 5, "not": 14, "without": 4, "instead": 6, "rather": 6, "unlike": 5}
"""How many words a negation covers at most; others go on to the end of their clause."""
NO_WAY = frozenset(("means", "way", "circumstances", "case", "event"))
"""Nouns with which "no" is a "not": "by no means"."""

# Turns of phrase that deny within their sentence (`negation`).

_SAY = r"(?:say|think|claim|believe|assume|argue|conclude|suggest|state|agree|accept|admit|suppose|pretend|maintain)"
_SAYS = (
    r"(?:says?|thinks?|claims?|believes?|assumes?|argues?|states?|suggests?|shows?|proves?|means?|indicates?)"
)
_VIEW = r"(?:idea|view|claim|notion|belief|opinion|thesis|statement|assumption|suggestion|argument|theory)"
SENTENCE_WIDE = re.compile(
    r"\b(?:not|never|hardly|wrong|false|incorrect|untrue|mistaken|mistake|myth|misconception|misunderstanding|nonsense"
    r"|fairy tale|rubbish|absurd|ridiculous|unlikely|impossible|improbable|doubtful|questionable|far from|by no means"
    r"|in no way)\b"
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
    r"|\bnot (?:\w+ )?(?:convinced|persuaded)\b(?! (?:by|of|about|with|that)\b)"
    r"|\b(?:the )?last (?:thing|claim)(?: that)? (?:i|we|you|anybody|anyone|one) (?:would|will) (?:ever )?"
    rf"{_SAY} (?:is|would be) that\b|\b(?:further|farther) (?:away )?from the truth than that\b"
    r"|\bwould be (?:\w+ )?(?:surprised|astonished|amazed|shocked) if\b"
    r"|\bremains to be seen (?:whether|if|how)\b|\b(?:one|you|people|some) (?:could|might|may) ask (?:whether|if)\b"
    r"|\b(?:i|we|you|one)(?: \w+){0,2} wonder(?:s|ed|ing)? (?:whether|if)\b"
    r"|\b(?:no (?:idea|clue)|who knows|(?:unclear|undecided|unknown|open)(?: to me)?) (?:whether|if)\b"
    r"|\b(?:rumou?r|legend) has it that\b|\bi (?:very much |really |strongly |seriously )?doubt(?! (?:it|that|this|about|of)\b)"
    r"|^(?:allegedly|supposedly|purportedly|reputedly)\b"
)
TWICE = re.compile(r"^(?:untrue|wrong|false|incorrect|mistaken)\b")
OF_A_SUBJECT = re.compile(
    r"^(?:not|never|hardly) (?:say|mean|claim|follow|think|believe)\b|\b(?:you|question) (?:asked|asks|said|mentioned|want)"
)
MISSTEP = re.compile(r"\bcommon (?:mistake|error|trap)\b")
"""Denies the clause it stands in: what comes of the mistake is the speaker's own."""
SAID_BY_OTHERS = re.compile(
    r"\b(?:common misconception|people (?:(?:often|wrongly|mistakenly|falsely|sometimes|usually"
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
_IT = r"(?:so|it|that|this|them|him|her|any of it|a word of it|with (?:it|that|them|him|her))"
_ERRS = rf"(?:{_WRONG}|mistaken|lying|joking|kidding)"
TAIL = re.compile(
    r"\b(?:(?:but|and|yet|though|although|at least) )*"
    r"(?:i(?: really| just| simply)* (?:do|would|can|will|could|did) not(?: really)? "
    rf"(?:think|believe|buy|agree|say|trust)(?: {_IT})?"
    rf"|i (?:doubt|disagree|never (?:bought|believed|said|thought|trusted))(?: {_IT})?"
    rf"|(?P<theirs>(?:they|he|she|these people)(?: (?:is|are|was|were|all|of course))+ {_ERRS})"
    rf"|(?P<mine>i (?:was|am)(?: (?:just|only|of course))* {_ERRS})"
    r"|(?P<irony>(?:i am )?(?:just|only) (?:joking|kidding))"
    r"|or so (?:\w+ ){1,3}(?:says?|claims?|thinks?|believes?|said|thought)"
    r"|which (?:nobody|no one|hardly anybody|hardly anyone) (?:believes|claims|thinks|says)"
    rf"|(?P<bare>as if|(?:just |simply )?{_WRONG}))$"
)
"""The last clause of a sentence, when it takes back what stands before it. `theirs` wants somebody else's claim before
it, `mine` a former belief, `bare` a dash or a bracket."""
CLAIMED = re.compile(rf"\b{_SAY}(?:s|ed|d)?\b|\b(?:said|thought|told|insists?|insisted|swears?|held)\b")
BELIEVED = re.compile(
    r"\b(?:i|we) (?:used to|once|long|always|first|had)?(?: \w+)? ?(?:thought|believed?|think|assumed?|supposed?)\b"
)
REJECTED_AS_SUBJECT = re.compile(
    rf"^(?:but |and |so )?(?:(?:whoever|anyone who|anybody who|everyone who|people who|those who) {_SAYS} that"
    rf"|the {_VIEW} that|(?:saying|claiming|thinking|to say|to claim|to think) that)\b.*"
    rf"\b(?P<tail>(?:is|are|would be|was){_SOFTLY} (?:{_WRONG}|mistaken|lying|confused)"
    r"|(?:does|do|did|would|can|will) not(?: \w+ly)? (?:hold|stand|convince(?: me| anybody)?)|fails?|falls? (?:apart|flat))$"
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
TURNS = word_set("instead actually rather but however correct really")
TURN = re.compile(
    r"^(?:in (?:fact|truth|reality)|what is (?:right|true)|what i (?:would|will|do)(?! not)|the truth"
    r"|the (?:right|correct|better|good) (?:way|answer|thing|one)|(?:now |and )*seriously|(?:so )?i (?:would|will) (?!not))\b"
)
"""Beginnings of the sentence from which an answer is meant again."""

# Whole stretches that say how other sentences are meant (`stance`).

UPHOLDS = word_set(
    "true right correct correctly truth true believe believes believed believing think thinks thought say says said saying "
    "claim claims claimed recommend recommends recommended advise advises suggest suggests suggested do does doing did mean "
    "means meant buy buys bought stand accept accepts accepted agree agrees agreed endorse support trust trusted "
    "seriously serious good great sound sensible valid convinced"
)
"""Words that judge well, or commit the speaker."""
JUDGES = word_set(
    "wrong wrongly false incorrect incorrectly untrue mistaken mistakenly nonsense rubbish garbage "
    "bullshit crap absurd ridiculous myth myths misconception misconceptions fallacy lie lies lying bad poor weak "
    "terrible awful horrible silly stupid dumb foolish naive crazy mad insane idiotic fool idiot joke jokes joking kidding "
    "ironic irony ironical sarcastic sarcasm sarcastically ironically invented fabricated fake bogus impossible unlikely"
)
"""Words that judge badly; several of them in one breath agree."""
MISSTEPS = word_set("mistake mistakes error errors")
"""What it may be to say something. Mistakes themselves may be what an answer lists."""
SAYING = word_set("say saying answer answering claim claiming believe believing think thinking")
REFUSES = word_set(
    "disagree disagrees disagreed doubt doubts doubted deny denies denied reject rejects rejected refuse refuses refused "
    "dispute oppose dismiss strike scrap discard retract withdraw distrust mistrust disregard"
)
"""Verbs that turn round what they govern."""
JUDGING_PHRASES = re.compile(
    r"\b(?:ma(?:de|ke|king)(?: (?:all|most|it|this|that|of|everything))* up"
    r"|advised? against|(?:^|(?<=please )|(?<=just ))forget"
    r"|t(?:ake|ook|aking)(?: (?:all|it|this|that|of|everything|every|word))* back)\b"
)
"""Verbs of two parts that refuse: "I made all of that up"."""
REVERSED = re.compile(r"\b(?:the|exact) (?:opposite|reverse|contrary)\b")
CONDITIONS = word_set("if unless whether")
OTHERS = word_set(
    "people nobody somebody someone anybody anyone everybody everyone they he she colleague colleagues boss friend friends "
    "professor professors teacher teachers interviewer interviewers candidate candidates beginner beginners student students "
    "expert experts author one"
)
"""Who may err, or leave undone what was said, without the speaker taking it back."""
GET_WRONG = re.compile(r"\b(?:g[eo]t|gets|getting|do|does|did)\b(?: \w+){0,4} (?:wrong|right)\b")
AN_ASIDE = re.compile(
    r"^(?:i (?:think|believe|mean|would say)(?: that)? )|(?: i (?:think|believe|mean|would say))$"
    r"|^all (?:of )?(?:this|that|it)(?: being)? said$"
)
HEDGES = word_set(
    "might may could maybe perhaps probably possibly some else other others otherwise too most less more few sometimes often "
    "sure certain still"
)
"""Words with which a stretch, or its clause, rejects nothing outright."""
ONLY_PARTLY = re.compile(
    r"\b(?:not|never)\b(?: (?:do|does|did|say|believe|mean|think|agree|with))* "
    r"(?:all|every|everything|each|entirely|completely|fully|always)\b"
)
"""Denies that all of it holds, which leaves most of it."""
STANCE_WORDS = (
    FUNCTION_WORDS
    | NEGATORS
    | UPHOLDS
    | JUDGES
    | MISSTEPS
    | REFUSES
    | HEDGES
    | CONDITIONS
    | word_set(
        "no one nobody somebody someone anybody anyone everybody everyone people whoever person persons colleague colleagues "
        "boss friend friends professor professors teacher teachers interviewer interviewers candidate candidates beginner "
        "beginners chatbot chatbots student students expert experts author blog book books guy guys "
        "all any every each both everything anything something nothing none only one ones whole entire above below follows "
        "following first last next previous now ever never anyone "
        "word words sentence sentences statement statements claim point points answer answers answered answering answering "
        "question reply view views idea ideas belief beliefs opinion opinions notion advice thing things list lines line part "
        "parts bit example examples way ways case text paragraph stuff talk "
        "consider considers considered regard regards regarded call calls called find finds hold holds rate deem single "
        "sincere honest myself yourself "
        "strongly comes come behind mark marks count counts against "
        "got get give gives gave given tell tells told read heard hear wrote write written expect expected ask asked asks let "
        "make makes made take takes taken took up back play plays begin start stop used want wants wanted like seem seems "
        "well ok okay oh yes no yeah please sorry honestly frankly course fact actually really simply exactly precisely quite "
        "totally completely absolutely entirely plainly obviously clearly rightly rather even least always "
        "common typical popular usual usually typically widespread old older new much lot purpose deliberately anything "
        "opposite reverse contrary exact advocate devil here again still yet though although however because but "
        "forget somewhere elsewhere by means under no circumstances am been"
    )
)
"""Every word that a stance may hold: none of them belongs to a subject."""
TAKES_A_CLAUSE = (
    UPHOLDS | JUDGES | REFUSES | SAYING | word_set("idea view notion belief opinion advice statement case so")
) - word_set("mean means meant")
"""Words after which "that" begins what is judged. What something does not mean is a matter of the subject."""
_THIS = r"(?:this|that|it|these|those|them|the above|what i (?:just )?said)"
ALL_OF_IT = re.compile(
    rf"\b(?:all|any|every|each|none|nothing|everything|anything|both|whole|entire)\b.*\b{_THIS}\b"
    rf"|\b(?:word|bit|sentence|line|part) of {_THIS}\b|^all (?:lies|wrong|false|nonsense|rubbish|invented)$"
    rf"|\b{_THIS}\b.*\b(?:all|every|everything|any|none|each)\b|\b(?:everything|these|those|the above)\b"
)
"""Points to more than one thing that was said."""
_BAD = r"(?:wrong|false|incorrect|untrue|mistaken|bad|weak|poor|terrible|silly|stupid|foolish|naive)"
ANSWER = re.compile(
    rf"\b(?:that|this|it) (?:is|was)(?: \w+){{0,2}} {_BAD} (?:answer|reply)\b"
    r"|\b(?:my|this|that)(?: \w+)? (?:answer|reply) (?:is|was)(?: \w+){0,2} (?:wrong|false|nonsense|invented|ironic)\b"
    r"|\b(?:my|this|that)(?: \w+)? (?:answer|reply) (?:is|was) not (?:true|right|correct|serious|meant)\b"
)
"""Judges the answer by that name."""
IRONY = re.compile(
    r"\b(?:jok(?:e|es|ing)|kidding|iron(?:y|ic|ical|ically)|sarcas(?:m|tic|tically))\b|^said (?:nobody|no one)\b"
)
PRACTICE = re.compile(r"\b(?:do|does|doing|recommend\w*|advise\w*|suggest\w*|good|bad|ideas?)\b")
"""Judges what to do, not what is true; of several ways just named all may be rejected, and the answer still stands."""
AHEAD = re.compile(
    r"\b(?:the following|following|follows|below|what comes (?:now|next)|from (?:here|now) on|like this|this way)\b"
    r"|^(?:now |so |well |first )*let me (?:say|tell|give|play|start|begin)\b|^(?:sarcasm|irony) on$"
)
"""Points to what comes next."""
LABELS = frozenset(
    ("wrong", "false", "incorrect", "untrue", "not true", "not so", "nonsense", "myth", "a myth", "the myth")
)
"""Heads before a colon that judge the rest of their sentence."""
BEFORE_COLON = re.compile(
    rf"^(?!that\b|it\b).*\b{_BAD} (?:answer|reply|belief|idea|view|statement|claim)(?: (?:is|would be|goes|like|this|that|here"
    r"|to|the|question))*$"
    rf"|\b{_BAD} (?:candidate|student|beginner|chatbot|expert)s? (?:would |will |might )?(?:answers?|says?|tells?)"
    r"(?: (?:you|this|here|something like))*$"
    r"|\b(?:do|doing|say|saying|answer|tell)\b(?: \w+){0,4} (?:this|these|these things)(?: .*\bnot)?$"
    r"|\b(?:any|a word|a sentence) of (?:it|this|that)$"
    r"|^(?:this|here|my)\b.*\b(?:rejected(?: it)?|answer\b.*\bwrong)$|^how not to\b"
    r"|^(?:please )?(?:do not|never) (?:ever )?(?:believe|trust|buy) (?:this|these)$"
    r"|\b(?:say|tell|answer|claim|think|believe)s?\b(?: \w+){0,3} this\b.*\b(?:wrong|mistaken|lying)$"
    r"|\b(?:not|never)(?: to)? (?:ever )?(?:do|say|answer)\b(?! so| it| that)"
)
"""What a head before a colon must speak of to judge all that follows: not "what is wrong: ...", which names a fault."""
