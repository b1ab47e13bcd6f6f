"""The servers under test: how each is started, gets the rows of the workload, and is asked."""

import time

from . import workload
from .client import Client
from .load import MARK, Request
from .processes import Process, ServerError, cpu_seconds, environment, free_port, memory_mib

NEW_TASK = {
    "title": f"Bench {MARK}", "description": workload.REMARKS[0], "priority": "high", "due_at": "2030-01-31T09:00:00.000Z",
}
ADMIN = "admin@bench.example"
PASSWORD = "a long walk along the river"


def exactly(field, value):
    """How the field stands in compact JSON; the comma tells 7 from 70."""
    return f'"{field}":"{value}"' if isinstance(value, str) else f'"{field}":{value},'


class Server:
    name: str
    tasks_path = "/tasks"
    list_query = f"?limit={workload.PAGE}"
    operations = ("list", "get", "create")
    # Its name in the cluster, of those that have one there.
    database = None
    # Where the status of a success is not the usual one.
    statuses = {}
    start_timeout = 60

    def __init__(self, bench):
        self.bench = bench
        self.folder = bench.folder / self.name
        self.port = free_port()
        self.process = None

    # What a kind of server says about itself.

    def prepare(self):
        """What is there before the process."""

    def command(self):
        raise NotImplementedError

    def variables(self):
        return {}

    def fill(self):
        """What needs the process: accounts, rows, tokens. Sets `users` and `tokens`, in the order of the workload's owners."""
        raise NotImplementedError

    def renew_tokens(self):
        """Before a measurement: no token may end during it."""

    def tasks_of(self, answer):
        return answer["data"]

    def body(self, user):
        return NEW_TASK

    # What all have in common.

    def start(self):
        self.prepare()
        self.process = Process(self.command(), self.folder, environment(**self.variables()))
        self._wait_until_it_listens()
        self.fill()
        self._find_ids()

    def stop(self):
        if self.process:
            self.process.stop()

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def database_cpu_seconds(self):
        return self.bench.cluster.cpu_seconds() if self.database else 0

    def memory_mib(self):
        return memory_mib(self.process.pid)

    def client(self):
        return Client(self.port)

    def list_request(self, index):
        return Request("GET", self.tasks_path + self.list_query, self.tokens[index],
                       expected=exactly("owner_id", self.users[index]), times=workload.PAGE)

    def requests(self, operation):
        users = range(len(self.users))
        if operation == "list":
            return [self.list_request(index) for index in users]
        if operation == "create":
            title = NEW_TASK["title"]
            return [Request("POST", self.tasks_path, self.tokens[index], self.body(self.users[index]),
                            expected=f'"title":"{title}"', times=1) for index in users]
        # Round and round the users, so that neighbours in time are not neighbours in the table.
        return [Request("GET", f"{self.tasks_path}/{self.ids[index][place]}", self.tokens[index],
                        expected=exactly("id", self.ids[index][place]), times=1)
                for place in range(workload.PAGE) for index in users]

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + self.start_timeout
        while True:
            if self.process.has_ended():
                raise ServerError(self.process.last_words())
            try:
                return self.client().send("GET", self.tasks_path)
            except OSError:
                if time.monotonic() > deadline:
                    raise ServerError(f"it does not listen after {self.start_timeout} s: {self.process.last_words()}") from None
                time.sleep(0.05)

    def _find_ids(self):
        client = self.client()
        self.ids = []
        for token in self.tokens:
            tasks = self.tasks_of(client.get("GET", self.tasks_path + self.list_query, token=token))
            self.ids.append([task["id"] for task in tasks])


class TaskFlow(Server):
    """With everything on: authorization, revocation, the accounting of rate limits, the event log, ETags."""

    tasks_path = "/api/v1/tasks"
    operations = ("list", "get", "not modified", "create")
    # The most that one commit takes together grows with them.
    fill_connections = 64
    # An access token lasts 15 minutes.
    token_seconds = 8 * 60

    def __init__(self, bench, *, rows=workload.TASKS, users=workload.USERS, label=""):
        self.name += label
        self.row_count, self.user_count = rows, users
        super().__init__(bench)

    def command(self):
        return [self.bench.taskflow, "serve"]

    def variables(self):
        return {
            "PORT": str(self.port),
            "DATABASE_URL": self.database_url(),
            # Counted for every request, and never reached.
            "TASKFLOW_RATE_LIMITS": "default=100000000/60,login=1000000/60",
            "TASKFLOW_ADMIN_EMAIL": ADMIN,
            "TASKFLOW_ADMIN_PASSWORD": PASSWORD,
        }

    def fill(self):
        client = self.client()
        self.sessions = [
            client.get("POST", "/api/v1/auth/register", {"email": self.email(index), "password": PASSWORD})
            for index in range(self.user_count)
        ]
        self._take_tokens()
        self.users = [session["user"]["id"] for session in self.sessions]
        # In portions: a million requests at once would fill the memory.
        portion = []
        for row in workload.rows(self.row_count, self.user_count):
            portion.append(self._creation(row))
            if len(portion) == 50_000:
                self._send(portion)
                portion = []
        self._send(portion)

    def email(self, index):
        return f"user{index + 1}@bench.example"

    def renew_tokens(self):
        if time.monotonic() < self.tokens_end:
            return
        client = self.client()
        self.sessions = [
            client.get("POST", "/api/v1/auth/refresh", {"refresh_token": session["refresh_token"]}) for session in self.sessions
        ]
        self._take_tokens()

    def login_request(self, email):
        return Request("POST", "/api/v1/auth/login", body={"email": email, "password": PASSWORD}, expected='"access_token":', times=1)

    def admin_token(self):
        return self.client().get("POST", "/api/v1/auth/login", {"email": ADMIN, "password": PASSWORD})["access_token"]

    def requests(self, operation):
        if operation != "not modified":
            return super().requests(operation)
        gets = super().requests("get")
        for request in gets:
            request.headers, request.times = ('If-None-Match: "1"',), 0
        return gets

    def _take_tokens(self):
        self.tokens = [session["access_token"] for session in self.sessions]
        self.tokens_end = time.monotonic() + self.token_seconds

    def _creation(self, row):
        body = {"title": row.title, "description": row.description, "status": row.status, "priority": row.priority}
        if row.due_at:
            body["due_at"] = workload.iso(row.due_at)
        return Request("POST", self.tasks_path, self.tokens[row.owner - 1], body)

    def _send(self, requests):
        if not requests:
            return
        self.renew_tokens()
        result = self.bench.load.run(self.port, requests, connections=self.fill_connections, count=len(requests), status="201")
        if result["errors"]:
            raise ServerError(f"it could not be filled: {result['sample']}")


class TaskFlowSQLite(TaskFlow):
    name = "taskflow-sqlite"

    def database_url(self):
        return f"sqlite:{self.folder}/taskflow.sqlite"


class TaskFlowPostgres(TaskFlow):
    name = "taskflow-postgres"

    def prepare(self):
        self.database = self.folder.name.replace("-", "_")
        self.bench.cluster.create_database(self.database)

    def database_url(self):
        return self.bench.cluster.url(self.database)


class BareHummingbird(Server):
    """A measure: a route that looks nothing up, in a web framework on the same SwiftNIO."""

    name = "bare-hummingbird"
    operations = ("get", "not modified")
    statuses = {"not modified": "200"}

    def command(self):
        return [self.bench.tools.bare_hummingbird(), self.port]

    def fill(self):
        self.users = self.tokens = []

    def requests(self, operation):
        return [Request("GET", f"/tasks/{n}", expected="A fixed body", times=1) for n in range(1, 2001)]
