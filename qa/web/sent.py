"""What a browser sent with a click, read with care: a number may be a word, a field may lack.

Knows plain values. Does not know Gradio or what the values are for.
"""

from __future__ import annotations


def text(value: object) -> str:
    """Return a text, "" for anything else."""
    return value if isinstance(value, str) else ""


def number(value: object) -> int | None:
    """Return a whole number, None for anything else."""
    try:
        return int(str(value)[:12])
    except ValueError:
        return None
