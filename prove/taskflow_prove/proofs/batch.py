"""P13: a batch is made whole or not at all, whatever ends in the middle of it."""

import random
import threading
import time

from ..client import Client
from ..history import DONE, UNKNOWN, outcome
from ..load import TASKS
from .crash import rows as rows_of_file

PROMISE = "P13"
TITLE = "`kill -9` of the server, on either engine, and of PostgreSQL, in the middle of batches of 500 tasks"
SIZE = 500


def run(proof):
    kills = 40 if proof.full else 8
    path = proof.folder / "sqlite" / "data" / "taskflow.sqlite"
    on_file = proof.server(f"sqlite:{path}", "sqlite")
    cluster = proof.cluster("primary").start()
    on_cluster = proof.server(cluster.url, "postgres")
    dice = random.Random(proof.seed)
    figures = {"kills": 0, "batches_acknowledged": 0, "batches_unknown": 0, "unknown_but_made": 0, "partial": 0}

    on_file.start()
    on_cluster.start()
    proof.engine = f"{on_file.engine()} and {cluster.version()}"
    rounds = (
        (on_file, on_file, lambda: rows_of_file(path)), (on_cluster, on_cluster, cluster.rows), (on_cluster, cluster, cluster.rows),
    )
    for place, (server, victim, rows) in enumerate(rounds):
        batches = Batches(server, f"ada{place}")
        for _ in range(kills):
            with batches:
                time.sleep(dice.uniform(0.2, 0.8))
                victim.kill()
                victim.start()
                figures["kills"] += 1
            found = [row for row in rows() if row.key == batches.name]
            proof.holds("every batch is whole or not there", whole(found) and len(found) == SIZE)
            proof.holds("the last acknowledged batch is there", found[0].title in (batches.last, batches.open))
            batches.settle(found, figures)
            proof.holds("every version has its event", all(row.events == row.version for row in found))
            proof.holds("twin: half a batch is noticed", not whole([*found[1:], batches.forged(found[0])]))
        figures["batches_acknowledged"] += batches.done
    proof.figures |= figures
    proof.holds("batches were cut in the middle", figures["batches_unknown"] > 0)


def whole(rows):
    """Every batch changes every task: they have one title and one version."""
    return len({(row.title, row.version) for row in rows}) == 1


class Batches:
    """A client that gives all its tasks a new title, again and again, until a batch gets no answer."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.token = server.register(name)
        client = Client(server.port)
        self.ids = [client.must("POST", TASKS, {"title": "none", "description": name}, self.token)["id"] for _ in range(SIZE)]
        self.number = self.done = 0
        self.last, self.open = "none", None

    def __enter__(self):
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def _work(self):
        client = Client(self.server.port)
        while not self.over.is_set():
            self.number += 1
            title = f"batch {self.number}"
            status, _, content = client.send(
                "POST", f"{TASKS}/batch", {"action": "update", "ids": self.ids, "changes": {"title": title}, "atomic": True}, self.token)
            if outcome(status) == UNKNOWN:
                self.open = title
                break
            if outcome(status) != DONE:
                raise RuntimeError(f"a batch gave {status}: {content[:200]!r}")
            self.done += 1
            self.last = title
        client.close()

    def settle(self, found, figures):
        """What became of the batch without an answer is known now."""
        figures["partial"] += not whole(found)
        if self.open:
            figures["batches_unknown"] += 1
            figures["unknown_but_made"] += found[0].title == self.open
            if found[0].title == self.open:
                self.last = self.open
            self.open = None

    @staticmethod
    def forged(row):
        return type(row)(row.id, row.key, "old", row.version - 1, row.events - 1, row.creations)
