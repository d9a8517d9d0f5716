"""What web tests do again and again: serve an app, ask on the page, look at the page."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


def ask(page, question, number):
    """Type a question, press Enter and wait for turn `number`; return its locator."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    turn = page.locator(f"#turn-{number}")
    turn.locator(".answer, .trouble").first.wait_for()
    return turn


# Says whether the middle of an element is where a reader sees it, covered by nothing.
IN_VIEW = """(selector) => {
    const node = document.querySelector(selector);
    if (!node) return false;
    const box = node.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const at = document.elementFromPoint(x, y);
    return !!at && !!at.closest(selector);
}"""


@contextlib.contextmanager
def serving(app):
    """Serve an app on a free port; yield its address."""
    import uvicorn

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline and thread.is_alive():
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()
