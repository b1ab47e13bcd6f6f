"""A TaskFlow server of one test: its own folder, a free port, its people, and an end that leaves nothing behind."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"


class Person:
    """Somebody with an account, and their own way to the API beside the browser."""

    def __init__(self, server: "Server", session: dict):
        self.server = server
        self.token = session["access_token"]
        self.user = session["user"]
        self.email = session["user"]["email"]

    def ask(self, method: str, path: str, body: object = None, headers: dict | None = None) -> dict:
        return self.server.ask(method, path, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})

    def add(self, title: str, **fields: object) -> dict:
        return self.ask("POST", "/tasks", {"title": title, **fields})

    def task(self, id: int) -> dict:
        return self.ask("GET", f"/tasks/{id}")

    def titles(self, query: str = "") -> list[str]:
        return [task["title"] for task in self.ask("GET", f"/tasks?limit=100&{query}")["data"]]

    def add_many(self, count: int, **fields: object) -> None:
        """Through an import: a thousand tasks in a second or two."""
        columns = ["title", *fields]
        lines = [",".join(columns)]
        lines += [",".join([f"Task {number:05}", *map(str, fields.values())]) for number in range(1, count + 1)]
        job = self.server.raw(
            "POST", "/tasks/import", "\n".join(lines).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "text/csv"},
        )
        self.job(job["id"], within=120)

    def job(self, id: int, within: float = 30) -> dict:
        end = time.monotonic() + within
        while time.monotonic() < end:
            job = self.ask("GET", f"/jobs/{id}")
            if job["state"] in ("completed", "failed", "cancelled"):
                assert job["state"] == "completed", job
                return job
            time.sleep(0.05)
        raise AssertionError(f"job {id} has not ended within {within} s")


class Server:
    def __init__(self, binary: str):
        self.binary = binary
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="taskflow-browser-"))
        self.port = 0
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """On the port that it had before, when it is started again."""
        log = (self.folder / "log.txt").open("ab")
        out = self.folder / "out.txt"
        out.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [self.binary, "serve", "--port", str(self.port)],
            cwd=self.folder,
            stdout=out.open("wb"),
            stderr=log,
            # The server refuses settings that it does not know: what is for the tests stays with them.
            env={name: value for name, value in os.environ.items() if name not in ("TASKFLOW_BINARY", "TASKFLOW_CHROMIUM")}
            | {
                "TASKFLOW_DATA": str(self.folder / "data"),
                "TASKFLOW_RATE_LIMITS": "off",
                # Receivers of webhooks are on this machine.
                "TASKFLOW_WEBHOOK_ALLOW": "127.0.0.0/8",
                "TASKFLOW_LOG_LEVEL": "warning",
                "TASKFLOW_ADMIN_EMAIL": "admin@example.org",
                "TASKFLOW_ADMIN_PASSWORD": PASSWORD,
            },
        )
        end = time.monotonic() + 30
        while time.monotonic() < end:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", out.read_text())
            if found:
                self.port = int(found[1])
                return
            assert self.process.poll() is None, f"the server did not start:\n{(self.folder / 'log.txt').read_text()}"
            time.sleep(0.02)
        raise AssertionError("the server was not ready within 30 s")

    def stop(self) -> None:
        """Asks it to end, and waits for it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def raw(self, method: str, path: str, body: bytes | None, headers: dict) -> dict:
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error
        return json.loads(text) if text else {}

    def ask(self, method: str, path: str, body: object = None, headers: dict | None = None) -> dict:
        content = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        return self.raw(method, path, content, kind | (headers or {}))

    def register(self, name: str) -> Person:
        return Person(
            self,
            self.ask(
                "POST", "/auth/register",
                {"email": f"{name.lower()}@example.org", "username": name.lower(), "name": name, "password": PASSWORD},
            ),
        )

    def admin(self) -> Person:
        return Person(self, self.ask("POST", "/auth/login", {"email": "admin@example.org", "password": PASSWORD}))
