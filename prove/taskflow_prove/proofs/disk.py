"""P4: a database that takes no writes costs answers of 503 and nothing else; what goes on in the background waits and is done afterwards."""

import collections
import contextlib
import dataclasses
import datetime
import email
import email.policy
import json
import shutil
import sqlite3
import subprocess
import time

from ..client import Client
from ..history import DONE, History, outcome
from ..load import TASKS, Crowd, Load
from ..proof import eventually
from ..server import PASSWORD
from .crash import rows as rows_of_file
from .mails import MAILS, SENT, UNCERTAIN, faults
from .webhooks import Receivers

PROMISE = "P4"
TITLE = ("a full disk and a read-only database, on either engine, for some seconds under load, in the middle of an import, reports, webhooks "
         "and mails")
ASKING = 4
# Reports that were asked for when the trouble begins.
BUSY = 20
PEOPLE = 8
# Somebody gets no more mails than that within an hour.
SHARE = 30
# A mail that met the trouble waits for half a minute before it is tried again, and for a minute after the second time.
PATIENCE = 100
IMPORTED = "SELECT title FROM tasks WHERE title LIKE 'imported %'"
ASSIGNED = "You were given a task: "
# By what is asked; anything else is a fault.
ANSWERS = {"read": {200}, "alive": {200}, "create": {201, 503}, "change": {200, 503}, "task": {201, 503}, "report": {202, 503}}


def run(proof):
    rows, seconds = (20_000, 20) if proof.full else (10_000, 5)
    full, locked = (OnFile(proof, f"sqlite_{name}", 192) for name in ("full", "read_only"))
    refusing = OnCluster(proof, "postgres_read_only")
    crowded = OnCluster(proof, "postgres_full_tables", 192, is_whole=False)
    outgrown = OnCluster(proof, "postgres_full", 384, is_whole=True)
    proof.engine = f"SQLite {sqlite3.sqlite_version} and {refusing.cluster.version()}"
    with contextlib.ExitStack() as stack:
        works = []
        for place, hurt, heal in (
            (full, full.volume.fill, full.volume.empty),
            (locked, locked.volume.lock, locked.volume.unlock),
            (refusing, refusing.lock, refusing.unlock),
            (crowded, crowded.volume.fill, crowded.volume.empty),
            (outgrown, outgrown.fill, outgrown.empty),
        ):
            work = stack.enter_context(Work(proof, place, rows))
            work.suffer(hurt, heal, seconds)
            works.append(work)
        # Those that suffered first have gone on meanwhile.
        for work in works:
            work.judge()


class OnFile:
    answers = ANSWERS

    def __init__(self, proof, name, megabytes):
        self.name, self.is_seen, data = name, True, proof.folder / name / "data"
        self.volume, self.path = proof.volume(data, megabytes), data / "taskflow.sqlite"
        self.server = proof.server(f"sqlite:{self.path}", name, TASKFLOW_WEBHOOK_ALLOW="127.0.0.0/8")

    def table(self, query):
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def rows(self):
        return rows_of_file(self.path)


class OnCluster:
    def __init__(self, proof, name, megabytes=None, is_whole=False):
        """`megabytes` is a small disk for its tables, or for the whole with its log."""
        self.name, place = name, proof.folder / f"{name}_disk"
        self.volume = proof.volume(place, megabytes) if megabytes else None
        # A disk of another machine, as far as the server knows.
        self.is_seen = self.volume is None
        # Without room for its log it goes down, and nobody reads.
        self.answers = ANSWERS | {"read": {200, 503}} if is_whole else ANSWERS
        self.cluster = proof.cluster(f"{place.name}/primary" if is_whole else f"{name}_primary").start()
        if self.volume and not is_whole:
            tables = place / "tables"
            tables.mkdir()
            shutil.chown(tables, "postgres")
            self.cluster.sql(f"CREATE TABLESPACE small LOCATION '{tables}'")
            self.cluster.set(default_tablespace="small")
        self.server = proof.server(self.cluster.url, name, TASKFLOW_WEBHOOK_ALLOW="127.0.0.0/8")

    def lock(self):
        self.cluster.set(default_transaction_read_only="on")
        self.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'taskflow'")

    def unlock(self):
        self.cluster.set(default_transaction_read_only=None)

    def fill(self):
        self.volume.fill()
        # The log files that it has would be enough for a while.
        with contextlib.suppress(subprocess.CalledProcessError):
            for _ in range(20):
                self.cluster.sql("SELECT pg_switch_wal()")

    def empty(self):
        """Has its operator start PostgreSQL, which ended when its log did not fit any more."""
        self.volume.empty()
        if not eventually(self.cluster.accepts, 3):
            self.cluster.start()

    def table(self, query):
        return [tuple(line.split("\t")) for line in self.cluster.sql(query).splitlines()]

    def rows(self):
        return self.cluster.rows()


class Work:
    """A server with everything that it does at a time, and what clients were told."""

    def __init__(self, proof, place, rows):
        self.proof, self.place, self.server, self.count = proof, place, place.server, rows
        self.history, self.figures = History(), proof.figures.setdefault(place.name, {})

    def __enter__(self):
        self.server.start()
        self.pid, self.client = self.server.pid, Client(self.server.port, timeout=30)
        self.admin, self.importer = self.server.log_in_as_admin(), self.server.register("ada")
        people = [self.client.must("POST", "/api/v1/users", {"email": f"person{number}@example.com", "password": PASSWORD}, self.admin)
                  for number in range(PEOPLE)]
        self.receivers = Receivers(self.client, self.admin).__enter__()
        [self.hook] = self.receivers.add("well")
        self.asking = Asking(self.server, self.admin, people, self.history)
        return self

    def __exit__(self, *_):
        self.receivers.__exit__()

    def suffer(self, hurt, heal, seconds):
        with Load([self.server], self.history, self.proof.seed, writers=4, readers=2) as load:
            load.wait_for_acknowledgements(50)
            table = "title\n" + "".join(f"imported {row}\n" for row in range(self.count))
            with self.asking:
                eventually(lambda: len(self.asking.reports) >= BUSY)
                self.job = self.client.must(
                    "POST", "/api/v1/tasks/import", table.encode(), self.importer, headers={"Content-Type": "text/csv"})["id"]
                eventually(lambda: self.imported()["progress"]["done"] > 0)
                hurt()
                before, reads, began, ready = self.refused(), self.history.reads, time.monotonic(), 0
                while time.monotonic() < began + seconds:
                    self.client.measured(self.history, "alive", "GET", "/healthz")
                    # An answer is good for a second.
                    if time.monotonic() > began + 2:
                        ready += self.client.send("GET", "/readyz")[0] == 200
                    time.sleep(0.1)
                self.figures |= {
                    "refused": self.refused() - before, "reads_meanwhile": self.history.reads - reads, "said_that_it_is_ready": ready,
                }
                self.healed = time.time()
                heal()
                healed = time.monotonic()
                load.wait_for_acknowledgements(50)
                self.figures["resumption_s"] = round(self.history.first_acknowledgement(healed) - healed, 2)

    def imported(self):
        return self.client.must("GET", f"/api/v1/jobs/{self.job}", token=self.importer)

    def refused(self):
        with self.history.lock:
            return sum(count for (_, status), count in self.history.answers.items() if status == 503)

    def waiting(self):
        """Jobs of any kind."""
        return sum(self.client.must("GET", f"/api/v1/admin/jobs?state={state}&limit=1&count=true", token=self.admin)["meta"]["total"]
                   for state in ("queued", "running"))

    def mailed(self):
        """What is in the folder of mails, as address and title."""
        for path in (self.server.folder / "data" / "mail").glob("*.eml"):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if mail["Subject"].startswith(ASSIGNED):
                yield mail["To"].addresses[0].addr_spec, mail["Subject"].removeprefix(ASSIGNED)

    def judge(self):
        """What came of everything, when there has been time for it."""
        proof, hook, asking, figures = self.proof, self.hook, self.asking, self.figures
        # The server has ended what stood idle.
        self.client.close()
        is_over = eventually(lambda: self.waiting() == 0 and set(self.receivers.wanted(hook)) <= hook.answered(), PATIENCE)
        job, wanted = self.imported(), set(self.receivers.wanted(hook))
        reports = {id: self.client.must("GET", f"/api/v1/jobs/{id}", token=self.admin) for id in asking.reports}
        made = {id for id in reports if self.client.send("GET", f"/api/v1/jobs/{id}/result", token=self.admin)[0] == 200}
        findings, status = self.server.doctor()
        is_same = self.server.is_running() and self.server.pid == self.pid
        self.server.stop()
        titles = [title for title, in self.place.table(IMPORTED)]
        mails = {(address, title): int(state) for address, title, state in self.place.table(MAILS)}
        arrived, states = list(self.mailed()), collections.Counter(mails.values())
        posted = faults(asking.assigned, mails, arrived)
        figures |= {
            "attempts_of_the_import": job["attempts"], "rows_imported": len(titles),
            "reports": len(reports), "reports_missing": len(reports) - len(made),
            "reports_failed": dict(collections.Counter(report["error"] for report in reports.values() if report["state"] == "failed")),
            "answers_of_another_kind": sum(self.others(self.history.answers).values()),
            "messages_wanted": len(wanted), "messages_missing": len(wanted - hook.answered()),
            "messages_sent_again": sum(len(found) > 1 for found in hook.attempts().values()),
            "mails": len(mails), "mails_missing": len(set(asking.assigned) - set(arrived)), "mails_uncertain": states[UNCERTAIN],
        }
        if status:
            figures["doctor"] = findings
        proof.judge(self.history, [row for row in self.place.rows() if row.key], figures)

        proof.holds("the server is the same process", is_same)
        proof.holds("it was in the middle of an import", datetime.datetime.fromisoformat(job["finished_at"]).timestamp() > self.healed)
        proof.holds("changes were refused meanwhile", figures["refused"] > 0)
        proof.holds("reads and the look at health went on", figures["reads_meanwhile"] > 0)
        proof.holds("every 503 has Retry-After, and there is no other answer to what cannot be done",
                    self.is_honest(self.history.answers, self.history.without_retry_after))
        proof.holds("/readyz says so", figures["said_that_it_is_ready"] == 0 or not self.place.is_seen)
        proof.holds("changes are made again within 5 s, without a restart", figures["resumption_s"] <= 5)
        proof.holds("nothing waits any more", is_over)
        proof.holds("the import is completed, every row once",
                    job["state"] == "completed" and job["result"]["created"] == self.count and self.is_imported(titles))
        proof.holds("every report is there", is_whole(reports, made))
        proof.holds("every message of the webhook arrived", is_whole(wanted, hook.answered()))
        proof.holds("the same bytes are sent under the same id", is_stable(hook.attempts()))
        # Nobody cut a mail off: one that is not in the folder was certainly not taken.
        proof.holds("every assignment has its mail in the end, and none has two", not any(posted.values()) and not figures["mails_missing"])
        proof.holds("`taskflow doctor` finds nothing wrong", status == 0)

        refusals = collections.Counter([("create", 503)])
        proof.holds("twin: another answer is noticed",
                    self.is_honest(refusals, 0) and not self.is_honest(refusals, 1)
                    and not self.is_honest(refusals + collections.Counter([("create", 500)]), 0))
        proof.holds("twin: a row that is lost and one that is there twice are noticed",
                    not self.is_imported(titles[1:]) and not self.is_imported([*titles, titles[0]]))
        proof.holds("twin: a lost report is noticed", not is_whole(reports, set(reports) - {min(reports)}))
        proof.holds("twin: a lost message is noticed", not is_whole(wanted, wanted - {min(wanted)}))
        last = hook.arrivals[-1]
        changed = dataclasses.replace(last, body=last.body.replace(b"note", b"nose"))
        proof.holds("twin: a changed message is noticed", not is_stable({last.id: [last, changed]}))
        sent = next(who for who in arrived if mails[who] == SENT)
        proof.holds("twin: a second mail and a lost one are noticed",
                    any(faults(asking.assigned, mails, [*arrived, sent]).values())
                    and any(faults(asking.assigned, mails, [who for who in arrived if who != sent]).values()))

    def is_honest(self, answers, without_retry_after):
        return without_retry_after == 0 and not self.others(answers)

    def others(self, answers):
        """Those that the trouble does not explain."""
        return {(kind, status): count for (kind, status), count in answers.items() if status not in self.place.answers[kind]}

    def is_imported(self, titles):
        return sorted(titles) == sorted(f"imported {row}" for row in range(self.count))


def is_whole(wanted, found):
    return set(wanted) <= set(found)


def is_stable(attempts):
    return all(len({arrival.body for arrival in found}) == 1 for found in attempts.values())


class Asking(Crowd):
    """People who give away tasks and ask for reports, one after the other, each again until it is acknowledged."""

    def __init__(self, server, token, people, history):
        super().__init__()
        self.server, self.token, self.people, self.history = server, token, people, history
        self.assigned, self.reports = [], []

    def members(self):
        return [(self._ask, number) for number in range(ASKING)]

    def _ask(self, first):
        client = Client(self.server.port)
        for number in range(first, PEOPLE * SHARE, ASKING):
            person, title = self.people[number // ASKING % PEOPLE], f"note {number}"
            self._insist(client, "task", TASKS, {"title": title, "assignee_id": person["id"]}, f"task-{number}")
            self.assigned.append((person["email"], title))
            report = self._insist(client, "report", "/api/v1/reports", {"format": ("csv", "pdf")[number % 2]}, f"report-{number}")
            self.reports.append(report["id"])
            if self.over.is_set():
                break
        client.close()

    def _insist(self, client, kind, path, body, key):
        while True:
            status, _, content = client.measured(self.history, kind, "POST", path, body, self.token, headers={"Idempotency-Key": key})
            if outcome(status) == DONE:
                return json.loads(content)
            time.sleep(0.05)
