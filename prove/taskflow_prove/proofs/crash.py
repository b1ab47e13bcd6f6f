"""P1: an acknowledged write survives `kill -9` of the server, on SQLite."""

import random
import sqlite3
import time

from ..cluster import TASKS
from ..history import History, Row
from ..load import Load

PROMISE = "P1"
TITLE = "`kill -9` of the server under load, on SQLite"


def rows(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return [Row(*row) for row in database.execute(TASKS)]


def run(proof):
    kills = 100 if proof.full else 20
    path = proof.folder / "server" / "data" / "taskflow.sqlite"
    server = proof.server(f"sqlite:{path}")
    server.start()
    history, dice, starts = History(), random.Random(proof.seed), []
    load = Load([server], history, proof.seed)
    for _ in range(kills):
        with load:
            load.wait_for_acknowledgements(1)
            time.sleep(dice.uniform(0.2, 3))
            server.kill()
        starts.append(server.start())
    findings, status = server.doctor()
    proof.engine = server.engine()
    proof.holds("`taskflow doctor` finds nothing wrong", status == 0 and "integrity: ok" in findings)
    server.stop()
    proof.figures |= {"kills": kills, "slowest_start_s": round(max(starts), 2)}
    proof.judge(history, rows(path))
