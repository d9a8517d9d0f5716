"""Asking in a real browser: the answer, its place in the article, follow-ups, filters."""

from __future__ import annotations

import re
from urllib.parse import unquote

from playwright.sync_api import expect
from web_page import ask, in_view

ONE_IN_SCOPE = re.compile(r"^\s*1 of ")


def test_an_answer_shows_its_quotation_sentence_citation_and_confidence(page):
    turn = ask(page, "Whose release did the State Department call for?", 1)
    assert turn.locator("blockquote.quotation").inner_text() == "“Alan Gross”"
    assert turn.locator(".sentence mark").inner_text() == "Alan Gross"
    assert "immediate release of Alan Gross" in turn.locator(".sentence").inner_text()
    citation = turn.locator(".citation").first.inner_text()
    assert citation.startswith("[1] Cuba-US Migration Talks Held Despite NK Boat Seizure")
    assert "Havana Times, undated, ¶ 8" in citation
    confidence = turn.locator(".confidence").first
    assert confidence.inner_text().startswith("confidence ")
    assert confidence.get_attribute("title").endswith("%")


def test_a_citation_opens_its_article_with_the_quotation_marked_and_in_view(page):
    turn = ask(page, "How many immigrant visas a year did the US agree to grant?", 1)
    page.locator("#article .pane mark").wait_for()  # opened by the answer itself
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="US, Cuba hold first").click()
    page.locator("#article .pane h2", has_text="US, Cuba hold first").wait_for()
    assert page.locator("#article mark").count() == 0
    page.get_by_role("tab", name="Ask", exact=True).click()
    turn.get_by_role("button", name="Open citation 1").click()
    page.locator("#article .pane h2", has_text="Cuba-US Migration").wait_for()
    mark = page.locator("#article mark")
    assert mark.inner_text() == "20,000"
    page.wait_for_function("document.activeElement?.tagName === 'H2'")
    assert in_view(page, "#article mark")
    assert "start of the quotation" in page.locator("#article .text").inner_text()
    assert "Silvia Ayuso" in page.locator("#article .meta").inner_text()


def test_boilerplate_is_shown_but_dimmed(page):
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="US, Cuba hold first").click()
    dimmed = page.locator("#article .boilerplate")
    dimmed.first.wait_for()
    assert any("READ MORE" in text for text in dimmed.all_inner_texts())


def test_the_original_opens_at_the_words(page):
    ask(page, "Who was elected mayor of Velmora in 2019?", 1)
    link = page.get_by_role("link", name="Open the original at this sentence")
    link.wait_for()
    address = link.get_attribute("href")
    assert address.startswith("https://post.example/2019/mayor?edition=evening#:~:text=")
    assert "Ana Brandt" in unquote(address)
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_other_answers_are_shown_when_articles_differ(page):
    turn = ask(page, "Who was elected mayor of Velmora?", 1)
    said = turn.inner_text()
    turn.locator("details.others summary, .differs").first.wait_for()
    for summary in turn.locator("details.others summary").all():
        summary.click()
    said = turn.inner_text()
    assert "Jonas Riel" in said
    assert "Ana Brandt" in said
    last = turn.locator(".others .citation button").first
    last.click()
    number = last.locator(".number").inner_text()
    page.locator("#article .kicker .number", has_text=number).wait_for()


def test_abstaining_says_why_and_offers_passages_that_are_no_answer(page):
    turn = ask(page, "How many goals did the Cuban team score at the meeting?", 1)
    assert turn.locator(".no-answer").inner_text() == "The articles do not say."
    assert turn.locator(".reason").inner_text()
    assert turn.locator(".citation").count() == 0 or turn.locator("details.others").count()
    assert "(not an answer)" in turn.locator(".closest").inner_text()
    turn.locator(".closest button").first.click()
    page.locator("#article mark.is-passage").first.wait_for()


def test_how_it_was_found_is_told(page):
    turn = ask(page, "Who chaired the meeting for the United States?", 1)
    turn.get_by_text("How I found this").click()
    found = turn.locator(".found").inner_text()
    assert "Who chaired the meeting for the United States?" in found
    assert "retrieve" in found
    assert "read" in found
    assert turn.locator(".found tbody tr").count() >= 1


def test_a_follow_up_is_completed_shown_and_can_be_edited(page):
    ask(page, "Whose release did the State Department call for?", 1)
    turn = ask(page, "How long is his sentence?", 2)
    assert "Alan Gross" in turn.locator(".searched").inner_text()
    assert "15 years" in turn.locator("blockquote.quotation").inner_text()
    turn.get_by_role("button", name="Edit the searched question").click()
    expect(page.locator("#ask-box textarea")).to_have_value(re.compile("Gross"))
    expect(page.locator("#ask-box textarea")).to_be_focused()


def test_an_example_is_asked_by_a_click(page):
    example = page.locator(".example").first
    question = example.inner_text()
    example.click()
    page.locator("#turn-1 .answer").wait_for()
    assert page.locator("#turn-1 .question").inner_text().endswith(question)
    assert page.locator("#turn-1 blockquote.quotation, #turn-1 ul.quotation").count() == 1


def test_filters_narrow_what_answers_and_say_what_they_leave_out(page):
    page.get_by_role("button", name="Filters").click()
    status = page.locator(".filters .scope")
    count = status.inner_text().split()[2]
    page.get_by_role("checkbox", name="Velmora Post").check()
    expect(page.locator(".filters .scope")).to_contain_text(ONE_IN_SCOPE)
    assert status.inner_text() == f"1 of {count} articles in scope."
    turn = ask(page, "Who was elected mayor of Velmora?", 1)
    assert turn.locator("blockquote.quotation").inner_text() == "“Ana Brandt”"
    assert f"1 of {count} articles" in turn.locator(".searched").inner_text()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator(".filters .scope")).not_to_contain_text(ONE_IN_SCOPE)
    assert not page.get_by_role("checkbox", name="Velmora Post").is_checked()
    page.get_by_label("From").fill("2023-01-01")
    page.get_by_label("From").press("Tab")
    expect(page.locator(".filters .scope")).to_contain_text("undated")
    page.get_by_role("checkbox", name="keep undated articles").uncheck()
    expect(page.locator(".filters .scope")).to_contain_text("left out")
    assert status.inner_text().startswith("1 of ")
    turn = ask(page, "Who was elected mayor of Velmora?", 2)
    assert turn.locator("blockquote.quotation").inner_text() == "“Jonas Riel”"


def test_ask_only_this_article(page):
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="A new mayor for Velmora").click()
    page.get_by_role("button", name="Ask only this article").click()
    expect(page.locator(".filters .scope")).to_contain_text(ONE_IN_SCOPE)
    turn = ask(page, "Who was elected mayor of Velmora?", 1)
    assert turn.locator("blockquote.quotation").inner_text() == "“Jonas Riel”"


def test_an_unreadable_question_gets_a_sentence(page):
    turn = ask(page, "x" * 1500, 1)
    assert "at most 1,000" in turn.locator(".trouble").inner_text()


def test_two_readers_do_not_see_each_other(open_page):
    one, other = open_page(), open_page()
    ask(one, "Whose release did the State Department call for?", 1)
    turn = ask(other, "How long is his sentence?", 1)
    assert "Alan Gross" not in turn.locator(".question").inner_text()
    assert turn.locator(".searched").count() == 0
    assert other.locator(".turn").count() == 1
    assert one.locator(".turn").count() == 1


def test_a_conversation_can_be_saved_and_begun_anew(page):
    ask(page, "Who chaired the meeting for the United States?", 1)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Save this conversation").click()
    text = downloading.value.path().read_text(encoding="utf-8")
    assert downloading.value.suggested_filename == "conversation.md"
    assert "Alex Lee" in text
    assert "Cuba" in text
    page.get_by_role("button", name="New conversation").click()
    page.locator(".welcome").wait_for()
    assert page.locator(".turn").count() == 0
