"""What the web tests share: one index, one real server and one real browser for all of them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from web_attacks import ARTICLES as HOSTILE
from web_page import serving

SEEDS = Path(__file__).parents[2] / "seeds"
CHROMIUM = "/usr/bin/chromium"
# Without these, Chromium looks for its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds; the machine may be busy

DATED = [
    {
        "id": "mayor-2019",
        "title": "Velmora elects a mayor",
        "text": "Velmora elects a mayor\n\nAna Brandt was elected mayor of Velmora on Sunday with "
        "52 percent of the votes. The bridge over the Aune was closed to cars for repairs.",
        "source": "Velmora Post",
        "published": "2019-05-13",
        "url": "https://post.example/2019/mayor?edition=evening",
    },
    {
        "id": "mayor-2023",
        "title": "A new mayor for Velmora",
        "text": "A new mayor for Velmora\n\nJonas Riel was elected mayor of Velmora on Sunday. "
        "He beat Ana Brandt by 310 votes.",
        "source": "Aune Courier",
        "published": "2023-05-15",
        "url": "https://courier.example/riel",
    },
]


# Gradio's queue asks pandas for two things that pandas 3 calls deprecated.
GRADIO_AND_PANDAS = (
    "ignore:'future.no_silent_downcasting' is deprecated",
    "ignore:The copy keyword is deprecated",
)


def pytest_collection_modifyitems(items):
    """Let these warnings of a foreign library pass, in these tests only."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(*GRADIO_AND_PANDAS))


@dataclass
class Served:
    """A server that runs in this process, for real."""

    url: str
    app: Any
    articles: Path
    feedback: Path

    @property
    def desk(self):
        return self.app.state.desk


@pytest.fixture(scope="session")
def web_articles(tmp_path_factory) -> Path:
    """Folder of articles: the seeds, two dated ones with addresses, and hostile ones."""
    folder = tmp_path_factory.mktemp("web") / "articles"
    shutil.copytree(SEEDS, folder)
    for name, records in (("dated", DATED), ("hostile", HOSTILE)):
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def web_pipeline(web_articles):
    """The real pipeline over these articles."""
    import qa

    index = web_articles.parent / "index"
    qa.build(web_articles, index)
    return qa.load(index)


@pytest.fixture(scope="session")
def served(web_pipeline, web_articles):
    """The whole app, served, with uploads on."""
    from qa.web.server import Limits, app

    feedback = web_articles.parent / "feedback.db"
    whole = app(web_pipeline, allow_upload=True, feedback=feedback, limits=Limits(rate=0))
    whole.state.desk.warm()
    with serving(whole) as url:
        yield Served(url, whole, web_articles, feedback)


@pytest.fixture(scope="session")
def chromium():
    """One real headless Chromium for all tests."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """What a page did that nobody asked it to."""

    outside: list[str]
    errors: list[str]
    dialogs: list[str]


@pytest.fixture
def open_page(chromium, served):
    """Open the page in a fresh context; afterwards, see that it was quiet."""
    contexts, watched = [], Watched([], [], [])

    def opened(*, scheme="light", size=(1280, 860), touch=False, url=None):
        context = chromium.new_context(
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            has_touch=touch,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("request", lambda request: _note_outside(watched, request.url, served.url))
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        page.on("dialog", lambda dialog: (watched.dialogs.append(dialog.message), dialog.dismiss()))
        page.on(
            "console",
            lambda message: message.type == "error" and watched.errors.append(message.text),
        )
        page.goto(url or served.url)
        page.wait_for_selector(".conversation")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watched == Watched([], [], [])


def _note_outside(watched, url, ours):
    if not url.startswith((ours, "data:", "blob:")):
        watched.outside.append(url)


@pytest.fixture
def page(open_page):
    """The page at a desk's size."""
    return open_page()
