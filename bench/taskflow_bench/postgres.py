"""A PostgreSQL cluster of its own, as durable as it comes, in a temporary folder."""

import os
import shutil
import subprocess
from pathlib import Path

from . import workload
from .processes import ServerError, cpu_seconds, free_port

SCHEMA = Path(__file__).parent.parent / "peers" / "postgres.sql"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "256MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    # A checkpoint would fall on one server by chance; the runner makes them between the rounds.
    "checkpoint_timeout": "1h",
    "max_wal_size": "8GB",
}


class Cluster:
    def __init__(self, folder):
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not versions:
            raise ServerError("PostgreSQL is not installed: run scripts/setup-bench")
        self.bin = versions[-1]
        self.folder = folder
        self.port = free_port()
        self.pid = None

    def start(self):
        self.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "bench", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions")
        options = [f"-c {name}={value}" for name, value in SETTINGS.items()]
        options += [f"-c port={self.port}", f"-c unix_socket_directories={self.folder}"]
        self._run("pg_ctl", "-D", data, "-l", self.folder / "log", "-o", " ".join(options), "-w", "start")
        self.pid = int((data / "postmaster.pid").read_text().splitlines()[0])

    def stop(self):
        if self.pid:
            self._run("pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "stop")

    def url(self, database):
        return f"postgres://bench@127.0.0.1:{self.port}/{database}"

    def sql(self, database, text):
        return subprocess.run(
            [self.bin / "psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", self.url(database)],
            input=text, check=True, text=True, capture_output=True,
        ).stdout

    def create_database(self, name):
        self.sql("postgres", f"CREATE DATABASE {name}")

    def create_peer_database(self, name):
        """A database with the rows of the workload: a copy of a template that is filled once."""
        if not self.sql("postgres", "SELECT 1 FROM pg_database WHERE datname = 'workload'"):
            self.create_database("workload")
            self._fill("workload")
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE workload")

    def settle(self):
        """Statistics are fresh and dirty pages are written, for every database alike."""
        for name in self.sql("postgres", "SELECT datname FROM pg_database WHERE datallowconn").split():
            self.sql(name, "VACUUM ANALYZE")
        self.checkpoint()

    def checkpoint(self):
        self.sql("postgres", "CHECKPOINT")

    def cpu_seconds(self):
        return cpu_seconds(self.pid)

    def _fill(self, database):
        text = [SCHEMA.read_text()]
        text.append(f"INSERT INTO users (email) SELECT 'user' || n || '@bench.example' FROM generate_series(1, {workload.USERS}) n;")
        text.append("COPY tasks (title, description, status, priority, owner_id, due_at, completed_at, created_at, updated_at) FROM STDIN;")
        for row in workload.rows():
            instants = [workload.iso(instant) or r"\N" for instant in (row.due_at, row.completed_at, row.created_at, row.created_at)]
            text.append("\t".join([row.title, row.description, row.status, row.priority, str(row.owner), *instants]))
        text.append("\\.\n")
        self.sql(database, "\n".join(text))

    def _run(self, program, *arguments):
        # PostgreSQL refuses to run as root.
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*prefix, str(self.bin / program), *map(str, arguments)]
        # Not to a pipe: the server would inherit it and keep it open.
        with open(self.folder / f"{program}.out", "w") as out:
            done = subprocess.run(command, cwd=self.folder, stdout=out, stderr=out)
        if done.returncode != 0:
            raise ServerError(f"{program}: {(self.folder / f'{program}.out').read_text().strip()[-500:]}")
