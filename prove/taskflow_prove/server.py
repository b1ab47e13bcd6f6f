"""TaskFlow as an operator runs it: the built binary, killed and started again."""

import base64
import contextlib
import hashlib
import os
import signal
import subprocess
import threading
import time

from taskflow_bench.processes import Process, environment, free_port

from .client import Client

PASSWORD = "a long walk along the river"
ADMIN = "admin@example.com"
# Instances of one database share their key.
SIGNING_KEY = base64.b64encode(hashlib.sha256(b"a key for proofs").digest()).decode()


class TaskFlow:
    def __init__(self, binary, folder, database_url, *, replicas="", connections=10, under=(), **variables):
        """`under` is a command that starts the server and keeps its process id, such as `strace -D`."""
        self.binary, self.folder, self.port, self.under = binary, folder, free_port(), under
        self.variables = environment(
            DATABASE_URL=database_url, PORT=str(self.port), TASKFLOW_DATA=str(folder / "data"), TASKFLOW_SIGNING_KEY=SIGNING_KEY,
            TASKFLOW_RATE_LIMITS="off", TASKFLOW_LOG_LEVEL="warning", TASKFLOW_LOG_FORMAT="json", TASKFLOW_DATABASE_CONNECTIONS=str(connections),
            # An instance that dies is to be seen, not examined for ten seconds.
            DATABASE_REPLICA_URLS=replicas, SWIFT_BACKTRACE="enable=no", TASKFLOW_ADMIN_EMAIL=ADMIN, TASKFLOW_ADMIN_PASSWORD=PASSWORD,
            **variables)
        self.process = None
        self.starts = 0

    def start(self, timeout=60):
        """Seconds until it was ready."""
        self.starts += 1
        began = time.monotonic()
        self.process = Process([*self.under, self.binary, "serve"], self.folder, self.variables)
        client = Client(self.port, timeout=2)
        while client.send("GET", "/readyz")[0] != 200:
            if self.process.has_ended() or time.monotonic() - began > timeout:
                raise RuntimeError(f"the server does not start: {self.process.last_words()}")
            time.sleep(0.005)
        client.close()
        return time.monotonic() - began

    @property
    def pid(self):
        return self.process.pid

    def is_running(self):
        return self.process is not None and not self.process.has_ended()

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.process.child.wait()

    @contextlib.contextmanager
    def killed_every(self, seconds):
        """Kills it and starts it again, over and over until the block ends; gives the moments of the kills."""
        over, kills = threading.Event(), []

        def killer():
            while not over.wait(seconds):
                self.kill()
                kills.append(time.monotonic())
                self.start()

        thread = threading.Thread(target=killer)
        thread.start()
        try:
            yield kills
        finally:
            over.set()
            thread.join()

    def stop(self):
        if self.is_running():
            self.process.stop()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def strange_lines(self):
        """Lines of its output that are neither JSON nor what it tells its operator at the start."""
        return [line for line in self.lines() if line and not line.startswith(("{", "TaskFlow ", "There is no SMTP_URL", "There is no admin"))]

    def lines(self):
        """Of its output since it was last started."""
        return self.process.log.read_text(errors="replace").splitlines()

    def doctor(self):
        """The findings of `taskflow doctor`, and its exit status."""
        done = subprocess.run([self.binary, "doctor"], cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=120)
        return done.stdout, done.returncode

    def register(self, name):
        """The token of a new account."""
        session = Client(self.port, timeout=60).must(
            "POST", "/api/v1/auth/register", {"email": f"{name}@example.com", "password": PASSWORD})
        return session["access_token"]

    def log_in_as_admin(self):
        """The token of the admin that the first start has made."""
        session = Client(self.port, timeout=60).must("POST", "/api/v1/auth/login", {"email": ADMIN, "password": PASSWORD})
        return session["access_token"]

    def engine(self):
        return Client(self.port).must("GET", "/healthz")["engine"]
