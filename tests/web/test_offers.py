"""Example questions are made once for each state of the articles, and nobody waits for them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect
from web_page import serving

import qa
from qa.errors import BusyError
from qa.web.offers import Offers
from qa.web.server import app


class Held:
    """A pipeline's `ask` that waits until it is let go, and counts."""

    def __init__(self, pipeline):
        self.pipeline = pipeline
        self.gate = threading.Event()
        self.asked = []

    def __call__(self, question):
        assert self.gate.wait(60)
        self.asked.append(question)
        return self.pipeline.ask(question)


@pytest.fixture
def held(web_pipeline):
    held = Held(web_pipeline)
    yield held
    held.gate.set()


def test_they_are_made_once_while_others_go_on(web_pipeline, held):
    offers = Offers(web_pipeline, held)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: offers.ready(), range(8))) == {()}
        coming = list(pool.map(lambda _: offers.coming(), range(8)))
    held.gate.set()
    questions = coming[0].result(120)
    assert questions
    assert {future.result() for future in coming} == {questions}
    assert offers.ready() == questions
    asked = len(held.asked)
    assert offers.coming().result() == questions
    assert len(held.asked) == asked
    offers.close()


def test_changed_articles_have_others(tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    name = "{}, director of the Hill Museum, sold the mill of Perrin on Friday.\n"
    (articles / "mill.txt").write_text("Mill of Perrin sold\n\n" + name.format("Ann Bell"))
    qa.build(articles, tmp_path / "index")
    pipeline = qa.load(tmp_path / "index")
    asked = []

    def ask(question):
        asked.append(question)
        return pipeline.ask(question)

    offers = Offers(pipeline, ask)
    assert offers.coming().result(120) == offers.ready()
    first = len(asked)
    assert first
    (articles / "mill.txt").write_text("Mill of Perrin sold\n\n" + name.format("Bo Reed"))
    pipeline.refresh()
    assert offers.coming().result(120) == offers.ready()
    assert len(asked) > first
    offers.close()


def test_a_busy_server_offers_none(web_pipeline):
    def busy(_):
        raise BusyError("Too many.")

    offers = Offers(web_pipeline, busy)
    assert offers.coming().result(60) == ()
    offers.close()
    assert offers.ready() == ()


def test_the_page_is_there_before_its_examples(web_pipeline, chromium, tmp_path):
    held = threading.Event()

    class Slow:
        """The real pipeline, whose answers wait."""

        def __getattr__(self, name):
            return getattr(web_pipeline, name)

        def ask_many(self, asked):
            assert held.wait(120)
            return web_pipeline.ask_many(asked)

    whole = app(Slow(), feedback=tmp_path / "feedback.db")
    with serving(whole) as url:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(url)
        expect(page.locator(".welcome")).to_be_visible()
        expect(page.locator(".example")).to_have_count(0)
        held.set()
        expect(page.locator(".example").first).to_be_visible()
        page.reload()
        expect(page.locator(".example").first).to_be_visible()
        context.close()
