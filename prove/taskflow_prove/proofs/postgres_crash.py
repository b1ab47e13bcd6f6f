"""P3: an acknowledged write survives `kill -9` of PostgreSQL, and the server goes on by itself."""

import random
import time

from ..history import History
from ..load import Load

PROMISE = "P3"
TITLE = "`kill -9` of all of PostgreSQL, of one session, of the WAL writer, in turn"


def run(proof):
    kills = 30 if proof.full else 10
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    server = proof.server(cluster.url)
    server.start()
    pid, history, dice, resumed, outages = server.pid, History(), random.Random(proof.seed), [], []
    with Load([server], history, proof.seed) as load:
        for number in range(kills):
            load.wait_for_acknowledgements(100)
            time.sleep(dice.uniform(0.1, 1))
            began = time.monotonic()
            if number % 3 == 0:
                cluster.kill()
                cluster.start()
            else:
                cluster.kill_one("client backend" if number % 3 == 1 else "walwriter", f"{proof.seed} {number}")
            accepted = cluster.wait_until_it_accepts()
            load.wait_for_acknowledgements(1)
            resumed.append(history.first_acknowledgement(accepted) - accepted)
            outages.append(history.longest_silence(began))
        load.wait_for_acknowledgements(100)
    proof.figures |= {
        "kills": kills, "slowest_resumption_s": round(max(resumed), 2), "longest_outage_s": round(max(outages), 2),
        "without_retry_after": history.without_retry_after,
    }
    proof.holds("writes go on within 1 s after PostgreSQL accepts connections", max(resumed) <= 1)
    proof.holds("every 503 has Retry-After", history.without_retry_after == 0)
    # A session that dies holds its key for a moment longer: who comes again too early is told to wait.
    proof.holds("no answer but 2xx, 503, and 409 while a key is held", only(history, 200, 201, 409, 503))
    proof.holds("every request is answered within 5 s", history.slowest <= 5)
    proof.holds("the server is the same process", server.is_running() and server.pid == pid)
    proof.holds("every line of the log is JSON", not server.strange_lines())
    proof.judge(history, cluster.rows())


def only(history, *allowed):
    return all(status in allowed for _, status in history.answers)
