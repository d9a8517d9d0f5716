"""What was measured: one record a question, and how it came about.

Knows how results become a JSON file and come back from it. Does not know how to ask a
question, nor what any number means.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError

FORMAT = 1  # of the JSON file; raised when an old reader would misread a new file


@dataclass(frozen=True, slots=True)
class Found:
    """A hit, and whether it is what was looked for."""

    passage: str  # id
    article: str  # id
    score: float
    dense: float | None
    sparse: float | None
    right_article: bool
    holds_answer: bool  # one of the right answers stands in its words
    excerpt: str = ""  # how the passage begins; only of a few hits


@dataclass(frozen=True, slots=True)
class Other:
    """Another candidate that the answer carried."""

    text: str
    confidence: float
    article: str


@dataclass(frozen=True, slots=True)
class Record:
    """One question, and all that each stage made of it.

    `text` is the best candidate, whatever its confidence; a threshold is applied by whoever
    reads the record, so that one run gives the whole curve.
    """

    id: str
    question: str
    answers: tuple[str, ...]  # empty: unanswerable
    gold_article: str | None
    kind: str
    text: str | None  # None: no candidate at all
    confidence: float
    exact: float  # of `text`, by the official SQuAD 2.0 definitions
    f1: float
    article: str | None  # that the best candidate was cut from
    sentence: str | None  # around it
    valid: bool | None  # every quotation stands at its offsets; None: none was given
    hits: tuple[Found, ...]  # best first
    others: tuple[Other, ...] = ()
    reason: str | None = None  # why there is no candidate
    seconds: Mapping[str, float] = field(default_factory=dict)  # per stage, and "total"

    @property
    def answerable(self) -> bool:
        """Say whether there is a right answer."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Results:
    """The records of one run, in the order asked."""

    records: tuple[Record, ...]
    threshold: float  # the default of the pipeline that was measured
    asked_for: int  # questions that were to be asked
    header: Mapping[str, Any] = field(default_factory=dict)  # versions, recipe, machine, date…

    def __post_init__(self) -> None:
        """Raise EvaluationError when an id stands twice."""
        if len({record.id for record in self.records}) != len(self.records):
            raise EvaluationError(
                "Two records have one id.", cure="Give each question its own `id`."
            )

    @property
    def interrupted(self) -> bool:
        """Say whether the run was stopped before its last question."""
        return len(self.records) < self.asked_for

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader of the numbers must know first, in sentences."""
        lines = []
        if self.interrupted:
            lines.append(
                f"Stopped by hand after {len(self.records)} of {self.asked_for} questions."
            )
        again = self.header.get("asked_again", {})
        if again.get("differ"):
            lines.append(
                f"Of {again['questions']} questions asked again at the default threshold, "
                f"{again['differ']} were decided otherwise than their confidence says: the "
                "figures at a threshold are not what users see."
            )
        return tuple(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for `json.dumps`."""
        return {"format": FORMAT, "interrupted": self.interrupted, **asdict(self)}


def write_json(results: Results, path: str | Path, **more: Any) -> None:
    """Write results, whole or not at all; `more` (say, the metrics) goes before the records."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {**{k: v for k, v in results.to_dict().items() if k != "records"}, **more}
    whole["records"] = results.to_dict()["records"]
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EvaluationError(
            f"{path} cannot be written: {error.strerror or error}.", cure="Choose another place."
        ) from error


def read_json(path: str | Path) -> Results:
    """Read what `write_json` wrote.

    Raises:
        EvaluationError: It is not such a file, or one of another format.
    """
    try:
        whole = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(
            f"{path} cannot be read: {error.strerror or error}.", cure="Check the path."
        ) from error
    except ValueError as error:  # not JSON, or not UTF-8
        raise EvaluationError(f"{path} is not JSON.", cure="Give a file of `--json`.") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        found = whole.get("format") if isinstance(whole, dict) else None
        raise EvaluationError(
            f"{path} holds results of format {found!r}, not {FORMAT}.",
            cure="Measure again with this version, or read it with the one that wrote it.",
        )
    try:
        records = tuple(_record(record) for record in whole["records"])
        return Results(records, whole["threshold"], whole["asked_for"], whole["header"])
    except (KeyError, TypeError) as error:
        raise EvaluationError(
            f"{path}: a field is missing or unknown: {error}.", cure="Measure again."
        ) from error


def _record(record: dict[str, Any]) -> Record:
    rows = {
        "answers": tuple(record["answers"]),
        "hits": tuple(Found(**hit) for hit in record["hits"]),
        "others": tuple(Other(**other) for other in record["others"]),
    }
    return Record(**{**record, **rows})
