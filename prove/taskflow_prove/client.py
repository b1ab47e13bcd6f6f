"""An HTTP client that says what came back, or that nothing did."""

import http.client
import json
import time


class Client:
    def __init__(self, port, timeout=10):
        self.port, self.timeout = port, timeout
        self.connection = None

    def send(self, method, path, body=None, token=None, headers=None):
        """Status, headers, body; the status is None when the connection broke, or when no answer came in time."""
        headers = {"Accept": "application/json", **(headers or {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        text = body
        if body is not None and not isinstance(body, bytes):
            headers["Content-Type"] = "application/json"
            text = json.dumps(body)
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            self.connection.request(method, path, text, headers)
            response = self.connection.getresponse()
            content = response.read()
            if response.headers.get("Connection", "") == "close":
                self.close()
            return response.status, response.headers, content
        except (OSError, http.client.HTTPException):
            self.close()
            return None, {}, b""

    def measured(self, history, kind, *arguments, **options):
        """Sends, and adds the answer to the figures of the history."""
        began = time.monotonic()
        status, headers, content = self.send(*arguments, **options)
        history.answered(kind, status, time.monotonic() - began, "Retry-After" in headers)
        return status, headers, content

    def must(self, method, path, body=None, token=None, headers=None):
        """The parsed body of a success."""
        status, _, content = self.send(method, path, body, token, headers)
        if status is None or not 200 <= status < 300:
            raise RuntimeError(f"{method} {path} gave {status}: {content[:300]!r}")
        return json.loads(content) if content else None

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None
