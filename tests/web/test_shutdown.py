"""A real `qa web` process that is told to end: what it took is answered, and nothing stays."""

from __future__ import annotations

import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect
from web_process import PATIENCE, running

import qa

SEEDS = Path(__file__).parents[2] / "seeds"
ANSWERED = "Whose release did the State Department call for?"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Folder of an index of the seeds, for processes that write beside nobody."""
    folder = tmp_path_factory.mktemp("shutdown") / "index"
    qa.build(SEEDS, folder)
    return folder


def files(folder):
    """Return the files of a folder, but for SQLite's own, which the next writer takes over."""
    return {path for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


def waiting(url):
    text = httpx.get(f"{url}/metrics", timeout=PATIENCE).text
    return float(re.search(r"^qa_waiting (\S+)", text, re.MULTILINE)[1])


def ask(url, question):
    """Return the status, or None when the server could not be reached."""
    try:
        return httpx.post(f"{url}/v1/ask", json={"question": question}, timeout=PATIENCE)
    except httpx.TransportError:
        return None


def gone(url):
    """Wait until no connection is taken any more."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/healthz", timeout=PATIENCE)
        except httpx.ConnectError:
            return True
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    return False


def test_what_was_taken_is_answered_and_no_more_is_taken(index, tmp_path):
    # A machine without bfloat16 reads one in 0.6 s; whoever waits 30 s is told so instead.
    questions = [f"Who chaired meeting number {number} for Cuba?" for number in range(20)]
    before = files(index)
    with running(index, log=tmp_path / "log") as server:
        assert ask(server.url, ANSWERED).json()["text"] == "Alan Gross"
        with ThreadPoolExecutor(len(questions)) as pool:
            asked = [pool.submit(ask, server.url, question) for question in questions]
            taken = 0.0
            while taken < 5 and not all(future.done() for future in asked):
                taken = waiting(server.url)
            server.process.send_signal(signal.SIGTERM)
            assert gone(server.url)
            responses = [future.result() for future in asked]
        assert server.process.wait(PATIENCE) == 0
        assert "Traceback" not in server.said()
        assert "exceeded" not in server.said()  # nothing had to be cut off
    statuses = [response.status_code for response in responses if response is not None]
    assert taken >= 5, [taken, *statuses]
    assert statuses.count(200) >= taken  # every one that was seen in the queue
    assert set(statuses) <= {200, 429}  # a later one is told that the server is shutting down
    for question, response in zip(questions, responses, strict=True):
        if response is not None and response.status_code == 200:
            assert response.json()["question"] == question
    assert files(index) == before  # no half-written file stays behind, nor a lock:
    assert not qa.build(SEEDS, index)


def test_an_open_page_gets_its_answer_and_holds_nothing_up(index, tmp_path, chromium):
    context = chromium.new_context()  # not a watched page: it loses its server
    with running(index, log=tmp_path / "log") as server:
        page = context.new_page()
        page.goto(server.url)
        page.locator(".welcome").wait_for()
        page.get_by_label("Your question").fill(ANSWERED)
        page.keyboard.press("Enter")
        expect(page.locator("#turn-1")).to_be_visible()
        server.process.send_signal(signal.SIGTERM)
        expect(page.locator("#turn-1 blockquote.quotation")).to_have_text("“Alan Gross”")
        assert server.process.wait(PATIENCE) == 0
        assert "exceeded" not in server.said()
    context.close()
