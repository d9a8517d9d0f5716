"""Fifty REST users at once against one at a time: throughput, p50 and p95, wrong answers.

    python tests/benchmarks/web_load.py [--users 50] [--requests 300]

The server runs in a process of its own; each user is a thread of this one with a connection
that it keeps. Questions are those of tests/questions.jsonl, in an order of each user's own. Four
servers are asked:

    models   every answer is computed anew, those of equal questions too
    as is    as `qa web` serves: an equal question to the same articles is computed once
    probe    no models: 20 ms of sleep in their place for each batch, one real answer to send;
             what HTTP, queue and JSON cost by themselves
    bare     the same sleep in the barest FastAPI route there can be, a few bytes to send: what
             the framework leaves to anybody on this machine at this moment

Each answer is held against the one that Python gives to the same question: text, articles and
offsets. An answer to another question is "crossed". In bfloat16 a sum may move by its last bit
with the shape of a batch, so that of two candidates as good as each other the other one leads, or
a confidence at the threshold falls on its other side: where the confidence Python gives lies
within 0.01 of the served one, or both lie within 0.01 of the threshold, a difference is counted
as a "tie", every other one as "wrong". Load of others on the machine moves the seconds: read the
ratios.
"""

from __future__ import annotations

import argparse
import http.client
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
import urllib.request
from pathlib import Path

import qa
from qa import schema

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "questions.jsonl"
NEAR = 0.01  # difference in confidence that the number type of the models may make
SERVER = """
import sys, time, qa, qa.web
from dataclasses import replace
from qa.pipeline import Asked
from qa.web.server import Limits

index, port, feedback, mode = sys.argv[1:]
pipeline = qa.load(index)
if mode == "probe":
    answer = pipeline.ask("Who chaired the meeting?")
    def ask_many(asked):
        time.sleep(0.02)
        return [replace(answer, question=one.question, searched_as=one.question) for one in asked]
    pipeline.ask_many = ask_many
recalled = {"models": {"recalled": 0}, "as is": {}, "probe": {"recalled": 0, "together": 64}}[mode]
limits = Limits(rate=0, seconds=300, **recalled)
qa.web.serve(pipeline, port=int(port), feedback=feedback, limits=limits)
"""
BARE = """
import sys, time, fastapi, uvicorn

app = fastapi.FastAPI()

@app.get("/healthz")
def health():
    return {}

@app.post("/v1/ask")
def ask(body: dict):
    time.sleep(0.02)
    return {"question": body["question"], "text": "Alex Lee"}

uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""
UNCHECKED = {"probe", "bare"}  # they do not answer what was asked


def main() -> None:
    """Serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--modes", default="models,as is,probe,bare")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        qa.build(ROOT / "seeds", index)
        questions = [json.loads(line)["question"] for line in QUESTIONS.read_text().splitlines()]
        pipeline = qa.load(index)
        expected = {question: schema.to_dict(pipeline.ask(question)) for question in questions}
        threshold = pipeline.threshold
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before, "
              f"{len(questions)} questions")  # fmt: skip
        print(f"{'server':>7} {'users':>5} {'answers':>8} {'/s':>7} {'p50 ms':>8} {'p95 ms':>8} "
              f"{'crossed':>8} {'wrong':>6} {'ties':>5} {'busy':>5}", flush=True)  # fmt: skip
        for mode in options.modes.split(","):
            check = Check({} if mode in UNCHECKED else expected, threshold)
            measure(index, mode, questions, check, options)


def measure(index, mode, questions, check, options) -> None:
    """Serve the index in one mode, measure one user and many, print two lines."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "PYTHONPATH": str(ROOT)}
    code = BARE if mode == "bare" else SERVER
    command = [sys.executable, "-c", code, index, str(port), os.devnull, mode]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    many = options.requests * (10 if mode in UNCHECKED else 1)
    try:
        wait_for(port)
        run(port, questions, check, 1, 2 * len(questions))  # warm
        for users, requests in ((1, min(many, 150)), (options.users, many)):
            print(f"{mode:>7} {run(port, questions, check, users, requests)}", flush=True)
    finally:
        server.terminate()
        server.wait(60)


class Check:
    """Holds served answers against Python's."""

    def __init__(self, expected, threshold) -> None:
        """Know the forms by question; none: only crossed answers are looked for."""
        self.expected = expected
        self.threshold = threshold

    def __call__(self, question, form) -> str:
        """Return "", "crossed", "wrong" or "tie"."""
        if form["question"] != question:
            return "crossed"
        if not self.expected:
            return ""
        wanted = self.expected[question]
        if core(wanted) == core(form):
            return ""
        one, other = wanted["confidence"], form["confidence"]
        at_threshold = all(abs(value - self.threshold) <= NEAR for value in (one, other))
        return "tie" if abs(one - other) <= NEAR or at_threshold else "wrong"


def core(form: dict[str, object]) -> object:
    """Return what must be the same: the words and every place they were cut from."""
    cited = [(c["article"]["id"], c["start"], c["end"]) for c in form["citations"]]
    return form["text"], cited


def run(port, questions, check, users, requests) -> str:
    """Let `users` ask until `requests` were answered; return one line of the table."""
    times: list[float] = []
    found = {"crossed": 0, "wrong": 0, "tie": 0, "busy": 0}
    left = iter(range(requests))
    lock = threading.Lock()

    def user(number: int) -> None:
        mine = random.Random(number).sample(questions, len(questions))  # noqa: S311  # no secret
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        client.connect()
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(requests):
            with lock:
                if next(left, None) is None:
                    break
            question = mine[at % len(mine)]
            start = time.perf_counter()
            body = json.dumps({"question": question})
            client.request("POST", "/v1/ask", body, {"content-type": "application/json"})
            response = client.getresponse()
            sent = response.read()
            times.append(time.perf_counter() - start)
            if response.status != 200:
                found["busy"] += 1
                continue
            form = json.loads(sent)
            told = check(question, form)
            if told:
                found[told] += 1
                print(f"{told}: {form['text']!r} for {question!r}", file=sys.stderr)
        client.close()

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
        f"{1000 * statistics.median(times):>8.0f} {1000 * p95:>8.0f} {found['crossed']:>8} "
        f"{found['wrong']:>6} {found['tie']:>5} {found['busy']:>5}"
    )


def wait_for(port) -> None:
    """Wait until the server is up."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    main()
