"""Quoth answers from your own articles, in the articles' own words.

    import qa
    answer = qa.ask("Who chaired the meeting?")

Knows the public names, and loads each on first use; nothing heavy is imported before.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# public name: the module that holds it
_HOMES = {
    "Alternative": "qa.types",
    "Answer": "qa.types",
    "Article": "qa.types",
    "Citation": "qa.types",
    "Hit": "qa.types",
    "Passage": "qa.types",
    "Pipeline": "qa.pipeline",
    "QAError": "qa.errors",
    "Reason": "qa.types",
    "Scope": "qa.types",
    "Settings": "qa.config",
    "ask": "qa.api",
    "build": "qa.api",
    "find_quote": "qa.api",
    "load": "qa.api",
}

__all__ = sorted([*_HOMES, "__version__"])  # noqa: PLE0605  # a list; the rule cannot see that


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
