"""P17 and P18: imports are done whole and once, while the workers that do them are killed and stopped again and again."""

import os
import random
import signal
import time

from ..client import Client
from ..proof import eventually

PROMISE = "P17"
TITLE = "imports by three servers, of which one is killed (`kill -9`) every two seconds and one is stopped for longer than its lease"
IMPORTS = 6
LEASE = 30


def run(proof):
    rows = 20_000 if proof.full else 5_000
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    servers = [proof.server(cluster.url, name) for name in ("a", "b", "c")]
    for server in servers:
        server.start()
    # The one that is asked works, too, and lives.
    client = Client(servers[0].port, timeout=60)
    # Nobody has more than three imports at a time.
    tokens = [servers[0].register(name) for name in ("ada", "bob")]
    jobs = []
    for number in range(IMPORTS):
        token = tokens[number % len(tokens)]
        table = "title\n" + "".join(f"import {number} row {row}\n" for row in range(rows))
        job = client.must("POST", "/api/v1/tasks/import", table.encode(), token, headers={"Content-Type": "text/csv"})
        jobs.append((job["id"], token))

    def state(job):
        return client.must("GET", f"/api/v1/jobs/{job[0]}", None, job[1])

    def are_completed():
        return all(state(job)["state"] == "completed" for job in jobs)

    began = time.monotonic()
    stops = 0
    with servers[1].killed_every(2) as kills:
        # A zombie: it wakes up when others have its jobs.
        while not are_completed() and time.monotonic() - began < 600:
            os.kill(servers[2].pid, signal.SIGSTOP)
            stops += 1
            eventually(are_completed, LEASE + 5)
            os.kill(servers[2].pid, signal.SIGCONT)
            time.sleep(random.Random(proof.seed + stops).uniform(0.5, 3))
    seconds = time.monotonic() - began
    states = [state(job) for job in jobs]
    titles = cluster.sql("SELECT title FROM tasks").split("\n")
    wanted = {f"import {number} row {row}" for number in range(IMPORTS) for row in range(rows)}
    proof.figures |= {
        "imports": IMPORTS, "rows_of_each": rows, "kills": len(kills), "stops": stops, "seconds": round(seconds, 1),
        "attempts": sorted(job["attempts"] for job in states), "rows_lost": len(wanted - set(titles)),
        "rows_doubled": len(titles) - len(set(titles)),
    }
    proof.holds("every import is completed", all(job["state"] == "completed" for job in states))
    proof.holds("no row is lost", set(titles) == wanted)
    proof.holds("no row is there twice", len(titles) == len(set(titles)))
    proof.holds("every job says what it did", all(job["result"]["created"] == rows for job in states))
    proof.holds("twin: a lost row would be noticed", set(titles[1:]) != wanted)
