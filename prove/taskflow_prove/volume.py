"""A small file system of its own, to be filled and to be made read-only while it is in use."""

import contextlib
import os
import shutil
import subprocess
import time


class Skipped(Exception):
    """This machine cannot do what a proof needs; the message says what that is."""


class Volume:
    """ext4 in a file: unlike memory that is mounted, it can refuse to write to files that are open."""

    def __init__(self, place, megabytes):
        if os.geteuid() != 0 or not shutil.which("mkfs.ext4") or not os.path.exists("/dev/loop-control"):
            raise Skipped("a small disk needs root, mkfs.ext4 and loop devices")
        self.place, image = place, place.with_name(f"{place.name}.image")
        self.ballast = place / "ballast"
        place.mkdir(parents=True)
        with open(image, "wb") as file:
            file.truncate(megabytes << 20)
        run("mkfs.ext4", "-q", "-m", "0", image)
        run("mount", "-o", "loop", image, place)

    def fill(self):
        """To the last block."""
        with open(self.ballast, "wb") as file:
            for size in (1 << 20, 1 << 12, 1 << 10):
                with contextlib.suppress(OSError):
                    while True:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, size)

    def empty(self):
        self.ballast.unlink()

    def lock(self):
        """Refuses every change, also to files that are open; a file system with such files is not mounted read-only by `mount`."""
        # Folders first: then no file comes or goes while the others are marked.
        folders = [self.place, *(path for path in self.place.rglob("*") if path.is_dir())]
        run("chattr", "+i", *folders)
        # What SQLite shares between its connections is memory: a mapped file that refuses a change ends the process.
        files = [path for path in self.place.rglob("*") if path.is_file() and not path.name.endswith("-shm")]
        run("chattr", "+i", *files)
        self.locked = folders + files

    def unlock(self):
        run("chattr", "-i", *self.locked)

    def unmount(self):
        # A process that has just ended may hold it for a moment.
        for _ in range(50):
            if subprocess.run(["umount", self.place], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.place} cannot be unmounted")


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True, timeout=60)
