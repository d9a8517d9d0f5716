"""Who wrote an article and when it appeared: what its head says, and what only its file states.

Knows bylines and metadata. Does not know models: no reader is trained on bylines. Only what an
article's text says is quoted; what its file states besides is told, and called so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.text import content_words
from qa.types import Reason, Role
from qa.wants import STATED, wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.index import Snapshot
    from qa.types import Article, Hit, Passage

# Words of a question for an author that say nothing of the article.
OF_ANY_ARTICLE = frozenset("author story piece text wrote written writer reporter reported".split())


def signed(snapshot: Snapshot, question: str, hits: Sequence[Hit]) -> list[Passage]:
    """Return the passage that names the nearest article's author, if that is asked.

    But not where the question tells nothing of the article and several are near.
    """
    if not hits or wanted(question) != "byline":
        return []
    near = {hit.passage.article_id for hit in hits}
    told = any(snapshot.frequency(word) for word in set(content_words(question)) - OF_ANY_ARTICLE)
    if len(near) > 1 and not told:
        return []
    article = snapshot.article(hits[0].passage.article_id)
    bylines = [mark for mark in article.marks if mark.role is Role.BYLINE]
    return [
        passage
        for passage in snapshot.passages(article.id)
        if any(passage.start <= mark.start and mark.end <= passage.end for mark in bylines[:1])
    ]


def stated(wants: str, reason: Reason, hits: Sequence[Hit], articles: Mapping[str, Article]) -> str:
    """Return what to say instead of an author or a date that no text gives, or "".

    Args:
        wants: What the question asks for (qa/wants).
        reason: Why there is no answer.
        hits: What was found, best first.
        articles: The hits' articles, by id.
    """
    if wants not in STATED:
        return ""
    if reason is Reason.NOTHING_FOUND:
        return "Say which article is meant: by its title, or what it is about."
    if reason is not Reason.NOT_ANSWERED:
        return ""
    article = articles[hits[0].passage.article_id]
    if wants == "byline" and article.byline:
        said = f"is by {article.byline}"
    elif wants == "published" and article.published:
        said = f"was published on {article.published.isoformat()}"
    else:
        return ""
    return f"The nearest article, “{article.title}”, {said}, as its file states; no text says so."
