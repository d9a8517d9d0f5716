"""What the reader is trained on: groups of windows, made of paragraphs and their questions.

Knows the kinds of group and how many of each. Does not know how passages are cut
(qa/train/groups), tokens or the model.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.train.augment import names_in, near_miss, renamed
from qa.train.crossed import crossed
from qa.train.data import answerable
from qa.train.groups import Group, Window, cut_away, fit, shorten, sides
from qa.train.negatives import Bm25, dense_best, hard_negatives, holds_any
from qa.train.reword import keep_meaning, reword

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.train.data import Asked, Gold, Paragraph
    from qa.train.reword import Thesaurus
    from qa.types import Encoder, Vectors

    _Pairs = Sequence[tuple[Paragraph, Asked]]
    _Make = Callable[[Paragraph, Asked], Group | None]  # None: this question gives no group

NEAR = 24  # paragraphs nearby from which negatives and names are taken
ASIDE = "squadshifts"  # sources from which `Shares.out_of_domain` is drawn
REBUILT = "rec"  # begins the ids of questions that were matched to their paragraph by machine


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of each kind one epoch holds.

    A plain share counts answerable questions: 0.03 is three questions in a hundred.
    """

    answered: float = 0.88  # read with their own passage alone
    retrieved: float = 0.04  # read with their own passage and two retrieved ones
    alone: float = 0.04  # read with one retrieved passage only
    reworded: float = 0.25  # other words, same meaning; none without a thesaurus
    near_miss: float = 0.12
    crossed: float = 0.0  # asked about something else that the same passage names
    renamed: float = 0.02
    cut: float = 0.03
    unanswerable: float = 1.5  # times each human-written unanswerable question is used
    reworded_unanswerable: float = 0.0  # of these, the share used once more in other words
    out_of_domain: float = 1.0  # of the questions whose source is not the main domain
    titled: float = 0.7  # of the windows that have a title, the share that shows it
    wrong_title: float = 0.1  # of the windows without one, the share that shows a foreign one
    short: float = 0.75  # of the groups, the share whose passages are shortened
    short_words: int = 50
    told: float = 0.6  # of the shortened passages, the share whose head tells what was cut off


def build(
    paragraphs: Sequence[Paragraph],
    encoder: Encoder,
    shares: Shares,
    seeds: Sequence[int],
    thesaurus: Thesaurus | None = None,
) -> list[list[Group]]:
    """Return one freshly drawn mixture for each seed, in a fixed order."""
    near = _Neighbours(paragraphs, encoder)
    return [_Builder(paragraphs, near, shares, seed, thesaurus).groups() for seed in seeds]


class _Neighbours:
    """The paragraphs' vectors, names and words, and what stands near a question or paragraph."""

    def __init__(self, paragraphs: Sequence[Paragraph], encoder: Encoder) -> None:
        self.texts = [paragraph.text for paragraph in paragraphs]
        self.encoder = encoder
        self._vectors: Vectors = encoder.encode(self.texts)
        self._bm25 = Bm25(self.texts)
        self._names = [tuple(names_in(text)) for text in self.texts]
        self._numbers = {id(paragraph): n for n, paragraph in enumerate(paragraphs)}
        self._near = dense_best(self._vectors, self._vectors, NEAR)

    def negatives(self, pairs: Sequence[tuple[Paragraph, Asked]], k: int) -> list[list[int]]:
        """Return for each question the numbers of up to `k` hard negatives, hardest first."""
        if not pairs:
            return []
        vectors = self.encoder.encode([asked.text for _, asked in pairs])
        return [
            hard_negatives(
                self._numbers[id(paragraph)],
                [gold.text for gold in asked.answers],
                self.texts,
                [dense, self._bm25.best(asked.text, NEAR)],
                k,
            )
            for (paragraph, asked), dense in zip(
                pairs, dense_best(vectors, self._vectors, NEAR), strict=True
            )
        ]

    def names(self, paragraph: Paragraph) -> list[str]:
        """Return the names in the paragraphs nearest to one, nearest first."""
        number = self._numbers[id(paragraph)]
        return list(
            dict.fromkeys(
                name for n in self._near[number] if n != number for name in self._names[n]
            )
        )


class _Builder:
    """Draws one mixture: holds the dice and what each kind is drawn from."""

    def __init__(
        self,
        paragraphs: Sequence[Paragraph],
        near: _Neighbours,
        shares: Shares,
        seed: int,
        thesaurus: Thesaurus | None,
    ) -> None:
        self._paragraphs = paragraphs
        self._near = near
        self._shares = shares
        self._thesaurus = thesaurus
        self._draw = random.Random(seed)  # noqa: S311  # not a secret
        self._titles = sorted({p.title for p in paragraphs if p.title})
        self._all = list(answerable(paragraphs))
        main = [pair for pair in self._all if is_main(pair[0])]
        others = [pair for pair in self._all if not is_main(pair[0])]
        self._answerable = self._shuffled(
            [*main, *self._sample(others, round(len(others) * shares.out_of_domain))]
        )

    def groups(self) -> list[Group]:
        """Make every kind, shorten some, and shuffle."""
        shares = self._shares
        made = [
            *self._answered(),
            *self._alone(),
            *self._unanswerable(),
            *self._reworded(),
            *self._until_enough(shares.near_miss, self._near_miss),
            *self._until_enough(shares.crossed, self._crossed),
            *self._until_enough(shares.renamed, self._renamed),
            *self._until_enough(shares.cut, self._cut),
        ]
        made = [
            shorten(group, shares.short_words, self._draw, shares.told)
            if self._draw.random() < shares.short
            else group
            for group in made
        ]
        self._draw.shuffle(made)
        return made

    def _answered(self) -> list[Group]:
        first, second = self._count(self._shares.retrieved), self._count(self._shares.answered)
        beside = self._answerable[:first]
        made = []
        for (paragraph, asked), near in zip(beside, self._near.negatives(beside, 2), strict=True):
            windows = [self._window(self._paragraphs[number]) for number in near]
            made.append(self._group(paragraph, asked, "retrieved" if near else "answered", windows))
        made += [
            self._group(*pair, "answered") for pair in self._answerable[first : first + second]
        ]
        return made

    def _alone(self) -> list[Group]:
        pairs = self._sample(self._all, self._count(self._shares.alone))
        return [
            Group(asked.text, (self._window(self._paragraphs[self._draw.choice(near)]),), "alone")
            for (_, asked), near in zip(pairs, self._near.negatives(pairs, 4), strict=True)
            if near
        ]

    def _unanswerable(self) -> list[Group]:
        pairs = self._written()
        whole, part = divmod(self._shares.unanswerable, 1)
        used = pairs * int(whole) + self._sample(pairs, round(len(pairs) * part))
        return [
            Group(asked.text, (self._window(paragraph),), "unanswerable")
            for paragraph, asked in used
        ]

    def _written(self) -> list[tuple[Paragraph, Asked]]:
        """Return the unanswerable questions people wrote."""
        return [
            (paragraph, asked)
            for paragraph in self._paragraphs
            for asked in paragraph.questions
            if not asked.answers
        ]

    def _reworded(self) -> list[Group]:
        thesaurus = self._thesaurus
        if thesaurus is None:
            return []

        def in_other_words(pairs: _Pairs, most: float, make: _Make) -> list[Group]:
            made: list[tuple[str, Group]] = []
            for paragraph, asked in pairs:
                if len(made) >= most:
                    break
                changed = reword(asked.text, paragraph.text, thesaurus, self._draw)
                if changed and (group := make(paragraph, replace(asked, text=changed))):
                    made.append((asked.text, group))
            same = keep_meaning([(old, group.question) for old, group in made], self._near.encoder)
            return [group for (_, group), kept in zip(made, same, strict=True) if kept]

        wanted, written = self._count(self._shares.reworded), self._written()
        # Half more than wanted, for those that turn out to mean something else.
        answerable = in_other_words(
            self._shuffled(self._answerable),
            1.5 * wanted,
            lambda paragraph, asked: self._group(paragraph, asked, "reworded"),
        )
        unanswerable = in_other_words(
            self._sample(written, round(len(written) * self._shares.reworded_unanswerable)),
            math.inf,
            lambda paragraph, asked: Group(
                asked.text, (self._window(paragraph),), "reworded-unanswerable"
            ),
        )
        return [*answerable[:wanted], *unanswerable]

    def _until_enough(self, share: float, make: _Make) -> list[Group]:
        """Make groups of answerable questions, in a drawn order, until there are as many."""
        made: list[Group] = []
        wanted = self._count(share)
        for paragraph, asked in self._shuffled(self._all):
            if len(made) == wanted:
                break
            group = make(paragraph, asked)
            if group:
                made.append(group)
        return made

    def _near_miss(self, paragraph: Paragraph, asked: Asked) -> Group | None:
        names = self._near.names(paragraph)
        changed = near_miss(asked.text, paragraph.text, names, self._draw)
        if changed is None:
            return None
        return Group(changed[0], (self._window(paragraph),), f"near-{changed[1]}")

    def _crossed(self, paragraph: Paragraph, asked: Asked) -> Group | None:
        gold = best_gold(asked)
        held, others = sides(paragraph.text, gold.start, gold.start + len(gold.text))
        holds = holds_any([gold.text for gold in asked.answers])
        elsewhere = [sentence for sentence in others if not holds(sentence)]
        changed = crossed(asked.text, held, elsewhere, self._draw)
        if changed is None:
            return None
        return Group(changed[0], (self._window(paragraph),), f"crossed-{changed[1]}")

    def _renamed(self, paragraph: Paragraph, asked: Asked) -> Group | None:
        gold = best_gold(asked)
        place = (gold.start, gold.start + len(gold.text))
        names = self._near.names(paragraph)
        changed = renamed(asked.text, paragraph.text, place, names, self._draw)
        if changed is None:
            return None
        question, passage, start = changed
        window = fit(Window("", passage, start, start + len(gold.text)), self._draw)
        return Group(question, (window,), "renamed", (gold.text,))

    def _cut(self, paragraph: Paragraph, asked: Asked) -> Group | None:
        passage = cut_away(paragraph.text, asked, self._draw)
        if passage is None:
            return None
        window = fit(Window(self._title(paragraph), passage), self._draw)
        return Group(asked.text, (window,), "cut")

    def _group(
        self,
        paragraph: Paragraph,
        asked: Asked,
        kind: str,
        beside: Sequence[Window] = (),
    ) -> Group:
        gold = best_gold(asked)
        own = self._window(paragraph, (gold.start, gold.start + len(gold.text)))
        return Group(
            asked.text,
            (own, *beside),
            kind,
            tuple(dict.fromkeys(gold.text for gold in asked.answers)),
            doubtful=asked.id.startswith(REBUILT),
        )

    def _window(self, paragraph: Paragraph, place: tuple[int, int] = (-1, -1)) -> Window:
        return fit(Window(self._title(paragraph), paragraph.text, *place), self._draw)

    def _title(self, paragraph: Paragraph) -> str:
        if paragraph.title:
            return paragraph.title if self._draw.random() < self._shares.titled else ""
        if self._titles and self._draw.random() < self._shares.wrong_title:
            return self._draw.choice(self._titles)
        return ""

    def _count(self, share: float) -> int:
        return round(len(self._all) * share)

    def _shuffled(self, pairs: Sequence[tuple[Paragraph, Asked]]) -> list[tuple[Paragraph, Asked]]:
        return self._draw.sample(pairs, len(pairs))

    def _sample(
        self, pairs: Sequence[tuple[Paragraph, Asked]], size: int
    ) -> list[tuple[Paragraph, Asked]]:
        return self._draw.sample(pairs, min(size, len(pairs)))


def is_main(paragraph: Paragraph) -> bool:
    """Say whether a paragraph's questions are all drawn from, not a share of them."""
    return not paragraph.source.startswith(ASIDE)


def best_gold(asked: Asked) -> Gold:
    """Return the answer most annotators gave; of equals the shortest, then the first."""
    votes = Counter(gold.text for gold in asked.answers)
    return min(asked.answers, key=lambda gold: (-votes[gold.text], len(gold.text), gold.start))
