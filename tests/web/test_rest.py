"""The REST routes over real HTTP: the same answers as Python, clear refusals, one schema."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from web_page import serving

from qa import schema
from qa.errors import ConfigError
from qa.web.auth import users
from qa.web.limits import RateLimit
from qa.web.running import is_loopback, serve
from qa.web.server import Limits, app

QUESTIONS = (
    "Whose release did the State Department call for?",
    "Who chaired the meeting?",
    "How many immigrant visas a year did the US agree to grant?",
    "Who was elected mayor of Velmora in 2019?",
    "What is the capital of the moon?",
)


@pytest.fixture
def client(served):
    with httpx.Client(base_url=served.url, timeout=60) as client:
        yield client


def without_times(form):
    return {name: value for name, value in form.items() if name != "seconds"}


def test_ask_answers_as_python_does(client, web_pipeline):
    for question in QUESTIONS:
        form = client.post("/v1/ask", json={"question": question}).json()
        expected = schema.to_dict(web_pipeline.ask(question))
        assert without_times(form) == without_times(expected)
        for citation in form["citations"]:
            article = client.get(f"/v1/articles/{citation['article']['id']}").json()
            assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_scope_and_threshold_are_kept(client):
    body = {"question": "Who was elected mayor of Velmora?", "sources": ["Velmora Post"]}
    assert client.post("/v1/ask", json=body).json()["text"] == "Ana Brandt"
    body = {"question": "Who was elected mayor of Velmora?", "after": "2023-01-01"}
    assert client.post("/v1/ask", json=body).json()["text"] == "Jonas Riel"
    body = {"question": QUESTIONS[0], "threshold": 1.0}
    assert client.post("/v1/ask", json=body).json()["answered"] is False


def test_search_and_quote(client, web_pipeline):
    found = client.post("/v1/search", json={"question": "rafters crisis", "k": 3}).json()
    assert found["hits"] == schema.hit_forms(web_pipeline.search("rafters crisis", 3))
    text = "He beat Ana Brandt by 310 votes."
    check = client.post("/v1/quote", json={"text": text}).json()
    assert check["verdict"] == "exact"
    assert check["matches"][0]["article"]["title"] == "A new mayor for Velmora"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/ask", {}, 422),
        ("/v1/ask", {"question": 5}, 422),
        ("/v1/ask", {"question": "x" * 1001}, 422),
        ("/v1/ask", {"question": "Who?", "treshold": 0.5}, 422),
        ("/v1/ask", {"question": "Who?", "threshold": 2}, 422),
        ("/v1/ask", {"question": "Who?", "after": "yesterday"}, 422),
        ("/v1/search", {"question": "Who?", "k": 0}, 422),
        ("/v1/quote", {"text": "..."}, 422),
        ("/v1/quote", {"text": "x" * 300_000}, 413),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_form(client, path, body, status):
    response = client.post(path, json=body)
    assert response.status_code == status
    error = response.json()["error"]
    assert error["what"]
    assert set(error) == {"what", "cure"}


def test_a_body_that_is_no_json_and_an_article_that_is_not_there(client):
    assert client.post("/v1/ask", content=b"{").status_code == 422
    missing = client.get("/v1/articles/nowhere/none")
    assert missing.status_code == 404
    assert "nowhere/none" in missing.json()["error"]["what"]


def test_strange_letters_come_back_as_they_went(client):
    for question in ("Wer war’s? 🔥 \u202e\x00", "\ud800 alone", "¿Quién? " * 20):
        body = (
            '{"question": "'
            + question.encode("unicode_escape")
            .decode()
            .replace("\\x", "\\u00")
            .replace("\\U0001f525", "\\ud83d\\udd25")
            + '"}'
        )
        response = client.post(
            "/v1/ask", content=body, headers={"content-type": "application/json"}
        )
        assert response.status_code == 200
        assert response.json()["answered"] is False


def test_an_endless_body_is_cut_off(client):
    def endless():
        for _ in range(100):
            yield b" " * 65_536

    # That the server hangs up while more is being sent is as good.
    with contextlib.suppress(httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
        assert client.post("/v1/ask", content=endless()).status_code == 413
    assert client.get("/healthz").status_code == 200


def test_health_and_metrics(client, served):
    health = client.get("/healthz").json()
    snapshot = served.desk.pipeline.index.snapshot()
    assert health["status"] == "ok"
    assert health["articles"] == len(snapshot.articles())

    def count():
        text = client.get("/metrics").text
        return {
            (sample.name, sample.labels.get("outcome", "")): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    before = count()
    client.post("/v1/ask", json={"question": QUESTIONS[0]})
    client.post("/v1/ask", json={"question": "x" * 1001})
    after = count()
    for outcome in ("answered", "QuestionError"):
        name = ("qa_questions_total", outcome)
        assert after[name] == before.get(name, 0) + 1
    assert after["qa_ask_seconds_count", ""] >= 1
    assert after["qa_articles", ""] == health["articles"]


def test_the_schema_is_documented_and_its_page_fetches_nothing(client):
    openapi = client.get("/openapi.json").json()
    assert {"/v1/ask", "/v1/search", "/v1/quote", "/v1/articles/{article_id}"} <= set(
        openapi["paths"]
    )
    form = openapi["components"]["schemas"]["AnswerForm"]
    assert set(form["properties"]) == set(schema.AnswerForm.__annotations__)
    assert "Probability" in form["properties"]["confidence"]["description"]
    page = client.get("/docs").text
    assert "/v1/ask" in page
    assert "http://" not in page
    assert "https://" not in page


def test_fifty_at_once_get_each_their_own(served, web_pipeline):
    expected = {question: web_pipeline.ask(question).text for question in QUESTIONS}
    asked = [QUESTIONS[number % len(QUESTIONS)] for number in range(50)]

    def post(question):
        response = httpx.post(f"{served.url}/v1/ask", json={"question": question}, timeout=120)
        return response.json()

    with ThreadPoolExecutor(50) as pool:
        for question, form in zip(asked, pool.map(post, asked), strict=True):
            assert (form["question"], form["text"]) == (question, expected[question])


class Held:
    """The real pipeline, whose answers wait until they are let go."""

    def __init__(self, pipeline):
        self.pipeline = pipeline
        self.gate = threading.Event()

    def __getattr__(self, name):
        return getattr(self.pipeline, name)

    def ask_many(self, asked):
        assert self.gate.wait(120)
        return self.pipeline.ask_many(asked)


def test_a_full_queue_and_a_late_answer_are_said_clearly(web_pipeline, tmp_path):
    held = Held(web_pipeline)
    busy = app(held, feedback=tmp_path / "f.db", limits=Limits(waiting=2, together=1, seconds=1.5))
    with serving(busy) as url, ThreadPoolExecutor(12) as pool:
        try:
            responses = list(
                pool.map(
                    lambda number: httpx.post(
                        f"{url}/v1/ask", json={"question": f"Who met {number}?"}, timeout=120
                    ),
                    range(12),
                )
            )
        finally:
            held.gate.set()
        statuses = [response.status_code for response in responses]
        assert set(statuses) == {429, 504}  # nothing was answered: the gate was closed
        for response in responses:
            assert set(response.json()["error"]) == {"what", "cure"}
        refused = next(response for response in responses if response.status_code == 429)
        assert "waiting already" in refused.json()["error"]["what"]
        assert int(refused.headers["retry-after"]) >= 1
        late = next(response for response in responses if response.status_code == 504)
        assert "1.5 seconds" in late.json()["error"]["what"]


def test_an_equal_question_is_computed_once_and_says_so(client):
    body = {"question": "Who beat Ana Brandt in the election of Velmora?"}
    first, second = (client.post("/v1/ask", json=body).json() for _ in range(2))
    assert without_times(first) == without_times(second)
    assert set(first["seconds"]) == {"retrieve", "read", "decide", "cite"}
    assert set(second["seconds"]) == {"recall"}


def test_uploads_are_refused_where_they_are_off_and_names_where_they_are_foreign(
    web_pipeline, tmp_path
):
    options = {"feedback": tmp_path / "f.db", "hosts": ["127.0.0.1"]}
    closed = app(
        web_pipeline, auth={"ada": "a long secret"}, limits=Limits(rate=0.001, burst=2), **options
    )
    with serving(closed) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/healthz").status_code == 200
        for headers in (
            {},
            {"authorization": "Basic"},
            {"authorization": "Basic !!"},
            {"authorization": "Bearer " + base64.b64encode(b"ada:a long secret").decode()},
            {"authorization": "Basic " + base64.b64encode(b"ada:").decode()},
            {"authorization": "Basic " + base64.b64encode(b"eve:").decode()},
            {"authorization": "Basic " + base64.b64encode("ada:a long secreté".encode()).decode()},
        ):
            response = client.get("/", headers=headers)
            assert response.status_code == 401
            assert response.headers["www-authenticate"].startswith("Basic")
        known = httpx.BasicAuth("ada", "a long secret")
        page = client.get("/", auth=known)
        assert page.status_code == 200
        assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("style")[0]
        assert page.headers["x-content-type-options"] == "nosniff"
        foreign = client.get("/healthz", headers={"host": "evil.example"})
        assert foreign.status_code == 421
        upload = client.post("/gradio_api/upload", files={"files": b"x"}, auth=known)
        assert upload.status_code == 403
        statuses = [client.post("/v1/ask", json={"question": ""}, auth=known) for _ in range(3)]
        assert [response.status_code for response in statuses] == [200, 200, 429]
        assert int(statuses[-1].headers["retry-after"]) >= 1


def test_each_address_has_its_own_rate():
    limit = RateLimit(None, rate=0.5, burst=2)
    assert [limit.wait("one") > 0 for _ in range(3)] == [False, False, True]
    assert limit.wait("two") == 0
    assert 0 < limit.wait("one") <= 2


def test_passwords_come_from_a_file_or_the_environment_and_are_never_short(tmp_path):
    file = tmp_path / "users"
    file.write_text("# who may come in\nada:a long:secret\n\ngrace:another one\n")
    assert users(str(file)) == {"ada": "a long:secret", "grace": "another one"}
    known = {"QA_WEB_USER": "ada", "QA_WEB_PASSWORD": "a long secret"}
    assert users("env", known) == {"ada": "a long secret"}
    file.write_text("ada:short\n")
    for source, environment in ((str(file), {}), ("env", {}), (str(tmp_path / "none"), {})):
        with pytest.raises(ConfigError):
            users(source, environment)


def test_a_foreign_address_without_a_password_is_warned_about(monkeypatch, caplog, web_pipeline):
    import uvicorn

    monkeypatch.setattr(uvicorn.Server, "run", lambda _: None)
    with caplog.at_level("WARNING"):
        serve(web_pipeline, host="127.0.0.1", port=0)
        assert "without a password" not in caplog.text
        serve(web_pipeline, host="0.0.0.0", port=0)  # noqa: S104  # the case that is warned about
    assert "without a password" in caplog.text
    assert [is_loopback(host) for host in ("::1", "localhost", "10.0.0.1", "news.example")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_gradios_named_function_gives_the_same_form(client, web_pipeline):
    called = client.post("/gradio_api/call/ask", json={"data": [QUESTIONS[0]]}).json()
    stream = client.get(f"/gradio_api/call/ask/{called['event_id']}").text
    (form,) = json.loads(stream.split("data: ")[-1])
    assert without_times(form) == without_times(schema.to_dict(web_pipeline.ask(QUESTIONS[0])))
    named = client.get("/gradio_api/info").json()["named_endpoints"]
    assert set(named) == {"/ask", "/search", "/quote", "/article"}
