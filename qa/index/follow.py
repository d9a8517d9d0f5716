"""Keep the index up to date with a folder as it changes.

Knows when to look and when a change has settled. Does not know what an update does. It looks
at names, sizes and times every few seconds: that works on every system and network share, and
costs no more than a listing of the folder.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ArticleError, IndexBusy
from qa.index.build import update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.articles import FileInfo
    from qa.config import Settings
    from qa.index.changes import Changes, Progress
    from qa.types import Encoder

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds


def watch(
    articles: Path,
    index: Path | str,
    settings: Settings,
    encoder: Encoder,
    *,
    prune: bool = True,
    every: float = EVERY,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
) -> Iterator[Changes]:
    """Update the index now and whenever the folder has changed; yield what each update did.

    A change is taken up once the folder looks the same twice, `every` seconds apart, so that
    a file being copied is not read half. A folder that vanishes (an unmounted disk) empties
    nothing: it is waited for.

    Args:
        articles: The folder of articles.
        index: The folder of the index, or the URL of a database.
        settings: As for `update`.
        encoder: As for `update`.
        prune: As for `update`.
        every: Seconds between two looks.
        stop: Ends the watch when it is set; None: it goes on for ever.
        progress: As for `update`.

    Raises:
        ArticleError: The folder of articles is not there at the start.
        IndexBusy: Another process is writing the index at the start.
        StoreError: The index cannot be written.
    """
    stop = stop or threading.Event()
    done = seen = _look(Path(articles))
    yield update(articles, index, settings, encoder, prune=prune, progress=progress)
    while not stop.wait(every):
        now = _look(Path(articles))
        if now is not None and now == seen and now != done:
            try:
                changes = update(articles, index, settings, encoder, prune=prune, progress=progress)
            except (ArticleError, IndexBusy) as error:
                log.warning("%s It is tried again.", error.what)
                continue
            done = now
            if changes:
                yield changes
        seen = now


def _look(articles: Path) -> list[FileInfo] | None:
    from qa.articles import scan

    try:
        return scan(articles)
    except ArticleError as error:
        log.warning("%s", error.what)
        return None
