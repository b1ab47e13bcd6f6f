"""P9: a retried request with the same Idempotency-Key applies once, over two instances of which one is killed again and again."""

import collections
import concurrent.futures
import json
import random
import threading
import time

from ..client import Client
from ..history import DONE, outcome
from ..load import TASKS

PROMISE = "P9"
TITLE = "copies of every request sent at once to two instances, one of them killed (`kill -9`) every two seconds"
CLIENTS = 32


def run(proof):
    keys, copies = (1000, 64) if proof.full else (500, 24)
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    servers = [proof.server(cluster.url, name) for name in ("a", "b")]
    for server in servers:
        server.start()
    token = servers[0].register("ada")
    answers, statuses, lock = collections.defaultdict(set), collections.Counter(), threading.Lock()
    replayed = collections.Counter()
    local = threading.local()

    def copy(key, seed, headers):
        """Until it succeeds: what a client does that wants to know."""
        if not hasattr(local, "clients"):
            local.clients = [Client(server.port) for server in servers]
        dice = random.Random(seed)
        for _ in range(500):
            status, got, content = dice.choice(local.clients).send(
                "POST", TASKS, {"title": key, "description": key}, token, headers=headers)
            with lock:
                statuses["none" if status is None else str(status)] += 1
            if outcome(status) == DONE:
                with lock:
                    answers[key].add((status, got["Location"], got["ETag"], content))
                    replayed[key] += got.get("Idempotency-Replayed") == "true"
                return
            time.sleep(dice.uniform(0.005, 0.05))
        raise RuntimeError(f"{key} does not succeed: {status}")

    with servers[1].killed_every(2) as kills, concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        # All copies of a key next to each other: they meet.
        jobs = [pool.submit(copy, f"key-{key}", f"{proof.seed} {key} {number}", {"Idempotency-Key": f"key-{key}"})
                for key in range(keys) for number in range(copies)]
        for job in jobs:
            job.result()
    rows = collections.Counter(row.key for row in cluster.rows())
    named = {row.key: row.id for row in cluster.rows()}
    proof.figures |= {
        "keys": keys, "copies_of_each": copies, "kills": len(kills), "answers": dict(sorted(statuses.items())),
        "keys_with_other_than_one_effect": sum(rows[f"key-{key}"] != 1 for key in range(keys)),
        "keys_with_different_answers": sum(len(found) != 1 for found in answers.values()),
        "replays": sum(replayed.values()),
    }
    proof.holds("every key has exactly one effect", len(rows) == keys and set(rows.values()) == {1})
    proof.holds("all answers of a key are the same bytes, Location and ETag", all(len(found) == 1 for found in answers.values()))
    proof.holds("the answers name the row that is there",
                all(json.loads(content)["id"] == named[key] for key, found in answers.items() for _, _, _, content in found))
    proof.holds("at most the first answer of a key is not marked as replayed", all(copies - 1 <= replayed[key] <= copies for key in answers))
    proof.holds("no answer but 201, 409 while another copy is at it, and 503", set(statuses) <= {"201", "409", "503", "none"})

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        for job in [pool.submit(copy, f"twin-{key}", f"{key} {number}", {}) for key in range(10) for number in range(8)]:
            job.result()
    twins = collections.Counter(row.key for row in cluster.rows() if row.key.startswith("twin-"))
    proof.holds("twin: without the key there are many effects", all(twins[f"twin-{key}"] == 8 for key in range(10)))
