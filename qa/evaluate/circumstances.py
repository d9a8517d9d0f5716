"""Under which circumstances something was measured: code, versions, index, machine, date.

Knows where each is found. Does not know what was measured.
"""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    *("quoth-qa", "torch", "transformers", "sentence-transformers", "faiss-cpu", "tantivy"),
    *("numpy", "scikit-learn"),
)


def circumstances(pipeline: object) -> dict[str, Any]:
    """Say what was measured, where and when."""
    index = getattr(pipeline, "index", None)
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
        },
        "commit": _commit(),
        "settings": _fields(getattr(pipeline, "settings", None)),
        "recipe": _fields(getattr(index, "manifest", None)),
        "generation": index.snapshot().generation if index is not None else None,
        "reader": getattr(getattr(pipeline, "reader", None), "name", None),
        "confidence": dict(getattr(getattr(pipeline, "calibration", None), "provenance", {})),
    }


def _fields(settings: object) -> dict[str, Any]:
    known = is_dataclass(settings) and not isinstance(settings, type)
    return asdict(settings) if known else {}  # type: ignore[call-overload]  # known says so


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _commit() -> str | None:
    """Return the commit of the code that ran, "+" when files had changed; None outside git."""
    here = Path(__file__).resolve()
    tracked = ["ls-files", "--error-unmatch", here.name]  # else some other project's repository
    answers = []
    for command in (tracked, ["rev-parse", "--short=12", "HEAD"], ["status", "--porcelain", ".."]):
        try:
            done = subprocess.run(  # noqa: S603  # a fixed command
                ["git", "-C", str(here.parent), *command],  # noqa: S607  # git as the user has it
                capture_output=True,
                text=True,
                timeout=10,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        answers.append(done.stdout.strip())
    _, commit, changed = answers
    return f"{commit}{'+' if changed else ''}" if commit else None
