"""P30: the primary dies, its synchronous standby is promoted, and no acknowledged write is lost. The steps are those of docs/operations.md."""

import random
import time

from ..history import History, check
from ..load import Load
from .postgres_crash import only

PROMISE = "P30"
TITLE = "the primary ends (`kill -9`) or freezes (SIGSTOP), its synchronous standby is promoted"


def run(proof):
    ways = ["kill"] * (20 if proof.full else 5) + ["freeze"] * (5 if proof.full else 2)
    primary, standby = proof.cluster("one").start(), proof.cluster("two")
    standby.follow(primary)
    proof.engine = primary.version()
    server = proof.server(
        f"postgres://taskflow@{primary.address},{standby.address}/postgres?target_session_attrs=read-write")
    protect(primary, standby)
    server.start()
    pid, history, dice, outages = server.pid, History(), random.Random(proof.seed), {"kill": [], "freeze": []}
    with Load([server], history, proof.seed) as load:
        for number, way in enumerate(ways):
            load.wait_for_acknowledgements(100)
            time.sleep(dice.uniform(0.2, 2))
            began = time.monotonic()
            primary.kill() if way == "kill" else primary.freeze()
            standby.promote()
            if number == 0:
                # It inherited the wish for a standby, and has none: every commit waits.
                findings, status = server.doctor()
                proof.holds("`taskflow doctor` names the inherited synchronous_standby_names",
                            status != 0 and any("synchronous standbys" in line and "0 in step" in line for line in findings.splitlines()))
            standby.set(synchronous_standby_names=None)
            load.wait_for_acknowledgements(1)
            outages[way].append(history.longest_silence(began))
            # Also the one that froze: it must not come back as a primary.
            primary.kill()
            primary, standby = standby, primary.follow(standby)
            protect(primary, standby)
        load.wait_for_acknowledgements(100)
    proof.figures |= {
        "failovers": len(ways), "outages_s": {way: [round(one, 2) for one in found] for way, found in outages.items()},
        "without_retry_after": history.without_retry_after,
    }
    proof.holds("writes go on within 10 s", max(outages["kill"] + outages["freeze"]) <= 10)
    proof.holds("no request waits for more than 5 s", history.slowest <= 5)
    proof.holds("every 503 has Retry-After", history.without_retry_after == 0)
    proof.holds("no answer but 2xx, 503, and 409 while a key is held", only(history, 200, 201, 409, 503))
    proof.holds("the server is the same process", server.is_running() and server.pid == pid)
    proof.judge(history, primary.rows())
    proof.figures["twin_lost"] = twin(proof, server, primary, standby)
    proof.holds("twin: a standby that was cut off loses what was acknowledged without it", proof.figures["twin_lost"] > 0)


def protect(primary, standby):
    """What is acknowledged is on both. Both are configured alike, since each may be the primary."""
    primary.wait_until_in_step("async")
    for cluster in (standby, primary):
        cluster.set(synchronous_standby_names="*")
    primary.wait_until_in_step()


def twin(proof, server, primary, standby):
    """The same without synchronous replication, with a standby that hears nothing any more: how many acknowledged tasks were lost."""
    primary.set(synchronous_standby_names=None)
    standby.set(synchronous_standby_names=None, primary_conninfo="")
    primary.wait_until("SELECT count(*) = 0 FROM pg_stat_replication")
    history = History()
    with Load([server], history, proof.seed, name="twin") as load:
        load.wait_for_acknowledgements(200)
        primary.kill()
    standby.promote()
    return len(check(history, standby.rows())[1]["lost"])
