"""Around the strongest spans: which windows of the article are read besides the passages found.

Knows which sentences stand around a span. Does not know models, or how readings are put together
(qa/reader/margins). A passage is cut to be found, at a size and at places that have nothing to do
with the question: who "she" is may stand just above it, and another person's age in it. What is an
answer in one window and none in the next is rarely one.

Of 279 answerable questions on invented news (tests/news) 219 best candidates are right instead of
207 by the passages alone; with all 359 questions the area under risk and coverage, by the score
alone, is 0.185 (0.198 by the passages alone, 0.189 without the window of 30 words, 0.187 with one
of 120 besides). Measured before, at e0045ce, with 60 and 220 words and a span's score the mean of
its scores in the windows: of 1,500 questions on 1,204 articles of one paragraph the best
candidate's F1 was 76.7 instead of 75.9 on answerable ones and the area 0.359 instead of 0.367; a
fourth candidate and a wide window of 300 words gained nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING

from qa.passages import size_in_words
from qa.sentences import Stretch, sentences
from qa.types import Passage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.types import Article, Span

MOST = 3  # candidates of a question
# Logits below the strongest within which a candidate is read again. Within 8, twice as far, 109
# answers on 141 real pages are right and 14 wrong (tests/benchmarks/web_pages.py) instead of 111
# and 13, and the reader alone has the same 70.4 and 84.0 over 3,000 questions of SQuAD 2.0 dev.
NEAR = 4.0
WINDOWS = (30, 60, 220)  # words
REACH = 3000  # characters on either side within which sentences are looked for


def windows(ranked: Sequence[tuple[Span, float]], articles: Mapping[str, Article]) -> list[Passage]:
    """Return what is to be read besides, around the strongest of some spans; none twice.

    Args:
        ranked: Spans with their strength in logits, strongest first.
        articles: The spans' articles, by id.
    """
    near = [span for span, strength in ranked[:MOST] if strength >= ranked[0][1] - NEAR]
    return list(
        dict.fromkeys(
            window for span in near for window in _windows(articles[span.passage.article_id], span)
        )
    )


def _windows(article: Article, span: Span) -> list[Passage]:
    found = _sentences(article, span)
    sizes = [size_in_words(article.text[start:end]) for start, end in found]
    return [_around(article, span, found, sizes, words) for words in WINDOWS]


def _sentences(article: Article, span: Span) -> list[Stretch]:
    """Return the whole sentences within reach of `span`, none behind boilerplate."""
    low, high = _between_boilerplate(article, span)
    begin, stop = max(low, span.start - REACH), min(high, span.end + REACH)
    found = [(begin + start, begin + end) for start, end in sentences(article.text[begin:stop])]
    if begin > low:
        found = [one for one in found if one[0] > begin or one[1] > span.start]  # the first is cut
    if stop < high:
        found = [one for one in found if one[1] < stop or one[0] < span.end]  # the last is cut
    return found


def _around(
    article: Article,
    span: Span,
    found: Sequence[Stretch],
    sizes: Sequence[float],
    words: int,
) -> Passage:
    """Return the sentence that holds `span` with those around it, of `words` words in all.

    It grows by whole sentences on both sides by turns.
    """
    first = bisect_right(found, span.start, key=itemgetter(1))
    last = bisect_left(found, span.end, key=itemgetter(0)) - 1
    left = words - sum(sizes[first : last + 1])
    while True:
        later = last + 1 < len(found) and sizes[last + 1] <= left
        if later:
            last += 1
            left -= sizes[last]
        earlier = first > 0 and sizes[first - 1] <= left
        if earlier:
            first -= 1
            left -= sizes[first]
        if not (earlier or later):
            break
    start, end = min(span.start, found[first][0]), max(span.end, found[last][1])
    return Passage(f"{article.id}#{start}", article.id, start, end, article.text[start:end])


def _between_boilerplate(article: Article, span: Span) -> tuple[int, int]:
    before = [mark.end for mark in article.boilerplate if mark.end <= span.start]
    after = [mark.start for mark in article.boilerplate if mark.start >= span.end]
    return max(before, default=0), min(after, default=len(article.text))
