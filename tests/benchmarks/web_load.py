"""Fifty REST users at once against one at a time: throughput, p50 and p95, wrong answers.

    python tests/benchmarks/web_load.py [--users 50] [--requests 400]

The server runs in a process of its own; each user is a thread of this one with a connection
that it keeps. Questions are those of tests/questions.jsonl, in an order of each user's own; each
answer is compared with the one that Python gives to the same question, text, article and
offsets. Every answer is computed anew: nothing is cached.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

import qa
from qa import schema

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "questions.jsonl"
SERVER = """
import sys, qa, qa.web
from qa.web.server import Limits
limits = Limits(rate=0, seconds=120)
qa.web.serve(qa.load(sys.argv[1]), port=int(sys.argv[2]), feedback=sys.argv[3], limits=limits)
"""


def main() -> None:
    """Serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--requests", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(str(Path(folder) / "index"), options)


def measure(index: str, options: argparse.Namespace) -> None:
    """Index the seeds, serve them, measure, print."""
    qa.build(ROOT / "seeds", index)
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text().splitlines()]
    expected = answers_of(index, questions)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVER, index, str(port), os.devnull]
    server = subprocess.Popen(command, env=environment)
    try:
        wait_for(url)
        run(url, questions, expected, 1, 40)  # warm
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before, "
              f"{len(questions)} questions")  # fmt: skip
        print(f"{'users':>5} {'answers':>8} {'/s':>7} {'p50 ms':>8} {'p95 ms':>8} "
              f"{'wrong':>6} {'busy':>5}")  # fmt: skip
        for users, requests in ((1, min(options.requests, 150)), (options.users, options.requests)):
            print(run(url, questions, expected, users, requests))
    finally:
        server.terminate()
        server.wait(60)


def answers_of(index: str, questions: list[str]) -> dict[str, object]:
    """Return what Python answers, asked one by one."""
    pipeline = qa.load(index)
    return {question: core(schema.to_dict(pipeline.ask(question))) for question in questions}


def core(form: dict[str, object]) -> object:
    """Return what must be the same: the words and every place they were cut from."""
    cited = [(c["article"]["id"], c["start"], c["end"]) for c in form["citations"]]
    return form["question"], form["text"], cited


def run(url, questions, expected, users, requests) -> str:
    """Let `users` ask until `requests` were answered; return one line of the table."""
    times: list[float] = []
    wrong, busy = [], []
    left = iter(range(requests))
    lock = threading.Lock()

    def user(number: int) -> None:
        mine = random.Random(number).sample(questions, len(questions))  # noqa: S311  # no secret
        with httpx.Client(base_url=url, timeout=120) as client:
            for at in range(requests):
                with lock:
                    if next(left, None) is None:
                        return
                question = mine[at % len(mine)]
                start = time.perf_counter()
                response = client.post("/v1/ask", json={"question": question})
                times.append(time.perf_counter() - start)
                if response.status_code in {429, 504}:  # refused or given up, and said so
                    busy.append(question)
                elif core(response.json()) != expected[question]:
                    wrong.append(question)
                    print(f"wrong: {response.json()['text']!r} for {expected[question]}")

    threads = [threading.Thread(target=user, args=(number,)) for number in range(users)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - start
    p95 = statistics.quantiles(times, n=20)[-1]
    return (
        f"{users:>5} {len(times):>8} {len(times) / spent:>7.1f} "
        f"{1000 * statistics.median(times):>8.0f} {1000 * p95:>8.0f} {len(wrong):>6} {len(busy):>5}"
    )


def wait_for(url: str) -> None:
    """Wait until the server is up."""
    for _ in range(240):
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    main()
