"""The program itself: help, ready line, seed, kill -9, speed, several callers."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.sandbox.kit import Api, found, ref, sale

ROOT = Path(__file__).parents[2]


@contextmanager
def running(*arguments):
    """A server process and what it printed; killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qbo_sandbox", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_help_explains_itself():
    done = subprocess.run(
        [sys.executable, "-m", "qbo_sandbox", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for word in ("--port", "--store", "--seed", "/_admin/faults", "kill -9", "example"):
        assert word in done.stdout


def test_wrong_arguments_are_told():
    done = subprocess.run(
        [sys.executable, "-m", "qbo_sandbox", "--knob", "limits=sometimes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "limits: one of" in done.stderr


def test_a_foreign_store_is_left_alone(tmp_path):
    path = tmp_path / "books"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE mine (x)")
    done = subprocess.run(
        [sys.executable, "-m", "qbo_sandbox", "--store", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "another version" in done.stderr


def cpu_seconds(pid):
    """Processor time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_starts_in_a_second_and_ends_on_request(tmp_path):
    with running("--store", tmp_path / "books") as (process, facts):
        assert cpu_seconds(process.pid) < 1
        assert requests.get(facts["discovery_url"], timeout=5).ok
        assert facts["companies"][0]["kind"] == "us"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_books_survive_kill_9(tmp_path):
    store = tmp_path / "books"
    with running("--store", store) as (process, facts):
        api = Api(facts["url"], facts["companies"][0]["realm_id"])
        made = [api.customer()["Id"] for _ in range(20)]
        token = api.pair["access_token"]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with running("--store", store) as (_, again):
        assert again["client_secret"] == facts["client_secret"]
        api.url = again["url"]
        api.bearer(token)
        found = api.query("select * from Customer orderby Id")["Customer"]
        assert [one["Id"] for one in found] == made
        assert api.customer()["Id"] == str(int(made[-1]) + 1)


def test_same_seed_same_books(tmp_path):
    def run(name):
        with running("--store", tmp_path / name, "--seed", 5, "--sample") as (_, facts):
            api = Api(facts["url"], facts["companies"][0]["realm_id"])
            docs = api.query("select * from Invoice")["Invoice"]
            return (
                facts["client_id"],
                api.pair["access_token"],
                [(one["Id"], one["TotalAmt"]) for one in docs],
            )

    assert run("one") == run("two")


def test_seeded_tokens_are_new_after_a_restart(tmp_path):
    tokens = set()
    for _ in range(2):
        with running("--store", tmp_path / "books", "--seed", 5) as (_, facts):
            api = Api(facts["url"], facts["companies"][0]["realm_id"])
            tokens.add(api.pair["access_token"])
    assert len(tokens) == 2


def test_several_processes_call_at_once(us):
    item, customer = us.service(), us.customer()
    errors = []

    def work(number):
        api = Api.__new__(Api)
        api.__dict__.update(us.__dict__)
        api.session = requests.Session()
        api.session.headers.update(us.session.headers)
        for turn in range(10):
            answer = api.post(
                "invoice",
                {
                    "CustomerRef": ref(customer["Id"]),
                    "Line": [sale(item, 1)],
                    "DocNumber": f"T{number}-{turn}",
                },
            )
            if answer.status_code != 200:
                errors.append(answer.text)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert us.read("Customer", customer["Id"])["Balance"] == 80
    assert us.ledger()["unbalanced"] == []


def rate(process, call):
    """Calls for each second of the server's processor time.

    Not of the clock's: other tests may share the machine.
    """
    before = cpu_seconds(process.pid)
    for _ in range(400):
        assert call().status_code == 200
    return 400 / (cpu_seconds(process.pid) - before)


def test_speed(tmp_path):
    with running("--store", tmp_path / "books") as (process, facts):
        api = Api(facts["url"], facts["companies"][0]["realm_id"])
        item, customer = api.stored(quantity=10000), api.customer()
        body = {
            "CustomerRef": ref(customer["Id"]),
            "Line": [sale(item, 10, "TAX", Qty=1, UnitPrice=10)],
        }
        where = f"DisplayName = '{customer['DisplayName']}'"
        query = {"query": f"select * from Customer where {where}"}
        assert rate(process, lambda: api.get("query", **query)) > 300
        assert rate(process, lambda: api.post("invoice", body)) > 300


def test_companies_are_apart(url, us):
    other = found(url, kind="us", name="Other", realm_id="4242")
    made = us.customer()
    assert other.get(f"customer/{made['Id']}").status_code == 400
    assert other.customer(DisplayName=made["DisplayName"])["Id"] == "1"
    wrong = requests.post(f"{url}/_admin/companies", json={"kind": "fr"}, timeout=5)
    assert wrong.status_code == 400


@pytest.mark.parametrize("kind", ["ca", "uk"])
def test_samples_of_other_countries(url, kind):
    api = found(url, kind=kind, sample=True)
    assert api.query("select count(*) from Invoice")["totalCount"] == 6
    assert api.ledger()["unbalanced"] == []
