"""Processes: start, stop, and what they have used, read from /proc."""

import os
import random
import signal
import socket
import subprocess
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class ServerError(Exception):
    """A server that is not there or does not do what it should; the message says why."""


def free_port():
    """Not one that the kernel gives to outgoing connections: while a server is down, somebody else would get it."""
    for port in random.sample(range(20000, 32000), 1000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise ServerError("there is no free port")


def environment(**extra):
    """Nothing of the caller's settings reaches a server."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", **extra}


class Process:
    """One server with its children, in a session of its own."""

    def __init__(self, command, folder, env):
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "log"
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(
                [str(word) for word in command], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )
        self.pid = self.child.pid

    def has_ended(self):
        return self.child.poll() is not None

    def last_words(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def stop(self):
        if not self.has_ended():
            self.child.terminate()
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.child.wait()


def tree(root):
    """The process and everything below it."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(entry.name)):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu_seconds(root):
    """User and system time of the tree, and of its children that have ended."""
    return sum(int(value) for pid in tree(root) for value in _stat(pid)[11:15]) / TICKS


def memory_mib(root):
    """Proportional set size: pages that workers share are counted once."""
    lines = [line for pid in tree(root) for line in _read(f"/proc/{pid}/smaps_rollup").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _stat(pid):
    """The fields from the third, the state, on: the second is a name that may hold blanks. None of a process that has just ended."""
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def _read(path):
    try:
        return Path(path).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
