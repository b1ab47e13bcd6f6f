"""Nobody gets a mail twice, and a mail that nobody gets is one whose sending was cut. Why it is so: docs/decisions/0019-mail-at-most-once.md."""

import collections
import contextlib
import email
import email.policy
import json
import random
import subprocess
import threading
import time

from taskflow_bench.processes import environment

from .. import REPOSITORY
from ..client import Client
from ..history import DONE, outcome
from ..load import TASKS
from ..proof import eventually
from ..server import PASSWORD

PROMISE = "P16"
TITLE = "assignments are mailed by a server that is killed (`kill -9`) every second and a half"
PEOPLE = 30
# Somebody gets no more than that within an hour.
SHARE = 30
WRITERS = 4
WORKERS = 2
# Of each worker's places, those that wait for other machines.
PLACES = 4 * WORKERS
SENT, UNCERTAIN = 2, 4
MAILS = """
    SELECT u.email, t.title, m.state FROM mails m JOIN users u ON u.id = m.user_id
    LEFT JOIN mail_tasks l ON l.mail_id = m.id LEFT JOIN tasks t ON t.id = l.task_id WHERE m.kind = 'assignment'"""
SETTLED = "SELECT (SELECT count(*) FROM events_pending) + (SELECT count(*) FROM mails WHERE state IN (0, 1)) = 0"


def run(proof):
    each = SHARE if proof.full else 20
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    with sink(proof.folder / "sink") as (port, received):
        server = proof.server(
            cluster.url, WORKERS=str(WORKERS), SMTP_URL=f"smtp://127.0.0.1:{port}", TASKFLOW_MAIL_FROM="taskflow@example.com")
        server.start()
        admin, client = server.log_in_as_admin(), Client(server.port, timeout=60)
        # The address that an admin gives counts as verified. The sink takes its time for those that are called so.
        people = [client.must("POST", "/api/v1/users", {"email": f"slow{number}@example.com", "password": PASSWORD}, admin)
                  for number in range(PEOPLE)]
        orders = [(f"note {number} to {person['id']}", person) for number in range(each) for person in people]
        with server.killed_every(1.5) as kills:
            acknowledged = assign(server, admin, orders, proof.seed)
            # Also what waits is sent under fire for a while.
            time.sleep(30 if proof.full else 5)
        # The jobs of a killed server are taken over when their lease has run out.
        settled = eventually(lambda: cluster.sql(SETTLED) == "t", 120)
        arrived, ids = zip(*received())
    mails = [line.split("\t") for line in cluster.sql(MAILS).splitlines()]
    rows = {(address, title): int(state) for address, title, state in mails}
    found = faults(acknowledged, rows, arrived)
    states = collections.Counter(rows.values())
    proof.figures |= {
        "assignments_acknowledged": len(acknowledged), "kills": len(kills), "mails_that_arrived": len(arrived),
        "mails_missing": len(set(acknowledged) - set(arrived)), "sent": states[SENT], "uncertain": states[UNCERTAIN],
        "uncertain_but_arrived": sum(rows.get(who) == UNCERTAIN for who in arrived), **found,
    }
    proof.holds("every assignment is acknowledged and every mail settled", settled and len(acknowledged) == len(orders))
    proof.holds("every acknowledged assignment has one mail", not found["without_a_mail"] and len(rows) == len(mails) == len(orders))
    proof.holds("nobody gets the same mail twice", not found["doubled"] and len(ids) == len(set(ids)))
    proof.holds("no mail arrives that nobody ordered", not found["strange"])
    proof.holds("what is noted as sent has arrived", not found["lost_although_sent"])
    proof.holds("a mail that has not arrived is noted as uncertain: the server was killed while it sent it", not found["lost"])
    proof.holds("mails are sent or uncertain, nothing else", set(states) <= {SENT, UNCERTAIN})
    proof.holds("a kill costs no more mails than are sent at a time", states[UNCERTAIN] <= PLACES * len(kills))
    proof.holds("kills cut mails", states[UNCERTAIN] > 0)
    sent = next(who for who in arrived if rows.get(who) == SENT)
    proof.holds("twin: a second mail is noticed", faults(acknowledged, rows, [*arrived, sent])["doubled"] == 1)
    proof.holds("twin: a lost mail is noticed", faults(acknowledged, rows, [who for who in arrived if who != sent])["lost_although_sent"] == 1)


def faults(acknowledged, rows, arrived):
    """What is wrong, everything by address and title: what was ordered, what the server noted, what came."""
    missing = set(acknowledged) - set(arrived)
    return {
        "without_a_mail": len(set(acknowledged) - rows.keys()), "doubled": len(arrived) - len(set(arrived)),
        "strange": len(set(arrived) - rows.keys()), "lost_although_sent": sum(rows.get(who) == SENT for who in missing),
        "lost": sum(rows.get(who) != UNCERTAIN for who in missing),
    }


def assign(server, token, orders, seed):
    """Makes a task for each order, again with the same key until it is acknowledged."""
    acknowledged, waiting, lock = [], list(reversed(orders)), threading.Lock()

    def work(number):
        dice, client = random.Random(f"{seed} {number}"), Client(server.port)
        while True:
            with lock:
                if not waiting:
                    return
                title, person = waiting.pop()
            body, headers = {"title": title, "assignee_id": person["id"]}, {"Idempotency-Key": title.replace(" ", "-")}
            # Longer than the server ever needs to start; what is not acknowledged then breaks the proof.
            for _ in range(500):
                if outcome(client.send("POST", TASKS, body, token, headers)[0]) == DONE:
                    with lock:
                        acknowledged.append((person["email"], title))
                    break
                time.sleep(dice.uniform(0.02, 0.1))
            # As fast as mails are sent, about: something is always on its way.
            time.sleep(dice.uniform(0.05, 0.1))

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return acknowledged


@contextlib.contextmanager
def sink(folder):
    """A real mail server: its port, and what gives the mails that it has taken, as (address, title) and Message-ID."""
    folder.mkdir()
    command = [REPOSITORY / ".build/mail-tools/bin/python", REPOSITORY / "scripts/smtp_sink.py", "127.0.0.1", "plain"]
    if not command[0].exists():
        raise RuntimeError("there is no mail server to send to: run scripts/setup tests")
    log = folder / "mails"
    with open(log, "wb") as output:
        # It has much to say of clients that break off.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.DEVNULL, env=environment(), start_new_session=True)

    def received():
        for line in log.read_text().splitlines()[1:]:
            report = json.loads(line)
            mail = email.message_from_string(report["data"], policy=email.policy.default)
            yield (report["to"][0], mail["Subject"].removeprefix("You were given a task: ")), mail["Message-ID"]

    try:
        if not eventually(lambda: log.read_text().endswith("\n")):
            raise RuntimeError("the mail server does not start")
        yield int(log.read_text()), received
    finally:
        process.stdin.close()
        process.wait(timeout=20)
