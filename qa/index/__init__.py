"""The index: articles on disk to passages that can be searched.

    update(articles, index, settings, encoder)      bring it up to date
    Index.open(path, settings, encoder).snapshot()  look into it

Ladder: changes, manifest ← store ← dense, sparse, caches, lock ← engines ← snapshot, and
plan ← rows, vectors, ground ← build ← opened. The truth is articles.db; all else can be made
again from it.
"""

from qa.index.build import update
from qa.index.changes import Changes, Progress
from qa.index.manifest import Manifest
from qa.index.opened import Index, articles_of
from qa.index.snapshot import Snapshot
from qa.index.store import ArticleInfo

__all__ = [
    "ArticleInfo",
    "Changes",
    "Index",
    "Manifest",
    "Progress",
    "Snapshot",
    "articles_of",
    "update",
]
