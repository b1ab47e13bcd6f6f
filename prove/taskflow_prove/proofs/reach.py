"""P48: webhooks connect to no address that is not allowed, however it is spelled and whatever a name means from one moment to the next."""

import collections
import http.server
import re
import socket
import threading

from taskflow_bench.processes import free_port

from ..client import Client
from ..proof import eventually, preload

PROMISE = "P48"
TITLE = "webhooks to inner addresses in many spellings, by redirects and by names that change, each `connect` seen by strace"
# Nothing leaves this machine: one loopback address is the outside, the others are the inside.
OUTSIDE, INSIDE = "127.0.0.2", ("127.0.0.1", "127.0.0.3", "::1")
SPELLINGS = (
    "127.0.0.1", "127.0.0.1.", "127.0.0.3", "127.1", "127.0.1", "2130706433", "2130706435", "0x7f000001", "0x7f.1", "0X7F.0.0.0x3",
    "017700000001", "0177.0.0.1", "0", "0.0.0.0", "%31%32%37.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:3]",
    "[0:0:0:0:0:ffff:127.0.0.3]", "[::127.0.0.1]", "[::]", "localhost", "LOCALHOST", "localhost.", "a.localhost", "ip6-localhost",
    "inside.test", "mapped.test", f"{OUTSIDE}@127.0.0.1", f"127.0.0.1#@{OUTSIDE}", f"127.0.0.1\\@{OUTSIDE}", f"{OUTSIDE}\\@127.0.0.1",
    "127。0。0。1", "①②⑦.⓪.⓪.①",
)
REDIRECTS = (301, 302, 303, 307, 308)
WEBHOOKS_OF_A_USER = 20
CONNECT = re.compile(r'connect\(\d+, .*?(?:inet_addr\("|AF_INET6, ")([^"]+)"')


def run(proof):
    closed = deliver(proof, "closed", OUTSIDE)
    proof.engine = closed.engine
    connects, arrived = closed.connects(), closed.arrived()
    attempts = sum(one["attempts"] for found in closed.deliveries.values() for one in found)
    proof.figures |= {
        "spellings": len(closed.inner), "refused_at_once": len(closed.refused), "redirects": len(REDIRECTS), "attempts": attempts,
        "connects": dict(connects), "messages_that_arrived": dict(arrived),
    }
    proof.holds("no connection was opened to any address but the allowed one", set(connects) == {OUTSIDE})
    proof.holds("nothing has arrived at the inside", set(arrived) == {OUTSIDE})
    proof.holds("every spelling was refused at once or tried in vain",
                all(url in closed.refused or is_in_vain(closed.deliveries[url]) for url in closed.inner))
    proof.holds("a redirect is an answer, and followed nowhere",
                all(closed.deliveries[closed.url(OUTSIDE, status)][0]["response_status"] == status for status in REDIRECTS))
    proof.holds("what is allowed gets its messages", closed.paths[OUTSIDE, "/allowed"] > 0 and closed.paths[OUTSIDE, "/both"] > 0)
    proof.holds("a name that changes is of use only while it stands for what is allowed",
                closed.paths[OUTSIDE, "/changing"] > 1 and any(one["attempts"] > 1 for one in closed.deliveries[closed.changing]))

    # The same with an operator who allows the inside.
    opened = deliver(proof, "opened", "127.0.0.0/8,0.0.0.0,::1,::")
    proof.holds("twin: connections to the inside are noticed", set(opened.connects()) > {OUTSIDE, *INSIDE})
    proof.holds("twin: what arrives at the inside is noticed", set(opened.arrived()) == {OUTSIDE, *INSIDE})


def is_in_vain(deliveries):
    return all(one["response_status"] is None and one["error"] and one["state"] != "delivered" for one in deliveries)


def deliver(proof, name, allowed):
    outcome = Outcome(proof, name, allowed)
    outcome.deliver()
    outcome.end()
    return outcome


class Outcome:
    """A server under strace, receivers at the outside and the inside, and what became of webhooks to all of them."""

    def __init__(self, proof, name, allowed):
        self.trace = proof.folder / f"{name}-connects"
        self.server = proof.server(
            f"sqlite:{proof.folder / name / 'data' / 'taskflow.sqlite'}", name, TASKFLOW_WEBHOOK_ALLOW=allowed, LD_PRELOAD=preload("names"),
            under=("strace", "-D", "-f", "-qq", "-e", "trace=connect", "-o", self.trace))
        self.port, self.paths = free_port(), collections.Counter()
        self.receivers = [receiver(address, self.port, self.paths) for address in (OUTSIDE, *INSIDE)]
        self.inner = [self.url(host, "inside", scheme) for host in SPELLINGS for scheme in ("http", "https")]
        # See prove/preload/names.c.
        self.changing = self.url("rebound.test", "changing")
        self.others = [self.url(OUTSIDE, "allowed"), self.url("both.test", "both"), *(self.url(OUTSIDE, status) for status in REDIRECTS)]
        self.refused, self.deliveries = set(), {}

    def url(self, host, path, scheme="http"):
        return f"{scheme}://{host}:{self.port}/{path}"

    def deliver(self):
        self.server.start()
        self.engine = self.server.engine()
        client, hooks = Client(self.server.port, timeout=30), {}
        urls = self.inner + self.others
        for first in range(0, len(urls), WEBHOOKS_OF_A_USER):
            hooks |= self._subscribe(client, f"user{first}", urls[first:first + WEBHOOKS_OF_A_USER], messages=1)
        # Some messages, for some looks at the name.
        hooks |= self._subscribe(client, "changing", [self.changing], messages=4)

        def is_over():
            for url, (path, token) in hooks.items():
                self.deliveries[url] = client.must("GET", f"{path}/deliveries", None, token)["data"]
            return all(self.deliveries.values()) and self.paths[OUTSIDE, "/changing"] > 1

        if not eventually(is_over, 60):
            raise RuntimeError(f"not every webhook was tried: {[url for url, found in self.deliveries.items() if not found]}")

    def _subscribe(self, client, name, urls, messages):
        """The paths of webhooks of a new user, and the token for them."""
        token, hooks = self.server.register(name), {}
        for url in urls:
            status, headers, content = client.send("POST", "/api/v1/webhooks", {"url": url}, token)
            if status == 201:
                hooks[url] = headers["Location"], token
            elif status == 400:
                self.refused.add(url)
            else:
                raise RuntimeError(f"a webhook to {url} gave {status}: {content[:300]!r}")
        for number in range(messages):
            client.must("POST", "/api/v1/tasks", {"title": f"news {number}"}, token)
        return hooks

    def connects(self):
        """How many connections were opened to each address, or tried."""
        return collections.Counter(found[1] for line in self.trace.read_text().splitlines() if (found := CONNECT.search(line)))

    def arrived(self):
        """How many messages arrived at each address."""
        counts = collections.Counter()
        for (address, _), count in self.paths.items():
            counts[address] += count
        return counts

    def end(self):
        self.server.stop()
        for one in self.receivers:
            one.shutdown()
            one.server_close()


def receiver(address, port, paths):
    """Takes messages, and sends those who ask for it to the inside."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            paths[address, self.path] += 1
            status = self.path[1:]
            self.send_response(int(status) if status.isdigit() else 204)
            if status.isdigit():
                self.send_header("Location", f"http://{INSIDE[0]}:{port}/inside")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    class Server(http.server.HTTPServer):
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET

        def handle_error(self, *_):
            # Whoever speaks TLS to it.
            pass

    server = Server((address, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
