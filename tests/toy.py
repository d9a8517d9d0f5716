"""Questions about made-up people and places: as many as asked for, the same for a seed.

Written here for the tests; nothing is taken from a data set.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

FIRST = "Anna Boris Clara David Elena Farid Greta Hugo Ines Jonas Karin Louis Marta Nils".split()
LAST = "Adler Brandt Costa Duval Evers Fischer Grau Holm Ivanov Jansen Keller Lund".split()
TOWNS = "Lisbon Oslo Prague Athens Dublin Vienna Warsaw Madrid Brussels Berlin".split()
TRADES = "baker doctor painter teacher lawyer sailor farmer miner pilot tailor".split()


def records(questions: int, seed: int = 0) -> list[dict]:
    """Return paragraphs with at least `questions` questions, a quarter of them unanswerable."""
    draw = dice(seed)
    people = [f"{first} {last}" for first in FIRST for last in LAST]
    draw.shuffle(people)  # each once, so that no question has two answers
    return [_record(draw, number, people[number]) for number in range(-(-questions // 4))]


def dice(seed: int) -> random.Random:
    """Return a generator whose draws a seed fixes."""
    return random.Random(seed)  # noqa: S311  # not a secret


def write(path: Path, questions: int, seed: int = 0) -> Path:
    """Write grouped JSON lines and return where."""
    lines = [json.dumps(record) for record in records(questions, seed)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _record(draw: random.Random, number: int, name: str) -> dict:
    town, other = draw.sample(TOWNS, 2)
    trade = draw.choice(TRADES)
    year = draw.randint(1900, 1999)
    text = (
        f"{name} was born in {town} in {year}. The family had little money in those days. "
        f"As a young {trade}, {name} moved to {other}. There the work was hard and the pay low."
    )

    def asked(part: str, question: str, answer: str | None) -> dict:
        answers = [] if answer is None else [{"text": answer, "start": text.index(answer)}]
        return {"id": f"{number}-{part}", "question": question, "answers": answers}

    return {
        "source": draw.choice(["squad_toy", "squadshifts_toy"]),
        "title": f"The_life_of_{name.replace(' ', '_')}" if number % 2 else "",
        "context": text,
        "qas": [
            asked("a", f"Where was {name} born?", town),
            asked("b", f"In what year was {name} born in {town}?", str(year)),
            asked("c", f"Which town did {name} move to?", other),
            asked("d", f"When did {name} die?", None),
        ],
    }
