"""P29: sessions of the database that end under the server cost nobody an answer."""

import random
import subprocess
import time

from ..history import DONE, History, outcome
from ..load import Load
from ..proof import eventually

PROMISE = "P29"
TITLE = "`pg_terminate_backend` of a random session of the server, ten times a second"
RATE = 10


def run(proof):
    seconds = 120 if proof.full else 30
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    server = proof.server(cluster.url)
    server.start()
    pid, history = server.pid, History()
    # Writers insist: a create is sent again with its key until it is known what became of it.
    with Load([server], history, proof.seed, patience=10) as load:
        load.wait_for_acknowledgements(100)
        sessions = cluster.sessions()
        ended = terminate(cluster, seconds, proof.seed)
        stopped = time.monotonic()
        recovered = eventually(lambda: cluster.sessions() == sessions, 10)
        pool = time.monotonic() - stopped
        load.wait_for_acknowledgements(100)
    creates = [request for request in history.requests if request.operation == "create"]
    failed = sum(count for (kind, status), count in history.answers.items() if kind == "read" and status != 200)
    proof.figures |= {
        "seconds": seconds, "sessions_ended": ended, "failed_reads": failed, "sessions": sessions, "pool_whole_after_s": round(pool, 2),
        "creates_sent_again": sum(request.attempts > 1 for request in creates),
        "creates_open": sum(outcome(request.status) != DONE for request in creates),
    }
    proof.holds("every read is answered with 200", failed == 0 and history.reads > 0)
    proof.holds("every create is resolved by its key", all(outcome(request.status) == DONE for request in creates))
    proof.holds("nine sessions a second or more were ended", ended >= 0.9 * RATE * seconds)
    proof.holds("the pool has its size again within 1 s", recovered and pool <= 1)
    proof.holds("the server is the same process", server.is_running() and server.pid == pid)
    proof.judge(history, cluster.rows())


def terminate(cluster, seconds, seed):
    """How many sessions were ended."""
    dice = random.Random(seed)
    shell = subprocess.Popen(cluster.shell(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        shell.stdin.write(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE application_name = 'taskflow' ORDER BY pid "
            f"OFFSET floor({dice.random():.6f} * (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'taskflow')) LIMIT 1) p;\n")
        shell.stdin.flush()
        time.sleep(1 / RATE)
    return shell.communicate()[0].split().count("t")
