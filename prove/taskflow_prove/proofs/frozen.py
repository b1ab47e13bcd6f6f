"""P31: a database that stops in its tracks makes every answer late and none of them wrong, and leaves nothing behind."""

import time

from ..history import History
from ..load import Load
from ..proof import eventually
from .postgres_crash import only

PROMISE = "P31"
TITLE = "SIGSTOP of all of PostgreSQL under load, SIGCONT after some seconds"


def run(proof):
    rounds = 10 if proof.full else 3
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    server = proof.server(cluster.url)
    server.start()
    pid, history, resumed = server.pid, History(), []
    with Load([server], history, proof.seed, writers=32, readers=16) as load:
        load.wait_for_acknowledgements(100)
        sessions, descriptors = cluster.sessions(), server.descriptors()
        answered = 0
        for _ in range(rounds):
            cluster.freeze()
            frozen, before = time.monotonic(), sum(history.answers.values())
            time.sleep(8)
            answered += sum(history.answers.values()) - before
            late = history.first_acknowledgement(frozen + 0.5)
            proof.holds("nothing is acknowledged while it is frozen", late is None)
            cluster.thaw()
            thawed = time.monotonic()
            load.wait_for_acknowledgements(1)
            resumed.append(history.first_acknowledgement(thawed) - thawed)
            load.wait_for_acknowledgements(200)
        whole = eventually(lambda: cluster.sessions() == sessions, 10)
        leaked = server.descriptors() - descriptors
    proof.figures |= {
        "rounds": rounds, "frozen_s": 8, "answers_while_frozen": answered, "slowest_resumption_s": round(max(resumed), 2),
        "sessions_before": sessions, "sessions_after": cluster.sessions(), "descriptors_more": leaked,
    }
    proof.holds("every request is answered within 5 s", history.slowest <= 5)
    proof.holds("requests are answered while it is frozen", answered >= 48 * rounds)
    proof.holds("every 503 has Retry-After", history.without_retry_after == 0)
    proof.holds("no answer but 2xx, 503, and 409 while a key is held", only(history, 200, 201, 409, 503))
    proof.holds("the server has as many sessions and descriptors as before", whole and leaked <= 0)
    proof.holds("the server is the same process", server.is_running() and server.pid == pid)
    proof.judge(history, cluster.rows())
