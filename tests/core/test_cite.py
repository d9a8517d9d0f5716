from __future__ import annotations

import pytest
from fakes import MemorySnapshot

from qa.cite import alternative, citations, cite, support
from qa.decide import Group
from qa.errors import CitationError
from qa.evidence import Candidate
from qa.types import Article, Hit, Passage, Span

BODY = "Talks resumed on Friday. Alex Lee chaired them. They end today."


class Letters:
    """An encoder that can be worked out by hand: how often each letter occurs."""

    def encode(self, texts):
        import numpy as np

        counts = [[text.lower().count(chr(97 + at)) for at in range(26)] for text in texts]
        rows = np.array(counts, dtype=np.float32).reshape(len(texts), 26) + 1e-6
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def article(name, text):
    return Article(id=name, title=f"Title {name}", text=text, path=f"{name}.txt", sha256=name)


def world(**texts):
    return MemorySnapshot([article(name, text) for name, text in texts.items()], Letters())


def span_of(snapshot, name, quote):
    for passage in snapshot.passages(name):
        at = passage.text.find(quote)
        if at >= 0:
            return Span(passage, passage.start + at, passage.start + at + len(quote), 2.0)
    raise AssertionError(quote)


def test_a_citation_holds_the_quotation_its_sentence_and_its_place():
    snapshot = world(a=f"Heading of it all\r\n\r\n{BODY}")
    found = cite(snapshot, span_of(snapshot, "a", "Alex Lee"))
    assert (found.quote, found.sentence) == ("Alex Lee", "Alex Lee chaired them.")
    assert found.article.text[found.start : found.end] == "Alex Lee"
    assert found.paragraph == 2


def test_a_quotation_across_sentences_has_all_of_them():
    snapshot = world(a=BODY)
    found = cite(snapshot, span_of(snapshot, "a", "Friday. Alex"))
    assert found.sentence == "Talks resumed on Friday. Alex Lee chaired them."


def test_a_span_that_is_not_in_the_article_cannot_be_cited():
    snapshot = world(a=BODY)
    false = Passage("a#0", "a", 0, 30, "Marie Harf chaired the meeting")
    with pytest.raises(CitationError):
        cite(snapshot, Span(false, 0, 10, 9.0))


def group(snapshot, *names, quote="Alex Lee"):
    spans = [span_of(snapshot, name, quote) for name in names]
    places = tuple((span, Hit(span.passage, 0.5, 1, 0.5, 1.0)) for span in spans)
    return Group(Candidate(quote.lower(), places), 0.8, 0.8, places)


def test_every_place_is_cited_and_independent_articles_are_counted():
    snapshot = world(a=BODY, b="In the chair was Alex Lee, a diplomat.")
    cited = citations(snapshot, group(snapshot, "a", "b"))
    assert [one.article.id for one in cited] == ["a", "b"]
    assert support(snapshot, cited) == 2
    other = alternative(snapshot, group(snapshot, "a", "b"))
    assert (other.text, other.confidence, other.support) == ("Alex Lee", 0.8, 2)


@pytest.mark.parametrize("copy", [BODY, BODY.replace(" ", "  "), "AFP — today.\n\n" + BODY.upper()])
def test_copies_of_one_text_count_once(copy):
    snapshot = world(a=BODY, b=copy)
    quote = "Alex Lee" if "Alex Lee" in copy else None
    spans = [span_of(snapshot, "a", "Alex Lee")]
    spans.append(span_of(snapshot, "b", quote or next(
        form for form in ("Alex  Lee", "ALEX LEE") if form in copy)))  # fmt: skip
    assert support(snapshot, [cite(snapshot, span) for span in spans]) == 1


def test_two_places_in_one_article_count_once():
    snapshot = world(a=f"{BODY} Later Alex Lee left.")
    both = [span_of(snapshot, "a", "Alex Lee"), span_of(snapshot, "a", "Lee left")]
    assert support(snapshot, [cite(snapshot, span) for span in both]) == 1
    assert support(snapshot, []) == 0
