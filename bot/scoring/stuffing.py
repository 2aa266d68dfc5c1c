"""Text that states nothing: bare lists of terms, lists dressed as sentences, shuffled words, another language.

Works on sentences and their words alone. Terse notes that relate their terms are statements. Knows neither the question
nor what would be right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise, product

from bot.scoring.lexicon import FINITE, FOREIGN_GLUE, IMPOSSIBLE, NEVER_LAST, RELATIONS, VERBS
from bot.scoring.text import Document, Sentence, Token, read

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
_IMPOSSIBLE = frozenset(chain.from_iterable(product(left, right) for left, right in IMPOSSIBLE))
_VERB_STEMS = read(" ".join(sorted(VERBS))).stems


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


def lists(document: Document) -> list[tuple[int, int]]:
    """Keyword lists, in a line or in a column."""
    sentences = document.sentences
    lists = [s for s in sentences if is_keyword_list(s, alone=len(sentences) == 1)]
    long = [s for s in lists if len(s.tokens) >= MIN_NOTE or _separated(s)]
    short = sum(len(s.tokens) for s in lists) - sum(len(s.tokens) for s in long)
    if short < BARE_SHARE * len(document.tokens):
        lists = long  # a terse line in an answer that is none
    found = [(s.start, s.end) for s in lists]
    bare = [
        len(s.tokens) <= 2 and all(t.is_content and t.word.isalpha() for t in s.tokens) for s in sentences
    ]
    columns = [(a, b) for a, b in stretches(bare) if b - a + 1 >= MIN_COLUMN]
    return found + [(s.start, s.end) for a, b in columns for s in sentences[a : b + 1]]


def dressed(document: Document) -> list[tuple[int, int]]:
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
        for a, b in stretches([few(s) for s in sentences]):
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


def salad(document: Document) -> list[tuple[int, int]]:
    """The whole text, when its small words stand where no sentence puts them."""
    words = len(document.tokens)
    jarring = sum(map(_jars, document.sentences))
    enough = any(jarring >= least and jarring >= share * words for least, share in (JARRING, JARRING_LONG))
    if not enough:
        return []
    return [(s.start, s.end) for s in document.sentences if _MATHS.search(s.folded) is None]


def _jars(sentence: Sentence) -> int:
    return len(misplaced(sentence)) + (sentence.tokens[-1].word in NEVER_LAST)


def misplaced(sentence: Sentence) -> list[int]:
    """Where two words stand side by side that English does not put there: the index of the first of each pair."""
    pairs = pairwise(t.word for t in sentence.tokens)
    return [i for i, pair in enumerate(pairs) if pair in _IMPOSSIBLE and not sentence.break_before(i + 1)]


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


def stretches(flags: list[bool]) -> list[tuple[int, int]]:
    """Runs of true flags: first and last index of each."""
    found: list[tuple[int, int]] = []
    start = -1
    for i, flag in enumerate([*flags, False]):
        if flag and start < 0:
            start = i
        elif not flag and start >= 0:
            found.append((start, i - 1))
            start = -1
    return found
