"""Question files to paragraphs with their questions.

Knows two formats: one JSON object a line (`{"source", "title", "context", "qas"}`, plain or
gzipped), and SQuAD's own JSON, 1.1 or 2.0. Does not know what is done with a question.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Gold:
    """An accepted answer; `paragraph.text[start : start + len(text)] == text`."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one paragraph. No answers: the paragraph does not hold one."""

    id: str
    text: str
    answers: tuple[Gold, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text, its title ("" where none is known) and the questions asked about it."""

    source: str
    title: str
    text: str
    questions: tuple[Asked, ...]


def read(paths: Sequence[Path]) -> list[Paragraph]:
    """Return the paragraphs of all files, in the order of the files and their lines.

    Raises:
        EvaluationError: A file cannot be read, or an answer is not at its offset.
    """
    return [paragraph for path in paths for paragraph in _read_one(path)]


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hold_out(
    paragraphs: Sequence[Paragraph], share: float, seed: int
) -> tuple[list[Paragraph], list[Paragraph]]:
    """Split into (train, held out) by a hash of each text, so no text is on both sides."""
    train: list[Paragraph] = []
    held: list[Paragraph] = []
    for paragraph in paragraphs:
        digest = hashlib.sha256(f"{seed}:{paragraph.text}".encode()).digest()
        part = int.from_bytes(digest[:8], "big") / 2**64
        (held if part < share else train).append(paragraph)
    return train, held


def _read_one(path: Path) -> Iterator[Paragraph]:
    try:
        raw = path.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        text = raw.decode("utf-8")
        objects = _objects(text)
        for place, found in objects:
            yield _checked(_paragraph(found, path.stem), f"{path}, {place}")
    except (OSError, UnicodeDecodeError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise EvaluationError(
            f"{path}: not a file of questions ({type(error).__name__}: {error}).",
            cure='Give SQuAD JSON, or a line each of {"title", "context", "qas"}.',
        ) from error


def _objects(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    first = text.lstrip()[:1]
    lines = text.splitlines()
    if first == "{" and '"context"' in lines[0] and '"data"' not in lines[0][:40]:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"line {number}", json.loads(line)
        return
    for article in json.loads(text)["data"]:
        for number, paragraph in enumerate(article["paragraphs"], 1):
            title = article.get("title", "")
            yield f"article {title!r}, paragraph {number}", {"title": title, **paragraph}


def _paragraph(found: dict[str, Any], source: str) -> Paragraph:
    return Paragraph(
        source=found.get("source", source),
        title=clean_title(found.get("title") or ""),
        text=found["context"],
        questions=tuple(
            Asked(str(asked["id"]), asked["question"].strip(), _golds(asked))
            for asked in found["qas"]
        ),
    )


def _golds(asked: dict[str, Any]) -> tuple[Gold, ...]:
    if asked.get("is_impossible"):
        return ()
    return tuple(
        Gold(answer["text"], answer.get("start", answer.get("answer_start")))
        for answer in asked["answers"]
        if answer["text"]
    )


def _checked(paragraph: Paragraph, place: str) -> Paragraph:
    for asked in paragraph.questions:
        for gold in asked.answers:
            if paragraph.text[gold.start : gold.start + len(gold.text)] != gold.text:
                raise EvaluationError(
                    f"{place}: the answer {gold.text!r} of question {asked.id} is not at"
                    f" offset {gold.start}.",
                    cure="Offsets count code points of the context.",
                )
    return paragraph


def clean_title(title: str) -> str:
    """Return a title as people write it: SQuAD's have underscores for spaces."""
    return " ".join(title.replace("_", " ").split())


def answerable(paragraphs: Iterable[Paragraph]) -> Iterator[tuple[Paragraph, Asked]]:
    """Yield each answerable question with its paragraph."""
    for paragraph in paragraphs:
        for asked in paragraph.questions:
            if asked.answers:
                yield paragraph, asked
