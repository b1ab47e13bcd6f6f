"""P17 and P18: thousands of small jobs are done once each by workers that are killed, and by one that is stopped and wakes up too late."""

import json
import os
import signal
import time

from ..client import Client
from ..proof import eventually

PROMISE = "P17"
TITLE = "reports by two servers with four places each: one is killed (`kill -9`) every two seconds, the other stopped for longer than its lease"
PLACES = 4
LEASE = 30
# From here on a report is due every ten milliseconds: workers must not have all of them before anything happens to them.
AT_ONCE = 1000
# A report that was asked for, so many times.
COPIES = """
    INSERT INTO jobs (kind, state, priority, owner_id, share, turn, payload, run_at, attempts, is_cancelling, done, created_at)
    SELECT kind, 0, priority, owner_id, owner_id, CASE WHEN n <= {at_once} THEN n END, payload, created_at + greatest(0, n - {at_once}) * 10000, 0, FALSE, 0, created_at
    FROM jobs, generate_series(2, {count}) AS n WHERE id = {id}"""
REPORTS = "kind = 'report.make'"
# A report leaves one file, in the transaction that completes its job.
FILES = "SELECT id FROM files WHERE name LIKE 'report-%'"
DONE_JOBS = f"SELECT id, file_id FROM jobs WHERE {REPORTS} AND state = 2"


def run(proof):
    count = 20_000 if proof.full else 4000
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    asked, killed, stopped = (
        proof.server(cluster.url, name, WORKERS=str(places)) for name, places in (("asked", 0), ("killed", PLACES), ("stopped", PLACES)))
    asked.start()
    client = Client(asked.port)
    first = client.must("POST", "/api/v1/reports", {"format": "csv"}, asked.register("ada"))["id"]

    # Alone for a moment: what runs now tells its name.
    stopped.start()
    cluster.wait_until(f"SELECT state = 2 FROM jobs WHERE id = {first}")
    cluster.sql(COPIES.format(count=count, at_once=AT_ONCE, id=first))
    cluster.wait_until("SELECT count(*) > 0 FROM jobs WHERE state = 1")
    zombie = cluster.sql("SELECT worker FROM jobs WHERE state = 1 LIMIT 1")

    killed.start()
    began = time.monotonic()
    with killed.killed_every(2) as kills:
        time.sleep(3)
        held = stop(stopped, cluster, zombie)
        taken, after = {}, time.monotonic()
        while len(taken) < len(held) and time.monotonic() - after < 2 * LEASE:
            for id, attempts in attempts_of(cluster, held):
                if attempts > held[id]:
                    taken.setdefault(id, time.monotonic() - after)
            time.sleep(0.1)
        os.kill(stopped.pid, signal.SIGCONT)
        # Until all were begun; then the last leases run out.
        cluster.wait_until(f"SELECT count(*) = 0 FROM jobs WHERE {REPORTS} AND state = 0", timeout=count / 20)
    is_over = eventually(lambda: cluster.sql(f"SELECT count(*) FROM jobs WHERE {REPORTS} AND state < 2") == "0", 3 * (LEASE + 10))
    seconds = time.monotonic() - began

    files = cluster.sql(FILES).split()
    done = dict(line.split("\t") for line in cluster.sql(DONE_JOBS).splitlines())
    given_up = int(cluster.sql(f"SELECT count(*) FROM jobs WHERE {REPORTS} AND state = 3 AND attempts = 3"))
    again = int(cluster.sql(f"SELECT sum(attempts - 1) FROM jobs WHERE {REPORTS}"))
    log = [json.loads(line) for line in stopped.lines() if line.startswith("{")]
    in_vain = {int(line["job"]) for line in log if line["message"] == "job not completed"}
    proof.figures |= {
        "jobs": count, "kills": len(kills), "seconds": round(seconds, 1), "lost": count - len(done) - given_up, "given_up": given_up,
        "effects_doubled": len(files) - len(done), "begun_again": again, "held_by_the_stopped_one": len(held),
        "slowest_retaking_s": round(max(taken.values(), default=0), 1),
        "of_these_in_vain": len(in_vain & set(held)),
    }
    proof.holds("no job is lost: each is done, or was begun as often as it may", is_over and whole(count, done, given_up))
    proof.holds("every job has its effect once", once(done, files))
    proof.holds("no more are begun again than kills and the stop have cut off", again <= (len(kills) + 1) * PLACES)
    proof.holds("what the stopped one held is taken by another within its lease and 5 s",
                len(taken) == len(held) and max(taken.values()) <= LEASE + 5)
    proof.holds("the one that woke up has kept nothing of what it held", in_vain >= set(held))
    proof.holds("twin: a lost job is noticed", not whole(count, dict(list(done.items())[1:]), given_up))
    proof.holds("twin: a doubled effect is noticed", not once(done, [*files, "0"]))


def whole(count, done, given_up):
    return len(done) + given_up == count


def once(done, files):
    return sorted(done.values()) == sorted(files)


def stop(server, cluster, worker):
    """Stops it while it is at work; the jobs that it then holds, with their attempts."""
    while True:
        os.kill(server.pid, signal.SIGSTOP)
        # What it has sent already still arrives.
        time.sleep(0.5)
        held = cluster.sql(f"SELECT id, attempts FROM jobs WHERE state = 1 AND worker = '{worker}'").splitlines()
        if held:
            return dict(map(int, line.split("\t")) for line in held)
        os.kill(server.pid, signal.SIGCONT)
        time.sleep(0.05)


def attempts_of(cluster, ids):
    rows = cluster.sql(f"SELECT id, attempts FROM jobs WHERE id IN ({', '.join(map(str, ids))})").splitlines()
    return [tuple(map(int, row.split("\t"))) for row in rows]
