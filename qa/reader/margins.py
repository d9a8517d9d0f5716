"""What a reading makes of each token of a passage, and what several readings say together.

Knows arrays of margins and the article's characters that they stand for. Does not know models,
or which other text is worth reading. Text that stands in several of the windows that were read
is judged by all of them: each token's margin is the mean over the readings that hold it, and
spans are decoded from these means.

The best span of each of 800 questions of SQuAD 2.0 dev, its text read whole and in windows of
60 words around the three best spans, by best-threshold F1, F1 and exact match without a
threshold, and area under risk and coverage: 68.4, 82.9, 73.1 and 0.328 read whole only; 70.5,
84.1, 75.2 and 0.306 by the mean of a span's scores over the windows that find it; 70.8, 84.7,
75.9 and 0.302 by the means of the tokens. Tiles of 60 words over the whole text do as well (70.9,
84.9, 76.1 and 0.300) for twice the reading; windows of 30 or 100 words, alone or besides, and
another weight for the whole text are no better. The reader was trained mostly on short passages,
and a wrong answer is rarely found again with other sentences around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.reader.decode import decode
from qa.sentences import sentences
from qa.types import Passage, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BEST = 4  # spans kept of each passage


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """One reading of a text: how far each of its tokens is over "no answer"."""

    article_id: str
    places: NDArray[np.int64]  # (t, 2) characters of the article, end exclusive
    starts: NDArray[np.float64]  # (t,) start logit of each token, less that of "no answer"
    ends: NDArray[np.float64]  # (t,) likewise for the end

    def within(self, passage: Passage) -> Margins | None:
        """Return the part that stands in `passage`; None: there is none."""
        if self.article_id != passage.article_id:
            return None
        begins, stops = self.places.T
        inside = (begins >= passage.start) & (stops <= passage.end)
        if not inside.any():
            return None
        return Margins(self.article_id, self.places[inside], self.starts[inside], self.ends[inside])


def mean(readings: Sequence[Margins]) -> Margins:
    """Return each token's mean over the readings that hold it, in the article's order.

    Args:
        readings: Of one article, at least one.
    """
    places, which = np.unique(
        np.concatenate([reading.places for reading in readings]), axis=0, return_inverse=True
    )
    which = which.ravel()
    counts = np.bincount(which, minlength=len(places))
    starts, ends = (
        np.bincount(which, weights=np.concatenate(values), minlength=len(places)) / counts
        for values in (
            [reading.starts for reading in readings],
            [reading.ends for reading in readings],
        )
    )
    return Margins(readings[0].article_id, places, starts, ends)


def best_spans(passage: Passage, readings: Sequence[Margins], most_words: int) -> list[Span]:
    """Return the best spans of a passage by all readings that hold some of it, best first.

    Args:
        passage: Where spans may stand.
        readings: Of any texts; what stands elsewhere is passed over.
        most_words: Longest span, in words.

    Returns:
        At most BEST spans that do not overlap, each in one sentence. A span's score is its
        first token's start margin plus its last token's end margin.
    """
    parts = [part for reading in readings if (part := reading.within(passage)) is not None]
    if not parts:
        return []
    read = mean(parts)
    offsets = read.places - passage.start
    begins = [start for start, _ in sentences(passage.text)]
    cuts = decode(
        read.starts,
        read.ends,
        offsets,
        np.searchsorted(begins, offsets[:, 0], side="right"),
        passage.text,
        best=BEST,
        most_words=most_words,
    )
    return [
        Span(passage, passage.start + cut.start, passage.start + cut.end, cut.score) for cut in cuts
    ]
