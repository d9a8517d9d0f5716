"""What happens on the page: each method takes a visit and a click, and returns HTML.

Knows the pipeline, the feedback file and the uploads. Does not know Gradio: `page.py` wires
these methods to it. What a browser sends is read with care: a number may be a word, an article
may be gone.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qa import feedback
from qa.conversation import Conversation, to_markdown
from qa.errors import QAError
from qa.text import fold
from qa.types import Scope
from qa.web import choice as choices
from qa.web.article_view import Place, view
from qa.web.quote_view import pieces
from qa.web.render import amount, day, original_url, render, safe_url, unkey
from qa.web.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qa.index import Progress, Snapshot
    from qa.pipeline import Pipeline
    from qa.types import Article, Citation
    from qa.web.batching import Batcher
    from qa.web.metrics import Metrics
    from qa.web.turns import Turn
    from qa.web.uploads import Uploads

log = logging.getLogger(__name__)

EXAMPLES = 6
PAGE = 50  # articles of the list shown at a time
LISTED = 200  # articles offered in the filter; the others are chosen from the list
TEXT_HITS = 5  # passages shown under a search of the list


class Desk:
    """The page's behaviour, without the page."""

    def __init__(
        self,
        pipeline: Pipeline,
        batcher: Batcher,
        metrics: Metrics,
        store: feedback.FeedbackStore,
        uploads: Uploads | None,
    ) -> None:
        """Bind what the page works with; `uploads` None: files cannot be added."""
        self.pipeline = pipeline
        self.batcher = batcher
        self.metrics = metrics
        self.store = store
        self.uploads = uploads
        self._examples = lru_cache(maxsize=4)(self._examples_of)

    # -- a visit

    def visit(self) -> Session:
        """Begin a visit."""
        return Session(
            Conversation(self.batcher.ask), choices.Choice(threshold=self.pipeline.threshold)
        )

    def restart(self, session: Session) -> None:
        """Forget the conversation, keep the filters."""
        with session.lock:
            session.conversation = Conversation(self.batcher.ask)
            session.turns = ()

    def warm(self) -> None:
        """Load the models and make the examples, so that the first reader need not wait."""
        try:
            self.pipeline.load()
            self.examples()
        except QAError:
            log.exception("the models could not be loaded ahead of the first question")

    def masthead(self) -> str:
        """Return the page's head: how many articles, from when to when."""
        snapshot = self.pipeline.index.snapshot()
        count, _ = snapshot.in_scope(Scope())
        return render("masthead", holdings=_holdings(snapshot, count))

    # -- the conversation

    def conversation(self, session: Session) -> str:
        """Return the conversation so far."""
        return render(
            "conversation",
            turns=session.turns,
            examples=() if session.turns else self.examples(),
            saved=_saved(session.turns) if session.turns else "",
        )

    def examples(self) -> tuple[str, ...]:
        """Return questions that the articles answer, for a reader who does not know them."""
        return self._examples(self.pipeline.index.snapshot().generation)

    def _examples_of(self, generation: int) -> tuple[str, ...]:
        log.debug("example questions for generation %d", generation)
        return tuple(self.pipeline.examples(EXAMPLES))

    def ask(self, session: Session, question: str) -> Iterator[Turn]:
        """Yield the turn as it waits, then as it was settled; nothing for an empty question."""
        question = question.strip()
        if not question:
            return
        snapshot = self.pipeline.index.snapshot()
        chosen = session.choice
        turn = session.begin(question, choices.in_words(chosen, snapshot))
        yield turn
        started = time.perf_counter()
        try:
            with session.lock:
                answer = session.conversation.ask(
                    question, scope=chosen.scope, threshold=chosen.threshold
                )
        except QAError as error:
            self.metrics.refused(error)
            yield session.settle(turn, trouble=str(error))
            return
        self.metrics.answered(answer, time.perf_counter() - started)
        yield session.settle(turn, answer=answer)

    def judge(self, session: Session, said: Mapping[str, Any]) -> None:
        """Keep a verdict, or a note on an earlier one."""
        turn, verdict = session.turn(said.get("turn")), said.get("verdict")
        if turn is None or turn.answer is None or verdict not in feedback.VERDICTS:
            return
        row = feedback.of(
            turn.answer,
            verdict,
            f"{session.id}-{turn.number}",
            correction=_text(said.get("correction")),
            unanswerable=said.get("unanswerable") is True,
            note=_text(said.get("note")),
        )
        self.store.add(row)
        if not turn.verdict:
            self.metrics.feedback.labels(verdict).inc()
        noted = bool(row.note or row.correction or row.unanswerable)
        session.put(replace(turn, verdict=verdict, noted=noted))

    # -- the article beside it

    def nothing_open(self, notice: str = "", *, focus: bool = False) -> str:
        """Return the pane with no article in it."""
        return render(
            "article", article=None, opening=notice, notice=notice, focus="yes" if focus else "no"
        )

    def open(self, session: Session, clicked: Mapping[str, Any]) -> str:
        """Return the article that a click asks for, at its place."""
        turn = session.turn(clicked.get("turn"))
        number = _number(clicked.get("citation"))
        if turn is not None and number is not None:
            cited = turn.place(number)
            if cited is not None:
                return self.open_citation(session, cited.citation, number, focus=True)
        match = _number(clicked.get("match"))
        if match is not None and 0 <= match < len(session.matches):
            found = session.matches[match]
            place = Place(found.start, found.end)
            return self._pane(session, found.article, place, match + 1, "quotation", focus=True)
        try:
            article_id = unkey(_text(clicked.get("article")))
            article = self.pipeline.index.snapshot().article(article_id)
        except QAError:
            return self.nothing_open("That article is no longer in the index.", focus=True)
        start, end = _number(clicked.get("start")), _number(clicked.get("end"))
        if start is None or end is None or not 0 <= start < end <= len(article.text):
            return self._pane(session, article, Place(), None, "passage", focus=True)
        return self._pane(session, article, Place(start, end), None, "passage", focus=True)

    def open_citation(
        self, session: Session, citation: Citation, number: int, *, focus: bool
    ) -> str:
        """Return the cited article, as it was quoted, at the quotation."""
        place = Place(
            citation.start,
            citation.end,
            citation.sentence_start,
            citation.sentence_start + len(citation.sentence),
        )
        return self._pane(
            session, citation.article, place, number, "quotation",
            focus=focus, url=original_url(citation),
        )  # fmt: skip

    def _pane(
        self,
        session: Session,
        article: Article,
        place: Place,
        number: int | None,
        kind: str,
        *,
        focus: bool,
        url: str | None = None,
    ) -> str:
        return render(
            "article",
            article=article,
            shown=view(article, place),
            number=number,
            kind=kind,
            url=url or safe_url(article.url),
            opening=session.opening(),
            focus="yes" if focus else "no",
        )

    # -- filters

    def filters(self, session: Session) -> str:
        """Return the filter form as it stands."""
        snapshot = self.pipeline.index.snapshot()
        articles = snapshot.articles()
        chosen = session.choice.articles
        # What is chosen is always in the list, wherever it stands among the others.
        ordered = sorted(articles, key=lambda article: article.id not in chosen)
        return render(
            "filters",
            sources=snapshot.sources(),
            articles=ordered[: max(LISTED, len(chosen))],
            unlisted=max(0, len(articles) - max(LISTED, len(chosen))),
            chosen=session.choice,
            summary=choices.summary(session.choice, snapshot),
        )

    def choose(self, session: Session, form: Mapping[str, Any]) -> None:
        """Take the filters as the form has them."""
        session.choice = choices.read(form, self.pipeline.threshold)

    def choose_only(self, session: Session, clicked: Mapping[str, Any]) -> None:
        """Ask only one article from now on."""
        session.choice = replace(
            choices.Choice(threshold=session.choice.threshold),
            articles=frozenset({unkey(_text(clicked.get("only")))}),
        )

    def choose_all(self, session: Session) -> None:
        """Drop all filters."""
        session.choice = choices.Choice(threshold=self.pipeline.threshold)

    # -- the list of articles

    def corpus(self, wanted: str = "", shown: object = 0, notice: str = "") -> str:
        """Return the list of articles whose head has the words `wanted`, and text that fits."""
        snapshot = self.pipeline.index.snapshot()
        every = snapshot.articles()
        words = fold(wanted).split()
        found = [article for article in every if all(word in _head(article) for word in words)]
        count = min((_number(shown) or 0) + PAGE, len(found))
        said = (
            f"{amount(len(found), 'article')} of {len(every):,} with these words in their head."
            if words
            else _holdings(snapshot, len(every))
        )
        return render(
            "corpus",
            summary=f"{notice} {said}".strip(),
            articles=found[:count],
            more=len(found) - count,
            page=PAGE,
            hits=self._text_hits(wanted) if words else (),
            removable=self._removable(found[:count]),
        )

    def _text_hits(self, wanted: str) -> Sequence[Any]:
        try:
            return self.pipeline.search(wanted, TEXT_HITS)
        except QAError:  # too long to be searched
            return ()

    def _removable(self, articles: Sequence[Any]) -> frozenset[str]:
        if self.uploads is None:
            return frozenset()
        return frozenset(article.id for article in articles if self.uploads.holds(article.path))

    def upload(self, files: Sequence[tuple[str, Path]], progress: Progress | None) -> str:
        """Add files, and say what became of them."""
        if self.uploads is None:
            return "Adding files is switched off."
        try:
            return str(self.uploads.add(files, progress))
        except QAError as error:
            return str(error)

    def remove(self, clicked: Mapping[str, Any]) -> str:
        """Remove an uploaded article's file, and say so."""
        if self.uploads is None:
            return "Removing files is switched off."
        try:
            article_id = unkey(_text(clicked.get("article")))
            article = self.pipeline.index.snapshot().article(article_id)
            self.uploads.remove(article.path)
        except QAError as error:
            return str(error)
        return f"“{article.title}” was removed."

    # -- quotations

    def check(self, session: Session, text: str) -> str:
        """Return whether the articles hold a pasted sentence, and where."""
        if not text.strip():
            return render("quote", trouble="", check=None, matches=())
        try:
            found = self.pipeline.find_quote(text)
        except QAError as error:
            return render("quote", trouble=str(error), check=None, matches=())
        session.matches = found.matches[:PAGE]
        return render(
            "quote",
            trouble="",
            check=found,
            matches=[
                {
                    "article": match.article,
                    "paragraph": match.paragraph,
                    "pieces": pieces(match),
                }
                for match in session.matches
            ],
        )


def _saved(turns: Sequence[Turn]) -> str:
    """Return the conversation as an address that a link can save, so no file stays behind."""
    return "data:text/markdown;charset=utf-8," + quote(to_markdown(turns), safe="")


def _holdings(snapshot: Snapshot, count: int) -> str:
    first, last = snapshot.dates()
    undated = count - snapshot.in_scope(Scope(undated=False))[0]
    said = [amount(count, "article")]
    if first and last:
        said.append(f"from {day(first)} to {day(last)}" if first != last else f"of {day(first)}")
    if undated:
        said.append("undated" if undated == count else f"{undated:,} undated")
    return ", ".join(said)


def _head(article: Any) -> str:
    told = (article.title, article.source, article.byline, article.path)
    return fold(" ".join([*(part for part in told if part), day(article.published)]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    try:
        return int(str(value)[:12])
    except ValueError:
        return None
