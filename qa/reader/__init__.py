"""Question and passages to spans, by an extractive question-answering model.

Knows transformers, alone in the project (with the training recipe). Does not know retrieval,
or whether a span is good enough to be an answer. A span's score is its start and end logit
less those of "no answer" in its own window, which makes the spans of different passages, and
of one text read in several windows (margins.py), comparable: letting nulls compete across
passages lets nineteen honest nulls outvote one true span.

A score does not depend, to the last bit, on who else asks: the windows of a question are padded
to its own longest, whatever other questions share the model call, and no call holds fewer tokens
than `LEAST_TOKENS`, below which the matrix kernels add up in another order (qa/encoder.py).
"""

from __future__ import annotations

import logging
from functools import cached_property
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from qa.compute import device_for, dtype_for, quiet_loading, torch_for
from qa.errors import ModelError
from qa.reader.margins import Margins, best_spans
from qa.types import Passage, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.config import Settings

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).parent / "weights"
MOST_TOKENS = 384  # question, head and passage; the length most such models are trained for
QUESTION_TOKENS = 96  # what is read of a longer question
STRIDE = 96  # tokens that two windows of one long passage share
ROUND = 32  # tokens a batch is padded to a multiple of: kernels are made anew for each shape
LEAST_TOKENS = 512  # padded tokens in one model call, the empty rows added to it counted in
BATCH_TOKENS = 4096  # at most; bounds memory, and gained nothing above


class Request(NamedTuple):
    """One question with the passages to read, and what stands above each (qa/heads.py)."""

    question: str
    passages: Sequence[Passage]
    heads: Sequence[str]


class _Window(NamedTuple):
    request: int
    passage: int
    ids: list[int]
    types: list[int]
    tokens: list[int]  # those of the passage; a span may not stand in the question or the head
    places: list[tuple[int, int]]  # of these tokens, characters of the article


class SpanReader:
    """A `Reader` over one model with start and end logits. Safe to call from many threads."""

    def __init__(self, settings: Settings) -> None:
        """Note which model is meant; it is loaded on first use."""
        self._settings = settings
        self._path = settings.reader or str(WEIGHTS)
        self.name = settings.reader or "quoth-reader"
        # A tokenizer keeps how it cuts between calls, and questions are cut otherwise than pairs.
        self._tokenizing = Lock()

    @cached_property
    def _tokenizer(self) -> Any:
        torch_for(self._settings)
        from transformers import AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(self._path)
        except Exception as error:  # a hub or a file can fail in any way; all mean the same
            raise self._unloadable(error) from error
        if not tokenizer.is_fast:
            raise self._unloadable("it has no fast tokenizer, so no offsets")
        return tokenizer

    @cached_property
    def _model(self) -> Any:
        dtype, device = dtype_for(self._settings), device_for(self._settings)
        from transformers import AutoModelForQuestionAnswering

        try:
            with quiet_loading():
                model, loaded = AutoModelForQuestionAnswering.from_pretrained(
                    self._path, dtype=dtype, output_loading_info=True
                )
        except Exception as error:
            raise self._unloadable(error) from error
        if loaded["missing_keys"]:  # say, a model without a trained span head
            raise self._unloadable(f"weights are missing: {sorted(loaded['missing_keys'])[:3]}")
        log.info("reader %s on %s in %s", self.name, device, dtype)
        return model.to(device).eval()

    def _unloadable(self, why: object) -> ModelError:
        return ModelError(
            f"The reader {self._path!r} cannot be loaded: {why}",
            cure="Name a folder with an extractive question-answering model in QA_READER, "
            "or unset it.",
        )

    def load(self) -> None:
        """Load the model now rather than on the first question."""
        _ = self._tokenizer, self._model

    def read(
        self, question: str, passages: Sequence[Passage], heads: Sequence[str]
    ) -> list[list[Span]]:
        """Return the best spans of each passage, best first; one list per passage."""
        return self.read_many([Request(question, passages, heads)])[0]

    def read_many(self, requests: Sequence[Request]) -> list[list[list[Span]]]:
        """Read several questions' passages in shared batches; one `read` result for each."""
        return [
            [self.spans(*pair) for pair in zip(request.passages, read, strict=True)]
            for request, read in zip(requests, self.margins(requests), strict=True)
        ]

    def spans(self, passage: Passage, readings: Sequence[Margins]) -> list[Span]:
        """Return the best spans of a passage by all readings that hold some of it, best first."""
        return best_spans(passage, readings, self._settings.max_answer_words)

    def margins(self, requests: Sequence[Request]) -> list[list[list[Margins]]]:
        """Read several questions' passages in shared batches, without choosing spans.

        Returns:
            For each request and each of its passages, the readings of it: one, or several that
            overlap where the passage is longer than the model's window.
        """
        windows = [
            window for at, request in enumerate(requests) for window in self._windows(at, request)
        ]
        read: list[list[list[Margins]]] = [[[] for _ in request.passages] for request in requests]
        for length, batch in _batches(windows):
            starts, ends = self._logits(batch, length)
            for window, start, end in zip(batch, starts, ends, strict=True):
                if window.tokens:
                    passage = requests[window.request].passages[window.passage]
                    read[window.request][window.passage].append(
                        Margins(
                            passage.article_id,
                            np.asarray(window.places, dtype=np.int64),
                            start[window.tokens] - start[0],
                            end[window.tokens] - end[0],
                        )
                    )
        return read

    def _windows(self, request_at: int, request: Request) -> list[_Window]:
        if not request.passages:
            return []
        heads = [f"{head}\n" if head else "" for head in request.heads]
        texts = [head + passage.text for head, passage in zip(heads, request.passages, strict=True)]
        encoded = self._tokens(request.question, texts)
        windows = []
        for row, at in enumerate(encoded["overflow_to_sample_mapping"]):
            offsets = encoded["offset_mapping"][row]
            sequences = encoded.sequence_ids(row)
            shift = len(heads[at])
            tokens = [
                token
                for token, (part, (begin, end)) in enumerate(zip(sequences, offsets, strict=True))
                if part == 1 and begin >= shift and end > begin
            ]
            base = request.passages[at].start - shift
            places = [(base + offsets[token][0], base + offsets[token][1]) for token in tokens]
            windows.append(
                _Window(
                    request_at, at, encoded["input_ids"][row], encoded["token_type_ids"][row],
                    tokens, places,
                )
            )  # fmt: skip
        return windows

    def _tokens(self, question: str, texts: Sequence[str]) -> Any:
        """Return the tokens of the question with each text, a long text in several rows."""
        tokenizer = self._tokenizer
        with self._tokenizing:
            return tokenizer(
                [_shortened(tokenizer, question)] * len(texts),
                list(texts),
                truncation="only_second",
                max_length=min(MOST_TOKENS, tokenizer.model_max_length),
                stride=STRIDE,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
                return_token_type_ids=True,
            )

    def _logits(self, batch: list[_Window], length: int) -> tuple[list[Any], list[Any]]:
        """Return start and end logits of each window, padded to `length` in the model."""
        torch = torch_for(self._settings)
        pad = self._tokenizer.pad_token_id or 0
        spare = max(0, -(-LEAST_TOKENS // length) - len(batch))
        rows = [*batch, *batch[:1] * spare]
        ids = [window.ids + [pad] * (length - len(window.ids)) for window in rows]
        types = [window.types + [0] * (length - len(window.types)) for window in rows]
        mask = [[1] * len(window.ids) + [0] * (length - len(window.ids)) for window in rows]
        device = self._model.device
        inputs = {
            "input_ids": torch.tensor(ids, device=device),
            "attention_mask": torch.tensor(mask, device=device),
        }
        if getattr(self._model.config, "type_vocab_size", 0) > 1:
            inputs["token_type_ids"] = torch.tensor(types, device=device)
        with torch.inference_mode():
            output = self._model(**inputs)
        starts = output.start_logits.float().cpu().double().numpy()  # not every device has double
        ends = output.end_logits.float().cpu().double().numpy()
        lengths = [len(window.ids) for window in batch]
        return (
            [row[:count] for row, count in zip(starts, lengths, strict=False)],
            [row[:count] for row, count in zip(ends, lengths, strict=False)],
        )


def _shortened(tokenizer: Any, question: str) -> str:
    encoded = tokenizer(
        question, truncation=True, max_length=QUESTION_TOKENS,
        add_special_tokens=False, return_offsets_mapping=True,
    )  # fmt: skip
    offsets = encoded["offset_mapping"]
    return question[: offsets[-1][1]] if offsets else question


def _batches(windows: list[_Window]) -> list[tuple[int, list[_Window]]]:
    """Return (padded length, windows) of each model call.

    Which windows of a question stand in one call, and how long they are made, is decided by that
    question alone; questions of like length then share calls.
    """
    calls: list[tuple[int, list[_Window]]] = []
    for _, same in groupby(windows, key=lambda window: window.request):
        own = sorted(same, key=lambda window: len(window.ids))
        while own:
            length = -(-len(own[-1].ids) // ROUND) * ROUND
            most = max(1, BATCH_TOKENS // length)
            calls.append((length, own[-most:]))
            own = own[:-most]
    shared: list[tuple[int, list[_Window]]] = []
    for length, call in sorted(calls, key=lambda call: call[0]):
        if shared and shared[-1][0] == length and _fits(length, len(shared[-1][1]) + len(call)):
            shared[-1][1].extend(call)
        else:
            shared.append((length, call))
    return shared


def _fits(length: int, rows: int) -> bool:
    return length * rows <= BATCH_TOKENS
