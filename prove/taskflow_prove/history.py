"""What clients were told, and whether the database agrees with it.

A task carries its key in the description, which nobody changes, and the key of its newest change in the title. An answer of 2xx is a promise
that the thing is there, one of 4xx that it is not. Any other answer, and none, promises nothing but that it did not happen twice.
"""

import collections
import dataclasses
import threading

DONE, REFUSED, UNKNOWN = "done", "refused", "unknown"


def outcome(status):
    """Of an answer; None is a connection that broke."""
    if status is not None and 200 <= status < 300:
        return DONE
    if status is not None and 400 <= status < 500:
        return REFUSED
    return UNKNOWN


@dataclasses.dataclass
class Request:
    key: str
    operation: str
    called: float
    returned: float
    # The last answer: a create that got none is sent again with its Idempotency-Key.
    status: int | None
    id: int | None = None
    version: int | None = None
    attempts: int = 1


@dataclasses.dataclass
class Row:
    id: int
    key: str
    title: str
    version: int
    # Events that the task has, and those that say that it was created.
    events: int
    creations: int


class History:
    """Every request of a run. Threads add to it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = []
        self.answers = collections.Counter()
        # Acknowledged state that readers hold the server to: id → version.
        self.known = {}
        self.ids = []
        self.reads = 0
        # Faults that were seen while it ran.
        self.stale = []
        self.without_retry_after = 0
        self.slowest = 0.0
        # When changes were acknowledged, to see how long none was.
        self.acknowledgements = []

    def add(self, request):
        with self.lock:
            self.requests.append(request)
            if outcome(request.status) == DONE:
                self.acknowledgements.append(request.returned)
                if request.id not in self.known:
                    self.ids.append(request.id)
                self.known[request.id] = max(request.version, self.known.get(request.id, 0))

    def answered(self, kind, status, seconds, has_retry_after):
        with self.lock:
            self.answers[kind, status] += 1
            self.slowest = max(self.slowest, seconds)
            if status == 503 and not has_retry_after:
                self.without_retry_after += 1

    def some_known(self, dice):
        """An id and the version that was acknowledged last."""
        with self.lock:
            if not self.ids:
                return None
            id = dice.choice(self.ids)
            return id, self.known[id]

    def read(self, id, version, status, seen):
        """A task that was acknowledged at this version before the read began."""
        with self.lock:
            self.reads += 1
            if status == 404 or status == 200 and seen < version:
                self.stale.append((id, version, status, seen))

    def first_acknowledgement(self, after):
        with self.lock:
            return min((moment for moment in self.acknowledgements if moment > after), default=None)

    def longest_silence(self, since):
        """How long nothing was acknowledged, at most, in seconds."""
        with self.lock:
            moments = sorted(moment for moment in self.acknowledgements if moment >= since)
        return max((later - earlier for earlier, later in zip([since, *moments], moments)), default=0.0)

    def statuses(self):
        """Answers by kind and status; `none` is a connection that broke."""
        counts = collections.defaultdict(dict)
        for (kind, status), count in sorted(self.answers.items(), key=str):
            counts[kind]["none" if status is None else str(status)] = count
        return dict(counts)


FAULTS = {
    "lost": "no acknowledged task is missing",
    "lost_changes": "no acknowledged change is missing, and none that was refused was made",
    "ghosts": "no task is there that nobody sent or that was refused",
    "duplicates": "no key has two tasks",
    "versions": "the versions of a task strictly increase",
    "records": "every version has its event",
    "stale": "no read misses what was acknowledged before it began",
}


def check(history, rows):
    """Figures, and what is wrong by the names of `FAULTS`: every list must be empty."""
    by_key, by_id = collections.defaultdict(list), {}
    for row in rows:
        by_key[row.key].append(row)
        by_id[row.id] = row
    creates = {request.key: request for request in history.requests if request.operation == "create"}
    changes = collections.defaultdict(list)
    for request in history.requests:
        if request.operation == "change":
            changes[request.id].append(request)
    acknowledged = {key for key, request in creates.items() if outcome(request.status) == DONE}
    unknown = {key for key, request in creates.items() if outcome(request.status) == UNKNOWN}
    wrong = {
        "lost": [key for key in acknowledged if not any(row.id == creates[key].id for row in by_key[key])],
        "ghosts": [key for key in by_key if key not in acknowledged | unknown],
        "duplicates": [key for key, found in by_key.items() if len(found) > 1],
        "lost_changes": [], "versions": [],
        # One event for each version, and one creation.
        "records": [row.key for row in rows if row.creations != 1 or row.events != row.version],
    }
    for id, made in changes.items():
        row = by_id.get(id)
        if row is None:
            wrong["lost_changes"] += [request.key for request in made if outcome(request.status) == DONE]
            continue
        done = [request for request in made if outcome(request.status) == DONE]
        undecided = sum(outcome(request.status) == UNKNOWN for request in made)
        versions = [request.version for request in sorted(done, key=lambda request: request.called)]
        if any(later <= earlier for earlier, later in zip(versions, versions[1:])):
            wrong["versions"].append(row.key)
        if not 1 + len(done) <= row.version <= 1 + len(done) + undecided:
            wrong["lost_changes"].append(row.key)
        # A task has one writer: nothing may stand there but its last change.
        if not undecided and done and row.title != done[-1].key:
            wrong["lost_changes"].append(row.key)
    figures = {
        "acknowledged": len(acknowledged) + sum(outcome(r.status) == DONE for made in changes.values() for r in made),
        "unknown": len(unknown) + sum(outcome(r.status) == UNKNOWN for made in changes.values() for r in made),
        "unknown_but_present": sum(bool(by_key[key]) for key in unknown),
        "repeated": sum(request.attempts > 1 for request in creates.values()),
        "reads_held_to_what_was_acknowledged": history.reads,
    }
    return figures, wrong | {"stale": history.stale}


def tampered(history, rows):
    """The mutation twin of every check: the same run, with what happens to a database that forgets. Each must be noticed."""
    rows = sorted((row for row in rows if row.id in history.known), key=lambda row: row.version)
    if len(rows) < 4:
        return {"enough_rows_to_tamper_with": False}
    newest, oldest = rows[-1], rows[0]
    forged = dataclasses.replace(oldest, id=10**9, key="nobody sent this")
    twins = {
        "lost": rows[1:],
        "duplicates": rows + [dataclasses.replace(oldest, id=10**9)],
        "ghosts": rows + [forged],
        "records": rows[:-1] + [dataclasses.replace(newest, events=newest.events + 1)],
    }
    if newest.version > 1:
        twins["lost_changes"] = rows[:-1] + [dataclasses.replace(newest, version=newest.version - 1, title="old")]
    return {name: bool(check(history, mutated)[1][name]) for name, mutated in twins.items()}
