"""Questions asked in other words: the same meaning, fewer words shared with the passage.

Knows WordNet's files (wndb(5WN); Debian's package wordnet-base puts them in
/usr/share/wordnet) and which of a word's senses is the usual one. Does not know passages'
answers or the model. A reader trained only on SQuAD, whose writers had the paragraph before
them, learns to look for the question's own words; people who have not read the article use
others.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError

if TYPE_CHECKING:
    import random
    from collections.abc import Container, Iterable, Sequence
    from pathlib import Path

    from qa.types import Encoder

_FILES = {"NOUN": "noun", "VERB": "verb", "ADJ": "adj", "ADV": "adv"}
_SENSE_TYPES = {"1": "NOUN", "2": "VERB", "3": "ADJ", "4": "ADV", "5": "ADJ"}
# A word is replaced only where one sense has at least this share of its uses in WordNet's
# counted texts: "bank" has none, and is left alone.
USUAL = 0.5
MOST = 3  # words replaced in one question
LEAST_SEEN = 5  # times a word must stand in the texts at hand to be put into a question
# Least cosine of a question and its rewording: of some fifty looked at, most above it kept
# their meaning, and about half below did.
LEAST_ALIKE = 0.85
_LEAST_LETTERS = 4
# Words that make the question what it asks, or that idioms are made of.
_KEPT = frozenset(
    "what which whom whose when where that this these those there their they them does have "
    "been being with from into about than then such also only very more most many much some "
    "long often kind type name many were will would could should might must upon over under "
    "between during after before first last year years according".split()
)
_BEFORE_PARTICIPLE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|get|got)\b", re.IGNORECASE
)


def word_forms() -> Any:
    """Return the module lemminflect: words' lemmas and inflections.

    Raises:
        EvaluationError: It is not installed.
    """
    try:
        import lemminflect
    except ImportError as error:
        raise EvaluationError(
            "Changing a question's words needs lemminflect, which is not installed.",
            cure="pip install 'quoth-qa[train]'",
        ) from error
    return lemminflect


class Thesaurus:
    """Synonyms of a word in its usual sense, in the word's own form.

    Args:
        folder: WordNet's files index.*, data.* and cntlist.rev.
        known: The words that may be offered; WordNet has many that nobody uses.

    Raises:
        EvaluationError: A file is missing, or lemminflect is not installed.
    """

    def __init__(self, folder: Path, known: Container[str]) -> None:
        self._words = word_forms()
        self._known = known
        try:
            self._counts = _counts(folder / "cntlist.rev")
            self._senses = {pos: _index(folder / f"index.{n}") for pos, n in _FILES.items()}
            self._data = {pos: (folder / f"data.{n}").read_bytes() for pos, n in _FILES.items()}
        except OSError as error:
            raise EvaluationError(
                f"{folder} does not hold WordNet's files: {error.filename} cannot be read.",
                cure="Name the folder of Debian's package wordnet-base: /usr/share/wordnet",
            ) from error
        self._seen: dict[tuple[str, bool], tuple[str, ...]] = {}

    def synonyms(self, word: str, *, participle: bool = False) -> tuple[str, ...]:
        """Return other words for `word`, lower case, inflected as it is; often none.

        Args:
            word: Lower-case word.
            participle: "-ed" is read as a participle, not a past tense: "was won".
        """
        key = (word, participle)
        if key not in self._seen:
            self._seen[key] = tuple(self._find(word, participle))
        return self._seen[key]

    def _find(self, word: str, participle: bool) -> list[str]:
        lemmas: dict[str, tuple[str, ...]] = self._words.getAllLemmas(word)
        readings = [
            (self._counts.get((lemma, pos, number), 0), pos, lemma, offset)
            for pos, found in lemmas.items()
            if pos in _FILES
            for lemma in found
            for number, offset in enumerate(self._senses[pos].get(lemma, ()), start=1)
        ]
        total = sum(reading[0] for reading in readings)
        if not readings or (total == 0 and len(readings) > 1):
            return []
        count, pos, lemma, offset = max(readings, key=lambda reading: reading[0])
        if count < USUAL * total:
            return []
        found = []
        for other in self._members(pos, offset):
            form = self._inflected(other, pos, word, lemma, participle)
            if other != lemma and form and form != word and form in self._known:
                found.append(form)
        return list(dict.fromkeys(found))

    def _members(self, pos: str, offset: int) -> list[str]:
        """Return the single words of the synset whose line begins at `offset`."""
        line = self._data[pos][offset : self._data[pos].index(b"\n", offset)].decode()
        fields = line.split(" ")
        size = int(fields[3], 16)
        words = [re.sub(r"\(\w+\)$", "", word) for word in fields[4 : 4 + 2 * size : 2]]
        return [word for word in words if word.isalpha() and word.islower()]

    def _inflected(self, other: str, pos: str, like: str, lemma: str, participle: bool) -> str:
        if like == lemma:
            return other
        forms: dict[str, tuple[str, ...]] = self._words.getAllInflections(lemma, upos=pos)
        tags = [tag for tag, spelt in forms.items() if like in spelt]
        if {"VBD", "VBN"} <= set(tags):
            tags = ["VBN" if participle else "VBD"]
        found: tuple[str, ...] = self._words.getInflection(other, tag=tags[0]) if tags else ()
        return found[0] if found else ""


def reword(question: str, passage: str, thesaurus: Thesaurus, draw: random.Random) -> str | None:
    """Return the question with up to three words replaced, or None where no word has another.

    Words of the passage are replaced first, by words that the passage does not have.
    """
    held = set(re.findall(r"\w+", passage.lower()))
    places = [
        match
        for match in re.finditer(r"(?<![\w'’-])[a-z]+(?![\w'’-])", question)
        if len(match.group()) >= _LEAST_LETTERS and match.group() not in _KEPT
    ]
    draw.shuffle(places)
    places.sort(key=lambda match: match.group() not in held)
    wanted, new = draw.randint(1, MOST), question
    changed: list[tuple[int, int, str]] = []
    for match in places:
        if len(changed) == wanted:
            break
        participle = _BEFORE_PARTICIPLE.search(question[: match.start()]) is not None
        others = [
            other
            for other in thesaurus.synonyms(match.group(), participle=participle)
            if other not in held
        ]
        if others:
            changed.append((*match.span(), draw.choice(others)))
    for start, end, other in sorted(changed, reverse=True):
        new = new[:start] + other + new[end:]
    return new if changed else None


def keep_meaning(pairs: Sequence[tuple[str, str]], encoder: Encoder) -> list[bool]:
    """Say of each pair, a question and its rewording, whether both ask the same."""
    if not pairs:
        return []
    old, new = zip(*pairs, strict=True)
    cosines = (encoder.encode(old) * encoder.encode(new)).sum(axis=1)
    return [bool(cosine >= LEAST_ALIKE) for cosine in cosines]


def used(texts: Iterable[str]) -> frozenset[str]:
    """Return the words, lower case, that `texts` use often enough for people to know them."""
    seen = Counter(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))
    return frozenset(word for word, times in seen.items() if times >= LEAST_SEEN)


def _counts(file: Path) -> dict[tuple[str, str, int], int]:
    """Return (lemma, part of speech, sense number) → times seen in the counted texts."""
    counts: dict[tuple[str, str, int], int] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        key, number, times = line.split()
        lemma, _, sense = key.partition("%")
        counts[lemma, _SENSE_TYPES[sense[0]], int(number)] = int(times)
    return counts


def _index(file: Path) -> dict[str, tuple[int, ...]]:
    """Return lemma → byte offsets of its senses, the usual one first."""
    found: dict[str, tuple[int, ...]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):  # the licence
            continue
        fields = line.split()
        found[fields[0]] = tuple(int(offset) for offset in fields[-int(fields[2]) :])
    return found
