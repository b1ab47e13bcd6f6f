"""Clients that create, change and read tasks, and write down what they were told."""

import json
import random
import threading
import time

from .client import Client
from .history import DONE, UNKNOWN, Request, outcome

TASKS = "/api/v1/tasks"


class Crowd:
    """Threads that ask side by side until they see that it is `over`."""

    def __init__(self):
        self.over, self.threads = threading.Event(), []

    def members(self):
        """What each does: a function, and its argument."""
        raise NotImplementedError

    def __enter__(self):
        self.over.clear()
        self.threads = [threading.Thread(target=task, args=(argument,), daemon=True) for task, argument in self.members()]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=60)
        if any(thread.is_alive() for thread in self.threads):
            raise RuntimeError("a client hangs")


class Load(Crowd):
    """Writers with an account each, and readers that hold the server to what writers were told.

    `patience` is how long a create whose outcome is unknown is sent again with its key; the rest stays unknown."""

    def __init__(self, servers, history, seed, *, writers=16, readers=4, patience=0.0, name="writer"):
        super().__init__()
        self.servers, self.history, self.seed = servers, history, seed
        self.patience = patience
        self.tokens = [servers[0].register(f"{name}{number}") for number in range(writers)]
        self.readers = readers
        self.numbers = [0] * writers
        # By writer: the tasks that it may change, as [id, version].
        self.tasks = [[] for _ in range(writers)]
        self.owner = {}

    def members(self):
        return [(self._write, number) for number in range(len(self.tokens))] + [(self._read, number) for number in range(self.readers)]

    def wait_for_acknowledgements(self, count, timeout=60):
        """Until so many more changes are acknowledged."""
        target, end = len(self.history.acknowledgements) + count, time.monotonic() + timeout
        while len(self.history.acknowledgements) < target:
            if time.monotonic() > end:
                raise RuntimeError("changes are not acknowledged any more")
            time.sleep(0.01)

    def _write(self, number):
        dice = random.Random(f"{self.seed} writer {number} {self.numbers[number]}")
        clients = [Client(server.port) for server in self.servers]
        while not self.over.is_set():
            client = dice.choice(clients)
            self.numbers[number] += 1
            key = f"w{number}-{self.numbers[number]}"
            if self.tasks[number] and dice.random() < 0.4:
                status = self._change(client, number, key, dice)
            else:
                status = self._create(clients, client, number, key, dice)
            if outcome(status) == UNKNOWN:
                # A client that meets trouble draws breath; without it thousands of refused connections would be the load.
                time.sleep(0.02)
        for client in clients:
            client.close()

    def _create(self, clients, client, number, key, dice):
        called, attempts = time.monotonic(), 0
        while True:
            attempts += 1
            status, _, content = client.measured(
                self.history, "create", "POST", TASKS, {"title": key, "description": key}, self.tokens[number],
                headers={"Idempotency-Key": key})
            is_open = outcome(status) == UNKNOWN or status == 409
            if not is_open or time.monotonic() > called + self.patience:
                break
            time.sleep(0.02)
            client = dice.choice(clients)
        # Told to wait is not told that it did not happen.
        status = None if status == 409 else status
        request = Request(key, "create", called, time.monotonic(), status, attempts=attempts)
        if outcome(status) == DONE:
            task = json.loads(content)
            request.id, request.version = task["id"], task["version"]
            self.owner[request.id] = number
            if len(self.tasks[number]) < 8:
                self.tasks[number].append([request.id, request.version])
            elif dice.random() < 0.1:
                self.tasks[number][dice.randrange(8)] = [request.id, request.version]
        self.history.add(request)
        return status

    def _change(self, client, number, key, dice):
        task = dice.choice(self.tasks[number])
        called = time.monotonic()
        status, _, content = client.measured(
            self.history, "change", "PATCH", f"{TASKS}/{task[0]}", {"title": key}, self.tokens[number],
            headers={"If-Match": f'"{task[1]}"'})
        request = Request(key, "change", called, time.monotonic(), status, id=task[0])
        if outcome(status) == DONE:
            request.version = task[1] = json.loads(content)["version"]
        else:
            # Nobody knows its version now: it is left alone, and the check says what became of it.
            self.tasks[number].remove(task)
        self.history.add(request)
        return status

    def _read(self, number):
        dice = random.Random(f"{self.seed} reader {number}")
        clients = [Client(server.port) for server in self.servers]
        while not self.over.is_set():
            known = self.history.some_known(dice)
            if known is None:
                time.sleep(0.01)
                continue
            (id, version), client = known, dice.choice(clients)
            token = self.tokens[self.owner[id]]
            if dice.random() < 0.1:
                # In a transaction of its own, unlike a look at one task.
                status, _, _ = client.measured(self.history, "read", "GET", f"{TASKS}?limit=5&count=true", token=token)
            else:
                status, _, content = client.measured(self.history, "read", "GET", f"{TASKS}/{id}", token=token)
                self.history.read(id, version, status, json.loads(content)["version"] if status == 200 else 0)
            if status != 200:
                time.sleep(0.02)
        for client in clients:
            client.close()
