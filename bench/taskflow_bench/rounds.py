"""The first part: every server, the same requests, in turns; the medians of the rounds are the result."""

import re
import statistics
import subprocess
import sys
import time

from . import workload
from .processes import ServerError

OPERATIONS = ("list", "get", "not modified", "create")
STATUS = {"list": "200", "get": "200", "not modified": "304", "create": "201"}


def note(text):
    print(text, file=sys.stderr, flush=True)


def measure(bench, servers):
    """{operation: {server: figures}}. The servers that are not asked stay up, idle, the same for all."""
    results = {}
    for operation in OPERATIONS:
        asked = [server for server in servers if operation in server.operations]
        rounds = {server.name: [] for server in asked}
        # Round 0 warms up and is not counted.
        for number in range(bench.rounds + 1):
            if operation == "create":
                bench.cluster.checkpoint()
            for server in list(asked):
                try:
                    figures = one_round(bench, server, operation, bench.seconds if number else bench.seconds / 2)
                except ServerError as error:
                    note(f"{server.name} is left out: {error}")
                    asked.remove(server)
                    continue
                if number:
                    rounds[server.name].append(figures)
            note(f"{operation}: round {number} of {bench.rounds}")
        results[operation] = {name: medians(figures) for name, figures in rounds.items() if figures}
    return results


def one_round(bench, server, operation, seconds):
    server.renew_tokens()
    status = server.statuses.get(operation, STATUS[operation])
    return run(bench, server, server.requests(operation), connections=bench.connections, seconds=seconds, status=status)


def run(bench, server, requests, **options):
    """The figures of the load generator, and what the server and its database used meanwhile."""
    cpu, database_cpu = server.cpu_seconds(), server.database_cpu_seconds()
    figures = bench.load.run(server.port, requests, **options)
    count = max(figures["requests"], 1)
    figures["cpu"] = (server.cpu_seconds() - cpu) * 1e6 / count
    figures["database_cpu"] = (server.database_cpu_seconds() - database_cpu) * 1e6 / count
    figures["memory"] = server.memory_mib()
    if figures["errors"]:
        note(f"{server.name}: {figures['errors']} of {count} answers are wrong, the first: {figures['sample']}")
    return figures


def medians(rounds):
    result = {key: statistics.median(figures[key] for figures in rounds)
              for key in ("rps", "p50", "p90", "p99", "max", "cpu", "database_cpu", "memory", "load_cpu")}
    for key in ("requests", "errors"):
        result[key] = sum(figures[key] for figures in rounds)
    result["sample"] = next((figures["sample"] for figures in rounds if figures["sample"]), "")
    result["rounds"] = [figures["rps"] for figures in rounds]
    return result


COLUMNS = ", ".join(workload.FIELDS)
PGBENCH = {
    "list": f"SELECT {COLUMNS} FROM tasks WHERE owner_id = :owner ORDER BY created_at DESC, id DESC LIMIT {workload.PAGE};",
    # The same tasks that the servers are asked for: the newest twenty of each user.
    "get": "\\set id 98000 + :owner + 100 * random(0, 19)\n"
           f"SELECT {COLUMNS} FROM tasks WHERE id = :id AND owner_id = :owner;",
    "create": "INSERT INTO tasks (title, description, priority, due_at, owner_id) "
              f"VALUES ('Bench', '{workload.REMARKS[0]}', 'high', '2030-01-31T09:00:00Z', :owner) RETURNING {COLUMNS};",
}


def pgbench(bench):
    """The limit: the statements of the Go peer, with nothing in front of the database."""
    bench.cluster.create_peer_database("pgbench")
    bench.cluster.sql("pgbench", "VACUUM ANALYZE")
    results = {}
    for operation, script in PGBENCH.items():
        file = bench.folder / f"pgbench-{operation}.sql"
        file.write_text(f"\\set owner random(1, {workload.USERS})\n{script}\n")
        database_cpu = quiet_cpu_seconds(bench.cluster)
        # -n: there are no tables of its own to vacuum.
        done = subprocess.run(
            [bench.cluster.bin / "pgbench", "-n", "-M", "prepared", "-c", str(bench.connections), "-j", "2",
             "-T", str(max(1, round(bench.seconds))), "-f", file, bench.cluster.url("pgbench")],
            check=True, text=True, capture_output=True).stdout
        count = int(re.search(r"transactions actually processed: (\d+)", done)[1])
        results[operation] = {
            "rps": float(re.search(r"tps = ([\d.]+)", done)[1]),
            "mean": float(re.search(r"latency average = ([\d.]+)", done)[1]) * 1000,
            "database_cpu": (quiet_cpu_seconds(bench.cluster) - database_cpu) * 1e6 / count,
        }
    return results


def quiet_cpu_seconds(cluster):
    """The sessions of pgbench end with it, and what they used is nowhere to be read until the postmaster has taken note of their end."""
    time.sleep(0.5)
    return cluster.cpu_seconds()
