"""What every proof has: a place, a seed, conditions that must hold, and figures."""

import dataclasses
import subprocess
import tempfile
import time
from pathlib import Path

from . import REPOSITORY
from .cluster import Cluster
from .history import FAULTS, check, tampered
from .server import TaskFlow
from .volume import Volume


@dataclasses.dataclass
class Proof:
    binary: Path
    folder: Path
    seed: int
    # The size that the promise names; otherwise one that takes about a minute.
    full: bool
    figures: dict = dataclasses.field(default_factory=dict)
    conditions: dict = dataclasses.field(default_factory=dict)
    engine: str = ""
    servers: list = dataclasses.field(default_factory=list)
    clusters: list = dataclasses.field(default_factory=list)
    volumes: list = dataclasses.field(default_factory=list)

    def volume(self, place, megabytes):
        volume = Volume(place, megabytes)
        self.volumes.append(volume)
        return volume

    def cluster(self, name):
        cluster = Cluster(self.folder / name)
        self.clusters.append(cluster)
        return cluster

    def server(self, database_url, name="server", **options):
        server = TaskFlow(self.binary, self.folder / name, database_url, **options)
        self.servers.append(server)
        return server

    def holds(self, condition, is_true):
        """One thing that was promised; it must hold each time that it is looked at."""
        self.conditions[condition] = self.conditions.get(condition, True) and bool(is_true)

    def judge(self, history, rows, figures=None):
        """Holds the history against the database, and sees that the check would have noticed. `figures` is where to count."""
        counts, wrong = check(history, rows)
        figures = self.figures if figures is None else figures
        figures |= {**counts, "tasks": len(rows), "answers": history.statuses(), "slowest_answer_s": round(history.slowest, 2)}
        for fault, promise in FAULTS.items():
            figures[fault] = len(wrong[fault])
            self.holds(promise, not wrong[fault])
        self.examples(wrong)
        for twin, is_noticed in tampered(history, rows).items():
            self.holds(f"twin: a tampered database is noticed: {twin.replace('_', ' ')}", is_noticed)

    def examples(self, wrong):
        if any(wrong.values()):
            self.figures["examples"] = {name: [str(one) for one in found[:5]] for name, found in wrong.items() if found}

    def end(self):
        for server in self.servers:
            server.stop()
        for cluster in reversed(self.clusters):
            cluster.stop()
        for volume in self.volumes:
            volume.unmount()


def spacious_folder():
    """Memory where there is enough: processes are killed here, not the power. Below it PostgreSQL runs as another user."""
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="taskflow-prove-", dir=shared if shared.is_dir() else None))
    folder.chmod(0o755)
    return folder


def preload(name):
    """The path of a library whose functions take the place of the C library's in a server that gets it as `LD_PRELOAD`."""
    # Not in the proof's folder: memory that is mounted as a file system often holds nothing that can be executed.
    library = REPOSITORY / ".build" / "prove" / f"{name}.so"
    library.parent.mkdir(parents=True, exist_ok=True)
    source = REPOSITORY / "prove" / "preload" / f"{name}.c"
    subprocess.run(["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", library, source], check=True)
    return str(library)


def eventually(condition, timeout=20):
    """Whether it has come true in time."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def percentiles(seconds):
    ordered = sorted(seconds)
    return {f"p{share}_ms": round(1000 * ordered[min(len(ordered) * share // 100, len(ordered) - 1)], 1) for share in (50, 99)}
