"""What has to be built or fetched before anything can be measured; kept in bench/.work and made anew when its source changes."""

import hashlib
import subprocess
import sys
from pathlib import Path

from .processes import ServerError, environment

HERE = Path(__file__).parent.parent
WORK = HERE / ".work"


class Tools:
    def load(self):
        return self._made("load", [HERE / "load.c"],
                          ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-o", WORK / "load", HERE / "load.c"])

    def go_peer(self):
        # Debian's packages are found in its GOPATH; nothing is fetched.
        return self._made("go-peer", sorted((HERE / "peers/go").glob("*.go")), ["go", "build", "-o", WORK / "go-peer", "."],
                          cwd=HERE / "peers/go", GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=str(WORK / "go-cache"))

    def bare_hummingbird(self):
        package, scratch = HERE / "bare-hummingbird", WORK / "bare-hummingbird"
        self._made("bare-hummingbird.built", [package / "Package.swift", package / "Sources/bare/Bare.swift"],
                   ["swift", "build", "-c", "release", "--package-path", package, "--scratch-path", scratch])
        return scratch / "release/bare"

    def python(self, program):
        """A program of the virtual environment of the Python peers."""
        requirements, venv = HERE / "peers/requirements.txt", WORK / "venv"
        self._made("venv.made", [requirements], [
            "sh", "-c", '"$1" -m venv "$2" && "$2/bin/pip" install --quiet --disable-pip-version-check -r "$3"',
            "sh", sys.executable, venv, requirements])
        return venv / "bin" / program

    def run_once(self, command, folder, **variables):
        done = subprocess.run([str(word) for word in command], cwd=folder, env=environment(**variables),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise ServerError(f"{Path(command[0]).name}: {done.stdout.strip()[-500:]}")

    def _made(self, name, sources, command, cwd=HERE, **variables):
        """The file `name` after the command that makes it, which runs when a source differs from last time."""
        WORK.mkdir(exist_ok=True)
        digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
        stamp = WORK / f"{name}.sha256"
        if not stamp.exists() or stamp.read_text() != digest:
            print(f"making {name}", file=sys.stderr, flush=True)
            try:
                self.run_once(command, cwd, **variables)
            except FileNotFoundError as error:
                raise ServerError(f"{error.filename} is not installed: run scripts/setup-bench") from None
            stamp.write_text(digest)
        return WORK / name
