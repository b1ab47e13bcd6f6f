"""A small HTTP client for setting servers up and for checking them; nothing is measured with it."""

import http.client
import json

from .processes import ServerError


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, method, path, body=None, token=None, headers=None):
        """The status, the headers and the parsed body."""
        headers = {"Accept": "application/json", **(headers or {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        text = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            text = json.dumps(body)
        self.connection.request(method, path, text, headers)
        response = self.connection.getresponse()
        content = response.read()
        is_json = "json" in response.headers.get("Content-Type", "")
        return response.status, response.headers, json.loads(content) if content and is_json else content

    def get(self, method, path, body=None, token=None):
        """The body of a success."""
        status, _, content = self.send(method, path, body, token)
        if not 200 <= status < 300:
            raise ServerError(f"{method} {path} gave {status}: {content}")
        return content
