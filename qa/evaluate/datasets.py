"""Question files: read, checked, and their contexts written out as articles.

Knows three forms: plain JSON lines (`question`, `answers`, optional `id`, `article`, `kind`),
SQuAD 1.1/2.0 JSON, and grouped JSON lines (one context with its `qas` a line); each may be
gzipped. Does not know how a question is answered or scored.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ID_DIGITS = 12  # hexadecimal; two of 10,000 contexts share an id once in five million files


@dataclass(frozen=True, slots=True)
class Question:
    """One question with everything that counts as a right answer."""

    id: str
    question: str
    answers: tuple[str, ...]  # empty: the articles do not say
    article: str | None = None  # id of the article that holds (or, unanswerable, lacks) the answer
    kind: str = ""  # the group it is reported in: a source, or what was swapped

    @property
    def answerable(self) -> bool:
        """Say whether there is a right answer."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Context:
    """One text with the questions asked about it."""

    id: str  # the same wherever the text stands
    title: str  # "" when the file gives none
    text: str
    questions: tuple[Question, ...]


def load(path: str | Path) -> list[Question]:
    """Read every question of a file, in the file's order.

    Raises:
        EvaluationError: The file, or a line of it, cannot be used, or an id stands twice.
    """
    questions = [
        question
        for entry in _entries(Path(path))
        for question in (entry.questions if isinstance(entry, Context) else (entry,))
    ]
    return _checked(questions, path)


def contexts(path: str | Path) -> list[Context]:
    """Read a SQuAD or grouped file as contexts; a text that stands twice is one context.

    Raises:
        EvaluationError: As `load`; also for a file that has questions without contexts.
    """
    merged: dict[str, Context] = {}
    for entry in _entries(Path(path)):
        if isinstance(entry, Question):
            raise EvaluationError(
                f"{path}: the question {entry.question!r} comes without a context.",
                cure="Give a SQuAD JSON file, or JSON lines with `context` and `qas`.",
            )
        known = merged.get(entry.id, Context(entry.id, entry.title, entry.text, ()))
        merged[entry.id] = replace(known, questions=known.questions + entry.questions)
    _checked([question for context in merged.values() for question in context.questions], path)
    return list(merged.values())


def corpus(path: str | Path, folder: str | Path) -> Path:
    """Write a file's contexts as articles that `qa index` reads; return the file written."""
    return write_corpus(contexts(path), folder)


def write_corpus(contexts: Iterable[Context], folder: str | Path) -> Path:
    """Write contexts as `articles.jsonl` in `folder`, with the ids that their questions name.

    A context without a title gets a number for one: a title made from its text could give
    the answer away.
    """
    file = Path(folder) / "articles.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        for number, context in enumerate(contexts, 1):
            title = context.title.replace("_", " ").strip() or f"Article {number:05d}"
            record = {"id": context.id, "title": title, "text": context.text}
            out.write(json.dumps(record) + "\n")
    return file


def write(questions: Iterable[Question], path: str | Path) -> None:
    """Write questions as plain JSON lines, which `load` reads back."""
    with Path(path).open("w", encoding="utf-8") as out:
        for question in questions:
            record = {
                "id": question.id,
                "question": question.question,
                "answers": list(question.answers),
                "article": question.article,
                "kind": question.kind,
            }
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def sample(questions: Sequence[Question], limit: int | None, seed: int = 0) -> list[Question]:
    """Return `limit` questions drawn without replacement, in their old order; None: all."""
    if limit is None or limit >= len(questions):
        return list(questions)
    if limit < 1:
        raise EvaluationError(f"The limit is {limit}.", cure="Ask at least 1 question.")
    drawn = random.Random(seed).sample(range(len(questions)), limit)  # noqa: S311  # no secret
    return [questions[index] for index in sorted(drawn)]


def context_id(text: str) -> str:
    """Return the id of a context: a hash of its text, so the same in every file."""
    return f"ctx-{hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]}"


def _entries(path: Path) -> Iterator[Question | Context]:
    lines = _text(path).split("\n")  # splitlines() would also cut at U+2028 inside a text
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not numbered:
        raise EvaluationError(f"{path} is empty.", cure="Give a file with questions in it.")
    whole = _as_squad(numbered, path)
    if whole is not None:
        for index, article in enumerate(whole["data"]):
            yield from _squad_article(article, f"{path}: data[{index}]")
        return
    for number, line in numbered:
        yield _line(line, f"{path}:{number}")


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if raw.startswith(b"\x1f\x8b"):
            raw = gzip.decompress(raw)
        return raw.decode("utf-8-sig")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise EvaluationError(f"{path} is a damaged gzip file.", cure="Fetch it again.") from error
    except OSError as error:
        raise EvaluationError(
            f"{path} cannot be read: {error.strerror or error}.", cure="Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise EvaluationError(
            f"{path} is not UTF-8 (byte {error.start}).", cure="Save it as UTF-8."
        ) from error


def _as_squad(numbered: list[tuple[int, str]], path: Path) -> dict[str, Any] | None:
    """Return the whole file when it is one SQuAD object, None when it is JSON lines."""
    first = _parse(numbered[0][1])
    if isinstance(first, dict) and "data" not in first:
        return None
    whole = first if len(numbered) == 1 else _parse("\n".join(line for _, line in numbered))
    if isinstance(whole, dict) and isinstance(whole.get("data"), list):
        return whole
    if whole is not None:
        raise EvaluationError(
            f"{path} is JSON, but not of a known form.",
            cure="Give SQuAD JSON (an object with `data`), or one JSON object a line.",
        )
    return None


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None


def _squad_article(article: Mapping[str, Any], where: str) -> Iterator[Context]:
    for index, paragraph in enumerate(_list(article, "paragraphs", where)):
        place = f"{where}.paragraphs[{index}]"
        _string(paragraph, "context", place)
        yield _context({"title": article.get("title", ""), **paragraph}, place)


def _line(line: str, where: str) -> Question | Context:
    record = _parse(line)
    if not isinstance(record, dict):
        raise EvaluationError(
            f"{where}: not a JSON object: {line.strip()[:60]!r}.",
            cure='Write one object a line: {"question": "…", "answers": ["…"]}.',
        )
    if "qas" in record:
        return _context(record, where)
    return _question(record, where, article=_optional(record, "article", where))


def _context(record: Mapping[str, Any], where: str) -> Context:
    text = _string(record, "context", where)
    identity = context_id(text)
    kind = str(record.get("source") or "")
    questions = tuple(
        _question(item, f"{where}: qas[{index}]", article=identity, kind=kind)
        for index, item in enumerate(_list(record, "qas", where))
    )
    return Context(identity, str(record.get("title") or ""), text, questions)


def _question(
    record: Mapping[str, Any], where: str, article: str | None, kind: str = ""
) -> Question:
    question = _string(record, "question", where)
    answers = _answers(record, where)
    given = record.get("id")
    digest = hashlib.sha256(f"{question}\0{article or ''}".encode()).hexdigest()[:ID_DIGITS]
    identity = f"q-{digest}" if given is None else str(given)
    return Question(identity, question, answers, article, str(record.get("kind") or kind))


def _answers(record: Mapping[str, Any], where: str) -> tuple[str, ...]:
    given = [] if record.get("is_impossible") else record.get("answers")
    if isinstance(given, dict):  # {"text": […], "answer_start": […]}, as some hubs store SQuAD
        given = given.get("text")
    if not isinstance(given, list):
        raise EvaluationError(
            f"{where}: `answers` is {'missing' if given is None else 'not a list'}.",
            cure='Write "answers": ["…"], or [] for a question the articles do not answer.',
        )
    texts = [item.get("text") if isinstance(item, dict) else item for item in given]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise EvaluationError(
            f"{where}: an answer is empty or not a text: {given!r:.80}.",
            cure='Write "answers": [] for a question the articles do not answer.',
        )
    return tuple(dict.fromkeys(map(str, texts)))


def _string(record: Mapping[str, Any], name: str, where: str) -> str:
    value = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise EvaluationError(
            f"{where}: `{name}` is missing, empty or not a text.", cure=f"Give it a `{name}`."
        )
    return value


def _optional(record: Mapping[str, Any], name: str, where: str) -> str | None:
    value = record.get(name)
    if value is None or isinstance(value, str):
        return value or None
    raise EvaluationError(f"{where}: `{name}` is not a text.", cure="Give an article's id.")


def _list(record: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, list):
        raise EvaluationError(f"{where}: `{name}` is not a list.", cure=f"Give it a `{name}` list.")
    return value


def _checked(questions: list[Question], path: str | Path) -> list[Question]:
    twice = [name for name, count in Counter(q.id for q in questions).items() if count > 1]
    if twice:
        raise EvaluationError(
            f"{path}: {len(twice)} question ids stand twice, first {min(twice)!r}.",
            cure="Give each question its own `id`; results are joined by it.",
        )
    if not questions:
        raise EvaluationError(f"{path} holds no question.", cure="Give a file with questions.")
    return questions
