"""The Python face: `qa.ask`, `qa.load`, `qa.build`, `qa.find_quote`.

Knows how an index and the models are put together, and keeps them for the process. Does not
know how a question is answered (qa/pipeline).
"""

from __future__ import annotations

import logging
import threading
import time
import warnings
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.config import Settings
from qa.errors import IndexMissing

if TYPE_CHECKING:
    from qa.encoder import SentenceEncoder
    from qa.index import Changes, Progress
    from qa.pipeline import Pipeline
    from qa.quotes import QuoteCheck
    from qa.reader import SpanReader
    from qa.types import Answer

log = logging.getLogger(__name__)

STALE_CHECK_SECONDS = 5.0  # how often `ask` looks whether articles changed
_lock = threading.RLock()


class StaleIndexWarning(UserWarning):
    """Articles changed since the index was made; answers come from what it holds."""


def ask(question: str, *, index: str | Path | None = None, **options: Any) -> Answer:
    """Answer one question from an index.

    Args:
        question: What to ask.
        index: Folder of the index, or the URL of a database; None: `QA_INDEX`, or "index". A
            missing default index is built from `QA_ARTICLES`, or "seeds".
        options: `scope`, `threshold`, `keep`, `searched_as`: see `Pipeline.ask`.

    Returns:
        The answer with its citations, or why the articles do not say.

    Raises:
        QuestionError: Not a string, or too long.
        StoreError: There is no usable index.
    """
    pipeline = load(index)
    _warn_when_stale(pipeline)
    return pipeline.ask(question, **options)


def find_quote(text: str, *, index: str | Path | None = None) -> QuoteCheck:
    """Say whether the articles hold a quotation, where, and what was changed in it."""
    return load(index).find_quote(text)


def build(
    articles: str | Path,
    index: str | Path | None = None,
    *,
    progress: Progress | None = None,
    **settings: Any,
) -> Changes:
    """Make an index of a folder of articles, or bring it up to date.

    Args:
        articles: Folder of article files, searched through all levels.
        index: Folder of the index, or the URL of a database; None: `QA_INDEX`, or "index".
        progress: Called with (done, total, what).
        settings: Fields of `Settings` that differ from the environment.

    Returns:
        What was added, changed, removed, left alone and skipped.
    """
    from qa.index import update

    chosen = Settings.from_environment(index=None if index is None else str(index), **settings)
    return update(
        Path(articles), chosen.index_place, chosen, encoder_for(chosen), progress=progress
    )


def load(
    index: str | Path | None = None, *, progress: Progress | None = None, **settings: Any
) -> Pipeline:
    """Open an index with its models; the same one again for the same settings.

    Args:
        index: Folder of the index, or the URL of a database; None: `QA_INDEX`, or "index". A
            missing default index is built first, from `QA_ARTICLES` or "seeds", when that
            folder exists.
        progress: Called with (done, total, what) while it is built.
        settings: Fields of `Settings` that differ from the environment.

    Raises:
        StoreError: There is no usable index.
    """
    chosen = Settings.from_environment(index=None if index is None else str(index), **settings)
    with _lock:
        try:
            return _pipeline(chosen, _absolute(chosen.index_place))
        except IndexMissing:
            if index is not None or not Path(chosen.articles).is_dir():
                raise
            log.info("building the index from %s", chosen.articles)
            build(chosen.articles, progress=progress, **settings)
            return _pipeline(chosen, _absolute(chosen.index_place))


def _absolute(place: Path | str) -> Path | str:
    """Return a folder from the root, so that a change of directory counts; a URL as it is."""
    return place.resolve() if isinstance(place, Path) else place


@lru_cache(maxsize=8)
def _pipeline(settings: Settings, place: Path | str) -> Pipeline:
    """Open one index."""
    from qa.index import Index
    from qa.pipeline import Pipeline

    encoder = encoder_for(settings)
    index = Index.open(place, settings, encoder)
    return Pipeline(index, encoder, reader_for(settings), settings)


def encoder_for(settings: Settings) -> SentenceEncoder:
    """Return the process's encoder for these settings."""
    return _encoder(settings.encoder, settings.device, settings.dtype, settings.threads)


def reader_for(settings: Settings) -> SpanReader:
    """Return the process's reader for these settings."""
    return _reader(
        settings.reader,
        settings.device,
        settings.dtype,
        settings.threads,
        settings.max_answer_words,
    )


@lru_cache(maxsize=4)
def _encoder(encoder: str, device: str, dtype: str, threads: int) -> SentenceEncoder:
    from qa.encoder import SentenceEncoder

    return SentenceEncoder(Settings(encoder=encoder, device=device, dtype=dtype, threads=threads))


@lru_cache(maxsize=4)
def _reader(reader: str, device: str, dtype: str, threads: int, most_words: int) -> SpanReader:
    from qa.reader import SpanReader

    return SpanReader(
        Settings(
            reader=reader,
            device=device,
            dtype=dtype,
            threads=threads,
            max_answer_words=most_words,
        )
    )


_checked: dict[int, float] = {}


def _warn_when_stale(pipeline: Pipeline) -> None:
    now = time.monotonic()
    if now - _checked.get(id(pipeline), -STALE_CHECK_SECONDS) < STALE_CHECK_SECONDS:
        return
    _checked[id(pipeline)] = now
    notice = pipeline.staleness()
    if notice:
        warnings.warn(notice, StaleIndexWarning, stacklevel=3)
