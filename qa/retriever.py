"""A question to the passages most likely to answer it: dense and BM25, fused.

Knows how the two rankings are made comparable and merged. Does not know how either is
searched (qa/index) or how texts become vectors (qa/encoder).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.text import content_words, words
from qa.types import Encoder, Hit, Passage, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.config import Settings
    from qa.index import Snapshot

# Cosine under which a passage that shares no word with the question is no evidence. Unrelated
# English sentences lie around 0.0 to 0.1 with all-MiniLM-L6-v2.
DENSE_FLOOR = 0.15

Ranking = list[tuple[Passage, float]]


class HybridRetriever:
    """A `Retriever` over one snapshot of an index."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, settings: Settings) -> None:
        """Bind the pieces; nothing is loaded."""
        self._snapshot = snapshot
        self._encoder = encoder
        self._settings = settings

    def search(self, question: str, k: int, scope: Scope = Scope()) -> list[Hit]:  # noqa: B008  # frozen
        """Return at most `k` hits, best first, ties broken by passage id."""
        return self.search_many([question], k, [scope])[0]

    def search_many(
        self, questions: Sequence[str], k: int, scopes: Sequence[Scope]
    ) -> list[list[Hit]]:
        """Search several questions, encoded in one batch; one `search` result for each."""
        vectors = self._encoder.encode(questions)
        offered = max(k, self._settings.candidates)
        found = []
        for question, vector, scope in zip(questions, vectors, scopes, strict=True):
            dense = self._snapshot.dense(vector, offered, scope)
            telling = content_words(question) or words(question)
            sparse = self._snapshot.sparse(" ".join(telling), offered, scope)
            found.append(fuse(dense, sparse, k, self._settings.dense_weight))
        return found


def fuse(dense: Ranking, sparse: Ranking, k: int, dense_weight: float) -> list[Hit]:
    """Merge two rankings by a weighted mean of their min-max normalised scores.

    Min-max beat reciprocal ranks on both news collections with published runs (TREC-NEWS
    nDCG@10 0.501 against 0.486, Robust04 0.513 against 0.507; Pyserini's BEIR fusion
    experiments). A passage that one retriever did not offer scores 0 there.

    Args:
        dense: (passage, cosine), best first.
        sparse: (passage, BM25), best first.
        k: Most hits to return.
        dense_weight: Share of the dense score, in [0, 1].

    Returns:
        At most `k` hits, best first; ties broken by passage id. A passage found by neither
        word nor meaning is not a hit.
    """
    cosines = {passage.id: score for passage, score in dense}
    bm25 = {passage.id: score for passage, score in sparse if score > 0}
    passages = {passage.id: passage for passage, _ in (*dense, *sparse)}
    dense_share, sparse_share = _unit_range(cosines), _unit_range(bm25)
    scored = [
        (
            dense_weight * dense_share.get(key, 0.0)
            + (1 - dense_weight) * sparse_share.get(key, 0.0),
            key,
        )
        for key in passages
        if key in bm25 or cosines.get(key, -1.0) >= DENSE_FLOOR
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return [
        Hit(passages[key], score, rank, cosines.get(key), bm25.get(key))
        for rank, (score, key) in enumerate(scored[: max(0, k)], start=1)
    ]


def _unit_range(scores: Mapping[str, float]) -> dict[str, float]:
    """Map scores linearly to [0, 1], best to 1; all to 1 where they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    width = high - low
    return {key: (score - low) / width if width else 1.0 for key, score in scores.items()}
