"""Asking in a real browser: the answer, its place in the article, follow-ups, filters."""

from __future__ import annotations

import re
from urllib.parse import unquote

from playwright.sync_api import expect
from web_page import IN_VIEW, ask

ONE_IN_SCOPE = re.compile(r"^\s*1 of ")


def test_an_answer_shows_its_quotation_sentence_citation_and_confidence(page):
    turn = ask(page, "Whose release did the State Department call for?", 1)
    expect(turn.locator("blockquote.quotation")).to_have_text("“Alan Gross”")
    expect(turn.locator(".sentence mark")).to_have_text("Alan Gross")
    expect(turn.locator(".sentence")).to_contain_text("immediate release of Alan Gross")
    citation = turn.locator(".citation").first
    expect(citation).to_contain_text("[1] Cuba-US Migration Talks Held Despite NK Boat Seizure")
    expect(citation).to_contain_text("Havana Times, undated, ¶ 8")
    confidence = turn.locator(".confidence").first
    expect(confidence).to_contain_text(re.compile("confidence (high|medium|low)"))
    expect(confidence).to_have_attribute("title", re.compile(r"^\d+ %$"))


def test_a_citation_opens_its_article_with_the_quotation_marked_and_in_view(page):
    turn = ask(page, "How many immigrant visas a year did the US agree to grant?", 1)
    page.locator("#article .pane mark").wait_for()  # opened by the answer itself
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="US, Cuba hold first").click()
    page.locator("#article .pane h2", has_text="US, Cuba hold first").wait_for()
    expect(page.locator("#article mark")).to_have_count(0)
    page.get_by_role("tab", name="Ask", exact=True).click()
    turn.get_by_role("button", name="Open citation 1").click()
    page.locator("#article .pane h2", has_text="Cuba-US Migration").wait_for()
    mark = page.locator("#article mark")
    expect(mark).to_have_text("20,000")
    # Not by colour alone.
    expect(mark).to_have_css("text-decoration-line", "underline")
    page.wait_for_function("document.activeElement?.tagName === 'H2'")
    page.wait_for_function(IN_VIEW, arg="#article mark")
    expect(page.locator("#article .text")).to_contain_text("start of the quotation")
    expect(page.locator("#article .meta")).to_contain_text("Silvia Ayuso")


def test_boilerplate_is_shown_but_dimmed(page):
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="US, Cuba hold first").click()
    dimmed = page.locator("#article .boilerplate")
    dimmed.first.wait_for()
    expect(dimmed.filter(has_text="READ MORE").first).to_be_visible()


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
    turn.locator("details.others summary, .differs").first.wait_for()
    for summary in turn.locator("details.others summary").all():
        summary.click()
    expect(turn).to_contain_text("Jonas Riel")
    expect(turn).to_contain_text("Ana Brandt")
    last = turn.locator(".others .citation button").first
    number = last.locator(".number").text_content()
    last.click()
    page.locator("#article .kicker .number", has_text=number).wait_for()


def test_abstaining_says_why_and_offers_passages_that_are_no_answer(page):
    turn = ask(page, "How many goals did the Cuban team score at the meeting?", 1)
    expect(turn.locator(".no-answer")).to_have_text("The articles do not say.")
    expect(turn.locator(".reason")).to_have_text(re.compile(r"\w+"))
    expect(turn.locator(".answer > .citations")).to_have_count(0)  # nothing is called a source
    expect(turn.locator(".closest")).to_contain_text("(not an answer)")
    turn.locator(".closest button").first.click()
    page.locator("#article mark.is-passage").first.wait_for()


def test_an_unknown_name_is_said_and_the_closest_passages_are_shown(page):
    turn = ask(page, "Who met Bartholomew Quixley at the migration talks?", 1)
    expect(turn.locator(".reason")).to_contain_text("Bartholomew Quixley")
    expect(turn.locator(".closest h4")).to_have_text("Closest passages (not an answer)")
    expect(turn.locator(".closest button").first).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Save this conversation").click()
    text = downloading.value.path().read_text(encoding="utf-8")
    assert "Closest passages (not an answer):" in text
    assert "> — " in text


def test_a_conversation_goes_on_and_a_new_topic_is_left_alone(page):
    ask(page, "Whose release did the State Department call for?", 1)
    ask(page, "How long is his sentence?", 2)
    turn = ask(page, "Where was he imprisoned?", 3)
    expect(turn.locator(".searched")).to_contain_text("Alan Gross")
    expect(turn.locator("blockquote.quotation")).to_have_text("“Havana”")
    turn = ask(page, "Who was elected mayor of Velmora in 2019?", 4)
    expect(turn.locator("blockquote.quotation")).to_have_text("“Ana Brandt”")
    expect(turn.locator(".searched")).to_have_count(0)
    turn = ask(page, "And in 2023?", 5)
    expect(turn.locator(".searched")).to_contain_text("mayor of Velmora in 2023")


def test_how_it_was_found_is_told(page):
    turn = ask(page, "Who chaired the meeting?", 1)
    turn.get_by_text("How I found this").click()
    found = turn.locator(".found")
    expect(found).to_contain_text("Who chaired the meeting?")
    expect(found.locator("tbody tr").first).to_be_visible()
    expect(found.locator(".stages")).to_contain_text(re.compile(r"(read|recall)\s*\d+ ms"))


def test_a_follow_up_is_completed_shown_and_can_be_edited(page):
    ask(page, "Whose release did the State Department call for?", 1)
    turn = ask(page, "How long is his sentence?", 2)
    expect(turn.locator(".searched")).to_contain_text("Alan Gross")
    expect(turn.locator("blockquote.quotation")).to_contain_text("15 years")
    turn.get_by_role("button", name="Edit the searched question").click()
    expect(page.locator("#ask-box textarea")).to_have_value(re.compile("Gross"))
    expect(page.locator("#ask-box textarea")).to_be_focused()


def test_an_example_is_asked_by_a_click(page):
    example = page.locator(".example").first
    expect(example).to_be_visible()
    question = example.text_content()
    example.click()
    page.locator("#turn-1 .answer").wait_for()
    expect(page.locator("#turn-1 .question")).to_contain_text(question)
    expect(page.locator("#turn-1 blockquote.quotation, #turn-1 ul.quotation")).to_have_count(1)


def test_filters_narrow_what_answers_and_say_what_they_leave_out(page):
    page.get_by_role("button", name="Filters").click()
    status = page.locator(".filters .scope")
    expect(status).to_contain_text("in scope")
    count = status.text_content().split()[2]
    page.get_by_role("checkbox", name="Velmora Post").check()
    expect(page.locator(".filters .scope")).to_contain_text(ONE_IN_SCOPE)
    expect(status).to_have_text(f"1 of {count} articles in scope.")
    turn = ask(page, "Who was elected mayor of Velmora?", 1)
    expect(turn.locator("blockquote.quotation")).to_have_text("“Ana Brandt”")
    expect(turn.locator(".searched")).to_contain_text(f"1 of {count} articles")
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator(".filters .scope")).not_to_contain_text(ONE_IN_SCOPE)
    expect(page.get_by_role("checkbox", name="Velmora Post")).not_to_be_checked()
    page.get_by_label("From").fill("2023-01-01")
    page.get_by_label("From").press("Tab")
    expect(page.locator(".filters .scope")).to_contain_text("undated")
    page.get_by_role("checkbox", name="keep undated articles").uncheck()
    expect(status).to_have_text(
        re.compile(r"^1 of [\d,]+ articles in scope\. \d+ undated articles left")
    )
    turn = ask(page, "Who was elected mayor of Velmora?", 2)
    expect(turn.locator("blockquote.quotation")).to_have_text("“Jonas Riel”")


def test_ask_only_this_article(page):
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="A new mayor for Velmora").click()
    page.get_by_role("button", name="Ask only this article").click()
    expect(page.locator(".filters .scope")).to_contain_text(ONE_IN_SCOPE)
    turn = ask(page, "Who was elected mayor of Velmora?", 1)
    expect(turn.locator("blockquote.quotation")).to_have_text("“Jonas Riel”")


def test_an_unreadable_question_gets_a_sentence(page):
    turn = ask(page, "x" * 1500, 1)
    expect(turn.locator(".trouble")).to_contain_text("at most 1,000")


def test_two_readers_do_not_see_each_other(open_page):
    one, other = open_page(), open_page()
    ask(one, "Whose release did the State Department call for?", 1)
    turn = ask(other, "How long is his sentence?", 1)
    expect(turn.locator(".question")).not_to_contain_text("Alan Gross")
    expect(turn.locator(".searched")).to_have_count(0)
    expect(other.locator(".turn")).to_have_count(1)
    expect(one.locator(".turn")).to_have_count(1)


def test_a_conversation_can_be_saved_and_begun_anew(page):
    ask(page, "Who chaired the meeting?", 1)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Save this conversation").click()
    text = downloading.value.path().read_text(encoding="utf-8")
    assert downloading.value.suggested_filename == "conversation.md"
    assert "Alex Lee" in text
    assert "Cuba" in text
    assert re.search(r"^Confidence: (high|medium|low) \(", text, re.MULTILINE)
    page.get_by_role("button", name="New conversation").click()
    page.locator(".welcome").wait_for()
    expect(page.locator(".turn")).to_have_count(0)
