"""P16: a job is there exactly when the change is that asks for it, whatever ends the server in between."""

import collections
import json
import random
import sqlite3
import threading
import time

from ..client import Client
from ..history import DONE, outcome
from ..load import Crowd

PROMISE = "P16"
TITLE = "`kill -9` of the server every second, on either engine, while clients ask for reports and imports"
CLIENTS = 16
# What asks for a job leaves an event about it, in the same transaction.
ASKED = "SELECT subject_id FROM events WHERE action IN ('report.requested', 'import.started')"
JOBS = "SELECT id FROM jobs WHERE kind IN ('report.make', 'tasks.import')"
IMPORTS = "SELECT job_id FROM imports"
IMPORT_JOBS = "SELECT id FROM jobs WHERE kind = 'tasks.import'"
# Only admins get it, and none asks.
REFUSED_JOBS = """SELECT id FROM jobs WHERE payload LIKE '%"isOfEverybody":true%'"""
# An import counts what it has made in the transaction of the rows.
MADE = "SELECT (SELECT count(*) FROM tasks), sum(created) FROM imports"
# Each has one row.
UNFOUNDED = "SELECT id FROM jobs JOIN imports ON job_id = id WHERE state = 2 AND created <> 1"


def run(proof):
    size, kills = (5000, 60) if proof.full else (1000, 15)
    path = proof.folder / "sqlite" / "data" / "taskflow.sqlite"
    on_file = proof.server(f"sqlite:{path}", "sqlite")
    cluster = proof.cluster("primary").start()
    on_cluster = proof.server(cluster.url, "postgres")
    on_file.start()
    on_cluster.start()
    proof.engine = f"{on_file.engine()} and {cluster.version()}"

    def in_file(query):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return database.execute(query).fetchall()

    def in_cluster(query):
        return [tuple(map(int, line.split("\t"))) for line in cluster.sql(query).splitlines()]

    for name, server, rows in (("sqlite", on_file, in_file), ("postgres", on_cluster, in_cluster)):
        asking = Asking(server, f"{proof.seed} {name}")
        with server.killed_every(1) as moments, asking:
            while len(asking.acknowledged) < size or len(moments) < kills:
                if asking.took() > 600:
                    raise RuntimeError("changes are not acknowledged any more")
                time.sleep(0.05)
        server.stop()
        judge(proof, name, asking, len(moments), rows)


def judge(proof, name, asking, kills, rows):
    def ids(query):
        return [id for id, in rows(query)]

    asked, jobs = ids(ASKED), ids(JOBS)
    wrong = faults(asking, asked, jobs)
    (tasks, created), = rows(MADE)
    proof.figures[name] = {
        "kills": kills, "acknowledged": len(asking.acknowledged), "answers": dict(sorted(asking.statuses.items())),
        "unknown_but_made": len(set(jobs) - asking.acknowledged), "jobs": len(jobs),
        **{fault: len(found) for fault, found in wrong.items()},
    }
    proof.holds("no acknowledged job is missing", not wrong["lost"])
    proof.holds("every change has its job", not wrong["without_job"])
    proof.holds("no job is there without its change", not wrong["ghosts"])
    proof.holds("what was refused has left nothing", not ids(REFUSED_JOBS) and asking.statuses["403"] > 0)
    proof.holds("every import is there together with its job", sorted(ids(IMPORTS)) == sorted(ids(IMPORT_JOBS)))
    proof.holds("every import has made what it says", tasks == created > 0 and not ids(UNFOUNDED))
    proof.holds("requests were cut in the middle", set(jobs) - asking.acknowledged)
    proof.holds("twin: a lost job is noticed", faults(asking, asked, jobs[1:])["without_job"])
    forgotten = {min(asking.acknowledged)}
    proof.holds("twin: an acknowledged job that is gone with its change is noticed",
                faults(asking, set(asked) - forgotten, set(jobs) - forgotten)["lost"])
    proof.holds("twin: a ghost is noticed", faults(asking, asked, [*jobs, 10**9])["ghosts"])


def faults(asking, asked, jobs):
    """What is wrong; every list must be empty."""
    return {
        "lost": list(asking.acknowledged - set(jobs)),
        "without_job": list((collections.Counter(asked) - collections.Counter(jobs)).elements()),
        "ghosts": list((collections.Counter(jobs) - collections.Counter(asked)).elements()),
    }


class Asking(Crowd):
    """Clients with an account each that ask for reports and imports, and at times for what is not theirs to see."""

    def __init__(self, server, seed):
        super().__init__()
        self.server, self.seed = server, seed
        self.tokens = [server.register(f"client{number}") for number in range(CLIENTS)]
        self.acknowledged, self.statuses = set(), collections.Counter()
        self.lock = threading.Lock()

    def __enter__(self):
        self.began = time.monotonic()
        return super().__enter__()

    def members(self):
        return [(self._ask, number) for number in range(CLIENTS)]

    def took(self):
        return time.monotonic() - self.began

    def _ask(self, number):
        dice, client = random.Random(f"{self.seed} {number}"), Client(self.server.port)
        report = {"format": "csv"}
        while not self.over.is_set():
            chance = dice.random()
            if chance < 0.3:
                table = f"title\n{dice.random()}\n".encode()
                answer = client.send("POST", "/api/v1/tasks/import", table, self.tokens[number], headers={"Content-Type": "text/csv"})
            else:
                # Refused in the transaction of the change: nobody but an admin gets it.
                asked = report if chance < 0.9 else report | {"scope": "all"}
                answer = client.send("POST", "/api/v1/reports", asked, self.tokens[number])
            self._note(*answer)
        client.close()

    def _note(self, status, _, content):
        with self.lock:
            self.statuses["none" if status is None else str(status)] += 1
            if outcome(status) == DONE:
                self.acknowledged.add(json.loads(content)["id"])
        if status is None:
            # Without a breath thousands of refused connections would be the load.
            time.sleep(0.02)
