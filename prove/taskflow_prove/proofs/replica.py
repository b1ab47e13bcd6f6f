"""P11: what was written on one instance is read on another at once, also when the replica that it reads from is late."""

import json
import random
import threading
import time

from ..client import Client
from ..load import TASKS

PROMISE = "P11"
TITLE = "write on one instance, read on the other at once, with a replica that is 2 s late and with one that is in step"
CLIENTS = 16
# Looks at tables, by the statistics that the standby keeps for itself.
LOOKS = "SELECT coalesce(sum(coalesce(idx_scan, 0) + seq_scan), 0) FROM pg_stat_user_tables WHERE relname IN ({})"
# What a caller may do is decided by these.
RIGHTS = ("sessions", "access_tokens", "refresh_tokens")


def run(proof):
    pairs = 100_000 if proof.full else 6000
    primary, standby = proof.cluster("primary").start(), proof.cluster("standby")
    standby.follow(primary)
    proof.engine = primary.version()
    servers = [proof.server(primary.url, name, replicas=standby.url) for name in ("a", "b")]
    for server in servers:
        server.start()
    people = [servers[0].register(f"reader{number}") for number in range(CLIENTS)]
    primary.wait_until_in_step("async")

    standby.set(recovery_min_apply_delay="2s")
    late = write_and_read(servers, people, pairs, proof.seed)
    proof.figures["late_replica"] = {**late, "task_reads_by_the_replica": settled(standby, "tasks")}
    seen = 0
    for number in range(20):
        id = Client(servers[0].port).must("POST", TASKS, {"title": f"twin {number}"}, people[0])["id"]
        seen += standby.sql(f"SELECT count(*) FROM tasks WHERE id = {id}") == "1"
    proof.figures["twin_stale"] = 20 - seen
    proof.holds("twin: asked itself, the late replica does not have what was just written", seen == 0)

    standby.set(recovery_min_apply_delay=None)
    primary.wait_until_in_step("async")
    standby.wait_until("SELECT pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()")
    in_step = write_and_read(servers, people, pairs, proof.seed + 1)
    before = settled(standby, "tasks")
    reads = read_only(servers, people, pairs)
    by_replica = settled(standby, "tasks") - before
    proof.figures["replica_in_step"] = {
        **in_step, "task_reads_by_the_replica": before, "plain_reads": reads, "plain_reads_by_the_replica": by_replica,
    }
    proof.figures["looks_at_rights_on_the_replica"] = settled(standby, *RIGHTS)
    for name, found in (("late", late), ("in step", in_step)):
        proof.holds(f"0 stale of {pairs:,} pairs, replica {name}", found["stale"] == 0 and found["pairs"] >= pairs)
        proof.holds(f"0 failed, replica {name}", found["failed"] == 0)
    proof.holds("most plain reads are answered by the replica that is in step", by_replica > reads / 2)
    proof.holds("nothing is authorized from the replica", proof.figures["looks_at_rights_on_the_replica"] == 0)


def settled(standby, *tables):
    """Sessions that are idle report what they did within ten seconds."""
    time.sleep(11)
    return int(standby.sql(LOOKS.format(", ".join(f"'{table}'" for table in tables))))


def together(people, work):
    """Runs the work for each person in a thread of its own."""
    failures = []

    def guarded(number):
        try:
            work(number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def write_and_read(servers, people, pairs, seed):
    """Each writes on one instance, then at once asks the other: for the task, or for the newest of the list."""
    counts, lock = {"pairs": 0, "stale": 0, "failed": 0}, threading.Lock()

    def work(number):
        dice, token = random.Random(f"{seed} {number}"), people[number]
        clients = [Client(server.port) for server in servers]
        task = None
        for _ in range(-(-pairs // len(people))):
            one, other = dice.sample(clients, 2)
            if task is None or dice.random() < 0.5:
                status, _, content = one.send("POST", TASKS, {"title": "new"}, token)
            else:
                status, _, content = one.send("PATCH", f"{TASKS}/{task['id']}", {"title": f"{dice.random()}"}, token)
            if status not in (200, 201):
                with lock:
                    counts["failed"] += 1
                continue
            task = json.loads(content)
            if task["version"] == 1 and dice.random() < 0.5:
                status, _, content = other.send("GET", f"{TASKS}?limit=1", token=token)
                found = json.loads(content)["data"] if status == 200 else []
                is_there = bool(found) and found[0]["id"] == task["id"]
            else:
                status, _, content = other.send("GET", f"{TASKS}/{task['id']}", token=token)
                is_there = status == 200 and json.loads(content)["version"] == task["version"]
            with lock:
                counts["pairs"] += 1
                counts["failed"] += status not in (200, 404)
                counts["stale"] += status in (200, 404) and not is_there

    together(people, work)
    # A write that failed has no pair.
    counts["pairs"] += counts["failed"]
    return counts


def read_only(servers, people, count):
    """Reads of single tasks while nobody writes."""
    each = count // len(people)

    def work(number):
        client = Client(servers[number % 2].port)
        id = client.must("GET", f"{TASKS}?limit=1", token=people[number])["data"][0]["id"]
        for _ in range(each - 1):
            client.must("GET", f"{TASKS}/{id}", token=people[number])

    together(people, work)
    return each * len(people)
