"""PostgreSQL clusters to be killed, frozen and promoted. Raised by scripts/postgres."""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

from taskflow_bench.processes import tree

from . import REPOSITORY
from .history import Row

SCRIPT = REPOSITORY / "scripts" / "postgres"
TASKS = """
    SELECT t.id, t.description, t.title, t.version, count(e.id), count(e.id) FILTER (WHERE e.action = 'task.created')
    FROM tasks t LEFT JOIN events e ON e.subject = 'task' AND e.subject_id = t.id GROUP BY t.id"""


class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.url = None
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)

    def start(self):
        self.url = self._script("start", self.folder)
        return self

    def follow(self, primary):
        """A new streaming standby; what was in the folder goes, its port stays."""
        if self.folder.exists():
            shutil.rmtree(self.folder / "data", ignore_errors=True)
        self.url = self._script("standby", self.folder, primary.folder)
        return self

    @property
    def address(self):
        return self.url.split("@")[1].split("/")[0]

    def kill(self):
        self._script("kill", self.folder)

    def promote(self):
        self._script("promote", self.folder)

    def freeze(self):
        self._script("freeze", self.folder)

    def thaw(self):
        self._script("thaw", self.folder)

    def stop(self):
        if self.folder.exists():
            self._script("stop", self.folder)

    def sql(self, text, **options):
        return subprocess.run(
            self.shell(), input=text, check=True, text=True, capture_output=True, timeout=60, **options).stdout.strip()

    def shell(self):
        return [str(self.programs / "psql"), "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", self.url]

    def set(self, **settings):
        """Server settings; None is the default."""
        self.sql("".join(
            f"ALTER SYSTEM RESET {name};" if value is None else f"ALTER SYSTEM SET {name} = '{value}';" for name, value in settings.items()
        ) + "SELECT pg_reload_conf();")

    def version(self):
        return "PostgreSQL " + self.sql("SHOW server_version").split()[0]

    def rows(self):
        return [Row(int(id), key, title, int(version), int(events), int(creations))
                for id, key, title, version, events, creations in (line.split("\t") for line in self.sql(TASKS).splitlines())]

    def sessions(self):
        return int(self.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'taskflow'"))

    def wait_until(self, condition, timeout=30):
        """Until the query says `t`."""
        end = time.monotonic() + timeout
        while self.sql(condition) != "t":
            if time.monotonic() > end:
                raise RuntimeError(f"this has not come true: {condition}")
            time.sleep(0.02)

    def wait_until_in_step(self, state="sync"):
        self.wait_until(f"SELECT count(*) > 0 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '{state}'")

    def accepts(self):
        return subprocess.run([str(self.programs / "pg_isready"), "-q", "-d", self.url]).returncode == 0

    def wait_until_it_accepts(self, timeout=60):
        end = time.monotonic() + timeout
        while not self.accepts():
            if time.monotonic() > end:
                raise RuntimeError("PostgreSQL does not come back")
            time.sleep(0.01)
        return time.monotonic()

    def kill_one(self, kind, seed):
        """One of its processes: `walwriter`, or a `client backend` of the server under test. The postmaster then ends all others and
        recovers; waits until they have ended."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        before = set(tree(postmaster)) - {postmaster}
        found = self.sql(f"SELECT pid FROM pg_stat_activity WHERE backend_type = '{kind}' AND pid <> pg_backend_pid()").split()
        os.kill(int(random.Random(seed).choice(found)), signal.SIGKILL)
        end = time.monotonic() + 30
        while before & set(tree(postmaster)):
            if time.monotonic() > end:
                raise RuntimeError("PostgreSQL does not end its sessions")
            time.sleep(0.005)

    def _script(self, *arguments):
        done = subprocess.run([str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f"scripts/postgres {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.strip()
