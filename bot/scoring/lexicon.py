"""The closed word lists of the language tools: function words, negations, clause openers, spellings, look-alikes.

Data only. English; a list is here only when the words are few and closed, everything open is left to the stemmer.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def pairs(text: str) -> dict[str, str]:
    """`a:b c:d` as a mapping."""
    return dict(part.split(":") for part in text.split())


LOOKS_LIKE: dict[int, str] = {
    ord(pair[0]): pair[1]
    for text in (
        "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw ӏl вb нh кk мm тt ьb",  # Cyrillic
        "αa βb εe ζz ηh ιi κk μm νv οo ρp τt υu χx ωw",  # Greek
        "ɑa ɡg ıi ոn օo ցg հh ѵv",  # others
    )
    for pair in text.split()
}
"""Letters of other alphabets that look like Latin ones (case already folded). Applied only to words that become
wholly Latin by it, so that honest Russian or Greek stays what it is."""

FUNCTION_WORDS = word_set(
    "a an the of is are was were be been being am it its this that these those to and or in on at for by with as "
    "from i you we they he she me us them my your our their his her do does did done has have had having will would "
    "can could should shall may might must there here so then if but which who whom whose what when where how why "
    "just very also too about into such than s re ve ll d m t"
)
"""Words that carry no content of their own. Words of degree, order and direction are content here."""

NEGATORS = word_set("not no never none neither nor nothing nobody without cannot hardly")
"""Words that make a wording a negative one, and that negate what follows in a text."""

DENIALS = word_set("wrong incorrect false untrue mistaken incorrectly wrongly falsely")
"""Words that deny the whole clause they stand in."""

NOT_NEGATING = word_set("only just merely simply doubt matter problem")
"""After a negator they take the negation away: "not only", "no doubt"."""

BREAKS = word_set(
    "but however although though whereas while because since so therefore instead yet unless otherwise rather "
    "which if when"
)
"""Words that begin a new clause."""

SUBJECTS = word_set("i it we you they he she this that these those there then what")
"""After a comma or "and" they begin a new clause."""

RESUMING = word_set("then so set use using only hence thus first next finally")
"""After a comma they begin a new clause as well."""

FINITE = word_set(
    "is are was were has have had does do did can could will would should must may might means gives makes"
)
"""Verbs that show that a stretch between commas is a clause of its own."""

BE = word_set("is are was were be been being am do does did")

CONTRACTED = pairs(
    "dont:do doesnt:does didnt:did cant:can wont:will isnt:is arent:are wasnt:was werent:were couldnt:could "
    "wouldnt:would shouldnt:should hasnt:has havent:have hadnt:had cannot:can"
)
"""Contractions written without their apostrophe, and "cannot": the verb that is left beside the "not"."""

WORN_DOWN = pairs("ca:can wo:will sha:shall")
"""What is left of can't, won't, shan't once n't is cut off."""

SPELLING = pairs(
    # British and American
    "defence:defense offence:offense licence:license grey:gray programme:program analogue:analog catalogue:catalog "
    "dialogue:dialog artefact:artifact artefacts:artifact judgement:judgment maths:math ageing:aging whilst:while "
    "sceptical:skeptical scepticism:skepticism "
    # plurals and verb forms that the stemmer leaves apart
    "matrices:matrix indices:index vertices:vertex axes:axis hypotheses:hypothesis analyses:analysis "
    "criteria:criterion minima:minimum maxima:maximum optima:optimum children:child "
    "chose:choose chosen:choose grew:grow grown:grow fell:fall fallen:fall found:find lost:lose held:hold kept:keep "
    "made:make took:take taken:take wrote:write written:write broke:break broken:break drew:draw drawn:draw saw:see "
    "seen:see gave:give given:give knew:know known:know sent:send met:meet paid:pay built:build ran:run "
    "thought:think told:tell said:say learnt:learn began:begin begun:begin rose:rise risen:rise shrank:shrink "
    "shrunk:shrink went:go gone:go got:get brought:bring hid:hide fed:feed led:lead sought:seek spent:spend "
    "threw:throw thrown:throw understood:understand forgot:forget forgotten:forget woke:wake woken:wake stood:stand "
    "stuck:stick spoke:speak spoken:speak heard:hear bought:buy taught:teach felt:feel "
    "slept:sleep hung:hang swept:sweep wound:wind stole:steal stolen:steal ate:eat eaten:eat came:come "
    "became:become won:win sold:sell chosen:choose bent:bend "
    ""
    ""
    ""
    # families that the stemmer leaves apart
    "classification:classify classifications:classify classifier:classify classifiers:classify decision:decide "
    "decisions:decide comparison:compare comparisons:compare explanation:explain explanations:explain failure:fail "
    "failures:fail growth:grow belief:believe proof:prove proofs:prove response:respond responses:respond "
    "description:describe division:divide multiplication:multiply conversion:convert conversions:convert "
    "retention:retain addition:add inclusion:include exclusion:exclude expansion:expand extension:extend "
    "verification:verify clarification:clarify quantification:quantify identification:identify "
    "specification:specify specifications:specify justification:justify modification:modify notification:notify "
    "stratification:stratify uncertainty:uncertain uncertainties:uncertain certainty:certain frequency:frequent "
    "frequencies:frequent leakage:leak storage:store usage:use safety:safe slowly:slow newly:new weigh:weight "
    "weighs:weight weighed:weight weighing:weight occurrence:occur occurrences:occur "
    "agreement:agree disagreement:disagree assumption:assume assumptions:assume resistance:resist "
    "deletion:delete repetition:repeat repetitions:repeat reproduction:reproduce "
    # short forms of notes and speech
    "diff:difference diffs:difference init:initialization inits:initialization grad:gradient grads:gradient "
    "indep:independent prob:probability probs:probability dist:distribution val:validation acc:accuracy dupe:duplicate "
    "dupes:duplicate dup:duplicate dups:duplicate freq:frequent freqs:frequent avg:average params:parameter "
    "param:parameter hyperparams:hyperparameter config:configuration configs:configuration env:environment "
    "repo:repository db:database req:request reqs:request feat:feature feats:feature pred:prediction preds:prediction "
    "emb:embedding embs:embedding dim:dimension dims:dimension vec:vector vecs:vector seq:sequence idx:index "
    "num:number pct:percent perf:performance prod:production approx:approximate calc:calculate mem:memory doc:document "
    "docs:document ppl:people msg:message msgs:message info:information spec:specify specs:specify "
    "cond:condition eval:evaluate evals:evaluate norm:normalize expt:experiment exps:experiment rel:relative "
    "abs:absolute coef:coefficient coefs:coefficient coeff:coefficient resid:residual resids:residual reg:regularization "
    "kinda:kind gonna:go gotta:must wanna:want cos:because cuz:because "
    # numbers
    "two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13 fourteen:14 "
    "fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50 sixty:60 "
    "seventy:70 eighty:80 ninety:90"
)
"""One form for words that stemming does not bring together."""

FOREIGN_GLUE = word_set(
    "der die das und ist sind nicht ein eine einer eines einem einen mit auf fur von zu zum zur den dem des dass da "
    "bei oder wird "
    "werden wurde kann konnen sich je wie durch an am im aus nach alle jeder jede jedes man auch als es er sie "
    "wenn wir ich diese dieser dieses ihre nur noch so "
    "bis uber unter zwischen "
    "le la les et est une un pas dans pour que qui sur par avec sont ne se ce il elle nous vous au aux du plus "
    "el los las una en por con para del lo su sus al como mas pero esta este se "
    "gli di che per non della dei delle sono nel nella anche piu "
    "os um uma nao em da do dos das na no ou mais ao sao het van niet te een de"
) - word_set("on in so am as no me do man die plus per its an du par")
"""Function words of other languages, to tell an answer that is not English."""

RELATIONS = word_set(
    "across per over under between versus vs via through than among along around against toward towards upon until "
    "till during before after since while every each all any both only even still yet again always never no not "
    "without none more less fewer higher lower larger smaller bigger better worse faster slower same most least up "
    "down out off first then next last finally instead because therefore hence thus so however"
)
"""Words that relate the terms of a terse note."""

VERBS = word_set(
    "reduce lower raise increase decrease need use give make keep add remove prevent cause help overfit underfit learn "
    "predict average measure compare show depend scale shrink grow fail change stay go become lead take work improve "
    "hurt mean let allow require produce create avoid ignore follow capture update store send return read write run "
    "stop start begin converge diverge vanish explode dominate hide leak drift drop rise fall eat leave double halve "
    "overwrite replace contain hold reuse recompute repeat lose miss beat exceed treat"
)
"""Verbs of terse answers ("random forests reduce variance"), as they stand in the dictionary."""

PLAIN = word_set(
    "many much more most less few each every all any some several one two first same different important other another "
    "little big small good better way thing things time case look think thought lot know need needs use used make take "
    "get go come see say work different difference new high low only still also even often always never "
    "topic aspect consider experience"
)
"""Words that say little by themselves: a sentence that shares nothing else with a reference was about something else."""

_DETERMINERS = word_set("an the my your our their its every")
_PREPOSITIONS = word_set("of in on at for with from into between through")
_AUXILIARIES = word_set(
    "is are was were has had does did could would should must might"
)  # "may" is a month, too
_JOINING = word_set("and or but because if which")
IMPOSSIBLE: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (
        _DETERMINERS,
        _PREPOSITIONS | _AUXILIARIES | _JOINING | _DETERMINERS | word_set("to that it i we you they he she"),
    ),
    (_PREPOSITIONS, _AUXILIARIES | word_set("of and or but i we he she they")),
    (_AUXILIARIES | word_set("can will"), _AUXILIARIES | word_set("can will of")),
    (word_set("and or but"), word_set("and or of")),
    (word_set("to"), _AUXILIARIES | word_set("of and to can will")),
)
"""Neighbours that English does not put side by side (without a comma between them)."""

NEVER_LAST = word_set("the an and or than because my your of")
"""Words that end no sentence."""
