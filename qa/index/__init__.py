"""The index: articles on disk to passages that can be searched.

    update(articles, index, settings, encoder)      bring it up to date
    watch(articles, index, settings, encoder)       and keep it so
    Index.open(path, settings, encoder).snapshot()  look into it

Ladder: changes, manifest ← records ← store ← bm25, sparse, copies, scope ← plan ← rows, vectors,
mend ← place: a folder (failures ← database ← dense, caches, lock ← engines, ground ← folder) or a
database server (postgres/) ← snapshot, build ← opened, follow. The truth is the store's rows; all
else can be made again from them.
"""

from qa.index.build import update
from qa.index.changes import Changes, Progress
from qa.index.follow import watch
from qa.index.manifest import Manifest
from qa.index.opened import Index, articles_of
from qa.index.records import ArticleInfo
from qa.index.snapshot import Snapshot

__all__ = [
    "ArticleInfo",
    "Changes",
    "Index",
    "Manifest",
    "Progress",
    "Snapshot",
    "articles_of",
    "update",
    "watch",
]
