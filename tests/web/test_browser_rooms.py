"""The other rooms of the page in a real browser: articles, uploads, quotations, verdicts."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

from playwright.sync_api import expect
from web_page import ask

from qa.feedback import FeedbackStore, to_questions

# Counts how often a progress bar was drawn over the list.
WATCH_PROGRESS = """() => {
    window.progressSeen = 0;
    new MutationObserver(() => {
        window.progressSeen += document.querySelectorAll('#corpus .progress-bar').length;
    }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""


def articles(page):
    page.get_by_role("tab", name="Articles").click()
    page.locator(".corpus .articles li").first.wait_for()


def test_the_list_is_searched_by_head_and_by_text(page, web_pipeline):
    articles(page)
    every = len(web_pipeline.index.snapshot().articles())
    expect(page.locator(".articles li")).to_have_count(every)
    page.get_by_label("Find articles").fill("courier 2023")
    expect(page.locator(".articles li")).to_have_count(1)
    expect(page.locator(".articles li")).to_contain_text("A new mayor for Velmora")
    page.get_by_label("Find articles").fill("rafters crisis")
    page.locator(".corpus .hits li").first.wait_for()
    page.locator(".corpus .hits button").first.click()
    page.locator("#article mark.is-passage").first.wait_for()
    expect(page.locator("#article .text")).to_contain_text("rafters crisis")


def test_the_head_says_how_many_articles_from_when_to_when(page):
    held = page.locator(".holdings")
    expect(held).to_have_text(
        re.compile(r"\d+ articles, from 13 May 2019 to 15 May 2023, \d+ undated")
    )


def test_an_uploaded_file_is_at_once_askable_and_can_be_removed(page, served, tmp_path):
    file = tmp_path / "Lighthouse <img src=x onerror=alert(1)>.txt"
    file.write_text(
        "Lighthouse of Perrin sold\n\nThe lighthouse of Perrin was sold to Odile Varga for "
        "41,000 crowns on Tuesday.\n",
        encoding="utf-8",
    )
    articles(page)
    page.evaluate(WATCH_PROGRESS)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Add articles").click()
    choosing.value.set_files(file)
    page.get_by_text("1 file added.").wait_for()
    assert page.evaluate("window.progressSeen") > 0
    kept = list((served.articles / "uploads").iterdir())
    assert [path.suffix for path in kept] == [".txt"]
    assert "<" not in kept[0].name
    page.get_by_role("tab", name="Ask", exact=True).click()
    turn = ask(page, "Who bought the lighthouse of Perrin?", 1)
    expect(turn.locator("blockquote.quotation")).to_have_text("“Odile Varga”")
    articles(page)
    page.get_by_role("button", name="Remove Lighthouse of Perrin sold").click()
    page.get_by_text("was removed.").wait_for()
    assert not list((served.articles / "uploads").iterdir())
    page.get_by_role("tab", name="Ask", exact=True).click()
    turn = ask(page, "Who bought the lighthouse of Perrin?", 2)
    expect(turn.locator(".no-answer")).to_have_count(1)
    # What was quoted before it was removed can still be looked at.
    page.get_by_role("button", name="Open citation 1: Lighthouse of Perrin sold").click()
    page.locator("#article h2", has_text="Lighthouse of Perrin").wait_for()


def test_a_file_of_another_type_is_refused_by_name(page, served, tmp_path):
    file = tmp_path / "tool.exe"
    file.write_bytes(b"MZ\x00\x01")
    articles(page)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Add articles").click()
    choosing.value.set_files(file)
    page.locator(".corpus .summary", has_text="tool.exe: Only .txt").wait_for()
    uploads = served.articles / "uploads"
    assert not uploads.exists() or not list(uploads.iterdir())


def check(page, text):
    page.get_by_role("tab", name="Quotations").click()
    page.get_by_label("Sentence to check").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()


def test_quotations_are_exact_edited_or_absent(page):
    check(page, "it also reiterated its call for the immediate release of Alan Gross")
    page.locator(".outcome.exact").wait_for()
    expect(page.locator(".match")).to_contain_text("Cuba-US Migration Talks")
    check(page, "it also repeated its call for the immediate release of Alan Gross")
    page.locator(".outcome.edited").wait_for()
    expect(page.locator(".match del")).to_contain_text("repeated")
    expect(page.locator(".match ins")).to_contain_text("reiterated")
    page.locator(".match button").first.click()
    mark = page.locator("#article mark.is-quotation").first
    mark.wait_for()
    expect(page.locator("#article mark").first).to_contain_text("reiterated its call")
    check(page, "Penguins were seen waltzing along the harbour wall at midnight")
    page.locator(".outcome.absent").wait_for()
    expect(page.locator(".match")).to_have_count(0)


def test_a_verdict_and_a_correction_reach_the_file(page, served):
    before = len(FeedbackStore(served.feedback).rows())
    turn = ask(page, "Who chaired the meeting?", 1)
    turn.get_by_role("button", name="Wrong").click()
    turn.get_by_label("The right answer").fill("the acting Assistant Secretary")
    turn.get_by_label("A note").fill("a title <b>would</b> do")
    turn.get_by_role("button", name="Keep the note").click()
    turn.get_by_text("Noted, thank you.").wait_for()
    with closing(sqlite3.connect(served.feedback)) as file:
        rows = file.execute(
            'SELECT verdict, question, answer, article, start, "end", confidence, generation,'
            " correction, note FROM feedback ORDER BY row"
        ).fetchall()[before:]
    assert len(rows) == 2
    snapshot = served.desk.pipeline.index.snapshot()
    for verdict, question, answer, article, start, end, confidence, generation, _, _ in rows:
        assert (verdict, question) == ("wrong", "Who chaired the meeting?")
        assert snapshot.article(article).text[start:end] == answer
        assert 0.0 <= confidence <= 1.0
        assert generation <= snapshot.generation
    assert rows[1][-2:] == ("the acting Assistant Secretary", "a title <b>would</b> do")
    last = list(to_questions(FeedbackStore(served.feedback).rows()))[-1]
    assert last["answers"] == ["the acting Assistant Secretary"]
