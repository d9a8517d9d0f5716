"""The rooms of the page, put together.

Knows which rooms there are, and that a visit begins in all of them. Does not know what happens
in any: each takes a visit and a click and returns HTML. `wiring.py` joins them to Gradio.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.web.checking import Checking
from qa.web.filters import Filters
from qa.web.offers import Offers
from qa.web.pane import Pane
from qa.web.session import Session
from qa.web.shelf import Shelf
from qa.web.talk import Talk

if TYPE_CHECKING:
    from qa.feedback import FeedbackStore
    from qa.pipeline import Pipeline
    from qa.web.batching import Batcher
    from qa.web.metrics import Metrics
    from qa.web.uploads import Uploads

log = logging.getLogger(__name__)


class Desk:
    """The page's behaviour, without the page."""

    def __init__(
        self,
        pipeline: Pipeline,
        batcher: Batcher,
        metrics: Metrics,
        store: FeedbackStore,
        uploads: Uploads | None,
    ) -> None:
        """Bind what the page works with; `uploads` None: files cannot be added."""
        self.pipeline = pipeline
        self.offers = Offers(pipeline, batcher.ask)
        self.talk = Talk(pipeline, batcher, metrics, store, self.offers)
        self.pane = Pane(pipeline)
        self.filters = Filters(pipeline)
        self.shelf = Shelf(pipeline, uploads)
        self.checking = Checking(pipeline)

    def visit(self) -> Session:
        """Begin a visit."""
        return Session(self.talk.begin(), self.filters.everything())

    def warm(self) -> None:
        """Load the models and begin the examples, so that the first reader need not wait."""
        try:
            self.pipeline.load()
            self.offers.coming()
        except QAError:
            log.exception("the models could not be loaded ahead of the first question")
