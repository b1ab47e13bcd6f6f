"""Requests in the format of bench/load.c, and a run of it."""

import json
import subprocess
from dataclasses import dataclass

from .processes import ServerError

MARK = "#" * 12


@dataclass
class Request:
    method: str
    path: str
    token: str | None = None
    body: dict | None = None
    headers: tuple = ()
    # What the answer must contain, and how often.
    expected: str = ""
    times: int = 0

    def encoded(self, port):
        body = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: application/json", *self.headers]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        if self.body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        text = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        # The format is described in bench/load.c.
        return f"{len(text)} {self.times} {self.expected}\n".encode() + text


class Load:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        # Numbers never come twice in a run, so titles are unique.
        self.next_number = 0
        self.wrong_answers = 0

    def start(self, port, requests, *, connections, seconds=600, count=None, rate=None, status="200"):
        path = self.folder / f"requests-{port}-{self.next_number}"
        path.write_bytes(b"".join(request.encoded(port) for request in requests))
        command = [self.program, "--port", port, "--requests", path, "--connections", connections, "--seconds", seconds,
                   "--status", status, "--first", self.next_number]
        if count:
            command += ["--count", count]
        if rate:
            command += ["--rate", rate]
        self.next_number += 100_000_000
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return Running(self, process, path)

    def run(self, port, requests, **options):
        return self.start(port, requests, **options).result()


class Running:
    def __init__(self, load, process, requests):
        self.load = load
        self.process = process
        self.requests = requests

    def result(self):
        out, err = self.process.communicate()
        self.requests.unlink()
        if self.process.returncode != 0:
            raise ServerError(err.strip())
        figures = json.loads(out)
        self.load.wrong_answers += figures["errors"]
        return figures
