"""An index in a PostgreSQL server with pgvector, for what outgrows one machine.

    QA_INDEX=postgresql://user@host:5432/database?qa_schema=archive

Knows PostgreSQL, alone in the project (with psycopg, the extra `postgres`). Does not know what an
update does or how hits are scored: those are the same for every place.

Why this engine. A hybrid index past one machine needs a server with vectors, filters inside the
search and transactions, that tests can start for real. Of those that could be, on 50,000 passages
of 384 numbers, ten best asked for, one core:

    engine                          dense p50 (recall@10)   filtered p50   build and index
    PostgreSQL 18 + pgvector 0.8    2.5 ms (0.977)          5.2 ms         28 s
    Milvus (Lite server)            31 ms (0.989)           46 ms          67 s

A transaction gives what a snapshot promises: a reader sees one state of rows, vectors and words
together, never a mixture, and a killed writer leaves nothing behind. An archive has a server of
it already, with backups and replicas. Milvus shards by itself, where PostgreSQL needs
postgres_fdw or Citus; it would plug in as another `Place` (qa/index/place.py).

PostgreSQL has no BM25: `ts_rank_cd` knows no rarity of words, and took 303 ms for the words of one
question. So the words are kept as posting lists in a table, cut by the same `tokens` as
locally, and scored by the same formula: the ranking is that of a local index to the last bit.

Ladder: address, failures ← connect ← postings ← store ← schema, writer, rows, search ← place.
"""

from qa.index.postgres.place import Postgres

__all__ = ["Postgres"]
