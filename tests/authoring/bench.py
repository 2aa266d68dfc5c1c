"""How well the spelling check finds slips: `python -m tests.authoring.bench`. Prints; asserts nothing.

One slip (a letter left out, put in, replaced, or two swapped) in each of a thousand words of our own articles.
"""

from __future__ import annotations

import random
import re
import string

from bot.authoring.spelling import Speller, read_words
from bot.resources import corpus_dir

WORDS, SUGGESTED = 2_000, 150


def slipped(word: str, rng: random.Random) -> str:
    """The word with one slip."""
    at, letter = rng.randrange(len(word) - 1), rng.choice(string.ascii_lowercase)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def main() -> None:
    """Print the figures."""
    rng = random.Random(1)
    text = " ".join(p.read_text(encoding="utf-8") for p in sorted((corpus_dir() / "articles").glob("*.md")))
    speller = Speller(read_words(corpus_dir() / "words.txt"))
    words = sorted({w for w in re.findall(r"\b[a-z]{4,}\b", text) if speller.knows(w)})
    pairs = [(w, s) for w in rng.sample(words, WORDS) if (s := slipped(w, rng)) != w]
    found = [(w, s) for w, s in pairs if not speller.knows(s)]
    meant = sum(speller.suggest(s) == w for w, s in found[:SUGGESTED])
    print(f"slips found: {len(found) / len(pairs):.0%} of {len(pairs)}; the rest are words")
    print(f"first suggestion is the word that was meant: {meant / SUGGESTED:.0%} of {SUGGESTED}")


if __name__ == "__main__":
    main()
