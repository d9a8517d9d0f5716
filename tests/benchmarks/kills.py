"""Kill -9 the index's writer hundreds of times, and check the index after each.

Run: python tests/benchmarks/kills.py [--kills 200] [--seed 7]

Every kill falls at a random moment of a build, an update, the making or growing of the caches.
What is checked after each: tests/kills.py. Stops with an AssertionError at the first loss.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from kills import kill_many  # noqa: E402  # found by the path above


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_many(
            Path(folder),
            given.kills,
            given.seed,
            lambda done, seen: done % 20 or print(f"{done} kills: {dict(seen)}", flush=True),
        )
    print(
        f"{given.kills} kills, {seen['inside']} of them inside an update: the index always opened, "
        "held an old or the new state of each article, and lost nothing reported as done."
    )


if __name__ == "__main__":
    main()
