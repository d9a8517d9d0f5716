"""Candidates to a verdict: which one answers, which others are shown, or why none does.

Knows probabilities and the reasons for silence. Does not know models, articles or citations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qa.evidence import MOST_LEAD, covered, same_answer
from qa.text import WORD, fold
from qa.types import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.confidence import Calibration
    from qa.evidence import Candidate, Query
    from qa.types import Hit, Span

MOST_OTHERS = 5  # other answers shown
LEAST_OTHER = 0.05  # probability under which another answer is not shown
# Cosine and share of the question's words under which the best passage is on another topic.
OFF_TOPIC_COSINE = 0.3
OFF_TOPIC_WORDS = 0.34
LIKENESS = 0.8  # of two spellings, by difflib: "Josephina" and "Josefina" have 0.82


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that give the same answer; the best one speaks for them."""

    lead: Candidate
    probability: float  # that the answer is right, all candidates considered
    alone: float  # the same if no other candidate spoke against it
    places: tuple[tuple[Span, Hit], ...]  # best first, at most one for each passage


@dataclass(frozen=True, slots=True)
class Verdict:
    """The groups, best first, and why the first is not an answer (None: it is)."""

    groups: tuple[Group, ...]
    reason: Reason | None
    explanation: str
    disputed: tuple[Group, ...] = ()  # groups of other articles that are as sure
    items: tuple[Group, ...] = ()  # of a question for several things: all that answer it


def decide(
    query: Query,
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    calibration: Calibration,
    threshold: float,
) -> Verdict:
    """Say whether the first candidate is an answer, and which others are shown.

    A question that names something no article mentions is not answered, however sure the
    reader is: it answers such questions about something else. (At threshold 0 the best
    candidate is returned all the same, for evaluation.)

    A question for several things ("which countries") is answered by all that are as sure as an
    answer must be: then articles that name different ones do not differ.

    Candidates come in their total order (qa/evidence); others are shown by probability.
    """
    groups = _groups(candidates, calibration)
    if not groups:
        return Verdict((), *_silence(query, groups, hits, threshold))
    best, others = groups[0], groups[1:]
    # Not the caller's threshold: what the articles say does not depend on who asks.
    sure = [other for other in others if min(other.alone, best.alone) >= calibration.threshold]
    items = _apart([best, *sure]) if query.several else ()
    if len(items) > 1:
        # One thing of several is no less likely for there being others.
        items = tuple(replace(item, probability=item.alone) for item in items)
        best = items[0]
        others = [other for other in others if all(other.lead is not one.lead for one in items)]
        sure = []
    else:
        items = ()
    # Two sentences on a question of yes or no may well say the same.
    told = query.wants != "whether"
    disputed = tuple(other for other in sure if told and not _shared(best, other))
    if disputed:
        best = replace(best, probability=max(best.probability, best.alone))
        disputed = tuple(replace(other, probability=other.alone) for other in disputed)
    shown = tuple(
        next((one for one in disputed if one.lead is other.lead), other) for other in others
    )
    shown = tuple(other for other in shown if other.probability >= LEAST_OTHER)
    shown = tuple(sorted(shown, key=lambda other: -other.probability))[:MOST_OTHERS]
    if best.probability < threshold or (query.unknown_names and threshold > 0):
        tried = (best, *items[1:], *shown)
        return Verdict(tried, *_silence(query, tried, hits, threshold))
    explanation = ""
    if disputed:
        answers = ", ".join(f"“{group.lead.span.text}”" for group in (best, *disputed))
        explanation = f"The articles differ: {answers}."
    return Verdict((best, *shown), None, explanation, disputed, items)


def _apart(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups whose best places do not lie in or over those of earlier ones."""
    kept: list[Group] = []
    for group in groups:
        span = group.lead.span
        if not any(
            span.passage.article_id == other.passage.article_id
            and span.start < other.end
            and other.start < span.end
            for other in (one.lead.span for one in kept)
        ):
            kept.append(group)
    return tuple(kept)


def _groups(candidates: Sequence[Candidate], calibration: Calibration) -> list[Group]:
    groups: list[Group] = []
    for candidate in candidates:
        probability = calibration.probability(candidate.evidence)
        kin = next((at for at, one in enumerate(groups) if _same(one.lead, candidate)), None)
        if kin is None:
            alone = calibration.probability(_unopposed(candidate))
            groups.append(Group(candidate, probability, max(alone, probability), candidate.spans))
        else:
            held = {span.passage.id for span, _ in groups[kin].places}
            more = tuple(
                (span, hit)
                for span, hit in candidate.spans
                if span.passage.id not in held and span.score > 0
            )
            groups[kin] = replace(groups[kin], places=groups[kin].places + more)
    return groups


def _same(one: Candidate, other: Candidate) -> bool:
    return same_answer(one.key, other.key)


def _unopposed(candidate: Candidate) -> dict[str, float]:
    """Return the evidence as it were if only "no answer" stood against the candidate."""
    evidence = dict(candidate.evidence)
    evidence["lead"] = min(MOST_LEAD, max(evidence["lead"], evidence["margin"]))
    return evidence


def _shared(one: Group, other: Group) -> bool:
    """Say whether two groups rest on a common article: then they are rivals, not reports."""
    return bool(
        {span.passage.article_id for span, _ in one.places}
        & {span.passage.article_id for span, _ in other.places}
    )


def _meant(query: Query, hits: Sequence[Hit]) -> str:
    """Return " Did you mean “Havana”?" for what no passage holds and some hit holds almost."""
    unknown = query.unknown_names or query.unknown_words
    held = sorted({word.group() for hit in hits for word in WORD.finditer(hit.passage.text)})
    folded = {fold(word): word for word in held}
    words = [word for name in unknown for word in name.split()]
    near = [get_close_matches(fold(word), folded, 1, LIKENESS) for word in words]
    meant = ", ".join(f"“{folded[found[0]]}”" for found in near if found)
    return f" Did you mean {meant}?" if meant else ""


def _silence(
    query: Query, groups: Sequence[Group], hits: Sequence[Hit], threshold: float
) -> tuple[Reason, str]:
    if query.unknown_names:
        named = ", ".join(f"“{name}”" for name in query.unknown_names)
        return Reason.UNKNOWN_NAME, f"No article mentions {named}.{_meant(query, hits)}"
    if not hits:
        return Reason.NOTHING_FOUND, "No passage has anything to do with this question."
    cosine = max(hit.dense or 0.0 for hit in hits)
    words = max(covered(query, hit.passage.text) for hit in hits)
    if query.unknown_words and len(query.unknown_words) == len(query.rarity):
        listed = ", ".join(f"“{word}”" for word in query.unknown_words)
        return Reason.NOTHING_FOUND, f"No article holds any of the words {listed}."
    if cosine < OFF_TOPIC_COSINE and words < OFF_TOPIC_WORDS:
        return Reason.NOTHING_FOUND, "The articles are about other things."
    rivals = [group for group in groups if group.alone >= threshold / 2]
    if len(rivals) > 1 and sum(group.probability for group in rivals) >= threshold:
        listed = " and ".join(f"“{group.lead.span.text}”" for group in rivals[:3])
        return Reason.DISAGREEMENT, f"{listed} are all possible, and none is sure."
    return (
        Reason.NOT_ANSWERED,
        "There are passages on this topic, but none of them says so clearly enough."
        + _meant(query, hits),
    )
